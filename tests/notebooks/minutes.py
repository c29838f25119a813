"""How long a notebook takes, by counting: `python tests/notebooks/minutes.py` prints it, `--write` states it.

It is stated in the headings, in "**Time:** N minutes", in both maps of the course, and wherever a heading is linked to.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from urllib.parse import quote

import nbformat
from bs4 import Tag
from documents import NOTEBOOKS, TELLING, as_html, called, in_jupyterlab, parsed, told
from nbformat import NotebookNode
from notebook_rules import MOST_LINES, code_cells, tags, tree
from small_notebooks import ROOT

WORDS_PER_MINUTE = 200
# These are estimates, in minutes, and not measured: see how long your own class takes.
CELL = 1.0  # to read up to 11 lines, run them, and compare what they print
LINES_PER_MINUTE = 30  # of what a cell prints beyond its first 11 lines: source, a table, a diff
DECISION = 0.5  # to choose one of up to four answers
PLAYED = {"stepper": 3.0, "load_sliders": 3.0}  # one level of the stepper, or some turns of the knobs
STEP = 6.0  # to think, write some lines, check, and try again
# Cells with one of these are counted by what is done in them, and not as cells.
ELSEWHERE = {"check", "solution", *PLAYED}
# At the end of each notebook; these headings state no minutes of their own.
CLOSING = ("In production…", "Looking back", "Three questions")
_STATED = re.compile(r" \((\d+) minutes?\)$")


@dataclass
class Part:
    """A section of a notebook, its opening (with no title) or a part of its closing: what is to be done in it."""

    title: str = ""
    stated: int | None = None
    words: int = 0
    cells: int = 0
    decisions: int = 0
    steps: int = 0
    played: float = 0.0
    lines: int = 0

    @property
    def minutes(self) -> int:
        """How long it takes, in whole minutes, never none."""
        doing = self.cells * CELL + self.decisions * DECISION + self.steps * STEP + self.played
        return max(1, ceil(self.words / WORDS_PER_MINUTE + self.lines / LINES_PER_MINUTE + doing))


def in_words(minutes: int) -> str:
    """Return "1 minute" or "7 minutes"."""
    return f"{minutes} minute{'s' * (minutes != 1)}"


def parts(notebook: NotebookNode) -> list[Part]:
    """Return a notebook's opening, its sections and its closing, in order."""
    found = [Part()]
    running = {id(cell) for cell in code_cells(notebook)}
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            for block in parsed(cell.source).children:
                if block.name == "h2":
                    title = block.get_text().strip()
                    stated = _STATED.search(title)
                    found.append(Part(_STATED.sub("", title), int(stated[1]) if stated else None))
                found[-1].words += words(block)
        elif id(cell) in running:
            add_cell(found[-1], cell)
    return found


def words(read: Tag) -> int:
    """Return how many words there are to read, those of code included, those of an address not."""
    return sum(bool(re.search(r"\w", word)) for word in read.get_text(" ").split())


def add_cell(part: Part, cell: NotebookNode) -> None:
    """Count a code cell: as a question, as a step of an exercise, as something to play with, or as something to run."""
    body = tree(cell).body
    calls = [name for statement in body for name in called(statement)]
    part.decisions += calls.count("predict")
    # The metadata say so where a check is of more than one step, or the text asks for more levels than the one shown.
    part.steps += calls.count("check") * cell.metadata.get("steps", 1)
    part.played += sum(PLAYED.get(name, 0) for name in calls) * cell.metadata.get("levels", 1)
    part.words += sum(words(as_html(html)) for html in told(cell))
    runs = [names for statement in body if (names := called(statement)) and not TELLING.keys() & set(names)]
    only_told = TELLING.keys() & set(calls) and not runs
    if not (only_told or ELSEWHERE & set(calls) or "exercise" in tags(cell)):
        part.cells += 1
        part.lines += max(0, shown(cell) - MOST_LINES)


def shown(cell: NotebookNode) -> int:
    """Return how many lines a cell has printed, the rows of tables included."""
    pages = [as_html(output.get("data", {}).get("text/html", "")) for output in cell.outputs]
    printed = sum(output.get("text", "").count("\n") for output in cell.outputs)
    return printed + sum(len(page.find_all("tr")) for page in pages)


