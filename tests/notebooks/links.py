"""Where the links and pictures of a document lead, and what is wrong with them.

Nothing is fetched: whether a page on the web is still there, only the web can say.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import nbformat
from bs4 import BeautifulSoup
from documents import as_html, blocks, in_jupyterlab, on_github, parsed, passages, titles

# A name with a dot in it that ends in letters: neither an address of numbers nor a machine nearby.
_PUBLIC = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")
_NEARBY = ("local", "localhost", "internal", "lan", "home", "test", "example")


def pages(path: Path) -> Iterator[BeautifulSoup]:
    """Yield all of a document that may hold links: its texts, and HTML and Markdown among a notebook's outputs."""
    if path.suffix == ".md":
        yield parsed(path.read_text(encoding="utf-8"))
        return
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown":
            yield parsed(cell.source)
        for output in cell.get("outputs", []):
            yield as_html(output.get("data", {}).get("text/html", ""))
            yield parsed(output.get("data", {}).get("text/markdown", ""))


def targets(soup: BeautifulSoup) -> list[str]:
    """Return where its links lead and where its pictures come from; those that hold their picture are left out."""
    found = [node.get("href") or node.get("src") or "" for node in soup.find_all(["a", "img"])]
    return [target for target in found if not target.startswith("data:image/")]


@cache
def fragments(path: Path) -> frozenset[str]:
    """Return the fragments that a link into a document may have: the headings', as JupyterLab or GitHub calls them."""
    found = [title for page in pages(path) for title in titles(page)]
    if path.suffix == ".ipynb":
        return frozenset(map(in_jupyterlab, found))
    times = Counter(map(on_github, found))
    return frozenset(f"{name}-{number}".removesuffix("-0") for name in times for number in range(times[name]))


def problems(path: Path, root: Path) -> list[str]:
    """Return what is wrong with a document's links; `root` is the project's folder, which they may not leave."""
    found = [problem for page in pages(path) for target in targets(page) for problem in wrong(target, path, root)]
    prose = (text for passage in passages(path) for text in blocks(passage))
    left = [name for text in prose for name in re.findall(r"(?:\[\w[\w ]*\])+", text)]
    return found + [f"{name}: no such reference is defined" for name in left]


def wrong(target: str, path: Path, root: Path) -> Iterator[str]:
    """Yield what is wrong with one link of a document."""
    parts = urlsplit(target)
    if parts.scheme or parts.netloc:
        yield from wrong_on_the_web(target)
        return
    there = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    if not target or parts.query or target.startswith("/") or not there.is_relative_to(root.resolve()):
        yield f"{target!r}: this is no path in this project"
    elif not there.exists():
        yield f"{target}: there is no such file"
    elif parts.fragment and there.suffix not in (".ipynb", ".md"):
        yield f"{target}: a fragment leads nowhere there"
    elif parts.fragment and unquote(parts.fragment) not in fragments(there):
        yield f"{target}: there is no such heading"


def wrong_on_the_web(target: str) -> Iterator[str]:
    """Yield what is wrong with an address on the web: it is https, and of a public place."""
    parts = urlsplit(target)
    host = parts.hostname or ""
    if parts.scheme != "https":
        yield f"{target}: not https"
    elif not _PUBLIC.fullmatch(host) or host.rpartition(".")[2] in _NEARBY or parts.netloc != host:
        yield f"{target}: {parts.netloc!r} is no public place"
    elif re.search(r"[\s<>\"{}|\\^`]", unquote(target)) or ".." in parts.path:
        yield f"{target}: not well formed"
