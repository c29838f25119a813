"""The timetables in WORKSHOP.md: `python -m workshop.sessions` prints them, `--write` puts them right.

A row that names a section takes that section's minutes, as its entry in WORKSHOP.md states them; each other row keeps
its own. The times from and to follow.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from workshop.instructor import WORKSHOP, entries

_ROW = re.compile(r"^\| (\d+:\d\d)–(\d+:\d\d) \| (\d+) \| (?:(\d\d), )?(.+?) \| (.*) \|$")  # noqa: RUF001


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
    """Return the text with the minutes of the sections, and the times that follow from them, in each timetable.

    Raises KeyError where a row names a section that has no entry.
    """
    minutes = {(number, entry.title): entry.minutes for number, found in entries(text).items() for entry in found}
    done, now = [], 0
    for line in text.splitlines(keepends=True):
        one = row(line.rstrip("\n"))
        if one is None:
            now = 0
            done.append(line)
            continue
        takes = minutes[one.notebook, one.title] if one.notebook else one.minutes
        done.append(f"{one._replace(start=clock(now), end=clock(now + takes), minutes=takes)}\n")
        now += takes
    return "".join(done)


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
