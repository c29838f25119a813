"""WORKSHOP.md fits the notebooks: each section has its entry, and the timetables add up."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest

from fluvius_demo.__main__ import main
from workshop import instructor, sessions
from workshop.handout import ROOT

TEXT = instructor.WORKSHOP.read_text(encoding="utf-8")
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
ENTRIES = instructor.entries(TEXT)
ENDS = ["Looking back", "In production…", "Three questions"]
LIMITS = {"The 90-minute session": 90, "The half-day session": 210}
SMALL = """### 01 One

#### A (2 minutes)

**Say:** a

#### B (1 minute)

**Say:** b

### The end

| from–to | minutes | section | what |
|---|---|---|---|
| 0:00–0:07 | 7 | Welcome | hello |
| 0:00–0:00 | 9 | 01, B | b, (b) |
| 0:00–0:00 | 55 | Break | tea |

| 9:00–9:01 | 1 | 01, A | a |
"""  # noqa: RUF001


def headings(path: Path) -> tuple[str, list[tuple[str, int | None]]]:
    """Return a notebook's title without its number, and its sections with the minutes that they state, if they do."""
    cells = nbformat.read(path, as_version=4).cells
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    found = re.findall(r"^## (.*?)(?: \((\d+) minutes?\))?$", text, re.MULTILINE)
    title = re.search(r"^# (?:\d\d )?(.*)$", text, re.MULTILINE)[1]
    return title, [(section, int(minutes) if minutes else None) for section, minutes in found]


def test_every_notebook_has_its_part() -> None:
    """The parts follow the notebooks, and bear their numbers and titles."""
    titles = [f"{path.name[:2]} {headings(path)[0]}" for path in NOTEBOOKS]
    assert re.findall(r"^### (\d\d .*)$", TEXT, re.MULTILINE) == titles


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_section_has_its_entry(path: Path) -> None:
    """The entries of a notebook are its sections, in order, with the same minutes."""
    _, sections = headings(path)
    entries = [(entry.title, entry.minutes) for entry in ENTRIES[path.name[:2]]]
    assert entries == [section for section in sections if section[0] not in ENDS]


def test_what_every_notebook_ends_with_has_its_entry() -> None:
    """One entry for all notebooks, for each of the parts that stand at the end of each."""
    common = TEXT.partition("\n### The end of each notebook\n")[2].partition("\n### ")[0]
    assert re.findall("^#### (.*)$", common, re.MULTILINE) == ENDS
    assert common.count("**Say:**") == common.count("**Ask:**") == 3


@pytest.mark.parametrize(
    "entry", [entry for found in ENTRIES.values() for entry in found], ids=lambda entry: entry.title[:20]
)
def test_an_entry_says_and_asks(entry: sessions.Entry) -> None:
    """What to say, then what to ask, then what goes wrong where something does; nothing else, and nothing twice."""
    marks = re.findall(r"^\*\*([\w ]+):\*\* \S", entry.text, re.MULTILINE)
    assert marks in (["Say", "Ask"], ["Say", "Ask", "Goes wrong"])
    assert len(re.split(r"\n\n+", entry.text)) == len(marks)


@pytest.mark.parametrize("session", LIMITS)
def test_a_session_fits_into_its_time(session: str) -> None:
    """With breaks and talk it takes no longer than it says, and no section comes twice."""
    rows = timetable(session)
    assert LIMITS[session] - 20 <= sum(row.minutes for row in rows) <= LIMITS[session]
    sections = [(row.notebook, row.title) for row in rows if row.notebook]
    assert len(sections) == len(set(sections))


def test_what_may_be_cut_exists() -> None:
    """Each section that is named in bold, by its notebook and title, is there; what is to be cut is in a timetable."""
    cut, _, kept = TEXT.partition("\n## What to cut when time runs out\n")[2].partition("\n## ")[0].partition("\nNever")
    sections = {f"{number}, {entry.title}" for number, found in ENTRIES.items() for entry in found}
    planned = {f"{row.notebook}, {row.title}" for session in LIMITS for row in timetable(session)}
    named = [
        [" ".join(name.split()).rstrip(".,") for name in re.findall(r"\*\*(\d\d, [^*]*)\*\*", part)]
        for part in (cut, kept)
    ]
    assert len(named[0]) >= 7
    assert set(named[0]) <= planned
    assert set(named[1]) <= sections


def test_the_half_day_has_breaks() -> None:
    """Nobody sits for longer than 90 minutes."""
    rows = timetable("The half-day session")
    without, longest = 0, 0
    for row in rows:
        without = 0 if row.title == "Break" else without + row.minutes
        longest = max(longest, without)
    assert [row.title for row in rows].count("Break") == 3
    assert longest <= 90


def timetable(session: str) -> list[sessions.Row]:
    """Return the rows of a session."""
    [rows] = sessions.timetables(TEXT.partition(f"\n## {session}\n")[2].partition("\n## ")[0])
    return rows


def test_the_timetables_follow_from_the_minutes() -> None:
    """`python -m workshop.sessions --write` would change nothing; every section that is named exists."""
    assert sessions.put_right(TEXT) == TEXT, "run: python -m workshop.sessions --write"


def test_a_timetable_is_put_right() -> None:
    """A section takes its own minutes, each other row what it states; every timetable begins at 0:00."""
    right = sessions.put_right(SMALL)
    assert [str(row) for rows in sessions.timetables(right) for row in rows] == [
        "| 0:00–0:07 | 7 | Welcome | hello |",  # noqa: RUF001
        "| 0:07–0:08 | 1 | 01, B | b, (b) |",  # noqa: RUF001
        "| 0:08–1:03 | 55 | Break | tea |",  # noqa: RUF001
        "| 0:00–0:02 | 2 | 01, A | a |",  # noqa: RUF001
    ]
    with pytest.raises(KeyError):
        sessions.put_right(SMALL.replace("01, B", "01, C"))


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\bmake ([a-z][\w-]*)(?=`|$)", TEXT, re.MULTILINE))))
def test_a_make_target_exists(target: str) -> None:
    """What WORKSHOP.md tells somebody to make can be made."""
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize(
    "command", sorted(set(re.findall(r"python -m fluvius_demo ((?:[a-z]+)(?: --[a-z-]+)?)", TEXT))), ids=str
)
def test_a_command_exists(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A subcommand that WORKSHOP.md names is there, with the option that it names."""
    name, *options = command.split()
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    assert ended.value.code == 0
    assert all(option in capsys.readouterr().out for option in options)
