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


def as_text(table: Matrix, remains: Limits, of: str) -> str:
    """Return the matrix, and what remains on the design `of`, in lines."""
    names = list(next(iter(table.values())))
    widths = {name: max(len(name), 7) for name in names}
    wide = max(len(PITFALLS[id].name) for id in table)
    lines = [f"{'':{wide + 4}}" + "".join(f"  {name:{widths[name]}}" for name in names)]
    for id, findings in table.items():
        words = {name: SHORT.get(findings[name].outcome, findings[name].outcome) for name in names}
        cells = "".join(f"  {words[name]:{widths[name]}}" for name in names)
        lines.append(f"{id} {PITFALLS[id].name:{wide}}{cells}".rstrip())
    lines += ["", f"What no design of Aggregate can catch, on {of}:"]
    for id, (without, remedied) in remains.items():
        said = f"{id} {LIMITS[id].question} {without.outcome}. Remedy: {LIMITS[id].remedy}. Then: {remedied.outcome}."
        lines += wrap(said, 118, subsequent_indent="    ")
    return "\n".join(lines)


def evidence(table: Matrix, name: str) -> str:
    """Return what was expected and what was seen on one design, for each pitfall that is not *correct*."""
    lines = []
    for id, findings in table.items():
        finding, pitfall = findings[name], PITFALLS[id]
        if finding.outcome not in ("correct", "not applicable"):
            lines += [f"{id} {pitfall.name}: {finding.outcome}", f"    {pitfall.question}"]
            lines += [f"    expected: {finding.expected}", f"    seen: {finding.seen}", f"    remedy: {pitfall.remedy}"]
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
