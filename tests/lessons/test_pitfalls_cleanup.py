"""The pitfalls of group 1 on every design: outcomes, evidence, and a design for each on which it comes out otherwise.

No outcome here differs between the Pythons 3.11 to 3.14: what a finished task or a timer keeps is the same in all.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from contextvars import Context, copy_context
from functools import cache
from typing import Any

import pytest
from quiet import quietly
from test_scenarios_computed import IsolatedThatForgetsItsReset, LegacyWithFinally, MigratedThatResets

from fluvius_demo.aggregate import Aggregate, RestrictedAggregateProxy
from fluvius_demo.frame import CommandFrame
from fluvius_demo.isolated import IsolatedAggregate
from fluvius_demo.legacy import LegacyAggregate
from fluvius_demo.lessons import freed
from fluvius_demo.lessons.designs import DESIGNS
from fluvius_demo.lessons.kept import Six
from fluvius_demo.lessons.mistakes import OneVariableAggregate, ResetHidesErrorAggregate, VariablePerInstanceAggregate
from fluvius_demo.lessons.outcomes import Finding
from fluvius_demo.lessons.pitfalls import cleanup
from fluvius_demo.lessons.scenarios import PITFALLS, verdict
from fluvius_demo.migrated import MigratedAggregate

# ✓ correct, ✕ refused, ≠ wrong, … stuck, ≈ leaked; the columns are the designs from the worst to the best.
MATRIX = """
P03 ✓ ✓ ✓ ✓ ≈ ✓
P05 ✓ ✓ ✓ ✓ ≠ ✓
P10 ✓ ✓ ✓ ✓ ≈ ✓
P20 ≈ ≈ ≈ ✓ ≈ ✓
P21 ✓ ✕ ✓ ✓ ✓ ✓
P22 ✓ ✓ ✓ ✓ ✓ ✓
P26 ✓ ✓ ✓ ✓ ✓ ✓
"""
MARKS = {"✓": "correct", "✕": "refused", "≠": "wrong", "…": "stuck", "≈": "leaked"}

KEPT = "kept by a finished child task, an armed timer, a cancelled timer"
OPENING = ("that nothing of the command is left, after a cancellation while it opens", "ana")
EVIDENCE = {
    ("P03", "migrated"): ("that nothing of the command is left", "ana"),
    ("P05", "migrated"): ("{'ana': 10000, 'ben': 0}", "{'ana': 0, 'ben': 10000}"),
    ("P10", "migrated"): ("that her account is freed", KEPT),
    **{("P20", design): OPENING for design in ("unguarded", "legacy", "locked", "migrated")},
    ("P21", "legacy"): (
        "that the next deposit goes through, after an error",
        "RuntimeError: Overlapping context: ana's deposit",
    ),
}

Cell = tuple[str, str]


def as_written() -> dict[Cell, str]:
    """Return the matrix above by (pitfall, design)."""
    rows = (line.split() for line in MATRIX.strip().splitlines())
    return {(id, name): MARKS[mark] for id, *marks in rows for name, mark in zip(DESIGNS, marks, strict=True)}


IDS = list(dict.fromkeys(id for id, _ in as_written()))


def found(id: str, design: type[Aggregate]) -> Finding:
    """Run a pitfall in a loop of its own."""
    return asyncio.run(verdict(id, design))


@cache
def as_run() -> dict[Cell, Finding]:
    """Run the table, once for all tests here."""
    return {(id, name): found(id, DESIGNS[name].aggregate) for id, name in as_written()}


class TestTheTable:
    """Seven pitfalls, six designs."""

    def test_these_are_the_pitfalls_of_the_group(self) -> None:
        """None is left out."""
        assert [id for id, pitfall in PITFALLS.items() if pitfall.group == "cleanup"] == IDS

    @pytest.mark.parametrize("cell", as_written(), ids=" / ".join)
    def test_each_cell(self, cell: Cell) -> None:
        """One outcome, as written down above, with its evidence where it is not correct."""
        finding = as_run()[cell]
        assert finding.outcome == as_written()[cell]
        if finding.outcome != "correct":
            assert (finding.expected, finding.seen) == EVIDENCE[cell]

    def test_another_order_gives_the_same(self) -> None:
        """A second time, all backwards and in one loop: no pitfall leaves anything to the next."""

        async def scenario() -> dict[Cell, Finding]:
            return {(id, name): await verdict(id, DESIGNS[name].aggregate) for id, name in reversed(as_run())}

        assert asyncio.run(scenario()) == as_run()

    @pytest.mark.parametrize("id", IDS)
    def test_nothing_is_left_behind(self, id: str) -> None:
        """No task, no complaint, no variable of the caller, no event in the queue that all migrated ones share."""

        async def scenario() -> int:
            before = dict(copy_context().items())
            for design in DESIGNS.values():
                await verdict(id, design.aggregate)
            assert dict(copy_context().items()) == before
            return Context().run(MigratedAggregate._evt_queue_var.get).qsize()

        assert quietly(scenario()) == 0

    @pytest.mark.parametrize("id", IDS)
    def test_each_puts_a_question_and_names_a_remedy(self, id: str) -> None:
        """Each in one line, for a notebook prints them."""
        pitfall = PITFALLS[id]
        assert re.fullmatch(r".+\?", pitfall.question)
        assert re.fullmatch(r".+[^.]", pitfall.remedy)


class FrameThatKeepsItsObject(CommandFrame):
    """Broken: closed and reset, but not emptied."""

    __slots__ = ()

    def close(self) -> int:
        """End the command, and keep its object."""
        rootobj = self.rootobj
        left = super().close()
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


class LegacyThatForgetsAll(LegacyAggregate):
    """Mended: all variables are emptied, however the command ends."""

    @asynccontextmanager
    async def command_aggregate(self, *args: Any) -> AsyncIterator[RestrictedAggregateProxy]:
        """Run a command and forget it."""
        try:
            async with super().command_aggregate(*args) as proxy:
                yield proxy
        finally:
            self._context = self._command = self._cmdmeta = self._aggroot = self._rootobj = None


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

            class Deaf:
                deposit = staticmethod(lambda *, amount: asyncio.sleep(0))

            yield Deaf
        else:
            async with super().command_aggregate(*args) as proxy:
                yield proxy

    def consume_events(self) -> list[Any]:
        """Return the events of the command, if it is one."""
        return [] if self.hung_up else super().consume_events()


class VariablePerInstanceThatIsReset(VariablePerInstanceAggregate):
    """Mended: each instance resets its own."""

    def _take_away(self, put: Any) -> None:
        self._six.reset(put)


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


class Closed(IsolatedAggregate):
    """Changed: it opens no command at all."""

    def command_aggregate(self, *args: Any) -> CommandFrame:
        """Refuse."""
        raise RuntimeError("closed")


NOTHING = "that nothing of the command is left"
ENTIRELY = "that her account is freed"
OTHERWISE = [
    ("P03", MigratedThatResets, "correct", NOTHING, "nothing"),
    ("P03", IsolatedThatForgetsItsReset, "leaked", NOTHING, "ana"),
    ("P05", MigratedThatResets, "correct", "{'ana': 10000, 'ben': 0}", "{'ana': 10000, 'ben': 0}"),
    ("P10", MigratedThatResets, "leaked", ENTIRELY, KEPT),
    ("P10", IsolatedThatKeepsItsObject, "leaked", ENTIRELY, KEPT),
    ("P10", Keeps, "leaked", ENTIRELY, KEPT.replace("by ", "by the aggregate itself, ")),
    ("P20", LegacyThatForgetsAll, "correct", "{'ben': 5000}", "{'ben': 5000}"),
    ("P20", IsolatedThatForgetsItsReset, "leaked", f"{NOTHING}, after a cancellation while it works", "ana"),
    ("P20", ResetsLate, "leaked", f"{NOTHING}, after a cancellation while it ends", "ana"),
    (
        "P20",
        LocksUpAfterACancellation,
        "refused",
        f"{NOTHING}, after a cancellation while it opens",
        "RuntimeError: closed",
    ),
    (
        "P20",
        BooksNothingAfterACancellation,
        "wrong",
        "{'ben': 5000}, after a cancellation while it opens",
        "{'ben': 0}",
    ),
    ("P21", LegacyWithFinally, "correct", "{'ana': 100}", "{'ana': 100}"),
    (
        "P21",
        LegacyWithExceptInsteadOfFinally,
        "refused",
        "that the next deposit goes through, after a cancellation",
        "RuntimeError: Overlapping context: ana's deposit",
    ),
    (
        "P22",
        VariablePerInstanceAggregate,
        "leaked",
        "that the Context holds no more after the tenth than after the first",
        "9 more variables",
    ),
    (
        "P22",
        VariablePerInstanceThatIsReset,
        "correct",
        "that the Context holds no more after the tenth than after the first",
        "nothing",
    ),
    ("P26", ResetHidesErrorAggregate, "wrong", "PermissionError", "ValueError"),
    ("P26", ResetThatIsCareful, "correct", "PermissionError", "PermissionError"),
    ("P26", SwallowsErrors, "wrong", "PermissionError", "no error"),
    ("P26", Closed, "refused", "that the command opens", "RuntimeError: closed"),
]


class TestItFollowsWhatTheDesignDoes:
    """Mended or broken in one place, a design gets another outcome."""

    @pytest.mark.parametrize(
        ("id", "design", "outcome", "expected", "seen"),
        OTHERWISE,
        ids=lambda value: value.__name__ if isinstance(value, type) else value if str(value)[:1] == "P" else "",
    )
    def test_it_comes_out_otherwise(
        self, id: str, design: type[Aggregate], outcome: str, expected: str, seen: str
    ) -> None:
        """And the evidence says what was hoped for, and what was seen."""
        assert found(id, design) == Finding(outcome, expected, seen)

    def test_the_evidence_names_what_keeps_the_object(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Not all that the scenario tries, but what keeps it."""
        monkeypatch.setitem(cleanup.KEEPERS, "an armed timer", freed.nothing)
        seen = found("P10", MigratedAggregate).seen
        assert seen == "kept by a finished child task, a cancelled timer"
