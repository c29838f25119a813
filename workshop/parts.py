"""What stands on slides, in parts, and how many parts have room on one slide. All sizes in pixels of 1280 x 720."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import groupby
from math import ceil

from bs4 import BeautifulSoup, Tag

from workshop.markup import code_lines

WIDTH, HEIGHT = 1280, 720
ROOM = 590  # below the title
MOST_SLIDES = 3
# The size of the letters, of a line, and how many letters of usual width have room in one. slides.css has the same.
TEXT, TEXT_LINE, TEXT_LETTERS, BOLD_LETTERS = 32, 44, 66, 60
CODE, CODE_LINE, CODE_LETTERS = 24, 33, 80
CELL, CELL_LINE, CELL_LETTERS = 26, 34, 76

BULLETS, LETTERED, NUMBERED = ("<ul>", "</ul>"), ('<ol type="a">', "</ol>"), ("<ol>", "</ol>")
PROGRAM, PRINTED = ('<pre class="code">', "</pre>"), ("<pre>", "</pre>")


@dataclass(frozen=True)
class Part:
    """A piece that is not cut. Neighbours with the same frame, such as the items of a list, stand in one.

    `around` is the frame's own height. What has a `click` comes with the next key, all of that number at once.
    """

    html: str
    height: int
    frame: tuple[str, str] = ("", "")
    around: int = 0
    click: int = 0


def text(html: str, kind: str = "", size: int = TEXT) -> Part:
    """Return a paragraph; `kind` is its class."""
    letters = (BOLD_LETTERS if kind else TEXT_LETTERS) * TEXT // size
    line = TEXT_LINE * size // TEXT
    attribute = f' class="{kind}"' if kind else ""
    return Part(f"<p{attribute}>{html}</p>", _lines(plain(html), letters) * line + 20)


def item(html: str, frame: tuple[str, str] = BULLETS) -> Part:
    """Return an item of a list."""
    return Part(f"<li>{html}</li>", _lines(plain(html), TEXT_LETTERS - 4) * TEXT_LINE + 10, frame, 20)


def program(source: str) -> list[Part]:
    """Return the lines of Python code."""
    lines = re.sub(r"\n{3,}", "\n\n", source.strip("\n")).split("\n")
    return [
        Part(f"{html}\n", _lines(line, CODE_LETTERS) * CODE_LINE, PROGRAM, 30)
        for line, html in zip(lines, code_lines("\n".join(lines)), strict=True)
    ]


def printed(output: str) -> list[Part]:
    """Return the lines of what was printed."""
    return [
        Part(f"{escape(line, quote=False)}\n", _lines(line, CODE_LETTERS) * CODE_LINE, PRINTED, 30)
        for line in output.split("\n")
    ]


def rows(table: Tag) -> list[Part]:
    """Return the rows of a table; its head is repeated on every slide."""
    found = [[cell.get_text(" ", strip=True) for cell in row.find_all(["th", "td"])] for row in table.find_all("tr")]
    columns = max(map(len, found), default=0)
    widest = [max((len(row[column]) for row in found if column < len(row)), default=0) for column in range(columns)]
    weights = [min(max(width, 4), 80) for width in widest]
    letters = [max(1, CELL_LETTERS * weight // max(sum(weights), CELL_LETTERS * 2 // 3)) for weight in weights]
    heights = [max(map(_lines, texts, letters), default=1) * CELL_LINE + 14 for texts in found]
    lines = [str(row) for row in table.find_all("tr")]
    head = int(table.thead is not None or (bool(lines) and table.tr.td is None))
    frame = (f"<table><thead>{''.join(lines[:head])}</thead><tbody>", "</tbody></table>")
    around = sum(heights[:head]) + 20
    return [Part(*row, frame, around) for row in zip(lines[head:], heights[head:], strict=True)]


def packed(parts: Sequence[Part]) -> list[list[Part]]:
    """Return the parts slide by slide, in their order: a list, a table or a text on one slide if it has room on one."""
    slides: list[list[Part]] = []
    room = 0
    for _, group in groupby(parts, key=lambda part: (part.frame, part.click)):
        together = list(group)
        height = _height(together)
        if height > room:
            slides += _spread(together, height)
            room = ROOM - _height(slides[-1])
        else:
            slides[-1] += together
            room -= height
    return slides


def _spread(together: list[Part], height: int) -> list[list[Part]]:
    """Return parts on as few slides as can be, and about as many on each."""
    fewest = _filled(together, ROOM)
    evenly = (_filled(together, room) for room in range(height // len(fewest), ROOM, 10))
    return next((slides for slides in evenly if len(slides) == len(fewest)), fewest)


def _filled(together: list[Part], room: int) -> list[list[Part]]:
    slides: list[list[Part]] = [[]]
    for part in together:
        if slides[-1] and _height([*slides[-1], part]) > room:
            slides.append([])
        slides[-1].append(part)
    return slides


def _height(parts: Sequence[Part]) -> int:
    framed = groupby(parts, key=lambda part: (part.frame, part.click))
    return sum(part.height for part in parts) + sum(next(group).around for _, group in framed)


def shortened(parts: Sequence[Part], what: str = "lines") -> list[list[Part]]:
    """Return the parts slide by slide; where those are too many, the first alone, which says what is missing."""
    slides = packed(parts)
    if len(slides) <= MOST_SLIDES:
        return slides
    more = text(f"… and {len(parts) - len(slides[0]) + 2} more {what}, in the notebook")
    return [[*slides[0][:-2], more]]


def html(parts: Sequence[Part]) -> str:
    """Return what stands on one slide."""
    steps = [(click, _framed(list(group))) for click, group in groupby(parts, key=lambda part: part.click)]
    return "".join(f'<div class="fragment">{inside}</div>' if click else inside for click, inside in steps)


def _framed(parts: Sequence[Part]) -> str:
    groups = [(frame, list(group)) for frame, group in groupby(parts, key=lambda part: part.frame)]
    return "".join(f"{begin}{''.join(part.html for part in group)}{end}" for (begin, end), group in groups)


def on_click(parts: Sequence[Part], click: int) -> list[Part]:
    """Return the same parts; they come with a key of their own."""
    return [replace(part, click=click) for part in parts]


def plain(html: str) -> str:
    """Return the text of a piece of HTML."""
    return BeautifulSoup(html, "html.parser").get_text()


def _lines(words: str, letters: int) -> int:
    return max(1, ceil(len(words) / letters))
