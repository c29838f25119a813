"""Measurements: order and counts. No test here depends on how long anything takes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, ClassVar

import pytest

from fluvius_demo.aggregate import Aggregate, AggregateDomain, RestrictedAggregateProxy
from fluvius_demo.isolated import IsolatedAggregate
from fluvius_demo.legacy import LegacyAggregate
from fluvius_demo.lessons.designs import DESIGNS, LockedAggregate, UnguardedAggregate
from fluvius_demo.lessons.load import Waiting, crowd, waiting
from fluvius_demo.records import DomainContext, EventRecord


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


class OneComesLate(IsolatedAggregate):
    """A design on which the first command takes long to open; it notes who opens and who takes events."""

    told: ClassVar[list[str]] = []

    async def before_command(self, context: DomainContext, *args: Any) -> None:
        """Note the opening, the first one's after a while."""
        for _ in range(20 if context.name.startswith("c00000") else 0):
            await asyncio.sleep(0)
        self.told.append("opens")

    def consume_events(self) -> list[EventRecord]:
        """Note the taking."""
        self.told.append("takes")
        return super().consume_events()


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

    def test_a_design_that_refuses_cannot_be_measured(self) -> None:
        """The refusal is raised, not counted as quick."""
        with pytest.raises(RuntimeError, match=r"^Overlapping context: c001's deposit$"):
            waited(LegacyAggregate)


class TestTotal:
    """The time of a run is the time of its last command."""

    def test_the_last_end_counts(self) -> None:
        """Whichever command that is."""
        assert Waiting([(0.0, 3.0), (0.5, 7.0), (1.0, 2.0)]).total == 7.0


class TestCrowd:
    """All commands are open before the first one deposits."""

    @pytest.mark.parametrize("name", ["one per command", "migrated", "isolated"])
    @pytest.mark.parametrize("commands", [1, 50])
    def test_nobody_gets_the_event_of_another(self, name: str, commands: int) -> None:
        """On designs that keep commands apart."""
        run = asyncio.run(crowd(DESIGNS[name].aggregate, commands))
        assert (run.commands, run.crossed) == (commands, 0)

    def test_nobody_deposits_before_all_are_open(self) -> None:
        """However long one of them takes."""
        OneComesLate.told.clear()
        assert asyncio.run(crowd(OneComesLate, 5)).crossed == 0
        assert OneComesLate.told == ["opens"] * 5 + ["takes"] * 5

    def test_what_crosses_is_counted_once(self) -> None:
        """Without the guard all land on the last account; a command that lost money and events counts once."""
        assert asyncio.run(crowd(UnguardedAggregate, 50)).crossed == 50  # the first takes all events, the others none
