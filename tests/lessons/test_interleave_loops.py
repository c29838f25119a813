"""A run leaves no trace: in the loop that runs around it, in this thread, and after its end."""

import asyncio
import gc
import sys
import weakref
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import pytest
from quiet import quietly
from scenes import counting, ends_of, making, steps

from fluvius_demo.lessons.interleave import Execution, Fault, explore, replay, run_alone

Work = Coroutine[Any, Any, Any]


def surroundings() -> tuple[Any, ...]:
    """Return what a run must leave as it was."""
    loop = asyncio._get_running_loop()
    return loop, loop and asyncio.current_task(), loop and asyncio.all_tasks(), sys.get_asyncgen_hooks()


def use() -> list[Any]:
    """Step, run on, undo, explore, close: and look around after each."""
    found = [surroundings()]
    execution = Execution(counting("AB", 2, 2))
    for act in (lambda: execution.step("B"), execution.run_on, execution.undo, execution.close):
        act()
        found.append(surroundings())
    assert len(explore(counting("AB", 3, 3)).orders) == 20
    assert run_alone(steps(3)).error is None
    return [*found, surroundings()]


class TestAround:
    """Whatever runs in this thread is there again after each step."""

    def test_without_a_loop(self) -> None:
        """As in a script."""
        assert use() == [(None, None, None, sys.get_asyncgen_hooks())] * 6

    def test_within_a_running_loop(self) -> None:
        """As in a notebook's kernel: the loop, its current task, its tasks, its hooks for generators."""

        async def scenario() -> list[str]:
            noted: list[str] = []
            before = surroundings()
            other = asyncio.create_task(steps(3, lambda: noted.append("other")))
            assert use()[1:] == [(*before[:2], {*before[2], other}, before[3])] * 5
            noted.append("not before")
            await asyncio.sleep(0)
            use()
            async with asyncio.timeout(60):
                await other
            return noted

        assert quietly(scenario()) == ["not before", "other", "other", "other"]

    def test_within_another_run(self) -> None:
        """A command that steps commands of its own: each finds its own loop and task."""
        noted: list[Any] = []

        async def inner(outer: asyncio.Task[Any]) -> None:
            noted.append(asyncio.current_task() is not outer)
            await asyncio.sleep(0)
            noted.append(outer in asyncio.all_tasks())

        async def nests() -> None:
            before = surroundings()
            task = asyncio.current_task()
            replay(making(lambda: {"A": inner(task), "B": inner(task)}), "ABBA").close()
            assert surroundings() == before
            await asyncio.sleep(0)
            noted.append(asyncio.current_task() is task)

        execution = Execution(making(lambda: {"A": nests(), "B": steps(2)})).run_on()
        assert noted == [True, True, False, False, True]
        assert ends_of(execution.verdict()) == {"A": "None", "B": "None"}

    @pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
    def test_after_an_error_that_stops_everything(self, error: type[BaseException]) -> None:
        """It comes out of the step, as it comes out of `asyncio.run`."""

        async def stops() -> None:
            raise error

        async def scenario() -> None:
            before = surroundings()
            execution = Execution(making(lambda: {"A": stops(), "B": steps(2)}))
            with pytest.raises(error):
                execution.step("A")
            assert surroundings() == before
            execution.close()

        quietly(scenario())

    def test_the_outer_loop_ends_its_own_generators(self) -> None:
        """One that was begun outside of the run and let go between two steps is not the run's."""

        async def scenario() -> list[str]:
            noted: list[str] = []
            given = gives(noted)
            await anext(given)
            execution = Execution(counting("A", 2)).step("A")
            del given
            execution.run_on().close()
            assert noted == []
            for _ in range(4):
                await asyncio.sleep(0)
            return noted

        assert quietly(scenario()) == ["cleaned up"]


async def never(noted: list[str]) -> None:
    """Wait for ever, and clean up with an await."""
    try:
        await asyncio.Event().wait()
    finally:
        await asyncio.sleep(0)
        noted.append("cleaned up")


