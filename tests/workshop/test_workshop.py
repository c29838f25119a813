"""WORKSHOP.md fits the notebooks: each section has its entry. What it tells one to run or to make is there."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest

from fluvius_demo.__main__ import main
from fluvius_demo.lessons.doctor_machine import MEGABYTES_OF_DISK, MEGABYTES_OF_MEMORY
from fluvius_demo.lessons.exercises import solution
from workshop import instructor
from workshop.handout import ROOT

TEXT = instructor.WORKSHOP.read_text(encoding="utf-8")
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
ENTRIES = instructor.entries(TEXT)
ENDS = ["Looking back", "In production…", "Three questions"]


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
def test_an_entry_says_and_asks(entry: instructor.Entry) -> None:
    """What to say, then what to ask, then what goes wrong where something does; nothing else, and nothing twice."""
    marks = re.findall(r"^\*\*([\w ]+):\*\* \S", entry.text, re.MULTILINE)
    assert marks in (["Say", "Ask"], ["Say", "Ask", "Goes wrong"])
    assert len(re.split(r"\n\n+", entry.text)) == len(marks)


def test_the_room_is_told_of_what_the_doctor_asks_for() -> None:
    """The same sizes, in MB."""
    wanted = f"{MEGABYTES_OF_DISK} MB on the disk and {MEGABYTES_OF_MEMORY} MB of memory"
    assert wanted in " ".join(TEXT.split())


def test_a_solution_that_is_named_exists() -> None:
    """Here and in the README."""
    names = re.findall(r'`solution\("(.*?)"\)`', TEXT + (ROOT / "README.md").read_text(encoding="utf-8"))
    assert len(names) == 2
    assert all("class MyOffice" in str(solution(name)) for name in names)


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
