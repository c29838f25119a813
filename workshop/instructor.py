"""What WORKSHOP.md tells the instructor, section by section."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

WORKSHOP = Path(__file__).resolve().parents[1] / "WORKSHOP.md"
# The entries for what stands at the end of each notebook.
EVERY = "every"

_PART = re.compile(r"^### (?:(\d\d) .*|The end of each notebook)$", re.MULTILINE)
_SECTION = re.compile(r"^#### (.*?)(?: \((\d+) minutes?\))?$", re.MULTILINE)


class Entry(NamedTuple):
    """What WORKSHOP.md says of a section: its minutes (None for the parts of every end), and the text."""

    title: str
    minutes: int | None
    text: str


def entries(text: str) -> dict[str, list[Entry]]:
    """Return the entries by the number of their notebook, or EVERY, in order."""
    pieces = _PART.split(text)
    return {number or EVERY: _of_part(piece) for number, piece in zip(pieces[1::2], pieces[2::2], strict=True)}


def _of_part(text: str) -> list[Entry]:
    pieces = _SECTION.split(re.split(r"^#{1,3} ", text, maxsplit=1, flags=re.MULTILINE)[0])
    return [
        Entry(title, int(minutes) if minutes else None, body.strip())
        for title, minutes, body in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True)
    ]


def without_minutes(heading: str) -> str:
    """Return a heading as it is compared: without its minutes, code marks and needless room."""
    return " ".join(re.sub(r"\s*\(\d+ minutes?\)\s*$", "", heading).replace("`", "").split())


def instructor_notes(text: str, number: str) -> dict[str, str]:
    """Return what is said of each section of a notebook, "01" say, and of its end, by the section's title."""
    found = entries(text)
    return {without_minutes(one.title): one.text for part in (EVERY, number) for one in found.get(part, ())}
