"""C20: whether the document's test script finds out what it says that it verifies.

A script that succeeds on a design which breaks a promise has not verified that promise.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from fluvius_demo.aggregate import Aggregate
from fluvius_demo.banking import Bank
from fluvius_demo.lessons import situations
from fluvius_demo.lessons.claims_cleanup import left_after
from fluvius_demo.lessons.claims_verdict import Part, check
from fluvius_demo.lessons.designs import UnguardedAggregate
from fluvius_demo.lessons.outcomes import Finding, compared
from fluvius_demo.lessons.turns import alone
from fluvius_demo.migrated import MigratedAggregate

Script = Callable[[type[Aggregate]], Awaitable[bool]]


class UnguardedThatTells(UnguardedAggregate):
    """The legacy class without its guard, but with the method that the script calls. Commands at once mix."""

    def get_context_state(self) -> dict[str, bool]:
        """Return as much of the state as the document's transcript shows."""
        return {"has_context": self.context is not None, "has_command": self.command is not None}


class FirstForEver(UnguardedThatTells):
    """Every command sees the context of the first one."""

    _first: Any = None

    @property
    def context(self) -> Any:
        """Who asked for the first command."""
        self._first = self._first or super().context
        return self._first


async def documents_script(design: type[Aggregate]) -> bool:
    """Run two commands one after the other in one task; return whether that prints what the document expects."""
    bank = await Bank.opened(design, resource1=0, resource2=0)
    aggregate: Any = bank.aggregate
    printed = [_state(aggregate)]
    for name in ("resource1", "resource2"):
        async with aggregate.command_aggregate(*bank.depositing(name, 1_00)):
            printed += [_state(aggregate), aggregate.aggroot.identifier, aggregate.context.name]
    expected = [(False, False)]
    for name in ("resource1", "resource2"):
        expected += [(True, True), name, f"{name}'s deposit"]
    return printed == expected


def _state(aggregate: Any) -> tuple[bool, bool]:
    state = aggregate.get_context_state()
    return state["has_context"], state["has_command"]


async def one_after_the_other(design: type[Aggregate]) -> Finding:
    """Does each of two commands in one task see its own context?"""
    bank = await Bank.opened(design, ana=0, ben=0)
    aggregate, seen = bank.aggregate, []
    for name in ("ana", "ben"):
        async with aggregate.command_aggregate(*bank.depositing(name, 1_00)):
            seen.append(aggregate.context.name)
    return compared(["ana's deposit", "ben's deposit"], seen)


# For each thing that the script verifies: a design, and the run that shows that this design breaks it.
BROKEN: dict[str, tuple[type[Aggregate], Callable[[type[Aggregate]], Awaitable[Finding]]]] = {
    "isolation between commands": (FirstForEver, one_after_the_other),
    "cleanup after a command": (MigratedAggregate, left_after),
    "safety of commands at once": (UnguardedThatTells, situations.two_overlap),
}


@check("C20", remedy="look after the block too, and in two tasks at once, as tests/test_contextvars_aggregate.py does")
async def script_verifies(design: type[Aggregate], script: Script = documents_script) -> list[Part]:
    """Does the script succeed here? And does it fail where one of the three things is broken?"""
    parts = [Part("in that the script succeeds on this design", compared("success", await _ended(script, design)))]
    for promise, (broken, shows) in BROKEN.items():
        if (await shows(broken)).outcome == "correct":
            raise AssertionError(f"{broken.__name__} is to break the {promise}")
        ended = await _ended(script, broken)
        parts.append(Part(f"for {promise}, which {broken.__name__} breaks", compared("failure", ended), limits=True))
    return parts


async def _ended(script: Script, design: type[Aggregate]) -> str:
    return "success" if (await alone(script(design))).result else "failure"
