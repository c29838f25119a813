"""What a cell shows where there are no widgets: the one form of each output that pages and slides can show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Literal, NamedTuple

import nbformat
from nbconvert.filters import strip_ansi
from nbformat import NotebookNode

COURSE = Path(__file__).parents[1] / "notebooks"
WIDGET = "application/vnd.jupyter.widget-view+json"
IN_WORDS = "**In words:**"


class Shown(NamedTuple):
    """One output: text, HTML, Markdown or a picture (a PNG in base64). `words` say the same in plain text."""

    kind: Literal["text", "html", "markdown", "picture"]
    content: str
    words: str


def notebooks() -> list[Path]:
    """Return the notebooks of the course in their order."""
    return sorted(COURSE.glob("*.ipynb"))


def read(path: Path) -> NotebookNode:
    """Return a notebook without its widgets, so that the equivalent stored beside each of them is what is left."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(WIDGET, None)
    return notebook


def outputs(cell: NotebookNode, following: str = "") -> list[Shown]:
    """Return what the cell shows; `following` is the text after it, which may describe its pictures."""
    found = [one for output in cell.outputs if (one := _shown(output))]
    described = [cell.metadata.get("description", ""), following]
    return list(_with_words(found, next((words for text in described if (words := _in_words(text))), "")))


def _shown(output: NotebookNode) -> Shown | None:
    if output.output_type == "stream":
        return Shown("text", output.text.rstrip("\n"), "")
    if output.output_type == "error":
        text = strip_ansi("\n".join(output.traceback)) or f"{output.ename}: {output.evalue}"
        return Shown("text", text, f"{output.ename}: {output.evalue}")
    data = output.data
    words = data.get("text/plain", "")
    if "text/html" in data:
        return Shown("html", data["text/html"], words)
    if "image/png" in data:
        return Shown("picture", data["image/png"].replace("\n", ""), "")
    if "text/markdown" in data:
        return Shown("markdown", data["text/markdown"], words)
    return Shown("text", words, "") if words else None


def _in_words(text: str) -> str:
    return text.partition(IN_WORDS)[2] if IN_WORDS in text.partition("\n")[0] else ""


def _with_words(found: list[Shown], otherwise: str) -> Iterator[Shown]:
    """Give each picture the words that stand beside it, which are then no output of their own."""
    told = False
    for one, after in pairwise([*found, None]):
        if one.kind == "picture":
            beside = _in_words(after.content) if after and after.kind == "markdown" else ""
            told = bool(beside)
            yield one._replace(words=beside or otherwise)
        elif told:
            told = False
        else:
            yield one


def short(words: str, most: int = 250) -> str:
    """Return words for a picture's alternative text: all of them, or the first sentence that says there are more."""
    plain = re.sub(r"\s+", " ", re.sub(r"(?m)^- |[*`]", "", words)).strip()
    if len(plain) <= most:
        return plain
    first = re.split(r"(?<=[.;:]) ", plain, maxsplit=1)[0][:most].rstrip(".;: ")
    return f"{first}. All of it is told in words below the picture."
