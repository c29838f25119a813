"""How many orders there are, and what is said where not all of them were run."""

import asyncio
from collections import Counter
from collections.abc import Coroutine
from math import factorial, prod
from typing import Any

import pytest
from scenes import counting, making, steps

from fluvius_demo.lessons.interleave import Report, explore, replay


def multinomial(*counts: int) -> int:
    """Return in how many orders the steps can be taken."""
    return factorial(sum(counts)) // prod(map(factorial, counts))


def schedules(report: Report) -> list[str]:
    """Return all schedules, in the order in which they were run."""
    return [schedule for schedule, _ in report.orders]


class TestAllOrders:
    """Where nobody waits for anybody, each order can be had."""

    @pytest.mark.parametrize(
        ("counts", "orders"),
        [((5, 5), 252), ((4, 4, 4), 34_650), ((8, 8), 12_870), ((1, 2, 3), 60), ((7,), 1), ((), 1)],
    )
    def test_the_counts_are_the_multinomials(self, counts: tuple[int, ...], orders: int) -> None:
        """Each once, in the order of the alphabet, and the report says that these are all."""
        report = explore(counting("ABC"[: len(counts)], *counts))
        assert len(report.orders) == orders == multinomial(*counts)
        assert schedules(report) == sorted(set(schedules(report)))
        assert (report.exhaustive, report.stopped, report.sampled, report.uniform) == (True, "", 0, True)
        assert str(report) == f"{orders} orders (all of them): {orders} correct"
        assert {tuple(sorted(Counter(schedule).items())) for schedule in schedules(report)} == {
            tuple(zip("ABC", counts, strict=False))
        }

    def test_each_order_is_really_taken_and_can_be_replayed(self) -> None:
        """The commands note their steps: what they note is the schedule."""
        noted: list[str] = []

        def commands() -> dict[str, Coroutine[Any, Any, None]]:
            noted.clear()
            return {name: steps(3, lambda name=name: noted.append(name)) for name in "AB"}

        report = explore(making(commands, lambda: "".join(noted)))
        assert [(story.verdict.state, story.orders) for story in report.stories] == [(s, 1) for s in schedules(report)]
        for schedule, number in report.orders:
            execution = replay(making(commands, lambda: "".join(noted)), schedule)
            assert (execution.over, execution.verdict()) == (True, report.stories[number].verdict)
            execution.close()

    def test_a_sleep_lasts_any_time(self) -> None:
        """However long it says: every order of two sleepers is reached."""

        async def sleeps(seconds: float) -> None:
            for _ in range(3):
                await asyncio.sleep(seconds)

        report = explore(making(lambda: {"A": sleeps(1), "B": sleeps(1000)}))
        assert (report.exhaustive, len(report.orders)) == (True, multinomial(4, 4))

    def test_with_a_lock_there_are_fewer(self) -> None:
        """Whoever has it may go on; the other can but come to the door, which takes a step."""

        def commands() -> dict[str, Coroutine[Any, Any, None]]:
            lock = asyncio.Lock()

            async def locks() -> None:
                async with lock:
                    await asyncio.sleep(0)

            return {"A": locks(), "B": locks()}

        report = explore(making(commands))
        assert schedules(report) == ["AABB", "ABABB", "BABAA", "BBAA"]
        assert report.exhaustive

    def test_children_are_in_the_orders(self) -> None:
        """A starts two; each has its own name, and comes in every place after the step that started it."""

        async def starts() -> None:
            tasks = [asyncio.create_task(steps(1)) for _ in range(2)]
            await asyncio.wait(tasks)

        report = explore(making(lambda: {"A": starts(), "B": steps(1)}))
        assert len(report.orders) == len(set(schedules(report))) == 2 * 5
        assert {schedule.replace("B", "") for schedule in schedules(report)} == {"AA1A2A", "AA2A1A"}

    def test_the_simplest_has_the_fewest_switches(self) -> None:
        """The story's schedule is the first of these."""
        noted: list[str] = []

        def commands() -> dict[str, Coroutine[Any, Any, None]]:
            noted.clear()
            return {name: steps(3, lambda name=name: noted.append(name)) for name in "AB"}

        report = explore(making(commands, lambda: noted[2] + noted[3]))
        found = {story.verdict.state: (story.schedule, story.switches, story.orders) for story in report.stories}
        assert found == {"AB": ("AAABBB", 1, 6), "AA": ("BAAABB", 2, 4), "BB": ("AABBBA", 2, 4), "BA": ("BBBAAA", 1, 6)}
        assert (report.simplest("correct"), report.simplest("stuck")) == ("AAABBB", None)


class TestStopping:
    """A search that takes too long stops, says so, and draws from the rest."""

    def test_at_the_limit(self) -> None:
        """The first hundred are those of the alphabet; what is drawn then comes after them."""
        report = explore(counting("AB", 6, 6), limit=100, samples=50)
        every = schedules(explore(counting("AB", 6, 6)))
        assert schedules(report)[:100] == every[:100]
        assert set(schedules(report)[100:]) <= set(every[100:])
        assert (report.exhaustive, report.sampled, len(report.orders)) == (False, 50, 150)
        assert str(report) == "150 orders (stopped after 100 runs): 150 correct"

    def test_after_so_many_seconds(self) -> None:
        """None at all: one order is run."""
        report = explore(counting("AB", 6, 6), seconds=0, samples=0)
        assert (len(report.orders), report.exhaustive, report.stopped) == (1, False, "stopped after 0 seconds")

    @pytest.mark.parametrize("limit", [251, 252, 253])
    def test_a_limit_that_is_just_enough(self, limit: int) -> None:
        """All orders are all orders, whether or not there was a limit."""
        report = explore(counting("AB", 5, 5), limit=limit, samples=0)
        assert (report.exhaustive, bool(report.stopped)) == (limit > 251, limit == 251)

    def test_the_same_seed_draws_the_same(self) -> None:
        """And another seed others."""
        one, again, other = (
            schedules(explore(counting("AB", 8, 8), limit=10, samples=30, seed=seed)) for seed in (1, 1, 2)
        )
        assert one == again
        assert one[:10] == other[:10]
        assert one[10:] != other[10:]

    def test_each_of_the_rest_has_the_same_chance(self) -> None:
        """4,000 draws from 60 orders; of 59 degrees of freedom, chi-square is above 100 once in a thousand."""
        report = explore(counting("AB", 4, 4), limit=10, samples=4_000, seed=5)
        drawn = Counter(schedules(report)[10:])
        assert len(drawn) == 60
        assert sum((count - 4_000 / 60) ** 2 / (4_000 / 60) for count in drawn.values()) < 100
        assert report.uniform

    def test_where_step_counts_vary_it_is_not_called_uniform(self) -> None:
        """Whoever comes second takes more steps."""

        def commands() -> dict[str, Coroutine[Any, Any, None]]:
            came: list[str] = []

            async def comes() -> None:
                came.append("")
                await steps(4 + len(came))

            return {"A": comes(), "B": comes()}

        report = explore(making(commands), limit=10, samples=200)
        assert (report.exhaustive, report.sampled, report.uniform) == (False, 200, False)
