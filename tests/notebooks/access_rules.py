"""What a reader needs who cannot see a picture or run a widget: one function per rule, each yielding what is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from documents import as_html
from nbformat import NotebookNode
from notebook_rules import code_cells, name
from store_outputs import WIDGET

# What Python calls a widget by itself: HBox(children=(Button(…
_BARE = re.compile(r"\s*[A-Z]\w*\(")

Access = Callable[[NotebookNode], Iterator[str]]


def bundles(notebook: NotebookNode) -> Iterator[tuple[str, NotebookNode]]:
    """Yield each output that holds data, with its cell's name."""
    for cell in code_cells(notebook):
        for output in cell.outputs:
            if "data" in output:
                yield name(cell), output.data


def widgets_are_told_in_words(notebook: NotebookNode) -> Iterator[str]:
    """Store with a widget what it shows, as HTML or as text, for a page on which no widget comes to life."""
    for cell, data in bundles(notebook):
        if WIDGET in data and _BARE.match(data.get("text/html") or data.get("text/plain", "")):
            yield f"{cell} stores a widget that says nothing: {data.get('text/plain', '')[:40]}"
        elif WIDGET in data and not as_html(data.get("text/html") or data.get("text/plain", "")).get_text().strip():
            yield f"{cell} stores a widget without a word"


def pictures_have_names(notebook: NotebookNode) -> Iterator[str]:
    """Give each picture in HTML a name of its own: an `alt`, or what an SVG says of itself."""
    for cell, data in bundles(notebook):
        soup = as_html(data.get("text/html", ""))
        if any(not image.get("alt", "").strip() for image in soup.find_all("img")):
            yield f"{cell} shows an image without an alt"
        for svg in soup.find_all("svg"):
            named = svg.get("aria-label") or svg.find(["title", "desc"])
            if svg.get("aria-hidden") != "true" and not (svg.get("role") == "img" and named):
                yield f"{cell} shows an SVG that is no image with a name"


def tables_have_headers(notebook: NotebookNode) -> Iterator[str]:
    """Say in each table what its columns or its rows are."""
    for cell, data in bundles(notebook):
        for table in as_html(data.get("text/html", "")).find_all("table"):
            if not any(header.get_text().strip() for header in table.find_all("th")):
                yield f"{cell} shows a table without headers"


ACCESS_RULES: list[Access] = [widgets_are_told_in_words, pictures_have_names, tables_have_headers]
