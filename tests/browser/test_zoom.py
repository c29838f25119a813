"""At 200 % zoom, half of the room: every widget of the course can be read and reached, and nothing of it is cut."""

from __future__ import annotations

import pytest
from nbformat.v4 import new_code_cell

from .findings import errors
from .lab import SIZE, Lab
from .lab_server import LabServer

WIDGETS = {
    "stepper": "from fluvius_demo.lessons.widgets import stepper\nstepper('The second is refused')",
    "three commands": "from fluvius_demo.lessons.widgets import stepper\nstepper('three deposits')",
    "sliders": "from fluvius_demo.lessons.sliders import load_sliders\nload_sliders('isolated', 3, 0)",
    "button": "from fluvius_demo.lessons.widgets import ready_button\nready_button()",
    "question": "from fluvius_demo.lessons.predict import predict\npredict('a first taste')",
}
# A control that hides what it holds, and what reaches beyond the notebook, so that one has to scroll sideways.
CUT = """panel => {
    const right = panel.getBoundingClientRect().right;
    return [...panel.querySelectorAll('.jp-OutputArea-output *')].filter(part => {
        if (!part.getClientRects().length) return false;
        const hides = ['hidden', 'clip'].includes(getComputedStyle(part).overflowX);
        return part.getBoundingClientRect().right > right + 1 || (hides && part.scrollWidth > part.clientWidth + 1);
    }).map(part => `${part.tagName} ${part.className}: ${part.textContent.trim().slice(0, 40)}`);
}"""


@pytest.mark.parametrize("name", WIDGETS)
def test_nothing_of_a_widget_is_cut(lab: Lab, server: LabServer, name: str) -> None:
    """Without the file browser, as one who needs large print sets it up; the widget wraps into what is left."""
    server.add("zoomed.ipynb", new_code_cell(WIDGETS[name]))
    lab.page.set_viewport_size({"width": SIZE["width"] // 2, "height": SIZE["height"] // 2})
    lab.open_notebook("zoomed.ipynb")
    lab.page.evaluate("() => jupyterapp.shell.collapseLeft()")
    lab.run_all()
    assert lab.page.locator(".jp-NotebookPanel .jp-WindowedPanel-outer").first.evaluate(CUT) == []
    assert errors(lab) == []
