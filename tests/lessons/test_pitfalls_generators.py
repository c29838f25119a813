"""Blocks and generators that are stepped here and there: the outcome on every design, and that it is not typed in."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import Context, copy_context
from typing import Any

import pytest
from quiet import quietly

from fluvius_demo.aggregate import Aggregate, RestrictedAggregateProxy
from fluvius_demo.frame import CommandFrame, current
from fluvius_demo.isolated import IsolatedAggregate
from fluvius_demo.legacy import LegacyAggregate
from fluvius_demo.lessons.designs import DESIGNS
from fluvius_demo.lessons.outcomes import Finding
from fluvius_demo.lessons.pitfalls.generators import unless_left
from fluvius_demo.lessons.pitfalls.judge import judged_limit
from fluvius_demo.lessons.scenarios import LIMITS, verdict
from fluvius_demo.migrated import MigratedAggregate

# ✓ correct, ✕ refused, ≠ wrong, ≈ leaked; the columns are the designs from the worst to the best.
TABLE = """
P04 ✓ ✓ ✓ ✓ ≠ ✕
P14 ✓ ✓ ✓ ✓ ≈ ✕
P15 ≈ ≈ ≈ ≈ ≈ ✓
P16 ✓ ✓ ✓ ✓ ≠ ✓
"""
BEYOND = """
P14 ≠ ≠ ≠ ≠ ≠ ≠
P16 ≠ ≠ ≠ ✕ ≠ ≠
"""
REMEDIED = """
P14 ✓ ✓ ✓ ✓ ≠ ✓
P16 ✓ ✓ ✓ ✓ ✓ ✓
"""
MARKS = {"✓": "correct", "✕": "refused", "≠": "wrong", "≈": "leaked"}

LEFT = "that nothing of the command is left"
OUTSIDE = (
    "OutsideCommandError: Aggregate context is not initialized. Cannot read 'aggroot': no command of this aggregate "
    "is open in this Context. To solve this, call this inside of 'async with aggregate.command_aggregate(…)'; for a "
    "thread, use asyncio.to_thread."
)
EVIDENCE = {
    ("P04", "migrated"): ("{'ana': 10000, 'ben': 5000}", "{'ana': 0, 'ben': 15000}"),
    ("P04", "isolated"): ("that Ana gets her deposit", OUTSIDE),
    ("P14", "migrated"): (LEFT, "ana's command"),
    ("P14", "isolated"): ("that Ana gets her deposit", OUTSIDE),
    ("P15", "legacy"): (f"{LEFT}, and the next one works", "ana"),
    ("P15", "migrated"): (f"{LEFT}, and the next one works", "ana"),
    ("P16", "migrated"): ("{'bank 1': None, 'bank 2': 'ben'}", "{'bank 1': 'ben', 'bank 2': 'ben'}"),
}
LIMIT_EVIDENCE = {
    "P14": (
        "the consumer sees None; her events: money-deposited",
        "the consumer sees ana; her events: money-deposited, receipt-printed",
    ),
    "P16": ("it works for ana", "it works for ben"),
}


def cells(table: str) -> dict[tuple[str, str], str]:
    """Return the outcomes of a table by (id, design)."""
    rows = (line.split() for line in table.strip().splitlines())
    return {(id, key): MARKS[mark] for id, *marks in rows for key, mark in zip(DESIGNS, marks, strict=True)}


class MigratedThatClears(MigratedAggregate):
    """Mended: nothing of a command is left in the Context that it ends in."""

    @asynccontextmanager
    async def command_aggregate(self, *args: Any) -> AsyncIterator[RestrictedAggregateProxy]:
        """Run a command and clear."""
        try:
            async with super().command_aggregate(*args) as proxy:
                yield proxy
        finally:
            self.clear_context()


class LegacyThatForgetsItsCommand(LegacyAggregate):
    """Half mended: however a command ends, nobody sees it any more."""

    forgets = ("_command",)

    @asynccontextmanager
    async def command_aggregate(self, *args: Any) -> AsyncIterator[RestrictedAggregateProxy]:
        """Run a command and forget it."""
        try:
            async with super().command_aggregate(*args) as proxy:
                yield proxy
        finally:
            vars(self).update(dict.fromkeys(self.forgets))


class LegacyThatLiftsItsGuard(LegacyThatForgetsItsCommand):
    """Mended: and the next one is let in."""

    forgets = ("_command", "_context")


class FrameThatIsOnlyReset(CommandFrame):
    """Broken: the variable is put back, and the frame is not closed."""

    __slots__ = ()

    async def __aexit__(self, *_error: Any) -> None:
        current.reset(self.token)


class IsolatedThatOnlyResets(IsolatedAggregate):
    """Broken: what most people write first, one variable and its token."""

    def command_aggregate(self, *args: Any) -> CommandFrame:
        """Run a command that a later reset can bring back."""
        return FrameThatIsOnlyReset(self, *args)


class FrameThatIsReset(CommandFrame):
    """Broken: closed and reset, whoever else is open."""

    __slots__ = ()

    async def __aexit__(self, *_error: Any) -> None:
        token = self.token
        self.close()
        current.reset(token)


class IsolatedThatHidesTheYounger(IsolatedAggregate):
    """Broken: the end of a command hides one that was opened inside of it, and is still open."""

    def command_aggregate(self, *args: Any) -> CommandFrame:
        """Run a command."""
        return FrameThatIsReset(self, *args)


def found(id: str, design: type[Aggregate]) -> Finding:
    """Judge one pitfall in a loop of its own."""
    return asyncio.run(verdict(id, design))


def found_limit(id: str, design: type[Aggregate], *, remedied: bool) -> Finding:
    """Judge what remains of one."""
    return asyncio.run(judged_limit(LIMITS[id], design, remedied=remedied))


class TestTheTable:
    """Four pitfalls, six designs."""

    @pytest.mark.parametrize("cell", cells(TABLE), ids=" / ".join)
    def test_each_cell(self, cell: tuple[str, str]) -> None:
        """One outcome, as written down above."""
        id, design = cell
        finding = found(id, DESIGNS[design].aggregate)
        assert finding.outcome == cells(TABLE)[cell], finding

    @pytest.mark.parametrize("cell", EVIDENCE, ids=" / ".join)
    def test_the_evidence(self, cell: tuple[str, str]) -> None:
        """What was hoped for, and what was seen instead."""
        id, design = cell
        finding = found(id, DESIGNS[design].aggregate)
        assert (finding.expected, finding.seen) == EVIDENCE[cell]

    @pytest.mark.parametrize("id", dict.fromkeys(id for id, _ in cells(TABLE)))
    def test_nothing_is_left(self, id: str) -> None:
        """No task, no complaint, no variable of the caller, no event in the queue that all migrated ones share."""

        async def scenario() -> int:
            before = dict(copy_context().items())
            for design in DESIGNS.values():
                await verdict(id, design.aggregate)
                for remedied in (False, True) if id in LIMITS else ():
                    await judged_limit(LIMITS[id], design.aggregate, remedied=remedied)
            assert dict(copy_context().items()) == before
            return Context().run(MigratedAggregate._evt_queue_var.get).qsize()

        assert quietly(scenario()) == 0


class TestTheLimits:
    """What no design catches that finds the command through the Context, or through itself."""

    @pytest.mark.parametrize("cell", cells(BEYOND), ids=" / ".join)
    def test_without_the_remedy(self, cell: tuple[str, str]) -> None:
        """Silently wrong, on the isolated design too."""
        id, design = cell
        finding = found_limit(id, DESIGNS[design].aggregate, remedied=False)
        assert finding.outcome == cells(BEYOND)[cell]
        assert finding.outcome != "wrong" or (finding.expected, finding.seen) == LIMIT_EVIDENCE[id]

    @pytest.mark.parametrize("cell", cells(REMEDIED), ids=" / ".join)
    def test_with_the_remedy(self, cell: tuple[str, str]) -> None:
        """Correct, unless the design never resets: its consumer still sees the command that has ended."""
        id, design = cell
        finding = found_limit(id, DESIGNS[design].aggregate, remedied=True)
        assert finding.outcome == cells(REMEDIED)[cell], finding


class TestOutcomesAreComputed:
    """They follow what a design does, not what it is called."""

    @pytest.mark.parametrize(
        ("id", "design", "outcome", "seen"),
        [
            ("P04", MigratedThatClears, "refused", "OutsideCommandError: "),
            ("P14", IsolatedThatOnlyResets, "leaked", "ana's command"),
            ("P14", MigratedThatClears, "leaked", "ana's command"),
            ("P15", IsolatedThatOnlyResets, "leaked", "ana"),
            ("P15", LegacyThatForgetsItsCommand, "refused", "RuntimeError: Overlapping context: ben's deposit"),
            ("P15", LegacyThatLiftsItsGuard, "correct", "nothing"),
            ("P16", IsolatedThatOnlyResets, "leaked", "ana's command"),
            ("P16", IsolatedThatHidesTheYounger, "refused", "OutsideCommandError: "),
        ],
    )
    def test_another_design_another_outcome(self, id: str, design: type[Aggregate], outcome: str, seen: str) -> None:
        """Mended or broken in one place."""
        finding = found(id, design)
        assert finding.outcome == outcome
        assert finding.seen.startswith(seen)

    @pytest.mark.parametrize(
        ("outcome", "left", "expected"),
        [
            ("correct", [None], "correct"),
            ("correct", ["ana"], "leaked"),
            ("refused", ["ana"], "leaked"),
            ("wrong", ["ana"], "wrong"),
            ("stuck", [], "stuck"),
        ],
    )
    def test_what_is_left_counts_unless_it_was_wrong_before(
        self, outcome: Any, left: list[str | None], expected: str
    ) -> None:
        """A deposit on another account is worse than a command that is still seen."""
        assert unless_left(Finding(outcome, "", ""), left).outcome == expected
