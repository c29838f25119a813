"""The matrix pitfall by design, and what remains on every design, as text and as plain data."""

import sys
from collections.abc import Mapping
from dataclasses import asdict
from textwrap import wrap
from typing import Any

from fluvius_demo.lessons.outcomes import Finding, Outcome
from fluvius_demo.lessons.scenarios import LIMITS, PITFALLS, Matrix

Limits = Mapping[str, tuple[Finding, Finding]]

SHORT: dict[Outcome, str] = {"not applicable": "n/a"}
BAD = ("wrong", "stuck", "leaked")
PYTHON = f"Python {sys.version_info.major}.{sys.version_info.minor}"
COLUMNS = 120  # the widest line; a single word that is longer stays whole


def as_text(table: Matrix, remains: Limits, of: str) -> str:
    """Return the matrix, and what remains on the design `of`, in lines of 120 columns at the most.

    Where the designs do not fit side by side, the rest of them follows below.
    """
    names = list(next(iter(table.values())))
    wide = max(len(PITFALLS[id].name) for id in table) + 4
    widths = {name: max(len(name), 7) + 2 for name in names}
    blocks: list[list[str]] = [[]]
    for name in names:
        if blocks[-1] and wide + sum(widths[one] for one in (*blocks[-1], name)) > COLUMNS:
            blocks.append([])
        blocks[-1].append(name)
    lines = []
    for block in blocks:
        lines.append(" " * wide + "".join(f"  {name:{widths[name] - 2}}" for name in block).rstrip())
        for id, findings in table.items():
            words = {name: SHORT.get(findings[name].outcome, findings[name].outcome) for name in block}
            cells = "".join(f"  {words[name]:{widths[name] - 2}}" for name in block)
            lines.append(f"{f'{id} {PITFALLS[id].name}':{wide}}{cells}".rstrip())
        lines.append("")
    lines.append(f"What no design of Aggregate can catch, on {of}:")
    for id, (without, remedied) in remains.items():
        said = f"{LIMITS[id].question} Here: {without.outcome}. Remedy: {LIMITS[id].remedy}. Then: {remedied.outcome}."
        lines += _wrapped(f"{id} {said}")
    return "\n".join(lines)


def _wrapped(text: str, indent: str = "") -> list[str]:
    return wrap(text, COLUMNS, initial_indent=indent, subsequent_indent=f"{indent}    ", break_long_words=False)


def evidence(table: Matrix, name: str) -> str:
    """Return what was expected and what was seen on one design, for each pitfall that is not *correct*."""
    lines = []
    for id, findings in table.items():
        finding, pitfall = findings[name], PITFALLS[id]
        if finding.outcome not in ("correct", "not applicable"):
            lines.append(f"{id} {pitfall.name}: {finding.outcome}")
            told = f"expected: {finding.expected}", f"seen: {finding.seen}", f"remedy: {pitfall.remedy}"
            lines += [line for text in (pitfall.question, *told) for line in _wrapped(text, "    ")]
    return "\n".join(lines) or f"On {name} every pitfall is correct."


def as_data(table: Matrix, remains: Limits, of: str) -> dict[str, Any]:
    """Return all of it as plain data, for JSON."""
    pitfalls = [
        {
            **{key: value for key, value in asdict(PITFALLS[id]).items() if key != "test"},
            "designs": {name: asdict(finding) for name, finding in findings.items()},
        }
        for id, findings in table.items()
    ]
    limits = [
        {
            "id": id,
            "question": LIMITS[id].question,
            "remedy": LIMITS[id].remedy,
            "without": asdict(without),
            "remedied": asdict(remedied),
        }
        for id, (without, remedied) in remains.items()
    ]
    return {"python": PYTHON, "pitfalls": pitfalls, "limits_on": of, "limits": limits}
