"""An event loop that runs one task step when it is told to, and nothing by itself.

The tasks on it are asyncio's own and know no difference. No threads, no selector, no patching: the loop is entered
around a step and left again, also while another loop runs in this thread (a notebook's, a browser's).
"""

import asyncio
import itertools
import sys
from collections import deque
from collections.abc import Callable, Coroutine
from contextlib import suppress
from contextvars import Context
from operator import methodcaller
from types import TracebackType
from typing import Any, Self
from weakref import ref

from fluvius_demo.errors import NotSteppableError
from fluvius_demo.lessons.baseloop import BaseLoop
from fluvius_demo.lessons.callbacks import METHODS, Callback, is_step, only_wakes
from fluvius_demo.lessons.timers import Timers

# What a sleep leaves with the loop. (Everything else that waits for the clock is a limit: `timeout`, `wait_for`.)
_SLEEP_IS_OVER = asyncio.futures._set_result_unless_cancelled  # type: ignore[attr-defined]
_IS_DONE = methodcaller("done")
MOST_STEPS = 10_000
_LAST = sys.maxsize


class SteppedLoop(BaseLoop):
    """One run of a few commands, each a task in a Context of its own.

    - `queue`: who can run now, by name, with the step to run. A command's name is a capital letter; the tasks that it
      starts are called A1, A2, …, in the order in which they were started, by it or by one another.
    - A callback that only wakes somebody (of `gather`, of a sleep, …) runs right after the step that has asked for it.
      Any other takes a step of its own, under a name like that of a task, for it matters who goes before it.
    - A sleep lasts any time: whoever sleeps can run. With `virtual_time` it lasts as long as it says, and the clock
      moves only when nobody can run. Limits keep to that clock in either case.
    - With `ordered` it can tell the order in which asyncio's own loop would take them.
    """

    def __init__(self, *, virtual_time: bool = False, ordered: bool = True) -> None:
        super().__init__()
        self.queue: dict[str, tuple[Callable[..., Any], tuple[Any, ...], Context]] = {}
        self.names: dict[Any, str] = {}
        self.contexts: dict[str, Context] = {}
        self.running = ""
        self._ordered = ordered
        self._place: tuple[int, ...] = ()
        self._places: dict[str, tuple[int, ...]] = {}
        self._count = itertools.count()
        self._children: dict[str, int] = {}
        self._glue: deque[tuple[asyncio.Handle, str, tuple[int, ...]]] = deque()
        self._timers, self._virtual = Timers(), virtual_time
        self._generators: list[ref[Any]] = []
        self._over = False

    def start(self, commands: dict[str, Coroutine[Any, Any, Any]]) -> dict[str, asyncio.Task]:
        """Make each command a task in a fresh Context; none has run yet. To be called inside of `with loop:`."""
        tasks = {}
        for name, command in commands.items():
            self.running = name
            tasks[name] = asyncio.Task(command, loop=self, name=name, context=Context())
        return tasks

    def step(self, name: str, then: Callable[[], object] | None = None) -> None:
        """Run one step of this task, then what is given, then what comes at once with the step.

        Raises KeyError where it cannot run.
        """
        callback, args, context = self.queue.pop(name)
        self.running = name
        if self._ordered:
            self._place = self._places[name]
        context.run(callback, *args)
        if then is not None:
            then()
        if self._glue or (not self.queue and self._timers):
            self.settle()

    def settle(self) -> None:
        """Run all callbacks that are no task's step; where nobody can run then, let time pass to the next timer."""
        for _ in range(MOST_STEPS):
            if not self._glue:
                if self.queue or not self._timers:
                    return
                self._let_time_pass()
                continue
            handle, self.running, self._place = self._glue.popleft()
            if not handle.cancelled():
                handle._run()
        raise too_many_steps()

    def in_order(self) -> list[str]:
        """Return who can run now, the one that asyncio's own loop would take first.

        That loop is first in, first out. A place is the way to a step: the place of the step that asked for it, and a
        number. So a step comes after those that fewer steps lead to, and then in the order of those that asked.
        """
        return sorted(self.queue, key=lambda name: (len(self._places[name]), self._places[name]))

    def end(self) -> None:
        """Cancel whatever still runs, let it end, and let go of everything. To be called inside of `with loop:`."""
        if self._generators or not all(map(_IS_DONE, self.names)):
            with suppress(NotSteppableError):  # it goes on for ever, and has to be left as it is
                self._cancel_all()
        self._over = True
        for task in self.names:
            if task.done():
                task.cancelled() or task.exception()  # looked at: nobody needs to be told that nobody did
            else:
                task._log_destroy_pending = False
        self.queue.clear()
        self.names.clear()
        self._glue.clear()
        self._timers.clear()

    def _cancel_all(self) -> None:
        for _ in range(3):  # whoever is cancelled may start something else first
            for task in list(self.names):
                task.cancel()
            self._run_all()
        for generator in [generator() for generator in self._generators]:
            if generator is not None:
                self.create_task(generator.aclose())
        self._run_all()

    def _run_all(self) -> None:
        self.settle()
        for _ in range(MOST_STEPS):
            if not self.queue:
                return
            self.step(next(iter(self.queue)))

    def __enter__(self) -> Self:
        self._outer = asyncio._get_running_loop()
        self._outer_task = None
        if self._outer is not None and sys.version_info >= (3, 14):  # from then on there is one task for each thread
            self._outer_task = asyncio.tasks._swap_current_task(self._outer, None)  # type: ignore[attr-defined]
        asyncio._set_running_loop(self)
        self._hooks = sys.get_asyncgen_hooks()
        sys.set_asyncgen_hooks(self._begun, self._finalize)
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        sys.set_asyncgen_hooks(*self._hooks)
        asyncio._set_running_loop(self._outer)
        if self._outer_task is not None:
            asyncio.tasks._swap_current_task(self._outer, self._outer_task)  # type: ignore[attr-defined]
        self._outer = self._outer_task = None

    def call_soon(self, callback: Callable[..., Any], *args: Any, context: Context | None = None) -> Any:
        """Note what is to be done next: a task's step, under the task's name, or another callback."""
        try:
            name = self.names[callback.__self__]  # type: ignore[attr-defined]
        except (AttributeError, KeyError, TypeError):
            name = self._born(callback, context)
        if name is None or context is None or (callback.__class__ in METHODS and not is_step(callback)):
            if only_wakes(callback):
                return self._at_once(asyncio.Handle(callback, args, self, context))
            return self._call_in_turn(callback, args, context)
        self.queue[name] = callback, args, context
        if self._ordered:
            self._places[name] = (*self._place, next(self._count))
        return None

    call_soon_threadsafe = call_soon

    def _at_once(self, handle: asyncio.Handle) -> asyncio.Handle:
        self._glue.append((handle, self.running, (*self._place, next(self._count))))
        return handle

    def _call_in_turn(
        self, callback: Callable[..., Any], args: tuple[Any, ...], context: Context | None, *, late: bool = False
    ) -> asyncio.Handle:
        name = self._next_name()
        handle = Callback(callback, args, self, context, lambda: self.queue.pop(name, None))
        self.contexts[name] = handle._context
        self.queue[name] = handle._run, (), Context()
        self._places[name] = (*((_LAST,) * len(self._place) if late else self._place), next(self._count))
        return handle

    def _born(self, callback: Callable[..., Any], context: Context | None) -> str | None:
        task = getattr(callback, "__self__", None)
        if context is None or not isinstance(task, asyncio.Task) or not is_step(callback):
            return None
        name = self.names[task] = self._next_name()
        self.contexts[name] = context
        return name

    def _next_name(self) -> str:
        name = self.running
        if name in self.contexts:  # a command comes first, its tasks later
            family = name.rstrip("0123456789")
            self._children[family] = self._children.get(family, 0) + 1
            name = f"{family}{self._children[family]}"
        return name

    def call_later(
        self, delay: float, callback: Callable[..., Any], *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        """Call after so many seconds of this loop's clock; the end of a sleep comes at once, unless time is virtual."""
        return self.call_at(self._timers.now + delay, callback, *args, context=context)

    def call_at(
        self, when: float, callback: Callable[..., Any], *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        """Call at this time of this loop's clock."""
        handle = asyncio.TimerHandle(when, callback, args, self, context)
        if callback is _SLEEP_IS_OVER and not self._virtual:
            return self._at_once(handle)
        if when <= self._timers.now:  # asyncio's own loop looks at timers after it has taken a round of those that wait
            return self._call_in_turn(callback, args, context, late=True)
        self._timers.add(handle, self.running)
        return handle

    def _let_time_pass(self) -> None:
        self._place = ()
        for handle, whose in self._timers.go_on():
            self.running = whose
            self._at_once(handle)

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        self._timers.remove(handle)

    def _begun(self, generator: Any) -> None:
        self._generators.append(ref(generator))

    def _finalize(self, generator: Any) -> None:
        if not self._over:
            self._at_once(asyncio.Handle(self.create_task, (generator.aclose(),), self, None))

    def create_task(self, coro: Any, **options: Any) -> Any:
        """Return a new task, as asyncio's own loop does."""
        task = super().create_task(coro, **options)
        if isinstance(task, asyncio.Task) and task not in self.names and not task.done():
            name = self.names[task] = self._next_name()  # an eager one, which waits already
            self.contexts[name] = task.get_context()
        return task

    def time(self) -> float:
        """Return the seconds of this loop's clock: 0 at first."""
        return self._timers.now

    def is_closed(self) -> bool:
        """Return whether the run has ended."""
        return self._over


def too_many_steps() -> NotSteppableError:
    """Return the error for a run that does not end."""
    return NotSteppableError(
        "run this to its end",
        f"it has not ended after {MOST_STEPS} steps",
        "have it wait for an event instead of going round in a loop",
    )
