"""Always the first choice is what asyncio's own loop does: locks, events, queues, callbacks and futures.

Each program notes what happens in a list, and returns the coroutines to be run.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest
from as_asyncio import Program, assert_same

Work = list[Coroutine[Any, Any, Any]]


async def told(log: list[Any], name: str, times: int = 3) -> str:
    """Note a few steps, each followed by an await."""
    for number in range(times):
        log.append(f"{name}{number}")
        await asyncio.sleep(0)
    return f"{name} is done"


def plain_steps(log: list[Any]) -> Work:
    """Three coroutines of different length."""
    return [told(log, "a", 1), told(log, "b", 4), told(log, "c", 2)]


def an_error(log: list[Any]) -> Work:
    """One raises, one returns without an await, one goes on."""

    async def fails() -> None:
        log.append("fails")
        await asyncio.sleep(0)
        raise ValueError("a bug")

    async def at_once() -> int:
        log.append("at once")
        return 7

    return [fails(), at_once(), told(log, "c")]


def guarded(log: list[Any], guard: Any, name: str, rounds: int = 2) -> Coroutine[Any, Any, None]:
    """Return a coroutine that takes a guard and keeps it for a while."""

    async def work() -> None:
        async with guard:
            log.append(f"{name} in")
            for _ in range(rounds):
                await asyncio.sleep(0)
            log.append(f"{name} out")
        log.append(f"{name} goes on")
        await told(log, name, 2)

    return work()


def a_lock(log: list[Any]) -> Work:
    """Three that want one lock."""
    lock = asyncio.Lock()
    return [guarded(log, lock, name) for name in "abc"]


def a_semaphore(log: list[Any]) -> Work:
    """Three that want one of two places."""
    semaphore = asyncio.Semaphore(2)
    return [guarded(log, semaphore, name, rounds) for name, rounds in (("a", 3), ("b", 1), ("c", 2))]


def a_bounded_semaphore(log: list[Any]) -> Work:
    """One place, and one release too many."""
    semaphore = asyncio.BoundedSemaphore(1)

    async def too_many() -> None:
        await guarded(log, semaphore, "b")
        semaphore.release()

    return [guarded(log, semaphore, "a"), too_many()]


def a_deadlock(log: list[Any]) -> Work:
    """Two locks, taken in opposite orders: both are stuck, the third is not."""
    first, second = asyncio.Lock(), asyncio.Lock()

    async def both(outer: asyncio.Lock, inner: asyncio.Lock) -> None:
        async with outer:
            log.append("has one")
            await asyncio.sleep(0)
            async with inner:
                log.append("has both")

    return [both(first, second), both(second, first), told(log, "c")]


def an_event(log: list[Any]) -> Work:
    """Two wait for it, one sets it."""
    event = asyncio.Event()

    async def waits(name: str) -> bool:
        log.append(f"{name} waits")
        await event.wait()
        log.append(f"{name} goes on")
        return event.is_set()

    async def sets() -> None:
        await told(log, "c", 2)
        event.set()
        log.append("set")
        await told(log, "c", 2)

    return [waits("a"), waits("b"), sets()]


def a_queue(log: list[Any]) -> Work:
    """A small queue: the producer waits for the consumers, and they for it."""
    queue: asyncio.Queue[int] = asyncio.Queue(maxsize=1)

    async def produces() -> None:
        for number in range(4):
            await queue.put(number)
            log.append(f"put {number}")
        await queue.join()
        log.append("all taken")

    async def consumes(name: str) -> None:
        for _ in range(2):
            number = await queue.get()
            log.append(f"{name} has {number}")
            await asyncio.sleep(0)
            queue.task_done()

    return [consumes("a"), produces(), consumes("c")]


def a_condition(log: list[Any]) -> Work:
    """Two wait until there is enough."""
    condition = asyncio.Condition()
    stock: list[int] = []

    async def waits(name: str, least: int) -> None:
        async with condition:
            await condition.wait_for(lambda: len(stock) >= least)
            log.append(f"{name} sees {len(stock)}")

    async def delivers() -> None:
        for number in range(3):
            async with condition:
                stock.append(number)
                condition.notify_all()
            log.append(f"delivered {number}")
            await asyncio.sleep(0)

    return [waits("a", 3), waits("b", 1), delivers()]


def a_barrier(log: list[Any]) -> Work:
    """Three meet twice."""
    barrier = asyncio.Barrier(3)

    async def meets(name: str, rounds: int) -> list[int]:
        places = []
        for _ in range(2):
            await told(log, name, rounds)
            places.append(await barrier.wait())
            log.append(f"{name} is through")
        return places

    return [meets("a", 3), meets("b", 1), meets("c", 2)]


def a_future(log: list[Any]) -> Work:
    """Two wait for one future, a callback is told first; a second future is cancelled."""

    async def waits(future: asyncio.Future[str]) -> str:
        log.append("waits")
        return await future

    async def answers(first: asyncio.Future[str], second: asyncio.Future[str]) -> None:
        first.add_done_callback(lambda done: log.append(f"told {done.result()}"))
        await told(log, "c", 1)
        first.set_result("answer")
        second.cancel()
        log.append("answered")
        await told(log, "c", 2)

    async def begins() -> tuple[str, str]:
        loop = asyncio.get_running_loop()
        first, second = loop.create_future(), loop.create_future()
        tasks = [asyncio.create_task(waits(future)) for future in (first, second)]
        await answers(first, second)
        return await tasks[0], repr(tasks[1].cancelled())

    return [begins(), told(log, "b", 5)]


def callbacks(log: list[Any]) -> Work:
    """They take their turn between the steps of others; one of them asks for more, one is taken back, one fails."""

    async def asks() -> None:
        loop = asyncio.get_running_loop()
        loop.call_soon(log.append, "soon")
        loop.call_soon(lambda: loop.call_soon(log.append, "after that"))
        loop.call_soon(log.append, "never").cancel()
        loop.call_soon(lambda: 1 / 0)
        loop.call_soon_threadsafe(log.append, "safe")
        loop.call_later(0, log.append, "a little later")
        loop.call_soon(log.append, "last")
        await told(log, "a", 5)

    return [asks(), told(log, "b", 5), told(log, "c", 2)]


def a_callback_that_wakes(log: list[Any]) -> Work:
    """`event.set`, given as a callback; somebody looks at the event all the time."""
    event = asyncio.Event()

    async def waits() -> None:
        asyncio.get_running_loop().call_soon(event.set)
        await event.wait()
        log.append("woken")

    async def looks() -> None:
        for _ in range(4):
            log.append(event.is_set())
            await asyncio.sleep(0)

    return [waits(), looks()]


PROGRAMS = [plain_steps, an_error, a_lock, a_semaphore, a_bounded_semaphore, a_deadlock, an_event, a_queue, a_condition]
PROGRAMS += [a_barrier, a_future, callbacks, a_callback_that_wakes]


@pytest.mark.parametrize("virtual_time", [False, True])
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.__name__)
def test_the_first_choice_is_what_asyncio_does(program: Program, virtual_time: bool) -> None:
    """The same notes in the same order, the same results and errors, the same complaints."""
    assert_same(program, virtual_time=virtual_time)
