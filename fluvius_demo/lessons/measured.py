"""What was measured, on which machine: as a table, as data, and as read back from data."""

import json
import os
import platform
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from fluvius_demo.lessons.timing import Comparison, Interval

REFERENCE = Path(__file__).with_name("reference.json")
OF_IT = "of it"  # what a share is of; all else is a ratio
_PACKAGES = ("fluvius-demo", "werkzeug", "asgiref", "structlog", "prometheus_client")


@dataclass(frozen=True)
class Row:
    """One figure: what it belongs to, its name, its value and unit; perhaps a ratio, and to what.

    What is no figure has no value; its unit is the word for it.
    """

    section: str
    name: str
    value: Interval | None
    unit: str
    ratio: Interval | None = None
    to: str = ""

    @property
    def told(self) -> str:
        """The ratio in words, with its interval; or that it cannot be told from 1."""
        if self.ratio is None:
            return ""
        ratio, is_share = self.ratio, self.to == OF_IT
        value, low, high = (
            f"{figure:.1%}" if is_share else f"{figure:.2f}" for figure in (ratio.value, ratio.low, ratio.high)
        )
        words = f"{value} {self.to}" if is_share else f"{value} x {self.to}"
        if ratio.low == ratio.high:
            return words
        noisy = ", too noisy to tell" if ratio.against(0 if is_share else 1) == "too noisy to tell" else ""
        return f"{words} ({low} to {high}{noisy})"


@dataclass(frozen=True)
class Measured:
    """The rows of one run, the machine that they were measured on, and what they say in words."""

    machine: dict[str, Any]
    rows: tuple[Row, ...]
    words: tuple[str, ...] = ()

    def section(self, name: str) -> dict[str, Row]:
        """Return the rows of a section by name. Raises KeyError where there are none."""
        found = {row.name: row for row in self.rows if row.section == name}
        if not found:
            known = ", ".join(sorted({row.section for row in self.rows}))
            raise KeyError(f"Cannot show {name!r}: it was not measured. To solve this, use one of: {known}.")
        return found


def by_size(rows: Mapping[str, Row], unit: str) -> dict[str, dict[int, Row]]:
    """Return the rows of one unit that were measured at several sizes: `found[what][size]`, from "what, 100 open"."""
    found: dict[str, dict[int, Row]] = {}
    for name, row in rows.items():
        what, _, last = name.rpartition(", ")
        size = re.match(r"[\d,]+", last)
        if size and row.unit == unit:
            found.setdefault(what, {})[int(size[0].replace(",", ""))] = row
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
        "platform": f"{platform.system()} {platform.machine()}",
        "processors": os.cpu_count(),
        "versions": {name: _version(name) for name in _PACKAGES},
    }


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:  # then it is not measured
        return None


def as_text(measured: Measured) -> str:
    """Return one table, section by section; the interval of each ratio beside it."""
    name_width = max((len(row.name) for row in measured.rows), default=0)
    lines, section = [], ""
    for row in measured.rows:
        if row.section != section:
            section = row.section
            lines += ["", section]
        figure = number(row.value.value) if row.value is not None else ""
        lines.append(f"  {row.name:{name_width}}  {figure:>10} {row.unit:12} {row.told}".rstrip())
    facts = measured.machine
    head = f"{facts['python']}, {facts['processors']} processors, {facts['platform']}"
    return "\n".join([head, *lines, "", *measured.words])


def number(value: float) -> str:
    """Return a figure with three digits that count, or as a whole number where it has more."""
    if value == int(value) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def as_data(measured: Measured) -> dict[str, Any]:
    """Return the same figures as plain data."""
    return {"machine": measured.machine, "rows": [asdict(row) for row in measured.rows], "words": measured.words}


def from_data(data: dict[str, Any]) -> Measured:
    """Return what `as_data` was made of."""

    def row(told: dict[str, Any]) -> Row:
        intervals = {name: told[name] and Interval(**told[name]) for name in ("value", "ratio")}
        return Row(**{**told, **intervals})

    return Measured(data["machine"], tuple(row(told) for told in data["rows"]), tuple(data["words"]))


def reference() -> Measured:
    """Return the stored run: `python -m fluvius_demo bench --json` on the machine that it names."""
    return from_data(json.loads(REFERENCE.read_text(encoding="utf-8")))


def gathered(rows: Iterable[Row], words: Iterable[str] = ()) -> Measured:
    """Return these rows with this machine."""
    return Measured(machine(), tuple(rows), tuple(words))
