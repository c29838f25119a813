"""Deposits that overlap: what became of each, and at which step a command lost its state."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest
from quiet import quietly

from fluvius_demo.aggregate import Aggregate, RestrictedAggregateProxy
from fluvius_demo.isolated import IsolatedAggregate
from fluvius_demo.legacy import LegacyAggregate
from fluvius_demo.lessons.designs import DESIGNS, LockedAggregate, UnguardedAggregate
from fluvius_demo.lessons.outcomes import Finding
from fluvius_demo.lessons.overlap import Overlap, overlap
from fluvius_demo.migrated import MigratedAggregate

Deposits = Mapping[str, tuple[str, int]]
BOTH: Deposits = {"A": ("ana", 100_00), "B": ("ben", 50_00)}
THREE: Deposits = {**BOTH, "C": ("cem", 25_00)}


def ran(design: type[Aggregate], deposits: Deposits = BOTH, schedule: Iterable[str] = "ABABAB") -> Overlap:
    """Run the deposits in a loop of their own."""
    return asyncio.run(overlap(design, deposits, schedule))


def order(run: Overlap) -> str:
    """Return the steps: `"A open, B open"`; "waits" where one does."""
    return ", ".join(f"{step.name} {step.label}{' waits' * step.waits}" for step in run.steps)


class NeverOpens(LegacyAggregate):
    """A design that lets nobody in."""

    @asynccontextmanager
    async def command_aggregate(self, *args: Any) -> AsyncIterator[RestrictedAggregateProxy]:
        """Wait for ever."""
        await asyncio.Event().wait()
        yield RestrictedAggregateProxy(self)


class TestTheSteps:
    """Open, deposit, close: in the order of the schedule."""

    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("unguarded", "A open, B open, A deposit, B deposit, A close, B close"),
            ("legacy", "A open, B open, A deposit, A close"),
            ("locked", "A open, B open waits, A deposit, B open waits, A close, B deposit, B close"),
            ("one per command", "A open, B open, A deposit, B deposit, A close, B close"),
            ("migrated", "A open, B open, A deposit, B deposit, A close, B close"),
            ("isolated", "A open, B open, A deposit, B deposit, A close, B close"),
        ],
    )
    def test_each_design_takes_the_same_turns(self, name: str, expected: str) -> None:
        """Whom a design refuses has no more steps; whom it keeps waiting is said to wait."""
        assert order(ran(DESIGNS[name].aggregate)) == expected

    def test_without_a_schedule_they_take_turns(self) -> None:
        """In the order of the names."""
        assert order(ran(IsolatedAggregate, THREE, "")).startswith("A open, B open, C open, A deposit")


class TestTheFindings:
    """What each command was to do, and what it did."""

    @pytest.mark.parametrize("name", ["locked", "one per command", "migrated", "isolated"])
    def test_designs_that_keep_commands_apart(self, name: str) -> None:
        """Everybody gets the money, on each of the orders that a learner tries."""
        for schedule in ("ABABAB", "ABBBAA", "AABBAB", "BAABBA"):
            run = ran(DESIGNS[name].aggregate, BOTH, schedule)
            assert run.findings == {
                "A": Finding("correct", "100 on ana", "100 on ana"),
                "B": Finding("correct", "50 on ben", "50 on ben"),
            }
            assert (run.balances, run.tally) == ({"ana": 100_00, "ben": 50_00}, {"correct": 2})
            assert run.overwritten() == []

    def test_the_guard_refuses_the_second_one(self) -> None:
        """Loudly, with the text that the course begins with."""
        run = ran(LegacyAggregate)
        refused = Finding("refused", "50 on ben", "RuntimeError: Overlapping context: ben's deposit")
        assert run.findings == {"A": Finding("correct", "100 on ana", "100 on ana"), "B": refused}
        assert run.balances == {"ana": 100_00, "ben": 0}
        assert run.finding == refused

    def test_without_the_guard_the_money_lands_on_the_wrong_account(self) -> None:
        """Silently; and every total is right."""
        run = ran(UnguardedAggregate)
        assert run.findings["A"] == Finding("wrong", "100 on ana", "100 on ben")
        assert run.findings["B"] == Finding("correct", "50 on ben", "50 on ben")
        assert run.balances == {"ana": 0, "ben": 150_00}
        assert run.finding == run.findings["A"]

    def test_events_that_cross_over_are_found(self) -> None:
        """With one list of events for all, the second command finds the first one's among its own."""

        class SharesEvents(MigratedAggregate):
            shared: list[Any] = []

            def create_event(self, *args: Any) -> Any:
                self.shared.append(super().create_event(*args))

            def consume_events(self) -> list[Any]:
                super().consume_events()
                return self.shared

        run = ran(SharesEvents)
        assert run.findings["A"] == Finding("correct", "100 on ana", "100 on ana")
        assert run.findings["B"] == Finding("wrong", "50 on ben", "50 on ben, with the events of ana, ben")

    def test_nobody_may_lose_an_event_either(self) -> None:
        """A command whose events are gone is wrong, though its money is there."""

        class LosesEvents(IsolatedAggregate):
            def consume_events(self) -> list[Any]:
                super().consume_events()
                return []

        found = ran(LosesEvents).findings["A"]
        assert found == Finding("wrong", "100 on ana", "100 on ana, with the events of nobody")

    def test_a_command_that_never_ends_is_stuck(self) -> None:
        """And nothing of it is left."""
        run = ran(NeverOpens)
        assert run.tally == {"stuck": 2}
        assert run.finding == Finding("stuck", "100 on ana", "waits for ever")


