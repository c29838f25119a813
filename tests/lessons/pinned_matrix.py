"""The whole matrix as it should be on this Python and this system: what each design makes of each pitfall."""

import asyncio
import sys

import pytest

from fluvius_demo.aggregate import Aggregate
from fluvius_demo.lessons.designs import DESIGNS
from fluvius_demo.lessons.outcomes import Finding, Outcome
from fluvius_demo.lessons.pitfalls.judge import judged_limit
from fluvius_demo.lessons.scenarios import LIMITS, verdict

Cell = tuple[str, str]

MARKS: dict[str, Outcome] = {
    "✓": "correct", "✕": "refused", "≠": "wrong", "…": "stuck", "≈": "leaked", "∅": "not applicable",
}  # fmt: skip
# The columns are the designs from the worst to the best.
MATRIX = """
P01 ≠ ≠ ≠ ✕ ≠ ✕
P02 ≠ ✕ ≠ ≠ ≠ ✕
P03 ✓ ✓ ✓ ✓ ≈ ✓
P04 ✓ ✓ ✓ ✓ ≠ ✕
P05 ✓ ✓ ✓ ✓ ≠ ✓
P06 ✓ ✓ ✓ ✓ ≠ ✓
P07 ≠ ✕ ✓ ✓ ✓ ✓
P08 ≠ ≠ ≠ ≠ ≠ ✕
P09 ✓ ✓ ✓ ✓ ≠ ✕
P10 ✓ ✓ ✓ ✓ ≈ ✓
P11 ✓ ✓ ✓ ✓ ≈ ✓
P12 ✓ ✓ ✓ ✓ ≠ ✕
P13 ✓ ✓ ✓ ✓ ≠ ✕
P14 ✓ ✓ ✓ ✓ ≈ ✕
P15 ≈ ≈ ≈ ≈ ≈ ✓
P16 ✓ ✓ ✓ ✓ ≠ ✓
P17 ≠ ✕ … ✓ ✓ ✓
P18 ✓ ✓ ✓ ✓ ≠ ✕
P19 ✓ ✓ ✓ ✓ ✓ ✓
P20 ≈ ≈ ≈ ✓ ≈ ✓
P21 ✓ ✕ ✓ ✓ ✓ ✓
P22 ✓ ✓ ✓ ✓ ✓ ✓
P23 ≠ ≠ ≠ ≠ ≠ ✕
P24 ✕ ✕ … ✓ ≠ ✕
P25 ✓ ✓ ✓ ✓ ≠ ✕
P26 ✓ ✓ ✓ ✓ ✓ ✓
P27 ✓ ✓ ✓ ✓ ≈ ✓
P28 ✕ ✕ ✕ ✕ ✕ ✕
P29 ≠ ✕ ✓ ✓ ✓ ✓
"""
# What remains of five of them, without the remedy and with it.
WITHOUT = """
P09 ✕ ✕ … ✓ ≠ ≠
P14 ≠ ≠ ≠ ≠ ≠ ≠
P16 ≠ ≠ ≠ ✕ ≠ ≠
P28 ≠ ≠ ≠ ≠ ≠ ≠
P29 ≠ ≠ ≠ ≠ ≠ ≠
"""
REMEDIED = """
P09 ✕ ✕ … ✓ ✓ ✓
P14 ✓ ✓ ✓ ✓ ≠ ✓
P16 ✓ ✓ ✓ ✓ ✓ ✓
P28 ✕ ✕ ✕ ✕ ✕ ✕
P29 ✓ ✓ ✓ ✓ ✓ ✓
"""

EAGER = sys.version_info >= (3, 12)  # eager tasks came with it, and wait_for makes no task since then
THREADS_INHERIT = bool(getattr(sys.flags, "thread_inherit_context", False))

NOWHERE = "∅ ∅ ∅ ∅ ∅ ∅"
# Where this Python or this system has other rows.
ROWS_HERE: dict[str, str] = {}
if not EAGER:
    ROWS_HERE |= {"P17": NOWHERE, "P19": "✓ ✓ ✓ ✓ ≠ ✕"}
if THREADS_INHERIT:
    ROWS_HERE["P13"] = "✓ ✓ ✓ ✓ ✓ ✓"
if sys.platform == "win32":  # neither os.fork, nor a loop that watches sockets
    ROWS_HERE |= dict.fromkeys(("P11", "P23"), NOWHERE)
if sys.platform == "emscripten":  # a browser: nor threads
    ROWS_HERE |= dict.fromkeys(("P11", "P12", "P13", "P23"), NOWHERE)


def cells(table: str) -> dict[Cell, Outcome]:
    """Return the outcomes of a table by (id, design)."""
    rows = dict(line.split(maxsplit=1) for line in table.strip().splitlines())
    return {
        (id, design): MARKS[mark]
        for id, marks in rows.items()
        for design, mark in zip(DESIGNS, ROWS_HERE.get(id, marks).split(), strict=True)
    }


PINNED = cells(MATRIX)
# Nothing goes wrong there, on this Python or system, whatever the design.
HARMLESS_HERE = {id for id, marks in ROWS_HERE.items() if "≠" not in marks}


def found(id: str, design: type[Aggregate]) -> Finding:
    """Judge one pitfall in a loop of its own."""
    return asyncio.run(verdict(id, design))


def remaining(id: str, design: type[Aggregate], *, remedied: bool = False) -> Finding:
    """Judge what remains of one, in a loop of its own."""
    return asyncio.run(judged_limit(LIMITS[id], design, remedied=remedied))


def evidence(cell: Cell) -> tuple[str, str]:
    """Return what was hoped for on one of the six designs, and what was seen instead."""
    id, design = cell
    finding = found(id, DESIGNS[design].aggregate)
    return finding.expected, finding.seen


def otherwise(*rows: tuple[str, type[Aggregate], Outcome, str]) -> pytest.MarkDecorator:
    """Parametrize by pitfall, a mended or broken design, its outcome, and how the evidence begins."""
    absent = pytest.mark.skip("nothing goes wrong there, on this Python or system")
    return pytest.mark.parametrize(
        ("id", "design", "outcome", "seen"),
        [
            pytest.param(*row, id=f"{row[0]} / {row[1].__name__}", marks=absent if row[0] in HARMLESS_HERE else ())
            for row in rows
        ],
    )


def comes_out(id: str, design: type[Aggregate], outcome: Outcome, seen: str) -> None:
    """Check the outcome of a design, and how the evidence begins."""
    finding = found(id, design)
    assert (finding.outcome, finding.seen[: len(seen)]) == (outcome, seen), finding
