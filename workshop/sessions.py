"""The timetables in WORKSHOP.md: `python -m workshop.sessions` prints them, `--write` puts them right.

A row that names a section takes that section's minutes, as its entry in WORKSHOP.md states them; each other row keeps
its own. The times from and to follow, and so does what stands under a table about cutting a section: when it begins,
and how long it takes.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from functools import partial
from itertools import groupby
from typing import NamedTuple

from workshop.instructor import WORKSHOP, entries

_ROW = re.compile(r"^\| (\d+:\d\d)–(\d+:\d\d) \| (\d+) \| (?:(\d\d), )?(.+?) \| (.*) \|$")  # noqa: RUF001
_CUT = re.compile(r"(\*\*(\d\d), ([^*]+)\*\* \()\d+:\d\d, \d+ minutes?\)")


class Row(NamedTuple):
    """A line of a timetable; `notebook` is empty where it is no section of one."""

    start: str
    end: str
    minutes: int
    notebook: str
    title: str
    what: str

    def __str__(self) -> str:
        notebook = f"{self.notebook}, " if self.notebook else ""
        return f"| {self.start}–{self.end} | {self.minutes} | {notebook}{self.title} | {self.what} |"  # noqa: RUF001


def row(line: str) -> Row | None:
    """Return a line as a row of a timetable, or None where it is none."""
    match = _ROW.match(line)
    return match and Row(match[1], match[2], int(match[3]), match[4] or "", match[5], match[6])


def timetables(text: str) -> list[list[Row]]:
    """Return the rows of each timetable."""
    runs = groupby(map(row, text.splitlines()), bool)
    return [list(rows) for is_table, rows in runs if is_table]


def clock(minutes: int) -> str:
    """Return minutes as hours and minutes: 75 is 1:15."""
    return f"{minutes // 60}:{minutes % 60:02}"


def put_right(text: str) -> str:
    """Return the text with the minutes of the sections, and the times that follow from them.

    Raises KeyError where a row names a section that has no entry, or where a section that its table lacks is cut.
    """
    minutes = {(number, entry.title): entry.minutes for number, found in entries(text).items() for entry in found}
    done: list[str] = []
    rows: list[Row] = []
    in_table = False
    for line in text.splitlines(keepends=True):
        one = row(line.rstrip("\n"))
        if one is None:
            in_table = False
            done.append(_CUT.sub(partial(_put_right, rows), line))
            continue
        if not in_table:
            in_table, rows = True, []
        takes = minutes[one.notebook, one.title] if one.notebook else one.minutes
        now = sum(before.minutes for before in rows)
        rows.append(one._replace(start=clock(now), end=clock(now + takes), minutes=takes))
        done.append(f"{rows[-1]}\n")
    return "".join(done)


def _put_right(rows: Sequence[Row], cut: re.Match[str]) -> str:
    found = {(one.notebook, one.title): one for one in rows}[cut[2], cut[3]]
    return f"{cut[1]}{found.start}, {found.minutes} minute{'s' * (found.minutes != 1)})"


def main(arguments: Sequence[str]) -> int:
    """Print the timetables, or put them right in the file; return the exit code."""
    text = put_right(WORKSHOP.read_text(encoding="utf-8"))
    if "--write" in arguments:
        WORKSHOP.write_text(text, encoding="utf-8", newline="\n")
    for rows in timetables(text):
        print("\n".join(map(str, rows)), end="\n\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
