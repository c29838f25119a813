"""Tasks that a command starts: the evidence, and that the outcome follows what a design does."""

import asyncio
from contextvars import Context
from typing import Any

import pytest
from pinned_matrix import EAGER, Cell, comes_out, evidence, otherwise, remaining
from quiet import quietly
from test_scenarios import OUTSIDE
from test_scenarios_computed import MigratedThatResets

from fluvius_demo.aggregate import Aggregate, RestrictedAggregateProxy
from fluvius_demo.banking import Bank
from fluvius_demo.frame import CommandFrame, current
from fluvius_demo.isolated import IsolatedAggregate
from fluvius_demo.legacy import LegacyAggregate
from fluvius_demo.lessons.outcomes import Finding, Outcome
from fluvius_demo.lessons.pitfalls.children import where_wait_for_runs
from fluvius_demo.lessons.trial import deposited

ENDED = (
    "CommandEndedError: Aggregate context has ended. Cannot {}: the command that this code works for has ended. To "
    "solve this, await the work inside of the command, or open a command for it."
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
    ("P18", "isolated"): (HOPE, OUTSIDE.format("read 'aggroot'")),
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
        ("P19", "isolated"): (HOPE + OWN, OUTSIDE.format("read 'aggroot'")),
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

    _frame_type = FrameThatIsOnlyReset


class IsolatedThatClaimsItsChildren(IsolatedAggregate):
    """Broken: no child can have a command of its own."""

    _frame_type = FrameThatClaimsItsChildren


class IsolatedThatOpensInATask(IsolatedAggregate):
    """Broken: on every Python it does what wait_for did up to 3.11."""

    _frame_type = FrameThatIsSetInATask


@pytest.mark.parametrize("cell", EVIDENCE, ids=" / ".join)
def test_the_evidence(cell: Cell) -> None:
    """What was hoped for, and what was seen instead."""
    assert evidence(cell) == EVIDENCE[cell]


@otherwise(
    ("P08", LegacyThatDropsItsQueue, "refused", "AttributeError: "),
    ("P08", IsolatedThatOnlyResets, "wrong", "['money-deposited']"),
    ("P09", IsolatedThatOnlyResets, "wrong", "{'ana': 15000, 'ben': 0}"),
    ("P17", IsolatedThatClaimsItsChildren, "refused", "NestedCommandError: "),
    ("P18", MigratedThatResets, "refused", "OutsideCommandError: "),
    ("P19", IsolatedThatOpensInATask if EAGER else MigratedThatResets, "refused", "OutsideCommandError: "),
    ("P24", MigratedThatResets, "correct", PAID),
)
def test_another_design_comes_out_otherwise(id: str, design: type[Aggregate], outcome: Outcome, seen: str) -> None:
    """Mended or broken in one place."""
    comes_out(id, design, outcome, seen)


def test_where_wait_for_runs() -> None:
    """In a task of its own up to Python 3.11, and in the caller's since."""
    assert asyncio.run(where_wait_for_runs()) == ("the caller's task" if EAGER else "a task of its own")


def test_all_the_money_goes_to_the_one_whose_command_started_the_worker() -> None:
    """What remains of P09: a child that works for an open command is ordinary code, and so is a worker."""
    assert remaining("P09", IsolatedAggregate) == Finding("wrong", PAID, "{'ana': 15000, 'ben': 0}")
    assert remaining("P09", IsolatedAggregate, remedied=True) == Finding("correct", PAID, PAID)


def test_a_task_in_a_fresh_context_runs_apart() -> None:
    """What P24 wanted, on the isolated design, where `Context().run` was refused."""

    async def scenario() -> dict[str, int]:
        bank = await Bank.opened(IsolatedAggregate, ana=0, ben=0)

        async def apart() -> None:
            await asyncio.create_task(deposited(bank, "ben", 50_00), context=Context())

        await deposited(bank, "ana", 100_00, apart)
        return bank.balances()

    assert quietly(scenario()) == {"ana": 100_00, "ben": 50_00}
