"""What can go wrong in a notebook's page is found: an assertion on findings that never fail would prove nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from nbformat.v4 import new_code_cell, new_output
from playwright.sync_api import Browser, Error, expect

from .findings import check_shown, check_visible, errors, figures, not_run
from .lab import Lab, open_lab
from .lab_server import LabServer

LOST = new_output("display_data", data={"image/png": "iVBORw0KGgo="})
NOTEBOOK = "broken.ipynb"
CELLS = [
    new_code_cell("import sys\nfrom IPython.display import HTML, Image, display", outputs=[LOST], execution_count=1),
    new_code_cell("print('muttered', file=sys.stderr)"),
    new_code_cell("raise KeyError('expected')", metadata={"tags": ["raises-exception"]}),
    new_code_cell("import ipywidgets\nout = ipywidgets.Output()\nout.append_stderr('inside')\nout"),
    new_code_cell('display(HTML(\'<svg width="9" height="9"></svg>\'))'),
    new_code_cell("display(Image(b'not a picture', format='png'))"),
    new_code_cell('display(HTML(\'<svg width="0" height="9"></svg>\'))'),
    new_code_cell('display(HTML(\'<svg width="9" height="9" style="visibility: hidden"></svg>\'))'),
    new_code_cell("display(HTML('<img src=\"http://elsewhere.test/picture.png\">'))"),
    new_code_cell("ipywidgets.DOMWidget(_view_module='nowhere', _view_name='View')"),
    new_code_cell("1 / 0"),
    new_code_cell("'never reached'"),
    new_code_cell(""),
]


@pytest.fixture(scope="module")
def broken(browser: Browser, server: LabServer) -> Iterator[Lab]:
    """Give a page in which one thing of each kind went wrong."""
    server.add(NOTEBOOK, *CELLS)
    with open_lab(browser, server) as lab:
        lab.open_notebook(NOTEBOOK)
        lab.run_all()
        yield lab


def test_errors_are_found(broken: Lab) -> None:
    """An error is found, and what was written to stderr, also in a widget; an error that was expected is not one."""
    muttered, inside, error = errors(broken)
    assert muttered == "[2] muttered"
    assert inside == "[4] inside"
    assert error.startswith("[11] ")
    assert "ZeroDivisionError: division by zero" in error


def test_cells_that_did_not_run_are_found(broken: Lab) -> None:
    """Run All goes on after an expected error and stops at the other; a cell without code need not run."""
    assert not_run(broken) == ["'never reached'"]


def test_a_lost_figure_is_found(broken: Lab, server: LabServer) -> None:
    """A cell that stores a figure and shows none fails."""
    with pytest.raises(AssertionError):
        check_shown(broken, server.course / "notebooks" / NOTEBOOK, milliseconds=100)


def test_figures_that_cannot_be_seen_are_found(broken: Lab) -> None:
    """Of the figures the first is good; one is no picture, one has no width, one is hidden and one not there."""
    good, garbage, flat, hidden, elsewhere, *_ = figures(broken)
    check_visible(good)
    for figure in (garbage, elsewhere):
        with pytest.raises(Error, match="cannot be decoded"):
            check_visible(figure)
    for figure in (flat, hidden):
        with pytest.raises(AssertionError):
            check_visible(figure)


def test_a_request_to_elsewhere_is_a_complaint(broken: Lab) -> None:
    """The page's errors are kept, with the address that they are about."""
    assert [complaint for complaint in broken.complaints if "http://elsewhere.test/picture.png" in complaint]


def test_a_widget_that_cannot_be_displayed_is_a_complaint(broken: Lab) -> None:
    """The page says so on its console before it shows a sign in the place of the widget."""
    expect(broken.output("nowhere").locator(".jupyter-widgets").first).to_be_attached()
    assert [complaint for complaint in broken.complaints if "module nowhere" in complaint]
