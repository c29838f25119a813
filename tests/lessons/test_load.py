"""Load: order, counts and outcomes. No test here depends on how long anything takes."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from fluvius_demo.aggregate import Aggregate, AggregateDomain, RestrictedAggregateProxy
from fluvius_demo.isolated import IsolatedAggregate
from fluvius_demo.legacy import LegacyAggregate
from fluvius_demo.lessons import load as load_module
from fluvius_demo.lessons.designs import DESIGNS, LockedAggregate, UnguardedAggregate
from fluvius_demo.lessons.load import PERCENTS, Waiting, load, throughput, waiting
from fluvius_demo.lessons.outcomes import Finding, Outcome
from fluvius_demo.lessons.timing import Interval
from fluvius_demo.records import EventRecord


def waited(design: type[Aggregate], commands: int = 6) -> Waiting:
    """Measure in a loop of its own, on a store that answers at once."""
    return asyncio.run(waiting(design, commands, latency=0))


class TwoAtATime(IsolatedAggregate):
    """A design with room for two commands."""

    def __init__(self, domain: AggregateDomain) -> None:
        super().__init__(domain)
        self._room = asyncio.Semaphore(2)

    @asynccontextmanager
    async def command_aggregate(self, *args: Any) -> AsyncIterator[RestrictedAggregateProxy]:
        """Run a command as soon as there is room."""
        async with self._room, super().command_aggregate(*args) as proxy:
            yield proxy


class LastTakesAll(IsolatedAggregate):
    """A design on which the sixth command gets the events of all."""

    def __init__(self, domain: AggregateDomain) -> None:
        super().__init__(domain)
        self._kept: list[EventRecord] = []

    def consume_events(self) -> list[EventRecord]:
        """Keep the events; the sixth command is given what was kept."""
        self._kept += super().consume_events()
        return self._kept if self.aggroot.identifier == "c005" else []


def a_run(spans: list[tuple[float, float]], outcomes: Sequence[Outcome] = ()) -> Waiting:
    """Return a run with these spans; without outcomes all are correct."""
    findings = [Finding(outcome, "1 on a", "0 on a") for outcome in outcomes or ["correct"] * len(spans)]
    return Waiting(spans, len(spans), findings, "isolated", 0.005)


class TestWaiting:
    """Who is at work at the same time, and who waits for whom."""

    @pytest.mark.parametrize("name", ["one per command", "migrated", "isolated"])
    def test_designs_that_keep_commands_apart_let_all_in(self, name: str) -> None:
        """All of them are open at once."""
        assert waited(DESIGNS[name].aggregate).most_at_once == 6

    def test_a_lock_lets_one_in(self) -> None:
        """In the order in which they asked; nobody begins before the one before has ended."""
        run = waited(LockedAggregate)
        assert run.most_at_once == 1
        ends = [ended for _, ended in run.spans]
        assert ends == sorted(ends)
        assert all(started >= before for (started, _), before in zip(run.spans[1:], ends, strict=False))

    def test_the_most_at_once_is_kept_when_fewer_are_left(self) -> None:
        """The third one comes when the first two have gone: two is still the most."""
        assert waited(TwoAtATime, 3).most_at_once == 2

    @pytest.mark.parametrize("name", ["locked", "one per command", "migrated", "isolated"])
    @pytest.mark.parametrize("commands", [1, 6])
    def test_every_command_has_its_span(self, name: str, commands: int) -> None:
        """It begins after all have asked, and ends after it has begun."""
        run = waited(DESIGNS[name].aggregate, commands)
        assert len(run.spans) == commands
        assert all(0 <= started <= ended for started, ended in run.spans)

    def test_the_default_is_what_the_notebook_shows(self) -> None:
        """Twenty commands."""
        assert len(asyncio.run(waiting(DESIGNS["isolated"].aggregate, latency=0)).spans) == 20

    def test_a_run_says_what_was_run(self) -> None:
        """By the name in the tables, or by that of the class."""
        assert [waited(design).design for design in (LockedAggregate, TwoAtATime)] == ["locked", "TwoAtATime"]
        assert asyncio.run(waiting(LockedAggregate, 1, latency=0.001)).latency == 0.001


class TestOutcomes:
    """Whatever becomes of a command is its outcome; the run itself never raises."""

    @pytest.mark.parametrize("name", ["locked", "one per command", "migrated", "isolated"])
    def test_designs_that_keep_commands_apart_serve_all(self, name: str) -> None:
        """Each account holds its own money, and each command has taken its own event."""
        assert waited(DESIGNS[name].aggregate).tally == {"correct": 6}

    def test_a_guard_refuses_all_but_one(self) -> None:
        """The others are told so, were never let in, and have no span."""
        run = waited(LegacyAggregate)
        assert (run.tally, run.most_at_once) == ({"correct": 1, "refused": 5}, 1)
        assert run.findings[1].seen == "RuntimeError: Overlapping context: c001's deposit"
        assert all(started == ended for started, ended in run.spans[1:])

    def test_without_the_guard_money_lands_elsewhere(self) -> None:
        """All is put on the last account, and nobody is told."""
        run = waited(UnguardedAggregate)
        assert run.tally == {"correct": 1, "wrong": 5}
        assert run.findings[0].expected == "1 on c000, events: 1 of c000"
        assert run.findings[0].seen == "0 on c000, events: 1 of c005"

    def test_who_has_the_money_but_no_event_is_wrong(self) -> None:
        """Here the last command takes the events of all."""
        run = waited(LastTakesAll)
        assert run.tally == {"wrong": 6}
        assert run.findings[0].seen == "1 on c000, events: none"
        assert run.findings[5].seen == "1 on c005, events: " + ", ".join(f"1 of c00{number}" for number in range(6))

    @pytest.mark.parametrize("error", [ValueError("no"), AttributeError("None has none"), RuntimeError()])
    def test_any_error_is_a_refusal(self, error: Exception) -> None:
        """After a command was let in, too; what the others do is counted all the same."""

        class SomeFail(IsolatedAggregate):
            def consume_events(self) -> list[EventRecord]:
                if self.aggroot.identifier == "c002":
                    raise error
                return super().consume_events()

        run = waited(SomeFail)
        assert (run.tally, run.most_at_once) == ({"correct": 5, "refused": 1}, 6)
        assert run.findings[2].seen.startswith(type(error).__name__)
        assert run.spans[2][0] <= run.spans[2][1]


class TestFigures:
    """What a run says about itself, on times that were written down."""

    def test_the_last_end_is_the_time_of_the_run(self) -> None:
        """Whichever command that is."""
        assert a_run([(0.0, 3.0), (0.5, 7.0), (1.0, 2.0)]).total == 7.0

    def test_only_who_is_served_counts_as_fast(self) -> None:
        """A refusal is quick, and no service."""
        run = a_run([(0.0, 4.0), (0.0, 0.0), (0.0, 2.0)], ["correct", "refused", "correct"])
        assert (run.served, run.per_second) == ([2.0, 4.0], 0.5)

    @pytest.mark.parametrize(("percent", "seconds"), [(1, 2), (50, 100), (95, 190), (99, 198), (100, 200)])
    def test_so_many_percent_are_done_within(self, percent: int, seconds: float) -> None:
        """In the order of their ends, not of their asking."""
        run = a_run([(0.0, float(200 - place)) for place in range(200)])
        assert run.within(percent) == seconds

    def test_one_command_is_all_of_them(self) -> None:
        """Every share of it."""
        assert {a_run([(0.0, 3.0)]).within(percent) for percent in PERCENTS} == {3.0}

    def test_where_nobody_is_served_there_is_no_such_time(self) -> None:
        """And no service."""
        run = a_run([(0.0, 3.0)], ["wrong"])
        assert run.per_second == 0
        with pytest.raises(IndexError):
            run.within(50)


class TestThroughput:
    """Rows for the bench: a rate and three shares for each design and size of burst."""

    def test_each_burst_has_its_rows(self) -> None:
        """With a unit, and the second design's rate beside the first one's."""
        rows = asyncio.run(throughput(("locked", "isolated"), 0, (1, 1_000)))
        begin = [f"{design}, 0 ms, {many} in flight" for many in ("1", "1,000") for design in ("locked", "isolated")]
        ends = {"": "commands/s", ", p50": "ms", ", p95": "ms", ", p99": "ms"}
        assert [(row.name, row.unit) for row in rows] == [
            (name + end, unit) for name in begin for end, unit in ends.items()
        ]
        assert {row.section for row in rows} == {"throughput"}
        assert [row.name for row in rows if row.to == "locked" and row.ratio] == [begin[1], begin[3]]
        assert all(row.value.value > 0 for row in rows)

    def test_the_ratio_is_that_of_the_rates(self) -> None:
        """Counted from the two rows."""
        locked, *_, isolated = asyncio.run(throughput(("locked", "isolated"), 0, (2,)))[:5]
        assert isolated.ratio == Interval.exact(isolated.value.value / locked.value.value)

    def test_shares_come_in_their_order(self) -> None:
        """Half are done before nearly all are."""
        _, *shares = asyncio.run(throughput(("locked",), 0, (50,)))
        values = [share.value.value for share in shares]
        assert values == sorted(values)

    def test_a_burst_is_repeated_until_enough_was_spent_on_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The designs take turns; the slow one stops first."""
        told: list[str] = []

        async def scripted(design: type[Aggregate], commands: int, latency: float) -> Waiting:
            slow = design is LockedAggregate
            told.append("slow" if slow else "quick")
            return a_run([(0.0, 0.6 if slow else 0.1)] * commands)

        monkeypatch.setattr(load_module, "waiting", scripted)
        slow, *_, quick = asyncio.run(throughput(("locked", "isolated"), 0, (3,)))[:5]
        assert told == ["slow", "quick"] * 2 + ["quick"] * 3
        assert (round(slow.value.value), round(quick.value.value)) == (5, 30)

    @pytest.mark.parametrize(
        ("quick", "begin"),
        [
            (True, ["5 ms, 1", "5 ms, 10", "5 ms, 100"]),
            (False, [f"{ms} ms, {many}" for ms in (1, 5) for many in ("1", "10", "100", "1,000")]),
        ],
    )
    def test_the_bench_tells_how_far_it_is(
        self, quick: bool, begin: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A sentence for each burst; quick leaves out what waits longest."""
        told: list[str] = []

        async def scripted(design: type[Aggregate], commands: int, latency: float) -> Waiting:
            return a_run([(0.0, 2.0)] * commands)

        monkeypatch.setattr(load_module, "waiting", scripted)
        rows = load(quick, told.append)
        assert told == [f"store takes {burst} in flight: locked, migrated, isolated" for burst in begin]
        assert len(rows) == len(begin) * 3 * 4
