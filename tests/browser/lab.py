"""JupyterLab as a test drives it: open a notebook, run it, look at it, ask its kernel."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page

from .lab_server import LabServer

SIZE = {"width": 1280, "height": 800}
HIGHEST_PICTURE = 16_000
MILLISECONDS = 60_000

# The commands come last: the splash screen goes before any of them is there, and the kernel can be ready before too.
READY = """() => {
    const session = window.jupyterapp?.shell.currentWidget?.sessionContext;
    const kernel = session?.session?.kernel;
    return session?.isReady && kernel?.connectionStatus === 'connected' && kernel.status === 'idle'
        && !document.querySelector('#jupyterlab-splash')
        && window.jupyterapp.commands.hasCommand('notebook:run-all-cells');
}"""
# What is stored goes first: a count or a figure that is seen afterwards is of this run. The command is done too early
# where a cell raises, expected or not: it drops the * of the cells behind, although they still run after an expected
# error. A question that the kernel answers in its turn, and drops after no error, waits for them.
RUN_ALL = """async () => {
    await jupyterapp.commands.execute('notebook:clear-all-cell-outputs');
    await jupyterapp.commands.execute('notebook:run-all-cells');
    await jupyterapp.shell.currentWidget.sessionContext.session.kernel.requestKernelInfo();
}"""
# What is queued runs in a task beside the others, as with Run All; who runs one cell at a time never sees that.
RUN_CELLS = """async ([first, last]) => {
    const notebook = jupyterapp.shell.currentWidget.content;
    notebook.activeCellIndex = first;
    notebook.deselectAll();
    if (last > first) notebook.extendContiguousSelectionTo(last);
    await jupyterapp.commands.execute('notebook:run-cell-and-select-next');
    await jupyterapp.shell.currentWidget.sessionContext.session.kernel.requestKernelInfo();
}"""
SELECT = """index => {
    const notebook = jupyterapp.shell.currentWidget.content;
    notebook.activeCellIndex = index;
    notebook.mode = 'command';
    notebook.activate();
}"""
# Widgets are drawn later than other outputs.
DRAWN = """() => ![...document.querySelectorAll('.jp-NotebookPanel .jp-OutputArea-output')].some(
    output => output.textContent.startsWith('Loading widget'))"""
EVALUATE = """async expression => {
    const kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel;
    const asked = {code: '', silent: true, store_history: false, user_expressions: {value: expression}};
    const {value} = (await kernel.requestExecute(asked).done).content.user_expressions;
    if (value.status === 'error') throw new Error(`${value.ename}: ${value.evalue}`);
    return value.data['text/plain'];
}"""
INDEX = """text => jupyterapp.shell.currentWidget.content.widgets.findIndex(
    cell => cell.model.type === 'code' && cell.model.sharedModel.getSource().includes(text))"""
# Not `scrollHeight`: it counts the room to scroll past the end of a notebook, which is a whole page. Two frames: in the
# first one the cells that have come into view are only found to be there.
TO_THE_TOP = """async () => {
    const content = window.jupyterapp?.shell.currentWidget?.content;
    if (!content?.widgets) return 0;
    content.outerNode.scrollTop = 0;
    for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
    return Math.ceil(Math.max(...content.widgets.map(cell => cell.node.getBoundingClientRect().bottom)));
}"""


class Lab:
    """One page with JupyterLab in it, in a browser profile of its own. `complaints` holds the page's errors."""

    def __init__(self, page: Page, server: LabServer) -> None:
        self.page = page
        self.server = server
        self.complaints: list[str] = []
        self._sessions: list[str] = []
        page.set_default_timeout(MILLISECONDS)
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(f"{message.text} ({message.location['url']})")

    def _finish(self, function: str, argument: Any = None) -> Any:
        """Return what an async JavaScript function resolves to, or raise its error.

        `evaluate` would wait for ever, and `wait_for_function` not at all: to it, a promise is true at once.
        """
        self.page.evaluate(
            f"""argument => {{
                window.outcome = null;
                ({function})(argument).then(
                    value => {{ window.outcome = {{value}} }},
                    error => {{ window.outcome = {{error: String(error)}} }})
            }}""",
            argument,
        )
        outcome = self.page.wait_for_function("() => window.outcome").json_value()
        if "error" in outcome:
            raise RuntimeError(outcome["error"])
        return outcome.get("value")

    def _request(self, method: str, path: str, data: Any = None) -> Any:
        headers = {"Authorization": f"token {self.server.token}"}
        url = f"{self.server.url}/api/{path}"
        response = self.page.request.fetch(url, method=method, headers=headers, data=data)
        assert response.ok, f"{method} {path}: {response.status} {response.text()}"
        return response

    def open_notebook(self, name: str) -> None:
        """Open a notebook of the course, `00_start_here.ipynb` say, and wait until it and its kernel can be used."""
        # The kernel first: it starts while the page loads, and nobody is asked which one it shall be.
        session = {"path": f"notebooks/{name}", "name": name, "type": "notebook", "kernel": {"name": "python3"}}
        self._sessions.append(self._request("POST", "sessions", session).json()["id"])
        self.page.goto(f"{self.server.url}/lab/tree/notebooks/{name}?token={self.server.token}&reset")
        self.page.wait_for_function(READY)

    def run_all(self) -> None:
        """Run all cells and wait until all is drawn; an error that nobody expected ends the run early."""
        self._finish(RUN_ALL)
        self.page.wait_for_function(DRAWN)

    def clear_outputs(self) -> None:
        """Remove what is stored: what is seen afterwards is of this run."""
        self._finish("() => jupyterapp.commands.execute('notebook:clear-all-cell-outputs')")

    def run_cell(self, text: str) -> None:
        """Run the first code cell with this text, as one does with Shift+Enter, and wait until all is drawn."""
        index = self.index(text)
        self.run_cells(index, index)

    def run_cells(self, first: int, last: int) -> None:
        """Run the cells from one place to another, both included, and wait until all is drawn."""
        self._finish(RUN_CELLS, [first, last])
        self.page.wait_for_function(DRAWN)

    def select_cell(self, text: str) -> None:
        """Go to the first code cell with this text, as one does with the arrow keys."""
        self.page.evaluate(SELECT, self.index(text))

    def index(self, text: str) -> int:
        """Return the place of the first code cell with this text in its source, among all cells."""
        index = self.page.evaluate(INDEX, text)
        assert index >= 0, f"no code cell contains {text!r}"
        return index

    def cell_at(self, index: int) -> Locator:
        """Return a cell by its place among all cells."""
        return self.page.locator(f'.jp-NotebookPanel [data-windowed-list-index="{index}"]')

    def cell(self, text: str) -> Locator:
        """Return the first code cell with this text in its source."""
        return self.cell_at(self.index(text))

    def output(self, text: str) -> Locator:
        """Return all that the first code cell with this text in its source has put out."""
        return self.cell(text).locator(".jp-Cell-outputArea")

    def kernel_value(self, expression: str) -> str:
        """Return the repr of an expression in the notebook's kernel, or raise its error. It leaves no trace there."""
        return self._finish(EVALUATE, expression)

    def screenshot(self, path: Path) -> Path:
        """Save a picture of the whole notebook, however long, and return its path."""
        height = SIZE["height"]
        # Until nothing is added: cells that were never in view have an estimated height until they are.
        while (needed := min(HIGHEST_PICTURE, self.page.evaluate(TO_THE_TOP) + 40)) > height:
            height = needed
            self.page.set_viewport_size(SIZE | {"height": height})
        self.page.screenshot(path=path)
        self.page.set_viewport_size(SIZE)
        return path

    def close(self) -> None:
        """End the kernels of the notebooks that were opened."""
        for session in self._sessions:
            self._request("DELETE", f"sessions/{session}")


@contextmanager
def open_lab(browser: Browser, server: LabServer) -> Iterator[Lab]:
    """Give a fresh JupyterLab, and close it afterwards."""
    context = browser.new_context(viewport=SIZE)
    lab = Lab(context.new_page(), server)
    try:
        yield lab
        lab.close()
    finally:
        context.close()
