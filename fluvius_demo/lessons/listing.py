"""The source of a coroutine's function, line by line, found from a place in it."""

import inspect
import linecache
from functools import lru_cache
from typing import NamedTuple

from fluvius_demo.lessons.places import Place


class Line(NamedTuple):
    """A line of source: its number in the file, how far it is indented (in letters), its text."""

    number: int
    indent: int
    text: str


def listing(start: Place | None) -> tuple[Line, ...]:
    """Return the lines of the function that begins at this place; none for a place that is not known."""
    return _lines(start.file, start.line) if start else ()


@lru_cache(maxsize=256)
def _lines(file: str, first: int) -> tuple[Line, ...]:
    block = [line.rstrip().expandtabs(4) for line in inspect.getblock(linecache.getlines(file)[first - 1 :])]
    outer = len(block[0]) - len(block[0].lstrip()) if block else 0
    return tuple(
        Line(number, max(len(text) - len(text.lstrip()) - outer, 0), text.strip())
        for number, text in enumerate(block, start=first)
    )
