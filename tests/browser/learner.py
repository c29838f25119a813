"""The course as a learner works through it: cell after cell, a choice for each question, a hand on each widget."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from playwright.sync_api import Locator, expect

from fluvius_demo.lessons.predictions.record import questions_of

from .lab import Lab

CELLS = """() => jupyterapp.shell.currentWidget.content.widgets.map(
    cell => [cell.model.type, cell.model.sharedModel.getSource(), cell.model.getMetadata('exercise') ?? ''])"""
SET_SOURCE = """([index, source]) =>
    jupyterapp.shell.currentWidget.content.widgets[index].model.sharedModel.setSource(source)"""


def work_through(lab: Lab, path: Path, solutions: Mapping[str, str] = MappingProxyType({})) -> None:
    """Open a notebook and work through it; an exercise's cell gets the solution of its step, if there is one.

    The first question is answered with (a), the second with (b), and so on, as one does who knows nothing yet.
    """
    lab.open_notebook(path.name)
    asked = 0
    for index, (kind, source, step) in enumerate(lab.page.evaluate(CELLS)):
        if step in solutions:
            lab.page.evaluate(SET_SOURCE, [index, solutions[step]])
        lab.run_cell_at(index)
        if kind != "code":
            continue
        output = lab.cell_at(index).locator(".jp-Cell-outputArea")
        if "predict(" in source:
            predict(output, asked)
            asked += 1
        elif "stepper(" in source:
            output.get_by_role("button", name="Run on", exact=True).click()
            expect(output.get_by_text("The run is over.", exact=True)).to_be_visible()
    summary = lab.output("review(").get_by_text(f"You made {asked} of {len(questions_of(path.name[:2]))} predictions")
    expect(summary).to_be_visible()


def predict(output: Locator, place: int) -> None:
    """Press a letter, and read that it was taken."""
    letters = output.get_by_role("button").filter(has_text="").all()
    letters[place % len(letters)].click()
    expect(output.get_by_role("status")).to_contain_text("Your prediction")