class TestOverwritten:
    """At which step a command lost its state, and whose it sees from then on."""

    def test_it_names_the_moment(self) -> None:
        """A's state is lost when B opens: step 2, and not when A notices."""
        assert ran(UnguardedAggregate).overwritten() == [(2, "A", "ben")]
        assert ran(UnguardedAggregate, BOTH, "AABBBA").overwritten() == [(3, "A", "ben")]

    def test_each_command_is_named_once(self) -> None:
        """At the first step where it sees somebody else's account."""
        assert ran(UnguardedAggregate, THREE, "ABCABC").overwritten() == [(2, "A", "ben"), (3, "B", "cem")]

    def test_a_run_one_after_the_other_loses_nothing(self) -> None:
        """Even without a guard."""
        run = ran(UnguardedAggregate, BOTH, "AAABBB")
        assert (run.overwritten(), run.tally) == ([], {"correct": 2})

    @pytest.mark.parametrize("name", ["unguarded", "legacy", "locked", "migrated", "isolated"])
    def test_the_views_are_of_the_open_commands(self, name: str) -> None:
        """After the first step A alone is open, and sees its own account."""
        assert dict(ran(DESIGNS[name].aggregate).steps[0].views) == {"A": "ana"}

    def test_nobody_can_ask_a_design_with_an_instance_for_each_command(self) -> None:
        """So there are no views."""
        assert [dict(step.views) for step in ran(DESIGNS["one per command"].aggregate).steps] == [{}] * 6


class TestAHundred:
    """A hundred open, a hundred deposit, a hundred close."""

    @pytest.mark.parametrize(
        ("name", "tally"),
        [
            ("unguarded", {"correct": 1, "wrong": 99}),
            ("legacy", {"correct": 1, "refused": 99}),
            ("one per command", {"correct": 100}),
            ("migrated", {"correct": 100}),
            ("isolated", {"correct": 100}),
        ],
    )
    def test_how_many_get_their_money(self, name: str, tally: dict[str, int]) -> None:
        """As the notebooks say."""
        customers = [f"customer {number}" for number in range(1, 101)]
        run = ran(DESIGNS[name].aggregate, {customer: (customer, 1_00) for customer in customers}, customers * 3)
        assert run.tally == tally
        paid = 1_00 * (100 - tally.get("refused", 0))
        assert sum(run.balances.values()) == paid


class TestNothingIsLeft:
    """A run leaves nothing to its caller, whatever the design."""

    @pytest.mark.parametrize("design", [*(design.aggregate for design in DESIGNS.values()), NeverOpens])
    def test_no_task_and_no_complaint(self, design: type[Aggregate]) -> None:
        """Also where commands are refused or stuck."""

        async def scenario() -> dict[str, int]:
            return (await overlap(design, BOTH, "ABABAB")).tally

        assert sum(quietly(scenario()).values()) == 2

    def test_every_run_is_the_same(self) -> None:
        """Steps, findings and books: what a notebook stores is what a learner sees."""
        for design in (LockedAggregate, UnguardedAggregate, IsolatedAggregate):
            assert ran(design, THREE, "ABCCBA") == ran(design, THREE, "ABCCBA")
