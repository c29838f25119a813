"""What is wrong with a notebook that was run in JupyterLab: each function reads the page and names what it finds."""

from __future__ import annotations

import json
import re
from pathlib import Path

from playwright.sync_api import Locator, expect

from .lab import Lab

NOT_RUN = """() => jupyterapp.shell.currentWidget.content.widgets
    .filter(cell => cell.model.type === 'code' && cell.model.sharedModel.getSource().trim())
    .filter(cell => !cell.model.executionCount)
    .map(cell => cell.model.sharedModel.getSource().split('\\n')[0])"""
# Read from the page, not from the notebook: an Output widget shows errors that the notebook does not hold. The page
# shows every error as application/vnd.jupyter.stderr; that it is one, and may be expected, only the cell's model tells.
ERRORS = """() => jupyterapp.shell.currentWidget.content.widgets.flatMap(cell => {
    const expected = (cell.model.getMetadata('tags') ?? []).includes('raises-exception')
        ? cell.outputArea.widgets.filter((_, index) => cell.outputArea.model.get(index).type === 'error') : [];
    return [...cell.node.querySelectorAll('[data-mime-type$=".stderr"]')]
        .filter(output => !expected.some(widget => widget.node.contains(output)))
        .map(output => `[${cell.model.executionCount ?? ' '}] ${output.textContent.trim()}`);
})"""
# What a cell's stored outputs say, and what is then to be seen in the page.
SHOWN_AS = {
    r'"image/|<svg|<img': ".jp-OutputArea-output :is(img, svg)",
    r"widget-view\+json": ".jp-OutputArea-output .jupyter-widgets",
}
# Of a picture that cannot be decoded, `decode` says so.
SIZE = """async figure => {
    if (figure.tagName === 'IMG') {
        await figure.decode();
        return [figure.naturalWidth, figure.naturalHeight];
    }
    const {width, height} = figure.getBoundingClientRect();
    return [width, height];
}"""


def not_run(lab: Lab) -> list[str]:
    """Return the first line of every code cell that has no execution count."""
    return lab.page.evaluate(NOT_RUN)


def errors(lab: Lab) -> list[str]:
    """Return every error, traceback and line on stderr, but the errors of cells that are tagged raises-exception.

    A widget that cannot be displayed is none of these: the page complains.
    """
    return lab.page.evaluate(ERRORS)


def figures(lab: Lab) -> list[Locator]:
    """Return every figure in the outputs."""
    return lab.page.locator(".jp-NotebookPanel .jp-OutputArea-output :is(img, svg)").all()


def check_shown(lab: Lab, notebook: Path, *, milliseconds: float | None = None) -> None:
    """Fail unless each cell that stores a figure or a widget in the file shows one in the page."""
    for index, cell in enumerate(json.loads(notebook.read_text(encoding="utf-8"))["cells"]):
        stored = json.dumps(cell.get("outputs"))
        for pattern, selector in SHOWN_AS.items():
            if re.search(pattern, stored):
                expect(lab.cell_at(index).locator(selector).first).to_be_attached(timeout=milliseconds)


def check_visible(figure: Locator) -> None:
    """Fail unless the figure holds a picture, and can be seen once one scrolls to it."""
    width, height = figure.evaluate(SIZE)
    assert width > 0
    assert height > 0
    figure.scroll_into_view_if_needed()
    assert figure.is_visible()
