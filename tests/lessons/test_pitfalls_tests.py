"""Tests and notebooks that share a Context, or do not: the outcome on every design, and that it is not typed in."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import Context, ContextVar, copy_context
from typing import Any

import pytest
from quiet import quietly

from fluvius_demo.aggregate import Aggregate, RestrictedAggregateProxy
from fluvius_demo.banking import Bank
from fluvius_demo.legacy import LegacyAggregate
from fluvius_demo.lessons.designs import DESIGNS, UnguardedAggregate
from fluvius_demo.lessons.one_command import bank_of, opening_of, without_waiting
from fluvius_demo.lessons.outcomes import Finding
from fluvius_demo.lessons.pitfalls.tests_and_versions import run_in, run_in_a_copy
from fluvius_demo.lessons.scenarios import PITFALLS, verdict
from fluvius_demo.lessons.trial import deposited, seen_by
from fluvius_demo.migrated import MigratedAggregate

# ✓ correct, ✕ refused, ≠ wrong, ≈ leaked; the columns are the designs from the worst to the best.
TABLE = """
P25 ✓ ✓ ✓ ✓ ≠ ✕
P27 ✓ ✓ ✓ ✓ ≈ ✓
"""
MARKS = {"✓": "correct", "✕": "refused", "≠": "wrong", "≈": "leaked"}
CELLS = {
    (id, design): MARKS[mark]
    for id, *marks in (line.split() for line in TABLE.strip().splitlines())
    for design, mark in zip(DESIGNS, marks, strict=True)
}
IDS = sorted({id for id, _ in CELLS})

OUTSIDE = (
    "OutsideCommandError: Aggregate context is not initialized. Cannot read 'aggroot': no command of this aggregate is "
    "open in this Context. To solve this, call this inside of 'async with aggregate.command_aggregate(…)'; for a "
    "thread, use asyncio.to_thread."
)
FIXTURE = "that Ana gets it, in a test that runs in another task than its fixture"
NEXT_TEST = "that of two tests in one Context the second sees nothing"
LATER_CELL = "that no later cell sees anything of the command"
EVIDENCE = {
    ("P25", "legacy"): (NEXT_TEST, "nothing"),
    ("P25", "migrated"): ("{'ana': 10000, 'ben': 5000}", "{'ana': 0, 'ben': 15000}"),
    ("P25", "isolated"): (FIXTURE, OUTSIDE),
    ("P27", "migrated"): (
        LATER_CELL,
        "ana of a cell without await, in a cell without await; ana of a cell without await, in a cell with await",
    ),
    ("P27", "isolated"): (LATER_CELL, "nothing"),
}


class UnguardedThatRemembers(UnguardedAggregate):
    """Broken: the last command can still be asked for."""

    @asynccontextmanager
    async def command_aggregate(self, context: Any, bundle: Any, meta: Any) -> AsyncIterator[RestrictedAggregateProxy]:
        """Run a command, and keep it."""
        async with super().command_aggregate(context, bundle, meta) as proxy:
            yield proxy
        self._command = bundle


class LegacyThatCannotEnd(LegacyAggregate):
    """Broken: the guard is never lifted."""

    async def after_command(self, *_args: Any) -> None:
        """Wait for nobody."""
        await asyncio.Event().wait()


class MigratedThatResets(MigratedAggregate):
    """Mended: the six variables are put back."""

    @asynccontextmanager
    async def command_aggregate(self, *args: Any) -> AsyncIterator[RestrictedAggregateProxy]:
        """Run a command and put back what was there."""
        variables = [value for value in vars(MigratedAggregate).values() if isinstance(value, ContextVar)]
        before = [(variable, variable.get()) for variable in variables]
        try:
            async with super().command_aggregate(*args) as proxy:
                yield proxy
        finally:
            for variable, value in before:
                variable.set(value)


def found(id: str, design: type[Aggregate]) -> Finding:
    """Judge one pitfall in a loop of its own."""
    return asyncio.run(verdict(id, design))


class TestTheTable:
    """Two pitfalls, six designs."""

    @pytest.mark.parametrize("cell", CELLS, ids=" / ".join)
    def test_each_cell(self, cell: tuple[str, str]) -> None:
        """One outcome, as written down above, on every Python."""
        id, design = cell
        finding = found(id, DESIGNS[design].aggregate)
        assert finding.outcome == CELLS[cell], finding

    @pytest.mark.parametrize("cell", EVIDENCE, ids=" / ".join)
    def test_the_evidence(self, cell: tuple[str, str]) -> None:
        """What was hoped for, and what was seen instead."""
        id, design = cell
        finding = found(id, DESIGNS[design].aggregate)
        assert (finding.expected, finding.seen) == EVIDENCE[cell]

    @pytest.mark.parametrize("id", IDS)
    def test_each_is_registered_with_its_remedy(self, id: str) -> None:
        """With a question in one line, which a notebook prints."""
        pitfall = PITFALLS[id]
        assert (pitfall.id, pitfall.group) == (id, "tests and versions")
        assert pitfall.question.endswith("?")
        assert "\n" not in pitfall.question
        assert not pitfall.remedy.endswith(".")

    @pytest.mark.parametrize("id", IDS)
    def test_nothing_is_left(self, id: str) -> None:
        """No task, no complaint, no variable of the caller, no shared event."""

        async def scenario() -> int:
            before = dict(copy_context().items())
            for design in DESIGNS.values():
                await verdict(id, design.aggregate)
            assert dict(copy_context().items()) == before
            return Context().run(MigratedAggregate._evt_queue_var.get).qsize()

        assert quietly(scenario()) == 0


class TestOutcomesAreComputed:
    """A design that is mended or broken comes out otherwise."""

    @pytest.mark.parametrize(
        ("id", "model", "design", "outcome", "seen"),
        [
            ("P25", MigratedAggregate, MigratedThatResets, "refused", "OutsideCommandError: "),
            ("P25", UnguardedAggregate, UnguardedThatRemembers, "leaked", "ana"),
            ("P25", LegacyAggregate, LegacyThatCannotEnd, "stuck", "it waits for ever"),
            ("P27", MigratedAggregate, MigratedThatResets, "correct", "nothing"),
            ("P27", UnguardedAggregate, UnguardedThatRemembers, "leaked", "ana of a cell without await, in a cell "),
        ],
    )
    def test_a_change_of_the_design_changes_the_outcome(
        self, id: str, model: type[Aggregate], design: type[Aggregate], outcome: str, seen: str
    ) -> None:
        """It follows what the design does."""
        assert found(id, model).outcome != outcome
        finding = found(id, design)
        assert (finding.outcome, finding.seen[: len(seen)]) == (outcome, seen)

    def test_a_design_without_contexts_can_leak_in_every_cell(self) -> None:
        """Four ways, each with its name."""
        ways = found("P27", UnguardedThatRemembers).seen.split("; ")
        kinds = ("without await", "with await")
        assert ways == [f"ana of a cell {first}, in a cell {later}" for first in kinds for later in kinds]


class TestTheyRunAsTheRealOnesDo:
    """A scenario runs in a loop already; so its stand-ins are compared with what they stand for."""

    def test_a_runner_runs_everything_in_one_context(self) -> None:
        """As `run_in` does: the migrated design shows the next one what was left."""

        async def made() -> tuple[Bank, Any]:
            bank = await Bank.opened(MigratedAggregate, ana=0)
            return bank, bank.aggregate

        async def look(aggregate: Any) -> str | None:
            return seen_by(aggregate)

        with asyncio.Runner() as runner:
            bank, aggregate = runner.run(made())
            runner.run(deposited(bank, "ana", 1_00))
            assert runner.run(look(aggregate)) == "ana"
        assert asyncio.run(look(aggregate)) is None

    def test_code_without_a_loop_runs_in_its_own_context(self) -> None:
        """As `run_in` does, too."""
        bank, shared = bank_of(MigratedAggregate), Context()
        aggregate = bank.aggregate

        async def opened() -> None:
            async with aggregate.command_aggregate(*opening_of(bank)):
                pass

        shared.run(without_waiting, opened())
        assert shared.run(seen_by, aggregate) == "ana"
        assert seen_by(aggregate) is None

    @pytest.mark.parametrize(("run", "seen"), [(run_in, "ana"), (run_in_a_copy, None)])
    def test_the_stand_ins(self, run: Any, seen: str | None) -> None:
        """The one leaves what it sets in the Context, the other does not; both see what is there."""

        async def scenario() -> tuple[str | None, str | None]:
            bank = await Bank.opened(MigratedAggregate, ana=0, ben=0)
            aggregate, context = bank.aggregate, Context()

            async def look() -> str | None:
                return seen_by(aggregate)

            await run(context, deposited(bank, "ana", 1_00))
            left = context.run(seen_by, aggregate)
            await run_in(context, deposited(bank, "ben", 1_00))
            return left, await run(context, look())

        assert quietly(scenario()) == (seen, "ben")
