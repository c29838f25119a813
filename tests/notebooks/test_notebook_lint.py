"""Every rule holds for every notebook on disk, and every rule can fail."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path

import pytest
from nbformat import NotebookNode, reader
from nbformat.v4 import new_markdown_cell, new_output
from notebook_rules import RULES, Rule
from small_notebooks import ROOT, code, notebook, printed, raised

NOTEBOOKS = [path for path in sorted((ROOT / "notebooks").rglob("*.ipynb")) if ".ipynb_checkpoints" not in path.parts]
IMAGE = new_output("display_data", data={"image/png": "iVBORw0KGgo=", "text/plain": "<Figure>"})
GOOD = notebook(
    new_markdown_cell("# A notebook"),
    code("import asyncio\nawait asyncio.sleep(0)"),
    code("print('1/2 of </b> at https://example.org/a/b')", printed("1/2 of </b> at https://example.org/a/b\n")),
    code("1 / 0", raised("ZeroDivisionError"), tags=["raises-exception"]),
    code("show()", IMAGE),
    new_markdown_cell("**In words:** a line that rises."),
    code("seconds = measure()", printed("0.31 s\n"), tags=["nbval-ignore-output"]),
    code("%matplotlib inline\nassert seconds < 60"),
    code("x = 1\n" * 30, tags=["exercise"]),
    code(""),
)


Change = Callable[[NotebookNode], object]


def cell(place: int, **changes: object) -> Change:
    """Return a change to the cell at this place of the good notebook."""
    return lambda broken: broken.cells[place].update(changes)


def meta(place: int, **changes: object) -> Change:
    """Return a change to the metadata of the cell at this place."""
    return lambda broken: broken.cells[place].metadata.update(changes)


def prints(text: str) -> Change:
    """Return a change to what the second code cell has printed."""
    return cell(2, outputs=[printed(text)])


def shows(mimetype: str, data: str) -> Change:
    """Return a change that leaves such an output in the last cell, which no description follows."""
    return cell(7, outputs=[new_output("display_data", data={mimetype: data})])


BREAKS: dict[str, list[Change]] = {
    "is_valid_nbformat_4_5": [
        lambda broken: broken.update(nbformat_minor=4),
        lambda broken: broken.cells[2].pop("outputs"),
        lambda broken: broken.cells[0].update(unknown=1),
    ],
    "cell_ids_are_unique": [cell(2, id="cell-1"), lambda broken: broken.cells[2].pop("id")],
    "kernel_is_python3": [
        lambda broken: broken.metadata.kernelspec.update(name="venv"),
        lambda broken: broken.metadata.pop("kernelspec"),
    ],
    "python_version_is_not_stored": [lambda broken: broken.metadata.language_info.update(version="3.11.7")],
    "widget_state_is_not_stored": [lambda broken: broken.metadata.update(widgets={})],
    "cells_ran_in_order": [cell(2, execution_count=None), cell(2, execution_count=3), cell(1, execution_count=7)],
    "errors_are_expected_and_stored": [cell(3, outputs=[]), meta(3, tags=[])],
    "nbval_is_not_switched_off": [
        lambda broken: broken.metadata.update(tags=["nbval-ignore-output"]),
        meta(1, tags=["nbval-skip"]),
        cell(1, source="# NBVAL_IGNORE_OUTPUT\nx = 1"),
        lambda broken: [cell.metadata.update(tags=["nbval-ignore-output"]) for cell in broken.cells[1:5]],
    ],
    "ignored_output_is_asserted": [
        cell(7, source="print('assert')"),
        meta(7, tags=["nbval-ignore-output"]),
    ],
    "cells_are_short": [cell(1, source="\n\n".join("x = 1" for _ in range(12))), cell(8, source="x = 1\n" * 31)],
    "nothing_sleeps": [
        cell(1, source="await asyncio.sleep(0.1)"),
        cell(1, source="def slow():\n    time.sleep(delay)"),
        cell(1, source="sleep(1)"),
    ],
    "outputs_name_no_machine": [
        prints("see /home/ada/course/x.py"),
        prints("see '/opt/x/y'"),
        prints("see C:\\Users\\ada"),
        prints("see ~/course"),
        prints("at 2024-02-29T12:00"),
        prints("at 12:00:01"),
        prints("<Command object at 0x7f3a5c0b1d90>"),
        prints("ipykernel_4711/1.py:1: UserWarning"),
        prints("lib/site-packages/x"),
        cell(3, outputs=[raised("OSError", "/etc/x/y")]),
        shows("image/svg+xml", "<svg><date>2024-02-29T12:00</date></svg>"),
    ],
    "images_are_described": [
        cell(5, source="A line that rises.\n\n**In words:** too late."),
        shows("image/png", "iVBORw0KGgo="),
        shows("image/svg+xml", "<svg/>"),
        shows("text/html", "<p><svg viewBox=''></svg>"),
    ],
}


def problems(rule: Rule, notebook: NotebookNode) -> list[str]:
    """Return all that a rule finds."""
    return list(rule(notebook))


def test_the_course_has_notebooks() -> None:
    """Without this, an empty folder would satisfy every rule."""
    assert NOTEBOOKS


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook(path: Path, rule: Rule) -> None:
    """The notebook on disk, read without the repairs that nbformat makes, keeps the rule."""
    assert problems(rule, reader.reads(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_good_notebook_keeps_every_rule(rule: Rule) -> None:
    """No rule objects to ordinary code, outputs and links."""
    assert problems(rule, GOOD) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_rule_can_fail(rule: Rule) -> None:
    """Each of the changes that a rule forbids is found by it."""
    for number, change in enumerate(BREAKS[rule.__name__]):
        broken = deepcopy(GOOD)
        change(broken)
        assert problems(rule, broken), f"change {number} was not found"


def test_an_image_may_be_described_elsewhere() -> None:
    """Where no text follows, the description stands in the cell's metadata or beside the image."""
    in_metadata, in_output = deepcopy(GOOD), deepcopy(GOOD)
    shows("image/png", "iVBORw0KGgo=")(in_metadata)
    meta(7, description="**In words:** a line that falls.")(in_metadata)
    words = new_output("display_data", data={"text/markdown": "**In words:** a line that falls."})
    cell(7, outputs=[IMAGE, words])(in_output)
    assert [problem for rule in RULES for found in (in_metadata, in_output) for problem in rule(found)] == []
