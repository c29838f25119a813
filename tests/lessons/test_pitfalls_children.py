"""Tasks that a command starts: the outcome on every design, and that it is not typed in."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import Context, ContextVar, copy_context
from typing import Any

import pytest
from quiet import quietly

from fluvius_demo.aggregate import Aggregate, RestrictedAggregateProxy
from fluvius_demo.banking import Bank
from fluvius_demo.frame import CommandFrame, current
from fluvius_demo.isolated import IsolatedAggregate
from fluvius_demo.legacy import LegacyAggregate
from fluvius_demo.lessons.designs import DESIGNS
from fluvius_demo.lessons.outcomes import Finding
from fluvius_demo.lessons.pitfalls.children import where_wait_for_runs
from fluvius_demo.lessons.scenarios import LIMITS, PITFALLS, limits, verdict
from fluvius_demo.lessons.trial import deposited
from fluvius_demo.migrated import MigratedAggregate

EAGER = sys.version_info >= (3, 12)  # wait_for makes no task since then, too
# ✓ correct, ✕ refused, ≠ wrong, … stuck, ∅ not applicable; the columns are the designs from the worst to the best.
TABLE = f"""
P08 ≠ ≠ ≠ ≠ ≠ ✕
P09 ✓ ✓ ✓ ✓ ≠ ✕
P17 {"≠ ✕ … ✓ ✓ ✓" if EAGER else "∅ ∅ ∅ ∅ ∅ ∅"}
P18 ✓ ✓ ✓ ✓ ≠ ✕
P19 {"✓ ✓ ✓ ✓ ✓ ✓" if EAGER else "✓ ✓ ✓ ✓ ≠ ✕"}
P24 ✕ ✕ … ✓ ≠ ✕
"""
MARKS = {"✓": "correct", "✕": "refused", "≠": "wrong", "…": "stuck", "∅": "not applicable"}
CELLS = {
    (id, design): MARKS[mark]
    for id, *marks in (line.split() for line in TABLE.strip().splitlines())
    for design, mark in zip(DESIGNS, marks, strict=True)
}
IDS = sorted({id for id, _ in CELLS})
# The limit P09: without its remedy, and with it.
LIMIT = {
    "unguarded": ("refused", "refused"),
    "legacy": ("refused", "refused"),
    "locked": ("stuck", "stuck"),
    "one per command": ("correct", "correct"),
    "migrated": ("wrong", "correct"),
    "isolated": ("wrong", "correct"),
}

ENDED = (
    "CommandEndedError: Aggregate context has ended. Cannot {}: the command that this code works for has ended. To "
    "solve this, await the work inside of the command, or open a command for it."
)
OUTSIDE = (
    "OutsideCommandError: Aggregate context is not initialized. Cannot read 'aggroot': no command of this aggregate is "
    "open in this Context. To solve this, call this inside of 'async with aggregate.command_aggregate(…)'; for a "
    "thread, use asyncio.to_thread."
)
NESTED = (
    "NestedCommandError: Cannot open 'deposit-money' on account 'ben': 'deposit-money' on account 'ana' is still open "
    "here. To solve this, end it first, call its actions directly, or start a task for the second command."
)
HOPE, PAID, ALL_TO_BEN = "that both get their money", "{'ana': 10000, 'ben': 5000}", "{'ana': 0, 'ben': 15000}"
EVIDENCE = {
    ("P08", "migrated"): ("['money-deposited', 'ana-thanked']", "['money-deposited']"),
    ("P08", "isolated"): ("that the late event counts", ENDED.format("create an event")),
    ("P09", "migrated"): (PAID, "{'ana': 15000, 'ben': 0}"),
    ("P09", "isolated"): (HOPE, ENDED.format("read 'aggroot'")),
    ("P18", "migrated"): (PAID, ALL_TO_BEN),
    ("P18", "isolated"): (HOPE, OUTSIDE),
    ("P24", "locked"): (HOPE, "it waits for ever"),
    ("P24", "migrated"): (PAID, ALL_TO_BEN),
    ("P24", "isolated"): (HOPE, NESTED),
}
OWN, CALLERS = "; wait_for runs in a task of its own", "; wait_for runs in the caller's task"
if EAGER:
    EVIDENCE |= {
        ("P17", "unguarded"): (PAID, ALL_TO_BEN),
        ("P17", "legacy"): (HOPE, "RuntimeError: Overlapping context: ben's deposit"),
        ("P17", "isolated"): (PAID, PAID),
        ("P19", "migrated"): (PAID + CALLERS, PAID + CALLERS),
        ("P19", "isolated"): (PAID + CALLERS, PAID + CALLERS),
    }
else:
    EVIDENCE |= {
        ("P17", "isolated"): ("eager tasks, which came with Python 3.12", "Python 3.11"),
        ("P19", "migrated"): (PAID + OWN, ALL_TO_BEN + OWN),
        ("P19", "isolated"): (HOPE + OWN, OUTSIDE),
    }


class LegacyThatDropsItsQueue(LegacyAggregate):
    """Mended: after the command there is no queue that takes an event."""

    async def after_command(self, *_args: Any) -> None:
        """Forget the queue, too."""
        self._evt_queue = None


class FrameThatIsOnlyReset(CommandFrame):
    """Broken: the variable is put back, and the frame is not closed."""

    __slots__ = ()

    async def __aexit__(self, *_error: Any) -> None:
        current.reset(self.token)


class FrameThatClaimsItsChildren(CommandFrame):
    """Broken: a command counts as opened wherever it is inherited."""

    __slots__ = ()

    def opened_here(self) -> bool:
        """Say yes."""
        return True


class FrameThatIsSetInATask(CommandFrame):
    """Broken: the set is made in a task, and lost."""

    __slots__ = ()

    async def __aenter__(self) -> RestrictedAggregateProxy:
        return await asyncio.create_task(super().__aenter__())


class IsolatedThatOnlyResets(IsolatedAggregate):
    """Broken: a reset reaches one Context, and no copy of it."""

    def command_aggregate(self, *args: Any) -> CommandFrame:
        """Run a command that goes on in every copy."""
        return FrameThatIsOnlyReset(self, *args)


class IsolatedThatClaimsItsChildren(IsolatedAggregate):
    """Broken: no child can have a command of its own."""

    def command_aggregate(self, *args: Any) -> CommandFrame:
        """Run a command that forbids all others."""
        return FrameThatClaimsItsChildren(self, *args)


class IsolatedThatOpensInATask(IsolatedAggregate):
    """Broken: on every Python it does what wait_for did up to 3.11."""

    def command_aggregate(self, *args: Any) -> CommandFrame:
        """Run a command that its own task never sees."""
        return FrameThatIsSetInATask(self, *args)


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
    """Six pitfalls, six designs."""

    @pytest.mark.parametrize("cell", CELLS, ids=" / ".join)
    def test_each_cell(self, cell: tuple[str, str]) -> None:
        """One outcome, as written down above for this Python."""
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
        assert (pitfall.id, pitfall.group) == (id, "children")
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

    def test_where_wait_for_runs(self) -> None:
        """In a task of its own up to Python 3.11, and in the caller's since."""
        assert asyncio.run(where_wait_for_runs()) == ("the caller's task" if EAGER else "a task of its own")


