"""Short ways to make the small notebooks on which pages and slides are tested."""

import base64
import io
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image


def png(width: int = 100, height: int = 60) -> str:
    """Return a grey picture in base64."""
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), "grey").save(buffer, format="png")
    return base64.b64encode(buffer.getvalue()).decode()


PNG = png()


def html(text: str, plain: str = "") -> NotebookNode:
    """Return HTML as an output, with its plain text."""
    return new_output("display_data", data={"text/html": text, "text/plain": plain})


def picture(words: str, data: str = PNG) -> tuple[NotebookNode, NotebookNode]:
    """Return a picture and its words, as `Picture` leaves them."""
    return (
        new_output("display_data", data={"image/png": data, "text/plain": f"In words: {words}"}),
        new_output("display_data", data={"text/markdown": f"**In words:** {words}"}),
    )


def widget(equivalent: dict[str, str]) -> NotebookNode:
    """Return a widget with the equivalents stored beside it."""
    view = {"application/vnd.jupyter.widget-view+json": {"model_id": "0", "version_major": 2, "version_minor": 0}}
    return new_output("display_data", data={**view, **equivalent})


def printed(text: str) -> NotebookNode:
    """Return what `print` leaves."""
    return new_output("stream", name="stdout", text=text)


def code(source: str, *outputs: NotebookNode, **metadata: object) -> NotebookNode:
    """Return a code cell."""
    return new_code_cell(source, outputs=list(outputs), metadata=metadata)


def notebook(*cells: NotebookNode | str) -> NotebookNode:
    """Return a notebook of these cells; a string is one of Markdown."""
    return new_notebook(cells=[new_markdown_cell(cell) if isinstance(cell, str) else cell for cell in cells])


def write(path: Path, *cells: NotebookNode | str) -> Path:
    """Write a notebook of these cells to the path, and return the path."""
    nbformat.write(notebook(*cells), path)
    return path
