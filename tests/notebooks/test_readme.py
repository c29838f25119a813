"""What the README says of the notebooks is what the notebooks say."""

import re
from pathlib import Path

import nbformat
import pytest
from store_outputs import COURSE, last_picture

from fluvius_demo.lessons.scenarios import PITFALLS

ROOT = COURSE.parent
HOURS = {6: "six", 7: "seven", 8: "eight"}
README = (ROOT / "README.md").read_text(encoding="utf-8")
NOTEBOOKS = sorted(COURSE.glob("*.ipynb"))


def rows(text: str) -> dict[str, int]:
    """Return the minutes that a map of notebooks states, by the notebook's number."""
    return {number: int(minutes) for number, minutes in re.findall(r"^\| \W*(\d\d) .*\| (\d+) \|$", text, re.MULTILINE)}


def prose(path: Path) -> str:
    """Return all that a notebook says in words."""
    cells = nbformat.read(path, as_version=4).cells
    return "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


def checklist(text: str) -> tuple[list[str], dict[str, str]]:
    """Return the points of the checklist, and the section that each pitfall's id in it leads to."""
    section = text.partition(" Before you move state into a ContextVar\n")[2].partition("\n## ")[0]
    points = [" ".join(point.split()) for point in re.findall(r"^- \[ \] (.*(?:\n  .*)*)", section, re.MULTILINE)]
    return points, {id: fragment for id, fragment in re.findall(r"^\[(\w+)\]: \S*#(\S+)$", section, re.MULTILINE)}


def test_the_picture_is_the_one_in_the_notebook() -> None:
    """The README shows what the first notebook has stored, to the byte."""
    stored = last_picture(nbformat.read(COURSE / "00_start_here.ipynb", as_version=4))
    assert (COURSE / "00_start_here.png").read_bytes() == stored


def test_both_checklists_are_the_same() -> None:
    """The README's is that of notebook 05, with links to the same sections; each pitfall is in it, once."""
    points, sections = checklist(README)
    assert (points, sections) == checklist(prose(COURSE / "05_pitfalls.ipynb"))
    assert 10 <= len(points) <= 14
    assert sorted(re.findall(r"\[(P\d\d)\]", " ".join(points))) == list(sections) == list(PITFALLS)


def test_both_maps_name_every_notebook() -> None:
    """The README and the first notebook list the notebooks that there are, with the same minutes."""
    assert list(rows(README)) == [path.name[:2] for path in NOTEBOOKS]
    assert rows(prose(NOTEBOOKS[0])) == rows(README)


def test_the_whole_course_takes_as_long_as_its_notebooks() -> None:
    """The README states the sum of its map, in whole hours."""
    hours = round(sum(rows(README).values()) / 60)
    assert f"All of it takes about {HOURS[hours]} hours." in README


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
@pytest.mark.parametrize(
    "mark", ["**What you will do:**", "**What you will learn:**", "**What you need:**", "**Time:**"]
)
def test_each_opens_with_what_it_is_for(path: Path, mark: str) -> None:
    """What you will do, learn and need, and the minutes, stand in a notebook's first cell."""
    assert mark in nbformat.read(path, as_version=4).cells[0].source


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_each_closes_with_production_and_three_questions(path: Path) -> None:
    """Each question unfolds its answer."""
    last = nbformat.read(path, as_version=4).cells[-1].source
    assert "## In production…" in last
    assert [number for number in re.findall(r"<details><summary>(\d)\. ", last)] == ["1", "2", "3"]
    assert last.count("</summary>") == last.count("</details>") == 3
