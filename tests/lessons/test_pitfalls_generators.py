"""Blocks and generators that are stepped here and there: the evidence, and that the outcome follows the design."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from pinned_matrix import Cell, comes_out, evidence, otherwise, remaining
from test_pitfalls_children import IsolatedThatOnlyResets
from test_scenarios import OUTSIDE

from fluvius_demo.aggregate import Aggregate, RestrictedAggregateProxy
from fluvius_demo.frame import CommandFrame, current
from fluvius_demo.isolated import IsolatedAggregate
from fluvius_demo.legacy import LegacyAggregate
from fluvius_demo.lessons.outcomes import Finding, Outcome
from fluvius_demo.lessons.pitfalls.generators import unless_left
from fluvius_demo.migrated import MigratedAggregate

LEFT = "that nothing of the command is left"
EVIDENCE = {
    ("P04", "migrated"): ("{'ana': 10000, 'ben': 5000}", "{'ana': 0, 'ben': 15000}"),
    ("P04", "isolated"): ("that Ana gets her deposit", OUTSIDE.format("read 'aggroot'")),
    ("P14", "migrated"): (LEFT, "ana's command"),
    ("P14", "isolated"): ("that Ana gets her deposit", OUTSIDE.format("read 'aggroot'")),
    ("P15", "legacy"): (f"{LEFT}, and the next one works", "ana"),
    ("P15", "migrated"): (f"{LEFT}, and the next one works", "ana"),
    ("P16", "migrated"): ("{'bank 1': None, 'bank 2': 'ben'}", "{'bank 1': 'ben', 'bank 2': 'ben'}"),
}


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


class FrameThatIsReset(CommandFrame):
    """Broken: closed and reset, whoever else is open."""

    __slots__ = ()

    async def __aexit__(self, *_error: Any) -> None:
        token = self.token
        self.close()
        current.reset(token)


class IsolatedThatHidesTheYounger(IsolatedAggregate):
    """Broken: the end of a command hides one that was opened inside of it, and is still open."""

    _frame_type = FrameThatIsReset


@pytest.mark.parametrize("cell", EVIDENCE, ids=" / ".join)
def test_the_evidence(cell: Cell) -> None:
    """What was hoped for, and what was seen instead."""
    assert evidence(cell) == EVIDENCE[cell]


@otherwise(
    ("P04", MigratedThatClears, "refused", "OutsideCommandError: "),
    ("P14", IsolatedThatOnlyResets, "leaked", "ana's command"),
    ("P14", MigratedThatClears, "leaked", "ana's command"),
    ("P15", IsolatedThatOnlyResets, "leaked", "ana"),
    ("P15", LegacyThatForgetsItsCommand, "refused", "RuntimeError: Overlapping context: ben's deposit"),
    ("P15", LegacyThatLiftsItsGuard, "correct", "nothing"),
    ("P16", IsolatedThatOnlyResets, "leaked", "ana's command"),
    ("P16", IsolatedThatHidesTheYounger, "refused", "OutsideCommandError: "),
)
def test_another_design_comes_out_otherwise(id: str, design: type[Aggregate], outcome: Outcome, seen: str) -> None:
    """Mended or broken in one place."""
    comes_out(id, design, outcome, seen)


def test_what_remains_of_p14() -> None:
    """A consumer that has opened nothing finds a command, and its event becomes one of Ana's."""
    expected = "the consumer sees None; her events: money-deposited"
    seen = "the consumer sees ana; her events: money-deposited, receipt-printed"
    assert remaining("P14", IsolatedAggregate) == Finding("wrong", expected, seen)


def test_what_remains_of_p16() -> None:
    """A generator that was made in Ana's command works for Ben, who steps it."""
    assert remaining("P16", IsolatedAggregate) == Finding("wrong", "it works for ana", "it works for ben")


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
def test_what_is_left_counts_unless_it_was_wrong_before(outcome: Any, left: list[str | None], expected: str) -> None:
    """A deposit on another account is worse than a command that is still seen."""
    assert unless_left(Finding(outcome, "", ""), left).outcome == expected