async def stubborn(noted: list[str]) -> None:
    """Swallow a first cancellation."""
    try:
        await never(noted)
    except asyncio.CancelledError:
        await asyncio.Event().wait()


async def with_a_child(noted: list[str]) -> None:
    """Leave a child behind, which is never waited for, and one that fails."""
    noted.append("child")
    noted.child = asyncio.create_task(never(noted))  # type: ignore[attr-defined]
    noted.other = asyncio.create_task(fails())  # type: ignore[attr-defined]
    await asyncio.Event().wait()


async def fails() -> None:
    """Raise an error that nobody asks about."""
    raise ValueError("a bug")


async def in_a_group(noted: list[str]) -> None:
    """Wait in a group whose task fails."""
    async with asyncio.TaskGroup() as group:
        group.create_task(never(noted))
        group.create_task(fails())
        await never(noted)


async def gives(noted: list[str]) -> AsyncIterator[int]:
    """Give one number, and clean up with an await."""
    try:
        yield 1
    finally:
        await asyncio.sleep(0)
        noted.append("cleaned up")


async def in_a_generator(noted: list[str]) -> None:
    """Stop in a generator that cleans up."""
    async for _ in gives(noted):
        await asyncio.Event().wait()


async def in_a_generator_that_is_kept(noted: list[str]) -> None:
    """Stop in a generator that others hold, too."""
    noted.given = gives(noted)  # type: ignore[attr-defined]
    await anext(noted.given)
    await asyncio.Event().wait()


class Notes(list[str]):
    """A list that can be given more."""


COMMANDS = [never, stubborn, with_a_child, in_a_group, in_a_generator, in_a_generator_that_is_kept]


class TestTheEnd:
    """Closing cancels what still runs and leaves nothing to be complained about, at whatever point of the run."""

    @pytest.mark.parametrize("count", range(6))
    @pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.__name__)
    def test_closing_leaves_nothing(self, command: Callable[[list[str]], Work], count: int) -> None:
        """No "never awaited", no "was destroyed", no task that still waits; what has begun cleans up."""
        noted = Notes()

        async def scenario() -> tuple[list[str], int]:
            execution = Execution(making(lambda: {"A": command(noted), "B": steps(2)}))
            for _ in range(count):
                if execution.ready:
                    execution.step(execution.ready[0])
            tasks = list(execution._run.all_tasks())
            left, complaints = execution._run.all_tasks(), execution._run.loop.complaints
            execution.close()
            assert (len(tasks) >= 2, all(task.done() for task in left.values())) == (True, True)
            assert execution.ready == ()
            del execution, left
            gc.collect()
            return complaints, len(noted)

        complaints, told = quietly(scenario())
        assert complaints == []
        assert bool(told) == (count > 0)

    def test_a_run_is_freed(self) -> None:
        """Nothing keeps it, once it is closed and let go."""
        execution = Execution(counting("AB", 3, 3)).step("A")
        freed = weakref.ref(execution._run.loop)
        execution.close()
        del execution
        gc.collect()
        assert freed() is None

    def test_a_run_that_nobody_closes_makes_no_noise(self) -> None:
        """Some have not begun: neither a command, with a fault or without, nor a child."""

        async def starts() -> None:
            starts.child = asyncio.create_task(steps(1))
            await asyncio.sleep(0)

        async def scenario() -> None:
            for fault in (None, Fault("error", "A", 1), Fault("cancel", "B", 1)):
                Execution(making(lambda: {"A": starts(), "B": steps(2)}), fault=fault)
                Execution(making(lambda: {"A": steps(2), "B": starts()}), fault=fault).step("B")
            del starts.child

        quietly(scenario())

    def test_errors_that_nobody_asked_about_are_told(self) -> None:
        """In the words of asyncio, when the run is over."""

        async def starts() -> None:
            starts.child = asyncio.create_task(fails())

        execution = replay(making(lambda: {"A": starts(), "B": fails()}), "AA1")
        assert execution.complaints == ()
        assert execution.run_on().complaints == ("Task exception was never retrieved: ValueError('a bug')",)
        execution.close()
