"""Running one scenario on one design so that nothing is left behind, whatever the design does."""

import asyncio
import warnings
from collections.abc import Awaitable, Callable
from contextvars import Context, ContextVar
from typing import Any, TypeVar
from weakref import WeakSet

from fluvius_demo.aggregate import Aggregate
from fluvius_demo.banking import Bank
from fluvius_demo.lessons.outcomes import Finding
from fluvius_demo.lessons.pitfalls.pitfall import Limit, Pitfall
from fluvius_demo.lessons.turns import ROUNDS

T = TypeVar("T")

# Nothing here takes a hundredth of this. It is for a learner's class that waits where none of ours does.
SECONDS = 20
# How often a task is cancelled that waits again, or starts another one, whenever it is.
ATTEMPTS = 20


async def judged(pitfall: Pitfall, design: type[Aggregate]) -> Finding:
    """Run a pitfall on a design, in a fresh task and Context.

    Afterwards its tasks are gone, the default queue that commands may share is empty, and the loop reports its errors
    to whom it did before. An error that the scenario did not expect counts as *refused*: it is loud. So does a
    CancelledError where nobody has cancelled; KeyboardInterrupt and SystemExit end the program, as ever.
    """
    return await clean(pitfall.test(design), design)


async def judged_limit(limit: Limit, design: type[Aggregate], *, remedied: bool) -> Finding:
    """Run what remains of a pitfall on a design, without its remedy or with it; it leaves nothing behind, either."""
    return await clean(limit.test(design, remedied), design)


async def clean(test: Awaitable[T], design: type[Aggregate]) -> T | Finding:
    """Run a test that may do to this loop and to this design's shared queue what it likes; see `judged`."""
    loop, started = asyncio.get_running_loop(), _Started()
    handler, factory = loop.get_exception_handler(), loop.get_task_factory()
    # What a task or a generator reports to the loop is part of many scenarios: those look at it, nobody else needs to.
    loop.set_exception_handler(lambda _loop, _report: None)
    loop.set_task_factory(started.factory(factory))
    try:
        _emptied(design, started.context())
        found = await _found(test, started)
    finally:
        try:
            ended = await _ended(started)
            _emptied(design, started.context())
            ended = await _ended(started) and ended  # to make an aggregate may have started tasks, too
        finally:
            loop.set_exception_handler(handler)
            loop.set_task_factory(factory)
    return found if ended else Finding("leaked", "that the tasks of the design can be cancelled", "one that goes on")


class _Started:
    """The tasks that a scenario has started, by itself or through its tasks and callbacks.

    Others start tasks in this loop meanwhile, and need them: a notebook's kernel starts one for each cell that waits.
    """

    def __init__(self) -> None:
        self.tasks: WeakSet[asyncio.Task] = WeakSet()

    def context(self) -> Context:
        """Return a fresh Context, but for the mark that its tasks and callbacks inherit."""
        fresh = Context()
        fresh.run(_started.set, self)
        return fresh

    def factory(self, before: Callable[..., Any] | None) -> Callable[..., Any]:
        """Return a task factory that makes what the one before makes, and takes note."""

        def make(loop: asyncio.AbstractEventLoop, work: Any, **options: Any) -> Any:
            task = before(loop, work, **options) if before else asyncio.Task(work, loop=loop, **options)
            # Its parent is asked as well: a task can be given a Context of its own. A generator that is dropped in
            # one has no parent when it is closed.
            closes = type(work).__name__ == "async_generator_athrow"
            if closes or _started.get() is self or asyncio.current_task() in self.tasks:
                self.tasks.add(task)
            return task

        return make

    def left(self) -> set[asyncio.Task]:
        """Return those that have not ended, and those that were made without the loop (Python 3.12)."""
        return {task for task in asyncio.all_tasks() if task in self.tasks or self._has_marked(task)}

    def _has_marked(self, task: asyncio.Task) -> bool:
        return hasattr(task, "get_context") and task.get_context().get(_started) is self


_started: ContextVar[_Started | None] = ContextVar("fluvius_scenario", default=None)


async def _found(test: Awaitable[T], started: _Started) -> T | Finding:
    # In this function alone, so that nothing keeps the task, and with its error all that has raised it.
    task = asyncio.create_task(_run(test), context=started.context())
    started.tasks.add(task)
    await asyncio.wait([task], timeout=SECONDS)  # `timeout` would cancel once, and then wait for ever
    if not task.done():
        return Finding("stuck", "that the scenario ends", f"it has not ended after {SECONDS} s")
    try:
        return task.result()
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        return Finding.of_error("that the scenario runs", error)


async def _run(test: Awaitable[T]) -> T:
    # Filters may belong to the Context, and so are set here. A command that ends elsewhere, while an error is on its
    # way, warns; the scenario judges what comes of it.
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Cannot end ", RuntimeWarning)
        return await test


async def _ended(started: _Started) -> bool:
    """Cancel the scenario's tasks, and those that they start as they end; return whether none is left."""
    await asyncio.sleep(0)  # the loop starts one for each generator that was dropped
    for _ in range(ATTEMPTS):
        if not (left := started.left()):
            return True
        for task in left:
            task.cancel()
        all_of_them = asyncio.gather(*left, return_exceptions=True)
        for _ in range(ROUNDS):
            if all_of_them.done():
                break
            await asyncio.sleep(0)
    return False


def _emptied(design: type[Aggregate], context: Context) -> None:
    """Take what lies in a queue that everybody shares who has opened no command."""

    def take() -> None:
        try:
            Bank(design).aggregate.consume_events()
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException:  # a design without such a queue refuses, as it should
            return

    context.run(take)
