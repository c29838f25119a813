"""The course as a learner works through it: on to the next question or widget, a hand on that, and on again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from playwright.sync_api import Locator, expect

from fluvius_demo.lessons.predictions.record import questions_of

from .lab import Lab

CELLS = """() => jupyterapp.shell.currentWidget.content.widgets.map(
    cell => [cell.model.sharedModel.getSource(), cell.model.getMetadata('exercise') ?? ''])"""
SET_SOURCE = """([index, source]) =>
    jupyterapp.shell.currentWidget.content.widgets[index].model.sharedModel.setSource(source)"""
# What a learner stops at, and does something with.
TOUCHED = ("predict(", "stepper(", "ready_button(")


def work_through(lab: Lab, path: Path, solutions: Mapping[str, str]) -> None:
    """Open a notebook and work through it; an exercise's cell gets the solution of its step.

    The first question is answered with (a), the second with (b), and so on, as one does who knows nothing yet.
    """
    lab.open_notebook(path.name)
    lab.clear_outputs()
    cells, done, asked = lab.page.evaluate(CELLS), 0, 0
    for index, (source, step) in enumerate(cells):
        if step:
            lab.page.evaluate(SET_SOURCE, [index, solutions[step]])
        if any(call in source for call in TOUCHED):
            lab.run_cells(done, index)
            done = index + 1
            output = lab.cell_at(index).locator(".jp-Cell-outputArea")
            touch(output, source, asked)
            asked += "predict(" in source
    lab.run_cells(done, len(cells) - 1)
    summary = lab.output("review(").get_by_text(f"You made {asked} of {len(questions_of(path.name[:2]))} predictions")
    expect(summary).to_be_visible()


def touch(output: Locator, source: str, asked: int) -> None:
    """Press a letter of a question, run a stepper to its end, or click the button, and read that it was taken."""
    if "predict(" in source:
        letters = output.get_by_role("button").all()
        letters[asked % len(letters)].click()
        expect(output.get_by_role("status")).to_contain_text("Your prediction")
    elif "stepper(" in source:
        output.get_by_role("button", name="Run on", exact=True).click()
        expect(output.get_by_text("The run is over.", exact=True)).to_be_visible()
    else:
        output.get_by_role("button", name="Click me").click()
        expect(output.get_by_text("widgets work; clicks so far: 1")).to_be_visible()
