"""Short ways to make the notebooks on which the guard, the lint and the storing are tested."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output

ROOT = Path(__file__).parents[2]


def code(source: str, *outputs: NotebookNode, tags: Sequence[str] = (), count: int | None = 0) -> NotebookNode:
    """Return a code cell; `notebook` turns the count 0 into the cell's place."""
    metadata = {"tags": list(tags)} if tags else {}
    return new_code_cell(source, outputs=list(outputs), metadata=metadata, execution_count=count)


def printed(text: str) -> NotebookNode:
    """Return what `print` leaves in a notebook."""
    return new_output("stream", name="stdout", text=text)


def raised(ename: str, evalue: str = "") -> NotebookNode:
    """Return what an uncaught error leaves in a notebook."""
    return new_output("error", ename=ename, evalue=evalue, traceback=[f"{ename}: {evalue}"])


def notebook(*cells: NotebookNode) -> NotebookNode:
    """Return a notebook of these cells, their ids and execution counts in order."""
    executed = 0
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
        if cell.get("execution_count") == 0:
            executed += 1
            cell.execution_count = executed
    kernelspec = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    metadata = {"kernelspec": kernelspec, "language_info": {"name": "python"}}
    return new_notebook(cells=list(cells), metadata=metadata)


def write(path: Path, *cells: NotebookNode) -> Path:
    """Write a notebook of these cells to the path, and return the path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook(*cells), path)
    return path
