"""Who waits for the clock, and who waits for ever."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from scenes import counting, ends_of, making, steps

from fluvius_demo.lessons.interleave import Execution, explore, replay, run_alone

Work = Coroutine[Any, Any, Any]


async def limited(event: asyncio.Event, seconds: float = 1) -> str:
    """Wait for the event, no longer than the limit."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return f"up at {asyncio.get_running_loop().time():g}"
    return "in time"


async def sets(event: asyncio.Event, seconds: float) -> None:
    """Sleep, then set the event."""
    await asyncio.sleep(seconds)
    event.set()


def slow(seconds: float) -> dict[str, Work]:
    """Return a command with a limit of a second, and one that sets its event after so many seconds."""
    event = asyncio.Event()
    return {"A": limited(event), "B": sets(event, seconds)}


class TestLimits:
    """Without virtual time a limit is over only when nobody can run; with it, when its time has come."""

    def test_a_limit_waits_for_whoever_can_run(self) -> None:
        """However long the other sleeps: in every order it is in time."""
        report = explore(making(lambda: slow(1000)))
        assert {ends_of(story.verdict)["A"] for story in report.stories} == {"'in time'"}
        assert [schedule for schedule, _ in report.orders] == ["ABBA", "BABA", "BBA"]
        assert replay(making(lambda: slow(1000)), "ABBA").clock == 0

    def test_a_limit_is_over_when_nobody_can_run(self) -> None:
        """The clock then shows the first limit's time."""
        execution = Execution(making(lambda: {"A": limited(asyncio.Event(), 7), "B": steps(3)}))
        assert execution.step("A").ready == ("B",)
        execution.step("B").step("B")
        assert (execution.clock, execution.ready) == (0, ("B",))
        assert (execution.step("B").clock, execution.ready) == (7, ("A",))
        assert ends_of(execution.run_on().verdict())["A"] == "'up at 7'"

    def test_virtual_time(self) -> None:
        """Two seconds are too late, half a second is not; nobody has waited for them."""
        for seconds, end in ((2, "'up at 1'"), (0.5, "'in time'")):
            report = explore(making(lambda seconds=seconds: slow(seconds)), virtual_time=True)
            assert {ends_of(story.verdict)["A"] for story in report.stories} == {end}
        execution = replay(making(lambda: slow(2)), "AB", virtual_time=True)
        assert (execution.clock, execution.ready) == (1, ("A",))
        assert execution.run_on().clock == 2

    def test_sleeps_that_end_at_one_time_can_go_in_any_order(self) -> None:
        """And those that end later cannot go before."""

        async def sleeps(seconds: float) -> None:
            await asyncio.sleep(seconds)

        report = explore(making(lambda: {"A": sleeps(1), "B": sleeps(1), "C": sleeps(2)}), virtual_time=True)
        assert report.exhaustive
        assert {schedule[3:] for schedule, _ in report.orders} == {"ABC", "BAC"}
        assert len(report.orders) == 6 * 2


class TestDeadlocks:
    """Whoever waits when nobody can run is stuck."""

    def test_two_locks_in_opposite_orders(self) -> None:
        """Some orders are stuck, and some are not."""

        async def both(outer: asyncio.Lock, inner: asyncio.Lock) -> None:
            async with outer:
                await asyncio.sleep(0)
                async with inner:
                    pass

        def commands() -> dict[str, Work]:
            first, second = asyncio.Lock(), asyncio.Lock()
            return {"A": both(first, second), "B": both(second, first)}

        report = explore(making(commands))
        assert report.tally == {"correct": 2, "stuck": 4}
        assert report.simplest("stuck") == "ABBA"
        stuck = replay(making(commands), report.simplest("stuck"))
        assert (stuck.over, stuck.ready, stuck.ended("A"), stuck.ended("B")) == (True, (), False, False)
        assert ends_of(stuck.verdict()) == {"A": "stuck", "B": "stuck"}
        stuck.close()

    def test_one_that_waits_for_nobody(self) -> None:
        """The others end."""
        execution = Execution(making(lambda: {"A": asyncio.Event().wait(), "B": steps(2)})).run_on()
        assert ends_of(execution.verdict()) == {"A": "stuck", "B": "None"}
        assert run_alone(asyncio.Event().wait()).stuck

    def test_no_command_at_all(self) -> None:
        """Is over at once."""
        assert (Execution(counting("")).over, explore(counting("")).orders) == (True, [("", 0)])
