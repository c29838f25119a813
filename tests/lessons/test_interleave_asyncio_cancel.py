"""Always the first choice is what asyncio's own loop does: cancellations, contexts, kinds of tasks.

Each program notes what happens in a list, and returns the coroutines to be run.
"""

import asyncio
import sys
from collections.abc import Callable, Coroutine
from contextvars import ContextVar, copy_context
from typing import Any

import pytest
from as_asyncio import Program, assert_same, told

Work = list[Coroutine[Any, Any, Any]]
spoken: ContextVar[str] = ContextVar("spoken", default="nothing")


def a_shield(log: list[Any]) -> Work:
    """Who waits is cancelled, the work goes on; the error of another that nobody waits for is complained about."""

    async def waits(work: asyncio.Task[str]) -> str:
        return await asyncio.shield(work)

    async def cancels() -> None:
        works = [asyncio.create_task(told(log, "x", 4)), asyncio.create_task(told(log, "y", 4, ValueError("late")))]
        waiting = [asyncio.create_task(waits(work)) for work in works]
        await told(log, "a", 2)
        for task in waiting:
            task.cancel()
        log.append([type(end).__name__ for end in await asyncio.gather(*waiting, return_exceptions=True)])
        log.append(await works[0])

    return [cancels(), told(log, "b", 7)]


def cancelled_in_many_ways(log: list[Any]) -> Work:
    """Before the first step, twice, swallowed, taken back with `uncancel`, at the end."""

    async def swallows() -> str:
        task = asyncio.current_task()
        try:
            await told(log, "swallows", 9)
        except asyncio.CancelledError:
            log.append(task.cancelling())
            log.append(task.uncancel())
        await asyncio.sleep(0)
        return "goes on"

    async def cancels() -> None:
        early, twice, swallowing = (asyncio.create_task(work) for work in (told(log, "e"), told(log, "t"), swallows()))
        ended = asyncio.create_task(told(log, "n", 0))
        early.cancel()
        await asyncio.sleep(0)
        log.extend([twice.cancel("one"), twice.cancel("two"), swallowing.cancel(), ended.cancel()])
        log.extend(map(repr, await asyncio.gather(early, twice, swallowing, ended, return_exceptions=True)))

    return [cancels(), told(log, "b")]


def cancelled_by_a_callback(log: list[Any]) -> Work:
    """`task.cancel`, given to `call_soon` and to `add_done_callback`, comes in its turn."""

    async def cancels() -> None:
        loop = asyncio.get_running_loop()
        first, second = (asyncio.create_task(told(log, name, 9)) for name in "xy")
        short = asyncio.create_task(told(log, "s", 1))
        short.add_done_callback(first.cancel)
        await asyncio.sleep(0)
        loop.call_soon(second.cancel, context=copy_context())
        await asyncio.wait([first, second, short])
        log.append([first.cancelled(), second.cancelled(), short.cancelled()])

    return [cancels(), told(log, "b", 6)]


def contexts(log: list[Any]) -> Work:
    """Each command has its own; a child has a copy of its parent's; callbacks run in the one they were given."""

    async def child(name: str) -> None:
        log.append(f"{name}'s child has {spoken.get()}")
        spoken.set(f"{name}'s child")
        await asyncio.sleep(0)
        log.append(f"{name}'s child has {spoken.get()}")

    async def speaks(name: str) -> None:
        log.append(f"{name} finds {spoken.get()}")
        token = spoken.set(name)
        asyncio.get_running_loop().call_soon(lambda: log.append(f"a callback has {spoken.get()}"))
        tasks = [asyncio.create_task(child(name)), asyncio.create_task(child(f"{name}2"), context=copy_context())]
        await asyncio.wait(tasks)
        log.append(f"{name} has {spoken.get()}")
        spoken.reset(token)
        log.append(f"{name} has {spoken.get()}")

    return [speaks("a"), speaks("b")]