def total(found: Sequence[Part]) -> int:
    """Return the minutes of a notebook: those of the opening, of the sections, and of the closing as a whole."""
    closing = Part()
    for part in found:
        if part.title in CLOSING:
            closing.words, closing.cells = closing.words + part.words, closing.cells + part.cells
    return closing.minutes + sum(part.minutes for part in found if part.title not in CLOSING)


def in_files(text: str) -> set[str]:
    """Return regular expressions for a text as it may stand in a file: as it is, in JSON, or in an address."""
    return {re.escape(form) for form in (text, json.dumps(text, ensure_ascii=False)[1:-1], quote(text, safe="(),'"))}


def replacements(path: Path, found: Sequence[Part]) -> dict[str, str]:
    """Return regular expressions for all that states a notebook's minutes, each with what it should be."""
    row = rf"(^| \"|\n)(\| \W*{re.escape(path.name[:2])} [^|]*\|[^|]*\| )\d+( \|)"
    stated = {row: rf"\g<1>\g<2>{total(found)}\g<3>"}
    for part in (part for part in found[1:] if part.title not in CLOSING):
        minutes = in_words(part.minutes)
        for title in in_files(part.title):
            # A heading that states none yet, and whatever names one that does.
            stated[rf"(#{{2,4}} {title})(?=\\n|\"|$)"] = rf"\g<1> ({minutes})"
            stated[rf"({title}) \(\d+ minutes?\)"] = rf"\g<1> ({minutes})"
        for anchor in in_files(in_jupyterlab(part.title)):
            stated[rf"({anchor})-\(\d+-minutes?\)"] = rf"\g<1>-({minutes.replace(' ', '-')})"
    return stated


def restated(path: Path, course: dict[Path, list[Part]]) -> tuple[str, list[str]]:
    """Return a file's text with the counted minutes in it, and what has changed."""
    text = path.read_text(encoding="utf-8")
    wanted = {old: new for notebook, found in course.items() for old, new in replacements(notebook, found).items()}
    if path in course:
        wanted[r"(\*\*Time:\*\* )\d+ minutes?"] = rf"\g<1>{in_words(total(course[path]))}"
    changed = []
    for old, new in wanted.items():
        for match in re.finditer(old, text, re.MULTILINE):
            if match[0] != match.expand(new):
                changed.append(f"{match[0]} → {match.expand(new)}")
        text = re.sub(old, new, text, flags=re.MULTILINE)
    return text, changed


def stating(root: Path) -> list[Path]:
    """Return all files that may state minutes, or link to a heading that does."""
    patterns = ("*.md", "notebooks/*.ipynb", "fluvius_demo/**/*.py", "tests/lessons/*.py")
    paths = [path for pattern in patterns for path in sorted(root.glob(pattern))]
    return [path for path in paths if path.suffix != ".py" or "minute" in path.read_text(encoding="utf-8")]


def table(path: Path, found: Sequence[Part]) -> str:
    """Return what is counted and what is stated, a line for each part of a notebook."""
    lines = [f"{path.stem}: {total(found)} minutes"]
    for part in found:
        stated = "" if part.stated is None else f", stated {part.stated}"
        things = f"{part.words} words, {part.cells} cells, {part.lines} more lines, {part.decisions} predictions"
        things += f", {part.steps} steps" * (part.steps > 0)
        lines.append(f"  {part.minutes:3}{stated}  {part.title or 'the opening'}: {things}")
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> int:
    """Print the minutes; with `--write`, state them everywhere. Return the exit code."""
    course = {path: parts(nbformat.read(path, as_version=4)) for path in NOTEBOOKS}
    print("\n".join(table(path, found) for path, found in course.items()))
    for path in stating(ROOT) if "--write" in arguments else ():
        text, changed = restated(path, course)
        if changed:
            path.write_text(text, encoding="utf-8", newline="\n")
            print(f"{path.relative_to(ROOT)}: {len(changed)} places")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
