"""What is left of a command: the evidence, and that the outcome follows what a design does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from types import SimpleNamespace
from typing import Any

import pytest
from pinned_matrix import Cell, comes_out, evidence, found, otherwise
from test_pitfalls_generators import LegacyThatLiftsItsGuard
from test_scenarios_computed import IsolatedThatForgetsItsReset, LegacyWithFinally, MigratedThatResets

from fluvius_demo.aggregate import Aggregate, RestrictedAggregateProxy
from fluvius_demo.frame import CommandFrame
from fluvius_demo.isolated import IsolatedAggregate
from fluvius_demo.legacy import LegacyAggregate
from fluvius_demo.lessons import freed
from fluvius_demo.lessons.kept import Six
from fluvius_demo.lessons.mistakes import OneVariableAggregate, ResetHidesErrorAggregate, VariablePerInstanceAggregate
from fluvius_demo.lessons.outcomes import Outcome
from fluvius_demo.lessons.pitfalls import cleanup
from fluvius_demo.migrated import MigratedAggregate

GUARD = "RuntimeError: Overlapping context: ana's deposit"
KEPT = "kept by a finished child task, an armed timer, a cancelled timer"
OPENING = ("that nothing of the command is left, after a cancellation while it opens", "ana")
EVIDENCE = {
    ("P03", "migrated"): ("that nothing of the command is left", "ana"),
    ("P05", "migrated"): ("{'ana': 10000, 'ben': 0}", "{'ana': 0, 'ben': 10000}"),
    ("P10", "migrated"): ("that her account is freed", KEPT),
    **{("P20", design): OPENING for design in ("unguarded", "legacy", "locked", "migrated")},
    ("P21", "legacy"): ("that the next deposit goes through, after an error", GUARD),
}


class FrameThatKeepsItsObject(CommandFrame):
    """Broken: closed and reset, but not emptied."""

    __slots__ = ()

    def close(self) -> int:
        """End the command, and keep its object."""
        rootobj, left = self.rootobj, super().close()
        self.rootobj = rootobj
        return left


class IsolatedThatKeepsItsObject(IsolatedAggregate):
    """Broken: whatever holds a copy of the Context holds the root object."""

    _frame_type = FrameThatKeepsItsObject


class Keeps(IsolatedAggregate):
    """Broken: the aggregate keeps the root object of its last command."""

    async def fetch_command_rootobj(self, *args: Any) -> Any:
        """Return it, and keep it."""
        self.last = await super().fetch_command_rootobj(*args)
        return self.last


class LegacyWithExceptInsteadOfFinally(LegacyAggregate):
    """Broken: an error lifts the guard, a cancellation does not."""

    @asynccontextmanager
    async def command_aggregate(self, *args: Any) -> AsyncIterator[RestrictedAggregateProxy]:
        """Run a command, and tidy up after an Exception; a CancelledError is none."""
        try:
            async with super().command_aggregate(*args) as proxy:
                yield proxy
        except Exception:
            self._context = None
            raise


class SixThatWaitsFirst(Six):
    """Broken: it awaits before it resets, and not in a finally."""

    __slots__ = ()

    async def __aexit__(self, *error: Any) -> None:
        if error[1] is None:
            await self.aggregate.after_command(self.context, self.command, self.meta)
        self.aggregate._take_away(self.put)


class ResetsLate(OneVariableAggregate):
    """Broken: the end waits for after_command, and the reset for the end."""

    def command_aggregate(self, *args: Any) -> Six:
        """Run a command."""
        return SixThatWaitsFirst(self, *args)


class LocksUpAfterACancellation(IsolatedAggregate):
    """Broken: nothing is left of a cancelled command, but the next one is refused."""

    hung_up = False

    @asynccontextmanager
    async def command_aggregate(self, *args: Any) -> AsyncIterator[RestrictedAggregateProxy]:
        """Run a command, until one is cancelled."""
        if self.hung_up:
            raise RuntimeError("closed")
        try:
            async with super().command_aggregate(*args) as proxy:
                yield proxy
        except asyncio.CancelledError:
            self.hung_up = True
            raise


class BooksNothingAfterACancellation(LocksUpAfterACancellation):
    """Broken: the next one goes through, and nothing comes of it."""

    @asynccontextmanager
    async def command_aggregate(self, *args: Any) -> AsyncIterator[Any]:
        """Run a command; once one was cancelled, only seemingly."""
        if self.hung_up:
            yield SimpleNamespace(deposit=lambda amount: asyncio.sleep(0))
        else:
            async with super().command_aggregate(*args) as proxy:
                yield proxy

    def consume_events(self) -> list[Any]:
        """Return the events of the command, if it is one."""
        return [] if self.hung_up else super().consume_events()


class ResetThatIsCareful(ResetHidesErrorAggregate):
    """Mended: where the reset is refused, nothing more is raised."""

    def _take_away(self, put: Any) -> None:
        with suppress(ValueError):
            super()._take_away(put)


class SwallowsErrors(IsolatedAggregate):
    """Broken: no error ever leaves a command."""

    @asynccontextmanager
    async def command_aggregate(self, *args: Any) -> AsyncIterator[RestrictedAggregateProxy]:
        """Run a command, and keep its errors to itself."""
        with suppress(PermissionError):
            async with super().command_aggregate(*args) as proxy:
                yield proxy


class Closed(LocksUpAfterACancellation):
    """Changed: it opens no command at all."""

    hung_up = True


@pytest.mark.parametrize("cell", EVIDENCE, ids=" / ".join)
def test_the_evidence(cell: Cell) -> None:
    """What was hoped for, and what was seen instead."""
    assert evidence(cell) == EVIDENCE[cell]


@otherwise(
    ("P03", MigratedThatResets, "correct", "nothing"),
    ("P03", IsolatedThatForgetsItsReset, "leaked", "ana"),
    ("P05", MigratedThatResets, "correct", "{'ana': 10000, 'ben': 0}"),
    ("P10", MigratedThatResets, "leaked", KEPT),
    ("P10", IsolatedThatKeepsItsObject, "leaked", KEPT),
    ("P10", Keeps, "leaked", KEPT.replace("by ", "by the aggregate itself, ")),
    ("P20", LegacyThatLiftsItsGuard, "correct", "{'ben': 5000}"),
    ("P20", IsolatedThatForgetsItsReset, "leaked", "ana"),
    ("P20", ResetsLate, "leaked", "ana"),
    ("P20", LocksUpAfterACancellation, "refused", "RuntimeError: closed"),
    ("P20", BooksNothingAfterACancellation, "wrong", "{'ben': 0}"),
    ("P21", LegacyWithFinally, "correct", "{'ana': 100}"),
    ("P21", LegacyWithExceptInsteadOfFinally, "refused", GUARD),
    ("P22", VariablePerInstanceAggregate, "leaked", "9 more variables"),
    ("P22", OneVariableAggregate, "correct", "nothing"),
    ("P26", ResetHidesErrorAggregate, "wrong", "ValueError"),
    ("P26", ResetThatIsCareful, "correct", "PermissionError"),
    ("P26", SwallowsErrors, "wrong", "no error"),
    ("P26", Closed, "refused", "RuntimeError: closed"),
)
def test_another_design_comes_out_otherwise(id: str, design: type[Aggregate], outcome: Outcome, seen: str) -> None:
    """Mended or broken in one place."""
    comes_out(id, design, outcome, seen)


def test_the_evidence_says_after_what() -> None:
    """Several troubles are tried, and one is enough."""
    assert found("P20", IsolatedThatForgetsItsReset).expected.endswith(", after a cancellation while it works")
    assert found("P20", ResetsLate).expected.endswith(", after a cancellation while it ends")
    assert found("P21", LegacyWithExceptInsteadOfFinally).expected.endswith(", after a cancellation")


def test_the_evidence_names_what_keeps_the_object(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not all that the scenario tries, but what keeps it."""
    monkeypatch.setitem(cleanup.KEEPERS, "an armed timer", freed.nothing)
    assert found("P10", MigratedAggregate).seen == "kept by a finished child task, a cancelled timer"
