"""What must hold for every stored notebook: one function per rule, each yielding what is wrong."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from IPython.core.inputtransformer2 import TransformerManager
from nbformat import NotebookNode
from nbformat.validator import iter_validate

Rule = Callable[[NotebookNode], Iterator[str]]
RULES: list[Rule] = []

MOST_LINES = 11
MOST_LINES_TO_CHANGE = 30  # in a cell tagged "exercise"
IMAGES = {"image/png", "image/jpeg", "image/svg+xml"}
# An output that holds one of these is different on the next machine, or in the next minute.
LOCAL = {
    "an absolute path": r"(?<![\w<:/.~])(?:/[\w.+-]+){2,}|\b[A-Z]:\\(Users|Windows|Program)|~\w*/",
    "a timestamp": r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d|\b\d\d:\d\d:\d\d\b",
    "a memory address": r"\b0x[0-9a-fA-F]{6,}",
    "a temporary name": r"ipykernel_\d|<ipython-input",
    "site-packages": r"site-packages",
}


def rule(check: Rule) -> Rule:
    """Add a function to the rules, so that none can be written and forgotten."""
    RULES.append(check)
    return check


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """Return the cells that run: those with code in them."""
    return [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]


def tags(cell: NotebookNode) -> list[str]:
    """Return the cell's tags, none by default."""
    return cell.metadata.get("tags", [])


def name(cell: NotebookNode) -> str:
    """Name a cell by its count and its first line, as a reader would look for it."""
    first = cell.source.strip().split("\n")[0]
    return f"[{cell.get('execution_count') or ' '}] {first!r}"


def texts(cell: NotebookNode) -> Iterator[str]:
    """Yield every text in the cell's outputs, images in SVG included."""
    for output in cell.outputs:
        yield from (output[key] for key in ("text", "ename", "evalue") if key in output)
        yield from output.get("traceback", [])
        for mimetype, data in output.get("data", {}).items():
            if mimetype not in IMAGES - {"image/svg+xml"}:
                yield data if isinstance(data, str) else json.dumps(data)


def shows_image(cell: NotebookNode) -> bool:
    """Tell whether the cell leaves an image, inline SVG in HTML included."""
    data = [output.get("data", {}) for output in cell.get("outputs", [])]
    return any(IMAGES & data.keys() or re.search(r"<(svg|img)\b", data.get("text/html", "")) for data in data)


def tree(cell: NotebookNode) -> ast.Module:
    """Parse the cell as IPython does, magics and top-level await included."""
    return ast.parse(TransformerManager().transform_cell(cell.source))


@rule
def is_valid_nbformat_4_5(notebook: NotebookNode) -> Iterator[str]:
    """Hold to the format that JupyterLab writes, so that opening a notebook does not change it."""
    if (notebook.nbformat, notebook.nbformat_minor) != (4, 5):
        yield f"nbformat {notebook.nbformat}.{notebook.nbformat_minor} instead of 4.5"
    yield from (error.message for error in iter_validate(notebook))


@rule
def cell_ids_are_unique(notebook: NotebookNode) -> Iterator[str]:
    """Give every cell an id of its own; without one, every store invents a new one."""
    seen: set[str] = set()
    for cell in notebook.cells:
        if not cell.get("id") or cell.id in seen:
            yield f"{name(cell)} has no id of its own"
        seen.add(cell.get("id", ""))


@rule
def kernel_is_python3(notebook: NotebookNode) -> Iterator[str]:
    """Name the kernel that every installation has."""
    if (found := notebook.metadata.get("kernelspec", {}).get("name")) != "python3":
        yield f"kernel {found!r} instead of 'python3'"


@rule
def python_version_is_not_stored(notebook: NotebookNode) -> Iterator[str]:
    """Leave no trace of the Python that ran it: storing on another version must change nothing."""
    if "version" in notebook.metadata.get("language_info", {}):
        yield "language_info names a Python version"


@rule
def widget_state_is_not_stored(notebook: NotebookNode) -> Iterator[str]:
    """Store no widgets: their ids change with every run."""
    if "widgets" in notebook.metadata:
        yield "the notebook's metadata hold widget state"


