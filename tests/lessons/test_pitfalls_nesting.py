"""P01, P02, P06, P07, P28, P29: what each design makes of them, and that a mended or broken one comes out otherwise."""

import asyncio
from contextvars import Context, ContextVar
from functools import cache
from typing import Any

import pytest
from quiet import quietly

from fluvius_demo.aggregate import Aggregate
from fluvius_demo.banking import Bank
from fluvius_demo.isolated import IsolatedAggregate
from fluvius_demo.lessons.designs import DESIGNS
from fluvius_demo.lessons.kept import KeptAggregate, Six
from fluvius_demo.lessons.mistakes import OneVariableAggregate, TokenOnSelfAggregate, VariablePerInstanceAggregate
from fluvius_demo.lessons.outcomes import Finding
from fluvius_demo.lessons.pitfalls import nesting
from fluvius_demo.lessons.pitfalls.judge import judged, judged_limit
from fluvius_demo.lessons.pitfalls.pitfall import link
from fluvius_demo.lessons.scenarios import LIMITS, PITFALLS
from fluvius_demo.migrated import MigratedAggregate

SIX = {name: design.aggregate for name, design in DESIGNS.items()}
COLUMNS = ("unguarded", "legacy", "locked", "one per command", "migrated", "isolated")
MARKS = {"✓": "correct", "✕": "refused", "≠": "wrong"}
MATRIX = """
P01 ≠ ≠ ≠ ✕ ≠ ✕
P02 ≠ ✕ ≠ ≠ ≠ ✕
P06 ✓ ✓ ✓ ✓ ≠ ✓
P07 ≠ ✕ ✓ ✓ ✓ ✓
P28 ✕ ✕ ✕ ✕ ✕ ✕
P29 ≠ ✕ ✓ ✓ ✓ ✓
"""
# The limits, without the remedy and with it: here all designs are the same, for their commands have ended.
AT_LARGE = {"P28": ("wrong", "refused"), "P29": ("wrong", "correct")}

OUTSIDE = (
    "OutsideCommandError: Aggregate context is not initialized. Cannot create an event: no command of this aggregate "
    "is open in this Context. To solve this, call this inside of 'async with aggregate.command_aggregate(…)'; for a "
    "thread, use asyncio.to_thread."
)
STALE = (
    "PreconditionFailedError: Cannot commit a change of account 'ana' with If-Match account/ana@1: it is account/ana@2 "
    "by now. To solve this, load it again and repeat."
)
WORKERS = "worker 1 takes the events of worker 1; worker 2 takes the events of worker 2"
EVIDENCE = {
    ("P01", "migrated"): ("that it is refused", "found by a stranger: ['stray']"),
    ("P01", "isolated"): ("that it is refused", OUTSIDE),
    ("P02", "unguarded"): (
        "ana takes the events of ana, ana's child",
        "ana takes the events of ana, ana's child, ben, ben's child",
    ),
    ("P02", "legacy"): ("ben takes the events of ben, ben's child", "RuntimeError: Overlapping context: ben's deposit"),
    **{
        ("P02", name): (WORKERS, "worker 1 takes the events of nobody; worker 2 takes the events of worker 1, worker 2")
        for name in ("locked", "one per command", "migrated")
    },
    ("P02", "isolated"): (WORKERS, OUTSIDE),
    ("P06", "migrated"): ("{'ana': 10000, 'ben': 0}", "{'ana': 0, 'ben': 10000}"),
    ("P07", "unguarded"): ("2 on ana", "1 on ana"),
    ("P07", "legacy"): ("2 on ben", "RuntimeError: Overlapping context: ben's deposit"),
    ("P28", "legacy"): ("100 on ana", "RuntimeError: Overlapping context: B's deposit"),
    **{("P28", name): ("100 on ana", STALE) for name in COLUMNS if name != "legacy"},
    ("P29", "unguarded"): ("ana gets a response about ana", "ana gets a response about ben"),
    ("P29", "legacy"): ("ben gets a response about ben", "RuntimeError: Overlapping context: ben's deposit"),
}

Cell = tuple[str, str]


class KeptOnSelf(KeptAggregate):
    """Broken: the last command that was opened is everybody's."""

    def _put(self, six: Six) -> None:
        self._six = six

    def _get(self, name: str) -> Any:
        return getattr(self._six, name)

    def _take_away(self, put: None) -> None:
        pass


class MigratedWithoutSharedQueue(MigratedAggregate):
    """Mended: the default is None."""

    _evt_queue_var = ContextVar("evt_queue", default=None)


class IsolatedWithoutIfMatch(IsolatedAggregate):
    """Broken: the versions that people name are not looked at."""

    if_match_verify = False


# The same six pitfalls, in the order of the table above.
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


def as_written() -> dict[Cell, str]:
    """Return the matrix above by (pitfall, design)."""
    rows = [line.split() for line in MATRIX.strip().splitlines()]
    return {(id, name): MARKS[mark] for id, *marks in rows for name, mark in zip(COLUMNS, marks, strict=True)}


IDS = tuple(dict.fromkeys(id for id, _ in as_written()))


def run(id: str, design: type[Aggregate]) -> Finding:
    """Run one pitfall on one design."""
    return asyncio.run(judged(PITFALLS[id], design))


def at_large(id: str, design: type[Aggregate], *, remedied: bool = False) -> Finding:
    """Run what remains of a pitfall on one design."""
    return asyncio.run(judged_limit(LIMITS[id], design, remedied=remedied))


@cache
def found(id: str, name: str) -> Finding:
    """Run one cell of the matrix, once for all tests here."""
    return run(id, SIX[name])


