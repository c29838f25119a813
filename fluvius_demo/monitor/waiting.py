"""Open commands: which there are now, how long, and where they wait."""

import asyncio
import gc
import sys
from collections.abc import Callable
from contextlib import suppress
from itertools import groupby, takewhile
from linecache import getline
from time import perf_counter
from types import FrameType
from typing import Any, NamedTuple
from weakref import ref

from fluvius_demo.monitor.watched import Ended, WatchedFrame, Watcher, Who
from fluvius_demo.monitor.words import PAUSED, frame_of

AWAITED = ("cr_await", "gi_yieldfrom", "ag_await")


class Waiting(NamedTuple):
    """A command that has not ended: for how many seconds, and where its task is, in words."""

    who: Who
    seconds: float
    where: str


class _Asked(NamedTuple):
    frame: ref[WatchedFrame]  # whose end takes this out
    who: Who
    since: float
    task: ref[asyncio.Task] | None


class OpenCommands(Watcher):
    """Knows the commands that have begun and not ended. One that waits for its object, to be opened, counts too.

    It holds neither frame nor task: a command that nobody can end any more drops out. `clock` gives seconds.
    """

    def __init__(self, clock: Callable[[], float] = perf_counter) -> None:
        self._clock = clock
        self._asked: dict[int, _Asked] = {}

    def asked(self, frame: WatchedFrame) -> None:
        """Note the time and the task."""
        task, asked, key = None, self._asked, id(frame)
        with suppress(RuntimeError):  # no loop runs: the command is driven by hand
            task = asyncio.current_task()
        weak = ref(frame, lambda _gone: asked.pop(key, None))
        asked[key] = _Asked(weak, frame.who, self._clock(), None if task is None else ref(task))

    def ended(self, frame: WatchedFrame, outcome: Ended, seconds: float | None) -> None:
        """Forget the command."""
        self._asked.pop(id(frame), None)

    def now(self) -> list[Waiting]:
        """Return the commands that have not ended, the oldest first."""
        now = self._clock()
        return [
            Waiting(asked.who, now - asked.since, where_is(asked.task and asked.task()))
            for asked in list(self._asked.values())
        ]

    def longer_than(self, seconds: float) -> list[Waiting]:
        """Return those that began more than so many seconds ago."""
        return [waiting for waiting in self.now() if waiting.seconds > seconds]


def where_is(task: asyncio.Task | None) -> str:
    """Return where a task is: "transfer → fetch → Lock.acquire, waiting for a Lock, at: async with self.lock:".

    From the task's own function to the innermost one. Of the standard library only what is called at the end is told,
    for what that is made of differs from Python to Python. The line of source is the innermost one outside of it.
    """
    if task is None:
        return "its task is gone"
    if task.done():
        return "its task has ended"
    outermost = task.get_coro()
    if stack := _running_stack(frame_of(outermost)):
        return _told([_Step(frame.f_code.co_name, frame.f_code.co_qualname, frame) for frame in stack])
    return _told(*_awaits(outermost))


class _Step(NamedTuple):
    """A function that waits for the next one."""

    name: str
    qualified: str
    frame: FrameType

    def is_library(self) -> bool:
        return str(self.frame.f_globals.get("__name__")).partition(".")[0] in sys.stdlib_module_names

    def short(self) -> str:
        """Return the name; with its class in the library, or where it would say nothing alone (`__call__`)."""
        with_class = self.is_library() or self.name.startswith("__")
        return self.qualified.rpartition("<locals>.")[-1] if with_class else self.name

    def is_private(self) -> bool:
        return any(part.startswith("_") and not part.endswith("__") for part in self.short().split("."))


def _awaits(each: Any) -> tuple[list[_Step], Any]:
    """Return what awaits what, from this one to the innermost coroutine or generator, and what that one awaits."""
    chain = []
    while (frame := frame_of(each)) is not None:
        chain.append(_Step(each.__name__, each.__qualname__, frame))
        awaited = next((getattr(each, name) for name in AWAITED if hasattr(each, name)), None)
        if not _is_known(awaited):
            # `await future` and `async for` put an object between, which does not tell what it is for.
            awaited = next((one for one in gc.get_referents(awaited) if _is_known(one)), awaited)
        each = awaited
    return chain, each


def _is_known(each: Any) -> bool:
    return type(each) in PAUSED or asyncio.isfuture(each)


def _running_stack(outermost: FrameType | None) -> list[FrameType]:
    """Return the frames of the thread that runs this one, from it inwards, without the monitor's own; else nothing."""
    for innermost in sys._current_frames().values():
        stack, frame = [], innermost
        while frame is not None and frame is not outermost:
            stack.append(frame)
            frame = frame.f_back
        if frame is not None:
            return [each for each in (frame, *reversed(stack)) if each.f_globals is not globals()]
    return []


def _told(chain: list[_Step], *awaited: Any) -> str:
    own = [step for step in chain if not step.is_library()]
    beyond = list(takewhile(_Step.is_library, reversed(chain)))[::-1]
    end = next((step for step in beyond if not step.is_private()), None)
    names = [step.short() for step in (*own, *([end] if end else []))]
    text = " → ".join(name for name, _ in groupby(names))  # a decorator's function has the name of the one inside
    if own:
        line = getline(own[-1].frame.f_code.co_filename, own[-1].frame.f_lineno, own[-1].frame.f_globals).strip()
    doing = f"waiting for {_named(*awaited, end)}" if awaited else "running"
    return f"{text}, {doing}" + (f", at: {line}" if own and line else "")


def _named(awaited: Any, end: _Step | None) -> str:
    if isinstance(awaited, asyncio.Task):
        return "a task" if awaited.get_coro() is None else f"a task in {awaited.get_coro().__name__}"
    if type(awaited).__name__ == "_GatheringFuture":
        return "gathered tasks"
    if awaited is None:
        return "its next turn"
    kind, _, name = end.short().rpartition(".") if end else ("", "", "")
    if kind:  # Lock.acquire, Event.wait, Queue.get
        return f"{'an' if kind[0] in 'AEIOU' else 'a'} {kind}"
    return {"sleep": "a timer", "to_thread": "a thread"}.get(name, "a Future")
