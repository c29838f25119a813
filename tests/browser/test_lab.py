"""The page and the kernel are what the tests take them for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell
from playwright.sync_api import expect

from .lab import SIZE, Lab
from .lab_server import LabServer


def test_a_notebook_can_be_run_read_and_asked(lab: Lab, server: LabServer, tmp_path: Path) -> None:
    """Outputs are found by their cell, values come from the kernel, and asking leaves no trace there."""
    server.add("small.ipynb", new_code_cell("colour = 'red'"), new_code_cell("for n in range(99):\n    print(n)"))
    lab.open_notebook("small.ipynb")
    lab.run_all()
    expect(lab.output("range(99)")).to_contain_text("98")
    expect(lab.output("colour =")).to_be_empty()
    assert lab.kernel_value("colour") == "'red'"
    with pytest.raises(RuntimeError, match="NameError: name 'shape' is not defined"):
        lab.kernel_value("shape")
    assert lab.kernel_value("get_ipython().execution_count") == "3"
    with pytest.raises(AssertionError, match="no code cell contains 'range\\(98\\)'"):
        lab.cell("range(98)")
    picture = lab.screenshot(tmp_path / "small.png").read_bytes()
    width, height = int.from_bytes(picture[16:20]), int.from_bytes(picture[20:24])
    assert width == SIZE["width"]
    assert height > 99 * 10


def test_the_courses_own_files_stay_as_they_are(server: LabServer) -> None:
    """What is served lies elsewhere, so that JupyterLab saves nothing into the working tree."""
    assert not server.course.is_relative_to(Path(__file__).parents[2])
    assert re.fullmatch(r"http://127\.0\.0\.1:[1-9]\d*", server.url)


def test_a_notebook_as_handed_out_does_not_give_its_answers_away(lab: Lab) -> None:
    """Until a cell is run, nothing is to be seen of what it has printed."""
    lab.open_notebook("01_overlapping_context.ipynb")
    shown = lab.page.locator(".jp-NotebookPanel .jp-OutputArea-output")
    expect(shown).to_have_count(0)
    lab.run_cells(0, lab.index("LegacyAggregate"))
    expect(shown.first).to_contain_text("money-deposited")
