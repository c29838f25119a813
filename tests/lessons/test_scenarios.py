"""Every situation on every design: the verdicts, and the evidence where it carries meaning."""

import asyncio
from functools import cache

import pytest

from fluvius_demo.lessons.designs import DESIGNS
from fluvius_demo.lessons.outcomes import Finding
from fluvius_demo.lessons.scenarios import SITUATIONS, verdict, verdicts

# ✓ correct, ✕ refused, ≠ wrong, … stuck; the columns are the designs from the worst to the best.
MATRIX = """
two commands overlap          ≠ ✕ ✓ ✓ ✓ ✓
100 commands overlap          ≠ ✕ ✓ ✓ ✓ ✓
after an error                ✓ ✕ ✓ ✓ ✓ ✓
after a timeout               ✓ ✕ ✓ ✓ ✓ ✓
after a cancellation          ✓ ✕ ✓ ✓ ✓ ✓
after a stale If-Match        ✓ ✕ ✓ ✓ ✓ ✓
after the command             ✓ ✓ ✓ ✓ ≠ ✕
a command in a command        ✕ ✕ … ✓ ≠ ✕
two instances in one task     ✓ ✓ ✓ ✓ ≠ ✓
an event outside of a command ≠ ≠ ≠ ✕ ≠ ✕
"""
COLUMNS = ("unguarded", "legacy", "locked", "one per command", "migrated", "isolated")
MARKS = {"✓": "correct", "✕": "refused", "≠": "wrong", "…": "stuck"}

OUTSIDE = (
    "OutsideCommandError: Aggregate context is not initialized. Cannot {}: no command of this aggregate is open in "
    "this Context. To solve this, call this inside of 'async with aggregate.command_aggregate(…)'; for a thread, use "
    "asyncio.to_thread."
)
EVIDENCE = {
    ("two commands overlap", "unguarded"): ("100 on ana", "100 on ben"),
    ("two commands overlap", "legacy"): ("50 on ben", "RuntimeError: Overlapping context: ben's deposit"),
    ("100 commands overlap", "unguarded"): ("1 on c000", "1 on c099"),
    ("100 commands overlap", "legacy"): ("1 on c001", "RuntimeError: Overlapping context: c001's deposit"),
    **{
        (f"after {what}", "legacy"): (
            "that the next deposit goes through",
            "RuntimeError: Overlapping context: ana's deposit",
        )
        for what in ("an error", "a timeout", "a cancellation", "a stale If-Match")
    },
    ("after the command", "migrated"): ("None", "ana"),
    ("after the command", "isolated"): ("that nothing is seen", OUTSIDE.format("read 'command'")),
    ("a command in a command", "unguarded"): (
        "that both go through",
        "AttributeError: 'NoneType' object has no attribute 'resource'",
    ),
    ("a command in a command", "legacy"): (
        "that both go through",
        "RuntimeError: Overlapping context: ben's deposit",
    ),
    ("a command in a command", "locked"): ("that both go through", "it waits for ever"),
    ("a command in a command", "migrated"): ("{'ana': 10000, 'ben': 5000}", "{'ana': 0, 'ben': 15000}"),
    ("a command in a command", "isolated"): (
        "that both go through",
        "NestedCommandError: Cannot open 'deposit-money' on account 'ben': 'deposit-money' on account 'ana' is still "
        "open here. To solve this, end it first, call its actions directly, or start a task for the second command.",
    ),
    ("two instances in one task", "migrated"): ("{'ana': 10000, 'ben': 0}", "{'ana': 0, 'ben': 10000}"),
    ("an event outside of a command", "migrated"): ("that it is refused", "found by a stranger: ['stray']"),
    ("an event outside of a command", "isolated"): (
        "that it is refused",
        OUTSIDE.format("create an event"),
    ),
    ("an event outside of a command", "one per command"): (
        "that it is refused",
        "AttributeError: 'NoneType' object has no attribute 'put'",
    ),
    **{
        ("an event outside of a command", design): ("that it is refused", "lost")
        for design in ("unguarded", "legacy", "locked")
    },
}

Cell = tuple[str, str]
SLOW: Cell = ("100 commands overlap", "locked")  # takes as long as all the others together


def as_written() -> dict[Cell, str]:
    """Return the matrix above by (situation, design)."""
    cells = {}
    for line in MATRIX.strip().splitlines():
        *_, marks = line.partition("  ") if "  " in line else line.rpartition("command ")
        name = line.removesuffix(marks).strip()
        cells |= {(name, column): MARKS[mark] for column, mark in zip(COLUMNS, marks.split(), strict=True)}
    return cells


@cache
def as_run() -> dict[Cell, Finding]:
    """Run the whole matrix, once for all tests here."""
    table = asyncio.run(verdicts({name: design.aggregate for name, design in DESIGNS.items()}))
    return {(situation, design): finding for situation, row in table.items() for design, finding in row.items()}


class TestTheMatrix:
    """Ten situations, six designs."""

    def test_the_situations_and_designs_stand_in_their_order(self) -> None:
        """As in the figure, from left to right and from top to bottom."""
        assert list(as_run()) == list(as_written())
        assert len(as_run()) == 60

    @pytest.mark.parametrize("cell", as_written(), ids=" / ".join)
    def test_each_cell(self, cell: Cell) -> None:
        """One outcome, as written down above."""
        assert as_run()[cell].outcome == as_written()[cell]

    @pytest.mark.parametrize("cell", EVIDENCE, ids=" / ".join)
    def test_each_cell_that_is_not_correct_has_its_evidence(self, cell: Cell) -> None:
        """What was hoped for, and what was seen instead."""
        finding = as_run()[cell]
        assert (finding.expected, finding.seen) == EVIDENCE[cell]

    def test_no_evidence_is_left_out(self) -> None:
        """Every cell that is not correct is among the ones above."""
        assert {cell for cell, finding in as_run().items() if finding.outcome != "correct"} == set(EVIDENCE)

    def test_what_is_correct_shows_it(self) -> None:
        """There the evidence is that both sides are the same."""
        for cell, finding in as_run().items():
            assert (finding.expected == finding.seen) == (finding.outcome == "correct"), cell

    def test_another_order_gives_the_same(self) -> None:
        """A second time, and all backwards: no situation leaves anything to the next."""
        backwards = [cell for cell in reversed(as_run()) if cell != SLOW]

        async def scenario() -> dict[Cell, Finding]:
            return {(name, key): await verdict(name, DESIGNS[key].aggregate) for name, key in backwards}

        assert asyncio.run(scenario()) == {cell: as_run()[cell] for cell in backwards}


class TestTheSituations:
    """Each has a name and puts a question."""

    @pytest.mark.parametrize("name", SITUATIONS)
    def test_each_puts_a_question(self, name: str) -> None:
        """In one line, for a notebook prints it."""
        question = SITUATIONS[name].question
        assert SITUATIONS[name].name == name
        assert question.endswith("?")
        assert "\n" not in question

    def test_an_unknown_name_is_a_key_error(self) -> None:
        """With the name in it."""
        with pytest.raises(KeyError, match=r"^'after lunch'$"):
            asyncio.run(verdict("after lunch", DESIGNS["legacy"].aggregate))
