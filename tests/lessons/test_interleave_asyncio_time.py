"""Always the first choice is what asyncio's own loop does: sleeps, limits, and asynchronous generators.

Each program notes what happens in a list, and returns the coroutines to be run. Times are parts of a second that a
float holds exactly.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import aclosing, asynccontextmanager
from typing import Any

import pytest
from as_asyncio import Program, assert_same

Work = list[Coroutine[Any, Any, Any]]


async def slow(log: list[Any], name: str, *times: float) -> str:
    """Sleep so long each time, and note the time."""
    try:
        for seconds in times:
            await asyncio.sleep(seconds)
            log.append((name, asyncio.get_running_loop().time()))
    except asyncio.CancelledError:
        log.append(f"{name} cancelled")
        raise
    return f"{name} is done"


def sleeps(log: list[Any]) -> Work:
    """Who sleeps less goes first."""
    return [slow(log, "a", 2, 0, 0.25), slow(log, "b", 0.5, 0.5, 2), slow(log, "c", 0, 0, 1.5)]


def sleeps_of_one_length(log: list[Any]) -> Work:
    """Then who fell asleep first."""
    return [slow(log, "a", 1, 1), slow(log, "b", 1, 1), slow(log, "c", 0, 1)]


def timers(log: list[Any]) -> Work:
    """Callbacks at a time; one is taken back."""

    async def sets() -> None:
        loop = asyncio.get_running_loop()
        loop.call_later(1, log.append, "after one")
        loop.call_at(0.5, log.append, "at a half")
        loop.call_later(0.75, log.append, "never").cancel()
        loop.call_at(-1, log.append, "long ago")
        loop.call_later(1, loop.call_soon, log.append, "soon after one")
        await slow(log, "a", 0.25, 1)

    return [sets(), slow(log, "b", 0, 0.5, 0.5, 0.5)]


def limits(log: list[Any]) -> Work:
    """`timeout` and `timeout_at`: one is over, one is not, one is moved."""

    async def limited(name: str, seconds: float | None, step: float) -> bool:
        try:
            async with asyncio.timeout(seconds) as limit:
                await slow(log, name, step, 0.25)
                limit.reschedule(1.25)
                await slow(log, name, 0.5)
        except TimeoutError:
            log.append(f"{name}: time is up")
        return limit.expired()

    async def at() -> None:
        async with asyncio.timeout_at(2):
            await slow(log, "c", 0.25, 9)

    return [limited("a", 0.75, 0.5), limited("b", None, 0.625), at()]


def a_limit_of_nothing(log: list[Any]) -> Work:
    """It cancels in the next round: another command has its turn before."""
    tasks: list[asyncio.Task[None]] = []

    async def limited() -> None:
        tasks.append(asyncio.current_task())
        async with asyncio.timeout(0):
            for number in range(3):
                log.append(number)
                await asyncio.sleep(0)

    async def other() -> None:
        for name in "xyz":
            log.append((name, tasks[0].cancelling()))
            await asyncio.sleep(0)

    return [limited(), other()]


def limits_in_limits(log: list[Any]) -> Work:
    """The inner one, the outer one."""

    async def limited(name: str, outer: float, inner: float) -> None:
        try:
            async with asyncio.timeout(outer):
                try:
                    async with asyncio.timeout(inner):
                        await slow(log, name, 4)
                except TimeoutError:
                    log.append(f"{name}: inner")
                    await slow(log, name, 4)
        except TimeoutError:
            log.append(f"{name}: outer")

    return [limited("a", 2, 1), limited("b", 1, 2)]


def waiting_for(log: list[Any]) -> Work:
    """`wait_for`: in time, too late, for nothing, and cancelled from outside."""

    async def waits(name: str, seconds: float | None) -> str:
        try:
            return await asyncio.wait_for(slow(log, name, 0, 0.5), seconds)
        except TimeoutError:
            log.append(f"{name}: too late")
            raise

    async def all_four() -> list[str]:
        limits = {"w": 1, "x": 0.25, "y": 0, "z": None}
        tasks = [asyncio.create_task(waits(name, limit)) for name, limit in limits.items()]
        await asyncio.sleep(0.125)
        tasks[3].cancel()
        return [repr(end) for end in await asyncio.gather(*tasks, return_exceptions=True)]

    return [all_four(), slow(log, "b", 0, 0.375, 1)]


def waiting_for_the_first(log: list[Any]) -> Work:
    """`wait` and `as_completed`."""

    async def waits() -> list[Any]:
        tasks = [asyncio.create_task(slow(log, name, seconds)) for name, seconds in zip("xyz", (2, 0, 1), strict=True)]
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        log.append([task.result() for task in done])
        log.append(len((await asyncio.wait(tasks, timeout=0.5))[1]))
        return [await task for task in asyncio.as_completed(tasks)]

    async def too_late() -> None:
        tasks = [asyncio.create_task(work) for work in (slow(log, "k", 0.5), slow(log, "l", 3))]
        for task in asyncio.as_completed(tasks, timeout=1):
            log.append(await task)

    return [waits(), too_late()]


async def numbers(log: list[Any], name: str) -> AsyncIterator[int]:
    """Give numbers; note the end."""
    try:
        for number in range(9):
            await asyncio.sleep(0)
            yield number
    finally:
        log.append(f"{name} ends")
        await asyncio.sleep(0)
        log.append(f"{name} has ended")


def generators(log: list[Any]) -> Work:
    """One is read to its end, one is closed, one is left alone: the loop ends it."""

    async def reads() -> list[int]:
        return [number async for number in numbers(log, "a") if number % 2]

    async def closes() -> None:
        async with aclosing(numbers(log, "b")) as given:
            async for number in given:
                log.append(number)
                if number == 2:
                    break
        log.append("closed")

    async def leaves() -> None:
        async for number in numbers(log, "c"):
            log.append(f"left at {number}")
            break
        for number in range(4):
            log.append(f"c {number}")
            await asyncio.sleep(0)

    return [reads(), closes(), leaves()]


def context_managers(log: list[Any]) -> Work:
    """An error goes through one that waits in its end; a cancellation, too."""

    @asynccontextmanager
    async def room(name: str) -> AsyncIterator[str]:
        await asyncio.sleep(0)
        try:
            yield name
        except ValueError as error:
            log.append(f"{name} sees {error}")
        finally:
            await asyncio.sleep(0)
            log.append(f"{name} is left")

    async def fails() -> None:
        async with room("outer"), room("inner"):
            await asyncio.sleep(0)
            raise ValueError("a bug")

    async def cancelled() -> None:
        async with asyncio.timeout(1), room("limited"):
            await asyncio.Event().wait()

    return [fails(), cancelled(), slow(log, "c", 0, 0, 0, 2)]


ONLY_LIMITS = [a_limit_of_nothing, generators, context_managers]
PROGRAMS = [sleeps, sleeps_of_one_length, timers, limits, limits_in_limits, waiting_for, waiting_for_the_first]


@pytest.mark.parametrize("program", PROGRAMS + ONLY_LIMITS, ids=lambda program: program.__name__)
def test_with_virtual_time_the_first_choice_is_what_asyncio_does(program: Program) -> None:
    """The same notes at the same times, the same results and errors, the same complaints."""
    assert_same(program)


@pytest.mark.parametrize("program", [a_limit_of_nothing, generators], ids=lambda program: program.__name__)
def test_without_sleeps_virtual_time_makes_no_difference(program: Program) -> None:
    """A limit is over when nobody can run, in either case."""
    assert_same(program, virtual_time=False)
