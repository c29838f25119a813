"""What was measured, on which machine: as a table, as data, and as read back from data."""

import json
import os
import platform
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from fluvius_demo.lessons.timing import Comparison, Interval

REFERENCE = Path(__file__).with_name("reference.json")
_PACKAGES = ("fluvius-demo", "werkzeug", "asgiref", "structlog")


@dataclass(frozen=True)
class Row:
    """One figure: what it belongs to, its name, its value and unit; perhaps a ratio, and to what."""

    section: str
    name: str
    value: Interval
    unit: str
    ratio: Interval | None = None
    to: str = ""

    @property
    def told(self) -> str:
        """The ratio in words, with its interval; or that it cannot be told from 1."""
        if self.ratio is None:
            return ""
        interval = f"({self.ratio.low:.2f} to {self.ratio.high:.2f})"
        if self.ratio.low == self.ratio.high:
            interval = ""
        elif self.ratio.against(1) == "too noisy to tell":
            interval += " too noisy to tell"
        return f"{self.ratio.value:.2f} x {self.to} {interval}".rstrip()


@dataclass(frozen=True)
class Measured:
    """The rows of one run, and the machine that they were measured on."""

    machine: dict[str, Any]
    rows: tuple[Row, ...]

    def section(self, name: str) -> dict[str, Row]:
        """Return the rows of a section by name. Raises KeyError where there are none."""
        found = {row.name: row for row in self.rows if row.section == name}
        if not found:
            raise KeyError(f"no section {name!r} was measured; there are {sorted({row.section for row in self.rows})}")
        return found


def rows_of(section: str, comparison: Comparison, unit: str = "ns", to: str = "") -> list[Row]:
    """Return a comparison as rows; `to` is what the ratios are to. Without it the rows have none."""
    factor = {"ns": 1e9, "us": 1e6, "ms": 1e3}[unit]
    return [
        Row(section, name, timing.seconds.times(factor), unit, timing.ratio if to else None, to)
        for name, timing in comparison.items()
    ]


def machine() -> dict[str, Any]:
    """Return what the figures depend on: interpreter, platform, processor, versions."""
    locked = getattr(sys, "_is_gil_enabled", lambda: True)()
    return {
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "interpreter_lock": locked,
        "platform": platform.platform(),
        "processors": os.cpu_count(),
        "versions": {name: version(name) for name in _PACKAGES},
    }


def as_text(measured: Measured) -> str:
    """Return one table, section by section; the interval of each ratio beside it."""
    name_width = max(len(row.name) for row in measured.rows)
    lines, section = [], ""
    for row in measured.rows:
        if row.section != section:
            section = row.section
            lines += ["", section]
        lines.append(f"  {row.name:{name_width}}  {number(row.value.value):>10} {row.unit:12} {row.told}".rstrip())
    facts = measured.machine
    head = f"{facts['python']}, {facts['processors']} processors, {facts['platform']}"
    return "\n".join([head, *lines])


def number(value: float) -> str:
    """Return a figure with three digits that count, and no more."""
    if value == int(value) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def as_data(measured: Measured) -> dict[str, Any]:
    """Return the same figures as plain data."""
    return {"machine": measured.machine, "rows": [asdict(row) for row in measured.rows]}


def from_data(data: dict[str, Any]) -> Measured:
    """Return what `as_data` was made of."""

    def row(told: dict[str, Any]) -> Row:
        ratio = told["ratio"] and Interval(**told["ratio"])
        return Row(**{**told, "value": Interval(**told["value"]), "ratio": ratio})

    return Measured(data["machine"], tuple(row(told) for told in data["rows"]))


def reference() -> Measured:
    """Return the stored run: `python -m fluvius_demo bench --json` on the machine that it names."""
    return from_data(json.loads(REFERENCE.read_text(encoding="utf-8")))


def gathered(rows: Iterable[Row]) -> Measured:
    """Return these rows with this machine."""
    return Measured(machine(), tuple(rows))