def a_task_factory(log: list[Any]) -> Work:
    """Tasks are made by a function of the program's own."""

    class Named(asyncio.Task):
        """A kind of task."""

    def makes(loop: asyncio.AbstractEventLoop, work: Any, **options: Any) -> asyncio.Task[Any]:
        log.append("made")
        return Named(work, loop=loop, **options)

    async def starts() -> None:
        asyncio.get_running_loop().set_task_factory(makes)
        loop = asyncio.get_running_loop()
        makers = {"x": asyncio.create_task, "y": loop.create_task}
        tasks = [make(told(log, name), name=name) for name, make in makers.items()]
        log.extend([type(task).__name__, task.get_name()] for task in tasks)
        log.append(loop.get_task_factory() is makes)
        await asyncio.wait(tasks)

    return [starts(), told(log, "b", 5)]


def eager_tasks(log: list[Any]) -> Work:
    """They run at once up to their first wait, which is for a command that does not know them."""
    event = asyncio.Event()

    async def waits(name: str) -> None:
        log.append(f"{name} begins in {spoken.get()}")
        await event.wait()
        log.append(f"{name} goes on in {spoken.get()}")
        await told(log, name)

    async def starts() -> None:
        asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
        spoken.set("a")
        tasks = [asyncio.create_task(work) for work in (waits("x"), told(log, "y", 0), waits("z"))]
        log.append([task.done() for task in tasks])
        await asyncio.wait(tasks)

    async def sets() -> None:
        await told(log, "b", 2)
        event.set()
        await told(log, "b", 3)

    return [starts(), sets()]


def who_am_i(log: list[Any]) -> Work:
    """The current task is the command's or the child's own; a callback has none."""

    async def looks(depth: int) -> None:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        log.append([task.get_name().startswith("Task-"), task in asyncio.all_tasks(), loop.is_running()])
        loop.call_soon(lambda: log.append(asyncio.current_task()))
        if depth:
            await asyncio.create_task(looks(depth - 1))

    return [looks(1), looks(2)]


def waiter(name: str, make: Callable[[], Any], wait: Callable[[Any], Any], give: Callable[[Any], Any]) -> Program:
    """Return a program: two wait; the first is cancelled in the very round in which it is given what it waits for."""

    def program(log: list[Any]) -> Work:
        async def waits(thing: Any, who: str) -> None:
            try:
                found = await wait(thing)
                log.append(f"{who} has {found}")
            except asyncio.CancelledError:
                log.append(f"{who} cancelled")
                raise

        async def begins() -> str:
            thing = make()
            tasks = [asyncio.create_task(waits(thing, who)) for who in "xy"]
            await told(log, "a", 2)
            await give(thing)
            log.append(tasks[0].cancel())
            await told(log, "a", 3)
            return repr([task.done() and not task.cancelled() for task in tasks])

        return [begins(), told(log, "b", 6)]

    program.__name__ = f"cancelled_at_{name}"
    return program


async def notified(condition: asyncio.Condition) -> None:
    """Wait for a notice."""
    async with condition:
        await condition.wait()


async def notify(condition: asyncio.Condition) -> None:
    """Tell one."""
    async with condition:
        condition.notify(1)


async def at_once(give: Callable[[], None]) -> None:
    """Give it."""
    give()


def locked() -> asyncio.Semaphore:
    """Return a semaphore without a place."""
    return asyncio.Semaphore(0)


WAITERS = [
    waiter("a semaphore", locked, asyncio.Semaphore.acquire, lambda semaphore: at_once(semaphore.release)),
    waiter("an event", asyncio.Event, asyncio.Event.wait, lambda event: at_once(event.set)),
    waiter("a queue", asyncio.Queue, asyncio.Queue.get, lambda queue: queue.put("a thing")),
    waiter("a condition", asyncio.Condition, notified, notify),
]

PROGRAMS = [a_shield, cancelled_in_many_ways, cancelled_by_a_callback, contexts, a_task_factory, who_am_i, *WAITERS]
if sys.version_info >= (3, 12):
    PROGRAMS.append(eager_tasks)


@pytest.mark.parametrize("virtual_time", [False, True])
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.__name__)
def test_the_first_choice_is_what_asyncio_does(program: Program, virtual_time: bool) -> None:
    """The same notes in the same order, the same results and errors, the same complaints."""
    assert_same(program, virtual_time=virtual_time)