class TestTheMatrix:
    """Six pitfalls, six designs."""

    @pytest.mark.parametrize("cell", as_written(), ids=" / ".join)
    def test_each_cell(self, cell: Cell) -> None:
        """One outcome, as written down above."""
        assert found(*cell).outcome == as_written()[cell]

    @pytest.mark.parametrize("cell", EVIDENCE, ids=" / ".join)
    def test_the_evidence(self, cell: Cell) -> None:
        """What was expected, and what was seen instead."""
        assert (found(*cell).expected, found(*cell).seen) == EVIDENCE[cell]

    def test_what_is_correct_shows_it(self) -> None:
        """There the evidence is that both sides are the same."""
        for cell in as_written():
            assert (found(*cell).expected == found(*cell).seen) == (found(*cell).outcome == "correct"), cell

    @pytest.mark.parametrize("id", IDS)
    def test_each_has_a_question_a_remedy_and_threads_that_exist_in_form(self, id: str) -> None:
        """In one line each, for a notebook prints them."""
        pitfall = PITFALLS[id]
        assert pitfall.group == "nesting and sharing"
        assert pitfall.question.endswith("?")
        assert "\n" not in pitfall.question + pitfall.remedy
        assert not pitfall.remedy.endswith(".")
        assert all(link(thread).startswith("https://github.com/") for thread in pitfall.met_by)


class TestOutcomesAreComputed:
    """They follow what a design does, not what it is called."""

    @pytest.mark.parametrize("design", MADE)
    def test_a_mended_or_broken_design_has_other_outcomes(self, design: type[Aggregate]) -> None:
        """Each pitfall finds the design that has it, and lets the one pass that has not."""
        assert {id: run(id, design).outcome for id in IDS} == {
            id: MARKS[mark] for id, mark in zip(IDS, MADE[design].split(), strict=True)
        }

    def test_a_subclass_is_looked_at_as_well(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """P06 finds a variable of the class by its second part alone, if the first has found nothing."""

        async def found_nothing(_design: type[Aggregate]) -> Finding:
            return Finding("correct", "", "")

        monkeypatch.setattr(nesting, "two_instances", found_nothing)
        seen = run("P06", OneVariableAggregate)
        assert (seen.outcome, seen.seen) == ("wrong", "ben at the first, ben at the subclass's")
        assert run("P06", VariablePerInstanceAggregate).outcome == "correct"

    def test_a_token_of_another_task_is_an_error(self) -> None:
        """P07: whoever closes first holds the token of the one who has opened last."""
        seen = run("P07", TokenOnSelfAggregate).seen
        assert seen.startswith("ValueError: ")
        assert seen.endswith("was created in a different Context")

    def test_without_if_match_the_second_deposit_overwrites_the_first(self) -> None:
        """P28: both have read before either has written, so here the one is lost without a word."""
        seen = run("P28", IsolatedWithoutIfMatch)
        assert (seen.expected, seen.seen) == ("150 on ana", "50 on ana")


class TestTheLimits:
    """What no design can catch, for it happens after its commands have ended."""

    @pytest.mark.parametrize("name", COLUMNS)
    @pytest.mark.parametrize("id", AT_LARGE)
    def test_every_design_has_it_and_the_remedy_helps(self, id: str, name: str) -> None:
        """Silently wrong on all six; with the remedy loud, or right."""
        outcomes = tuple(at_large(id, SIX[name], remedied=remedied).outcome for remedied in (False, True))
        assert outcomes == AT_LARGE[id]

    def test_a_deposit_is_lost(self) -> None:
        """Both callers were told that all went well."""
        assert at_large("P28", IsolatedAggregate) == Finding("wrong", "150 on ana", "50 on ana")

    def test_with_if_match_the_second_is_refused(self) -> None:
        """And the books hold what the first was told."""
        assert at_large("P28", IsolatedAggregate, remedied=True) == Finding("refused", "100 on ana", STALE)

    def test_a_lock_for_the_whole_call_is_a_remedy_too(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """One for the command alone is none: the locked design loses the deposit as all the others do."""
        monkeypatch.setattr(nesting, "Bank", CallsInLine)
        assert at_large("P28", IsolatedAggregate) == Finding("correct", "150 on ana", "150 on ana")

    def test_ana_gets_bens_response(self) -> None:
        """She reads the balance of another person's account."""
        right, seen = "ana gets a response about ana", "ana gets a response about ben"
        assert at_large("P29", IsolatedAggregate) == Finding("wrong", right, seen)

    def test_responses_on_the_domain_are_right_as_long_as_nobody_overlaps(self) -> None:
        """So a test with one caller finds nothing."""

        async def scenario() -> list[str]:
            bank = await nesting.SharedResponses.opened(IsolatedAggregate, ana=0, ben=0)
            sent = [bank.command("deposit-money", name, amount=1) for name in ("ana", "ben")]
            answers = [await bank.process_command(command) for command in sent]
            return [one.data.account for answer in answers for one in answer["account-state"]]

        assert asyncio.run(scenario()) == ["ana", "ben"]


class TestNothingIsLeft:
    """Each runs anywhere and at any time."""

    @pytest.mark.parametrize("id", IDS)
    def test_no_trace(self, id: str) -> None:
        """No task, no complaint, no event in the queue that all migrated ones share; a second time gives the same."""

        async def scenario() -> int:
            for name, design in [*SIX.items()][::-1]:
                assert await judged(PITFALLS[id], design) == found(id, name)
            await judged(PITFALLS[id], TokenOnSelfAggregate)
            for remedied in (False, True) if id in LIMITS else ():
                await judged_limit(LIMITS[id], MigratedAggregate, remedied=remedied)
            return Context().run(MigratedAggregate._evt_queue_var.get).qsize()

        for name in SIX:
            found(id, name)  # before, for it starts a loop of its own
        assert quietly(scenario()) == 0
