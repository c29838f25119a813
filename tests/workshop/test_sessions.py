"""The timetables of WORKSHOP.md: they add up, each section is there, and there is time for what is planned in it."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest

from workshop import instructor, sessions
from workshop.handout import ROOT

TEXT = instructor.WORKSHOP.read_text(encoding="utf-8")
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
ENTRIES = instructor.entries(TEXT)
LIMITS = {"The 90-minute session": 90, "The half-day session": 210}
# To talk a prediction through takes so much longer than the half minute that is counted: an estimate, in minutes.
TALK = 2
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

1. **01, B** (9:00, 9 minutes), **01, B**

| 9:00–9:01 | 1 | 01, A | a |

1. **01, A** (9:00, 1 minute)
"""  # noqa: RUF001


def part(title: str) -> str:
    """Return what stands under a heading of the second level."""
    return TEXT.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def timetable(session: str) -> list[sessions.Row]:
    """Return the rows of a session."""
    [rows] = sessions.timetables(part(session))
    return rows


def named(text: str) -> list[str]:
    """Return the sections that a text names in bold, by their notebook and title."""
    return [" ".join(name.split()).rstrip(".,") for name in re.findall(r"\*\*(\d\d, [^*]*)\*\*", text)]


def asked(number: str, title: str) -> set[str]:
    """Return the predictions that a section of a notebook asks for, by their names; none where it is no section."""
    found, here = set(), ""
    for path in NOTEBOOKS:
        for cell in nbformat.read(path, as_version=4).cells if path.name.startswith(f"{number}_") else ():
            if cell.cell_type == "markdown":
                here = ([here, *re.findall(r"^## (.*?)(?: \(\d+ minutes?\))?$", cell.source, re.MULTILINE)])[-1]
            elif here == title:
                found |= set(re.findall(r'^predict\("(.*)"\)', cell.source, re.MULTILINE))
    return found


@pytest.mark.parametrize("session", LIMITS)
def test_a_session_fits_into_its_time(session: str) -> None:
    """With breaks and talk it takes no longer than it says, and no section comes twice."""
    rows = timetable(session)
    assert LIMITS[session] - 20 <= sum(row.minutes for row in rows) <= LIMITS[session]
    sections = [(row.notebook, row.title) for row in rows if row.notebook]
    assert len(sections) == len(set(sections))


@pytest.mark.parametrize("session", LIMITS)
def test_what_may_be_cut_is_planned(session: str) -> None:
    """Each session has its own list, of sections of its own table; what is never cut is not among them."""
    planned = {f"{row.notebook}, {row.title}" for row in timetable(session)}
    cut, never = named(part(session).partition("cut in this order:")[2]), named(part("What to cut when time runs out"))
    assert len(cut) >= 3
    assert len(never) >= 2
    assert set(cut) <= planned - set(never)
    assert set(never[:2]) <= planned


def test_what_is_done_if_time_is_left_exists() -> None:
    """It is in a notebook, and in no timetable."""
    sections = {f"{number}, {entry.title}" for number, found in ENTRIES.items() for entry in found}
    planned = {f"{row.notebook}, {row.title}" for session in LIMITS for row in timetable(session)}
    left = named(part("What to cut when time runs out").partition("If time is left")[2])
    assert left
    assert set(left) <= sections - planned


@pytest.mark.parametrize("session", LIMITS)
def test_what_is_talked_through_is_asked_there(session: str) -> None:
    """A row that talks predictions through names questions of its section; the next Catch up has the minutes."""
    count, owed = 0, 0
    for row in timetable(session):
        talked = re.findall(r"talk through \*([^*]+)\*", row.what)
        assert set(talked) <= asked(row.notebook, row.title)
        count, owed = count + len(talked), owed + TALK * len(talked)
        if row.title == "Catch up":
            assert row.minutes >= owed
            owed = 0
    assert (count >= 4, owed) == (True, 0)


@pytest.mark.parametrize("session", LIMITS)
def test_what_is_left_out_is_run_all_the_same(session: str) -> None:
    """A row says so where its notebook's last row is not of the section right before: cells build on those before."""
    last: dict[str, str] = {}
    for row in (row for row in timetable(session) if row.notebook):
        titles = ["", *(entry.title for entry in ENTRIES[row.notebook])]
        follows = titles.index(row.title) == titles.index(last.get(row.notebook, "")) + 1
        assert ("run all above" in row.what) == (not follows)
        last[row.notebook] = row.title


def test_the_half_day_has_breaks() -> None:
    """Nobody sits for longer than 90 minutes."""
    rows = timetable("The half-day session")
    without, longest = 0, 0
    for row in rows:
        without = 0 if row.title == "Break" else without + row.minutes
        longest = max(longest, without)
    assert [row.title for row in rows].count("Break") == 3
    assert longest <= 90


def test_the_timetables_follow_from_the_minutes() -> None:
    """`python -m workshop.sessions --write` would change nothing; every section that is named exists."""
    assert sessions.put_right(TEXT) == TEXT, "run: python -m workshop.sessions --write"


def test_a_timetable_is_put_right() -> None:
    """A section takes its own minutes, each other row what it states; every timetable begins at 0:00.

    What may be cut under it says so, too.
    """
    right = sessions.put_right(SMALL)
    assert [str(row) for rows in sessions.timetables(right) for row in rows] == [
        "| 0:00–0:07 | 7 | Welcome | hello |",  # noqa: RUF001
        "| 0:07–0:08 | 1 | 01, B | b, (b) |",  # noqa: RUF001
        "| 0:08–1:03 | 55 | Break | tea |",  # noqa: RUF001
        "| 0:00–0:02 | 2 | 01, A | a |",  # noqa: RUF001
    ]
    assert re.findall(r"^1\. .*$", right, re.MULTILINE) == [
        "1. **01, B** (0:07, 1 minute), **01, B**",
        "1. **01, A** (0:00, 2 minutes)",
    ]
    for old, new in (("| 01, B", "| 01, C"), ("**01, A** (", "**01, B** (")):
        with pytest.raises(KeyError):
            sessions.put_right(SMALL.replace(old, new))


def test_only_when_asked_the_file_is_put_right(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the timetables are printed as they should be, and that is all."""
    path = tmp_path / "WORKSHOP.md"
    path.write_text(SMALL, encoding="utf-8")
    monkeypatch.setattr(sessions, "WORKSHOP", path)
    assert sessions.main([]) == 0
    assert path.read_text(encoding="utf-8") == SMALL
    assert sessions.main(["--write"]) == 0
    assert path.read_text(encoding="utf-8") == sessions.put_right(SMALL) != SMALL
