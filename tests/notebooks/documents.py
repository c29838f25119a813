"""What a reader of this project reads, parsed: notebooks and Markdown files as prose, headings and sections."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import mistune
import nbformat
from bs4 import BeautifulSoup
from nbformat import NotebookNode
from small_notebooks import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
PAPERS = sorted(ROOT.glob("*.md"))
# What these functions show is prose, and part of the lesson, and this is what tells it from other outputs.
TELLING = {"predict": "<b>Predict.</b>", "happened": "<b>What happened:</b>", "review": "<b>Looking back.</b>"}

# Whatever is linked to is kept, so that it can be looked at.
_renderer = mistune.HTMLRenderer(escape=False, allow_harmful_protocols=True)
_to_html = mistune.create_markdown(renderer=_renderer, plugins=["table", "task_lists"])
_HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"]
_BLOCKS = ["p", "li", "td", "th", "summary", "div", *_HEADINGS]


@dataclass(frozen=True)
class Section:
    """What stands under a heading, up to the next one of whatever level; the level is 0 before the first."""

    level: int
    title: str
    soup: BeautifulSoup

    @property
    def fragment(self) -> str:
        """What leads to its heading in JupyterLab."""
        return in_jupyterlab(self.title)


def parsed(markdown: str) -> BeautifulSoup:
    """Return Markdown as the HTML that a page shows."""
    return as_html(_to_html(markdown))


def as_html(text: str) -> BeautifulSoup:
    """Return HTML, parsed."""
    return BeautifulSoup(text, "html.parser")


def titles(soup: BeautifulSoup) -> list[str]:
    """Return the headings, as they are read."""
    return [found.get_text().strip() for found in soup.find_all(_HEADINGS)]


def blocks(soup: BeautifulSoup, code: str = "Code") -> Iterator[str]:
    """Yield the prose paragraph by paragraph, with one word instead of each piece of code in it; no headings."""
    copy = as_html(str(soup))
    for found in copy.find_all(["pre", "svg", "style", *_HEADINGS]):
        found.decompose()
    for found in copy.find_all(["code", "kbd"]):
        found.replace_with(code)
    for found in copy.find_all("br"):
        found.replace_with(" ")
    # The innermost first, so that each text is told once; what lies in no block comes first of all.
    found = [block.extract() for block in reversed(copy.find_all(_BLOCKS))]
    texts = (" ".join(block.get_text().split()) for block in [copy, *reversed(found)])
    yield from filter(None, texts)


def called(node: ast.AST) -> list[str]:
    """Return the names of the functions that are called somewhere in a piece of code."""
    calls = [call.func for call in ast.walk(node) if isinstance(call, ast.Call)]
    return [ast.unparse(function).rpartition(".")[2] for function in calls]


def told(cell: NotebookNode) -> list[str]:
    """Return the questions and answers, and the looks back, that a code cell has stored, as HTML."""
    stored = [output.get("data", {}).get("text/html", "") for output in cell.outputs]
    return [html for html in stored if any(mark in html for mark in TELLING.values())]


def passages(path: Path) -> list[BeautifulSoup]:
    """Return a document's prose, cell by cell: its texts, and the questions and answers among a notebook's outputs."""
    if path.suffix == ".md":
        return [parsed(path.read_text(encoding="utf-8"))]
    cells = nbformat.read(path, as_version=4).cells
    return [
        parsed(cell.source) if cell.cell_type == "markdown" else as_html("\n".join(told(cell)))
        for cell in cells
        if cell.cell_type == "markdown" or told(cell)
    ]


def sections(path: Path) -> list[Section]:
    """Return a document in pieces, each from one heading to the next, in order."""
    found = [Section(0, "", as_html(""))]
    for soup in passages(path):
        for node in list(soup.children):
            if node.name in _HEADINGS:
                found.append(Section(int(node.name[1]), node.get_text().strip(), as_html("")))
            else:
                found[-1].soup.append(node.extract())
    return found


def in_jupyterlab(title: str) -> str:
    """Return the fragment that JupyterLab and nbconvert give to a heading."""
    return title.replace(" ", "-")


def on_github(title: str) -> str:
    """Return the fragment that GitHub gives to a heading, the first of its name."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
