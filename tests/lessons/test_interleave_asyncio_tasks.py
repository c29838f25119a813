"""Always the first choice is what asyncio's own loop does: `gather` and TaskGroup.

Each program notes what happens in a list, and returns the coroutines to be run.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest
from as_asyncio import Program, assert_same, told

Work = list[Coroutine[Any, Any, Any]]


def gathered(log: list[Any]) -> Work:
    """`gather`, nested, next to another command."""

    async def outer() -> list[Any]:
        inner = asyncio.gather(told(log, "x", 1), told(log, "y", 2))
        return await asyncio.gather(inner, told(log, "z", 3))

    return [outer(), told(log, "b", 6)]


def gathered_errors(log: list[Any]) -> Work:
    """With `return_exceptions` all are waited for; without, the first error comes through and the rest goes on."""

    async def gathers(name: str, kept: bool) -> Any:
        works = [told(log, f"{name}x", 1, ValueError(name)), told(log, f"{name}y", 4)]
        found = await asyncio.gather(*works, return_exceptions=kept)
        log.append(repr(found))
        return found

    return [gathers("a", True), gathers("b", False), told(log, "c", 6)]


def gathered_and_cancelled(log: list[Any]) -> Work:
    """Whoever gathers is cancelled: so are all that it waits for."""

    async def gathers() -> None:
        await asyncio.gather(told(log, "x", 9), told(log, "y", 9))

    async def cancels() -> None:
        task = asyncio.create_task(gathers())
        await told(log, "b", 3)
        task.cancel("enough")
        try:
            await task
        except asyncio.CancelledError as error:
            log.append(f"seen: {error.args}")

    return [cancels(), told(log, "b", 6)]


def a_group(log: list[Any]) -> Work:
    """A TaskGroup whose tasks all end well."""

    async def groups() -> list[str]:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(told(log, name, times)) for name, times in (("x", 3), ("y", 1))]
            log.append("in the group")
        return [task.result() for task in tasks]

    return [groups(), told(log, "b", 5)]


def a_group_that_fails(log: list[Any]) -> Work:
    """The others in the group have a step each before they are cancelled."""

    async def groups() -> None:
        try:
            async with asyncio.TaskGroup() as group:
                for name, times in (("x", 9), ("y", 0), ("z", 9)):
                    group.create_task(told(log, name, times, ValueError(name)))
        except* ValueError as found:
            log.append(repr(found))

    return [told(log, "a", 4), groups(), told(log, "c", 5)]


def a_group_with_two_errors(log: list[Any]) -> Work:
    """Two fail in one round, and both errors come through; the body is cancelled."""

    async def groups() -> None:
        async with asyncio.TaskGroup() as group:
            for name in "xy":
                group.create_task(told(log, name, 1, ValueError(name)))
            await told(log, "body", 9)

    return [groups(), told(log, "b", 6)]


def a_group_in_a_group(log: list[Any]) -> Work:
    """An error in the inner one ends both."""

    async def inner() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(told(log, "x", 1, ValueError("inner")))
            group.create_task(told(log, "y", 9))

    async def outer() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(inner())
            group.create_task(told(log, "z", 9))

    return [outer(), told(log, "b", 9)]


def a_group_that_is_cancelled(log: list[Any]) -> Work:
    """From outside; its tasks clean up, one with an await of its own."""

    async def cleans_up() -> None:
        try:
            await told(log, "x", 9)
        finally:
            await told(log, "cleaning", 2)

    async def groups() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(cleans_up())
            group.create_task(told(log, "y", 9))

    async def cancels() -> None:
        task = asyncio.create_task(groups())
        await told(log, "a", 3)
        task.cancel()
        log.append(await asyncio.wait([task]) and task.cancelled())

    return [cancels(), told(log, "b", 6)]


def as_they_end(log: list[Any]) -> Work:
    """`as_completed`, asked in the very rounds in which one ends, and before and after."""

    async def takes(name: str, lengths: tuple[int, ...], rounds: tuple[int, ...]) -> None:
        tasks = [asyncio.create_task(told(log, f"{name}{length}", length)) for length in lengths]
        for times, task in zip(rounds, asyncio.as_completed(tasks), strict=True):
            await told(log, name, times)
            log.append(await task)

    return [takes("a", (1, 7, 4), (0, 0, 1)), takes("b", (7, 4, 8), (2, 1, 3)), told(log, "c", 9)]


PROGRAMS = [gathered, gathered_errors, gathered_and_cancelled, a_group, a_group_that_fails, a_group_with_two_errors]
PROGRAMS += [a_group_in_a_group, a_group_that_is_cancelled, as_they_end]


@pytest.mark.parametrize("virtual_time", [False, True])
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.__name__)
def test_the_first_choice_is_what_asyncio_does(program: Program, virtual_time: bool) -> None:
    """The same notes in the same order, the same results and errors, the same complaints."""
    assert_same(program, virtual_time=virtual_time)
