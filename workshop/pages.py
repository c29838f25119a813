"""Each notebook as an HTML page that needs no network, no Python and no JavaScript: `python -m workshop.pages`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from bs4 import BeautifulSoup
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from nbformat import NotebookNode

from workshop.markup import CODE_CSS, code_html, output_html, prose_html
from workshop.outputs import notebooks, outputs, read

BUILD = Path(__file__).parents[1] / "build"
TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    autoescape=False,  # everything that is put in is HTML already
)


@dataclass(frozen=True)
class Page:
    """A notebook as a page: its title as HTML, its sections (anchor and title), its cells as HTML."""

    file: str
    title: str
    minutes: str
    sections: tuple[tuple[str, str], ...]
    cells: tuple[str, ...]


def page(path: Path) -> Page:
    """Return a notebook as a page. Raises ValueError for a notebook without a title."""
    notebook = read(path)
    cells = tuple(_cell(notebook, place) for place in range(len(notebook.cells)))
    soup = BeautifulSoup("".join(cells), "html.parser")
    if soup.h1 is None:
        raise ValueError(f"Cannot make a page of {path.name}: it has no title. To solve this, begin it with '# Title'.")
    minutes = re.search(r"\*\*Time:\*\* (\d+ minutes)", notebook.cells[0].source)
    return Page(
        f"{path.stem}.html",
        soup.h1.decode_contents(),
        minutes[1] if minutes else "",
        tuple((head["id"], head.decode_contents()) for head in soup.find_all("h2")),
        cells,
    )


def _cell(notebook: NotebookNode, place: int) -> str:
    cell = notebook.cells[place]
    if cell.cell_type != "code":
        return prose_html(cell.source) if cell.cell_type == "markdown" else ""
    if not cell.source.strip():
        return ""
    following = next((later.source for later in notebook.cells[place + 1 :] if later.cell_type == "markdown"), "")
    return code_html(cell.source) + "".join(map(output_html, outputs(cell, following)))


def write_pages(folder: Path) -> list[Path]:
    """Write a page for each notebook, and one that lists them, and return their paths."""
    pages = [page(path) for path in notebooks()]
    folder.mkdir(parents=True, exist_ok=True)
    written = [folder / "index.html", *(folder / one.file for one in pages)]
    template = TEMPLATES.get_template("page.html.j2")
    for path, one in zip(written, [None, *pages], strict=True):
        path.write_text(template.render(page=one, pages=pages, code_css=CODE_CSS), encoding="utf-8")
    return written


if __name__ == "__main__":
    print(f"Written, to be opened in a browser: {write_pages(BUILD / 'pages')[0]}")
