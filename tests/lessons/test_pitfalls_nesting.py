"""P01, P02, P06, P07, P28, P29: the evidence, and that the outcome follows what a design does."""

import asyncio
from typing import Any

import pytest
from pinned_matrix import MARKS, Cell, evidence, found, remaining
from test_scenarios import OUTSIDE
from test_scenarios_computed import MigratedWithoutSharedQueue

from fluvius_demo.aggregate import Aggregate
from fluvius_demo.banking import Bank
from fluvius_demo.isolated import IsolatedAggregate
from fluvius_demo.lessons.designs import DESIGNS
from fluvius_demo.lessons.kept import KeptAggregate, Six
from fluvius_demo.lessons.mistakes import OneVariableAggregate, TokenOnSelfAggregate, VariablePerInstanceAggregate
from fluvius_demo.lessons.outcomes import Finding
from fluvius_demo.lessons.pitfalls import nesting

STALE = (
    "PreconditionFailedError: Cannot commit a change of account 'ana' with If-Match account/ana@1: it is account/ana@2 "
    "by now. To solve this, load it again and repeat."
)
WORKERS = "worker 1 takes the events of worker 1; worker 2 takes the events of worker 2"
EVIDENCE = {
    ("P01", "migrated"): ("that it is refused", "found by a stranger: ['stray']"),
    ("P01", "isolated"): ("that it is refused", OUTSIDE.format("create an event")),
    ("P02", "unguarded"): (
        "ana takes the events of ana, ana's child",
        "ana takes the events of ana, ana's child, ben, ben's child",
    ),
    ("P02", "legacy"): ("ben takes the events of ben, ben's child", "RuntimeError: Overlapping context: ben's deposit"),
    **{
        ("P02", name): (WORKERS, "worker 1 takes the events of nobody; worker 2 takes the events of worker 1, worker 2")
        for name in ("locked", "one per command", "migrated")
    },
    ("P02", "isolated"): (WORKERS, OUTSIDE.format("create an event")),
    ("P06", "migrated"): ("{'ana': 10000, 'ben': 0}", "{'ana': 0, 'ben': 10000}"),
    ("P07", "unguarded"): ("2 on ana", "1 on ana"),
    ("P07", "legacy"): ("2 on ben", "RuntimeError: Overlapping context: ben's deposit"),
    ("P28", "legacy"): ("100 on ana", "RuntimeError: Overlapping context: B's deposit"),
    **{("P28", name): ("100 on ana", STALE) for name in DESIGNS if name != "legacy"},
    ("P29", "unguarded"): ("ana gets a response about ana", "ana gets a response about ben"),
    ("P29", "legacy"): ("ben gets a response about ben", "RuntimeError: Overlapping context: ben's deposit"),
}


class KeptOnSelf(KeptAggregate):
    """Broken: the last command that was opened is everybody's."""

    def _put(self, six: Six) -> None:
        self._six = six

    def _get(self, name: str) -> Any:
        return getattr(self._six, name)

    def _take_away(self, put: None) -> None:
        pass


class IsolatedWithoutIfMatch(IsolatedAggregate):
    """Broken: the versions that people name are not looked at."""

    if_match_verify = False


IDS = ("P01", "P02", "P06", "P07", "P28", "P29")
MADE = {
    KeptOnSelf: "≠ ≠ ✓ ≠ ✕ ✓",
    OneVariableAggregate: "✕ ✕ ≠ ✓ ✕ ✓",
    VariablePerInstanceAggregate: "✕ ≠ ✓ ✓ ✕ ✓",
    TokenOnSelfAggregate: "✕ ✕ ≠ ✕ ✕ ✕",
    MigratedWithoutSharedQueue: "✕ ≠ ≠ ✓ ✕ ✓",
    IsolatedWithoutIfMatch: "✕ ✕ ✓ ✓ ≠ ✓",
}


class CallsInLine(Bank):
    """Mended: a lock for the whole call, the commit included."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._lock = asyncio.Lock()

    async def process_command(self, *args: Any, **kwargs: Any) -> Any:
        """Run the commands when no other call runs."""
        async with self._lock:
            return await super().process_command(*args, **kwargs)


@pytest.mark.parametrize("cell", EVIDENCE, ids=" / ".join)
def test_the_evidence(cell: Cell) -> None:
    """What was expected, and what was seen instead."""
    assert evidence(cell) == EVIDENCE[cell]


class TestOutcomesAreComputed:
    """They follow what a design does, not what it is called."""

    @pytest.mark.parametrize("design", MADE)
    def test_a_mended_or_broken_design_has_other_outcomes(self, design: type[Aggregate]) -> None:
        """Each pitfall finds the design that has it, and lets the one pass that has not."""
        assert {id: found(id, design).outcome for id in IDS} == {
            id: MARKS[mark] for id, mark in zip(IDS, MADE[design].split(), strict=True)
        }

    def test_a_subclass_is_looked_at_as_well(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """P06 finds a variable of the class by its second part alone, if the first has found nothing."""

        async def found_nothing(_design: type[Aggregate]) -> Finding:
            return Finding("correct", "", "")

        monkeypatch.setattr(nesting, "two_instances", found_nothing)
        seen = found("P06", OneVariableAggregate)
        assert (seen.outcome, seen.seen) == ("wrong", "ben at the first, ben at the subclass's")
        assert found("P06", VariablePerInstanceAggregate).outcome == "correct"

    def test_a_token_of_another_task_is_an_error(self) -> None:
        """P07: whoever closes first holds the token of the one who has opened last."""
        seen = found("P07", TokenOnSelfAggregate).seen
        assert seen.startswith("ValueError: ")
        assert seen.endswith("was created in a different Context")

    def test_without_if_match_the_second_deposit_overwrites_the_first(self) -> None:
        """P28: both have read before either has written, so here the one is lost without a word."""
        seen = found("P28", IsolatedWithoutIfMatch)
        assert (seen.expected, seen.seen) == ("150 on ana", "50 on ana")


class TestTheLimits:
    """What no design can catch, for it happens after its commands have ended."""

    def test_a_deposit_is_lost(self) -> None:
        """Both callers were told that all went well."""
        assert remaining("P28", IsolatedAggregate) == Finding("wrong", "150 on ana", "50 on ana")

    def test_with_if_match_the_second_is_refused(self) -> None:
        """And the books hold what the first was told."""
        assert remaining("P28", IsolatedAggregate, remedied=True) == Finding("refused", "100 on ana", STALE)

    def test_a_lock_for_the_whole_call_is_a_remedy_too(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """One for the command alone is none: the locked design loses the deposit as all the others do."""
        monkeypatch.setattr(nesting, "Bank", CallsInLine)
        assert remaining("P28", IsolatedAggregate) == Finding("correct", "150 on ana", "150 on ana")

    def test_ana_gets_bens_response(self) -> None:
        """She reads the balance of another person's account."""
        right, seen = "ana gets a response about ana", "ana gets a response about ben"
        assert remaining("P29", IsolatedAggregate) == Finding("wrong", right, seen)

    def test_responses_on_the_domain_are_right_as_long_as_nobody_overlaps(self) -> None:
        """So a test with one caller finds nothing."""

        async def scenario() -> list[str]:
            bank = await nesting.SharedResponses.opened(IsolatedAggregate, ana=0, ben=0)
            sent = [bank.command("deposit-money", name, amount=1) for name in ("ana", "ben")]
            answers = [await bank.process_command(command) for command in sent]
            return [one.data.account for answer in answers for one in answer["account-state"]]

        assert asyncio.run(scenario()) == ["ana", "ben"]
