"""Tests and notebooks that share a Context, or do not: the evidence, and that the outcome follows the design."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import Context
from typing import Any

import pytest
from pinned_matrix import Cell, comes_out, evidence, found, otherwise
from quiet import quietly
from test_scenarios import OUTSIDE
from test_scenarios_computed import MigratedThatResets

from fluvius_demo.aggregate import Aggregate, RestrictedAggregateProxy
from fluvius_demo.banking import Bank
from fluvius_demo.legacy import LegacyAggregate
from fluvius_demo.lessons.designs import UnguardedAggregate
from fluvius_demo.lessons.one_command import bank_of, opening_of, without_waiting
from fluvius_demo.lessons.outcomes import Outcome
from fluvius_demo.lessons.pitfalls.tests_and_versions import run_in, run_in_a_copy
from fluvius_demo.lessons.trial import deposited, seen_by
from fluvius_demo.migrated import MigratedAggregate

FIXTURE = "that Ana gets it, in a test that runs in another task than its fixture"
NEXT_TEST = "that of two tests in one Context the second sees nothing"
LATER_CELL = "that no later cell sees anything of the command"
EVIDENCE = {
    ("P25", "legacy"): (NEXT_TEST, "nothing"),
    ("P25", "migrated"): ("{'ana': 10000, 'ben': 5000}", "{'ana': 0, 'ben': 15000}"),
    ("P25", "isolated"): (FIXTURE, OUTSIDE.format("read 'aggroot'")),
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


@pytest.mark.parametrize("cell", EVIDENCE, ids=" / ".join)
def test_the_evidence(cell: Cell) -> None:
    """What was hoped for, and what was seen instead."""
    assert evidence(cell) == EVIDENCE[cell]


@otherwise(
    ("P25", MigratedThatResets, "refused", "OutsideCommandError: "),
    ("P25", UnguardedThatRemembers, "leaked", "ana"),
    ("P25", LegacyThatCannotEnd, "stuck", "it waits for ever"),
    ("P27", MigratedThatResets, "correct", "nothing"),
    ("P27", UnguardedThatRemembers, "leaked", "ana of a cell without await, in a cell "),
)
def test_another_design_comes_out_otherwise(id: str, design: type[Aggregate], outcome: Outcome, seen: str) -> None:
    """Mended or broken in one place."""
    comes_out(id, design, outcome, seen)


def test_a_design_without_contexts_can_leak_in_every_cell() -> None:
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
