"""IsolatedAggregate in every order of the bank's commands on different accounts, also with a fault anywhere."""

from math import comb

import pytest

from fluvius_demo import IsolatedAggregate
from fluvius_demo.lessons.interleave import Fault, Report, explore
from fluvius_demo.lessons.programs import PROGRAMS

KINDS = ("cancel", "error")


def all_orders(program: str, fault: Fault | None = None) -> Report:
    """Run every order; with a fault, one more command is judged after all others."""
    return explore(
        PROGRAMS[program].make(IsolatedAggregate, probe=fault is not None), limit=40_000, samples=0, fault=fault
    )


@pytest.mark.parametrize(("program", "orders"), [("two long calls", 12_870), ("three deposits", 34_650)])
def test_every_order_is_correct(program: str, orders: int) -> None:
    """Two commands of eight steps, three of four: not one order is wrong, stuck or refused."""
    report = all_orders(program)
    assert (report.exhaustive, report.tally) == (True, {"correct": orders})
    assert len(report.stories) == 1  # and all end with the same books


def check(program: str, fault: Fault) -> int:
    """Run every order with this fault, and return how many there are.

    The others are correct, and so is one more command afterwards; the books balance. Of the command that was hit, the
    log has all events or none.
    """
    report = all_orders(program, fault)
    assert (report.exhaustive, set(report.tally)) == (True, {"correct"})
    for story in report.stories:
        findings = dict(story.verdict.findings)
        assert findings[fault.command].seen == "the injected fault"
        assert "afterwards" in findings
    return len(report.orders)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("number", [1, 2, 3, 4])
@pytest.mark.parametrize("command", ["A", "B"])
def test_a_fault_at_any_await_of_two_commands(kind: str, number: int, command: str) -> None:
    """Two commands of five steps: whatever is cancelled or fails, the rest goes on, and the aggregate still works."""
    steps = number + 1
    assert check("two deposits", Fault(kind, command, number)) == comb(steps + 5, steps)


@pytest.mark.long
class TestTwoLongCalls:
    """Two calls of eight steps."""

    @pytest.mark.parametrize("kind", KINDS)
    def test_a_fault_at_any_await(self, kind: str) -> None:
        """At each of the seven awaits of each: 48,600 orders for each kind of fault."""
        faults = [Fault(kind, command, number) for command in "AB" for number in range(1, 8)]
        assert sum(check("two long calls", fault) for fault in faults) == 48_600


class OfThree:
    """Three commands of four steps."""

    kind = ""

    @pytest.mark.parametrize("command", ["A", "B", "C"])
    def test_a_fault_at_any_await(self, command: str) -> None:
        """At each of the three awaits: 49,350 orders for each command."""
        faults = [Fault(self.kind, command, number) for number in (1, 2, 3)]
        assert sum(check("three deposits", fault) for fault in faults) == 49_350


@pytest.mark.long
class TestThreeDepositsCancelled(OfThree):
    """A cancellation."""

    kind = "cancel"


@pytest.mark.long
class TestThreeDepositsFailing(OfThree):
    """An error."""

    kind = "error"