class TestOutcomesAreComputed:
    """A design that is mended or broken comes out otherwise."""

    @pytest.mark.parametrize(
        ("id", "model", "design", "outcome"),
        [
            ("P08", LegacyAggregate, LegacyThatDropsItsQueue, "refused"),
            ("P08", IsolatedAggregate, IsolatedThatOnlyResets, "wrong"),
            ("P09", IsolatedAggregate, IsolatedThatOnlyResets, "wrong"),
            pytest.param(
                *("P17", IsolatedAggregate, IsolatedThatClaimsItsChildren, "refused"),
                marks=pytest.mark.skipif(not EAGER, reason="eager tasks came with Python 3.12"),
            ),
            ("P18", MigratedAggregate, MigratedThatResets, "refused"),
            ("P19", IsolatedAggregate, IsolatedThatOpensInATask, "refused")
            if EAGER
            else ("P19", MigratedAggregate, MigratedThatResets, "refused"),
            ("P24", MigratedAggregate, MigratedThatResets, "correct"),
        ],
    )
    def test_a_change_of_the_design_changes_the_outcome(
        self, id: str, model: type[Aggregate], design: type[Aggregate], outcome: str
    ) -> None:
        """It follows what the design does."""
        assert found(id, model).outcome != outcome
        assert found(id, design).outcome == outcome


class TestTheLimit:
    """A child that works for an open command is ordinary code: so is a worker."""

    @pytest.mark.parametrize("name", DESIGNS)
    def test_without_the_remedy_and_with_it(self, name: str) -> None:
        """With contextvars, only where the worker was started tells whose it is."""
        plain, remedied = asyncio.run(limits(DESIGNS[name].aggregate))["P09"]
        assert (plain.outcome, remedied.outcome) == LIMIT[name]

    def test_the_evidence(self) -> None:
        """All the money goes to the one whose command started the worker."""
        plain, remedied = asyncio.run(limits(IsolatedAggregate))["P09"]
        assert (plain.expected, plain.seen) == (PAID, "{'ana': 15000, 'ben': 0}")
        assert remedied.seen == PAID

    def test_it_puts_a_question(self) -> None:
        """In one line, with its remedy."""
        limit = LIMITS["P09"]
        assert limit.question.endswith("?")
        assert "\n" not in limit.question
        assert not limit.remedy.endswith(".")

    def test_nothing_is_left(self) -> None:
        """The worker is gone, too."""

        async def scenario() -> None:
            for design in DESIGNS.values():
                await limits(design.aggregate)

        quietly(scenario())


class TestTheRemedy:
    """What P24 wanted, done right."""

    def test_a_task_in_a_fresh_context_runs_apart(self) -> None:
        """On the isolated design, where `Context().run` was refused."""

        async def scenario() -> dict[str, int]:
            bank = await Bank.opened(IsolatedAggregate, ana=0, ben=0)

            async def apart() -> None:
                await asyncio.create_task(deposited(bank, "ben", 50_00), context=Context())

            await deposited(bank, "ana", 100_00, apart)
            return bank.balances()

        assert quietly(scenario()) == {"ana": 100_00, "ben": 50_00}