@rule
def cells_ran_in_order(notebook: NotebookNode) -> Iterator[str]:
    """Store every cell as run once, from the top, in a fresh kernel."""
    for count, cell in enumerate(code_cells(notebook), start=1):
        if cell.execution_count != count:
            yield f"{name(cell)} should have run as [{count}]"


@rule
def errors_are_expected_and_stored(notebook: NotebookNode) -> Iterator[str]:
    """Store an error exactly where a cell is tagged raises-exception: nbval compares with what is stored."""
    for cell in code_cells(notebook):
        stored = any(output.output_type == "error" for output in cell.outputs)
        if stored != ("raises-exception" in tags(cell)):
            yield f"{name(cell)} " + ("stores an error without the tag" if stored else "stores no error")


@rule
def nbval_is_not_switched_off(notebook: NotebookNode) -> Iterator[str]:
    """Ignore outputs cell by cell, in at most a third of them, and by tags alone."""
    if "nbval" in json.dumps(notebook.metadata):
        yield "the notebook's metadata speak to nbval"
    cells = code_cells(notebook)
    for cell in cells:
        if "nbval-skip" in tags(cell) or re.search(r"(?m)^\s*#+\s*(NBVAL|PYTEST_VALIDATE)_", cell.source):
            yield f"{name(cell)} is skipped, or speaks to nbval in a comment"
    if 3 * (ignored := sum("nbval-ignore-output" in tags(cell) for cell in cells)) > len(cells):
        yield f"{ignored} of {len(cells)} cells ignore their output"


@rule
def ignored_output_is_asserted(notebook: NotebookNode) -> Iterator[str]:
    """Follow a cell whose output may differ by one that asserts what must hold all the same."""
    for cell, following in pairwise([*code_cells(notebook), None]):
        if "nbval-ignore-output" in tags(cell) and not (
            following and any(isinstance(node, ast.Assert) for node in ast.walk(tree(following)))
        ):
            yield f"{name(cell)} ignores its output, and the next code cell asserts nothing"


@rule
def cells_are_short(notebook: NotebookNode) -> Iterator[str]:
    """Keep a cell readable at a glance: the package does the work. What a learner is to change may be a whole class."""
    for cell in code_cells(notebook):
        most = MOST_LINES_TO_CHANGE if "exercise" in tags(cell) else MOST_LINES
        if (lines := sum(bool(line.strip()) for line in cell.source.splitlines())) > most:
            yield f"{name(cell)} has {lines} lines of code, more than {most}"


@rule
def nothing_sleeps(notebook: NotebookNode) -> Iterator[str]:
    """Order things by gates: whoever sleeps for a while shows another order on a busy machine."""
    for cell in code_cells(notebook):
        calls = [ast.unparse(node) for node in ast.walk(tree(cell)) if isinstance(node, ast.Call)]
        for call in calls:
            if re.match(r"([\w.]+\.)?sleep\((?!0\))", call):
                yield f"{name(cell)} waits by the clock: {call}"


@rule
def outputs_name_no_machine(notebook: NotebookNode) -> Iterator[str]:
    """Store nothing that belongs to one computer, one user or one minute."""
    for cell in code_cells(notebook):
        for text in texts(cell):
            for what, pattern in LOCAL.items():
                if found := re.search(pattern, text):
                    yield f"{name(cell)} prints {what}: {found[0]!r}"


@rule
def images_are_described(notebook: NotebookNode) -> Iterator[str]:
    """Say in words what an image shows: beside it in the output, in the next text, or in the cell's metadata."""
    for number, cell in enumerate(notebook.cells):
        if shows_image(cell):
            following = (c.source for c in notebook.cells[number + 1 :] if c.cell_type == "markdown")
            described = [next(following, ""), cell.metadata.get("description", "")]
            described += [output.get("data", {}).get("text/markdown", "") for output in cell.outputs]
            # An SVG carries its own words, as its <desc>.
            drawn = "".join(output.get("data", {}).get("text/html", "") for output in cell.outputs)
            own_words = "<svg" in drawn and drawn.count("<svg") == drawn.count("<desc>")
            if not own_words and not any("**In words:**" in text.partition("\n")[0] for text in described):
                yield f"{name(cell)} shows an image, and no '**In words:**' stands beside or after it"
