"""One order of steps as inline SVG: a lane for each command, time runs down, a box for each step with its line."""

import re
from collections.abc import Iterator
from html import escape
from textwrap import wrap
from typing import TYPE_CHECKING

from fluvius_demo.lessons.colours import COLOURS, MARKS
from fluvius_demo.lessons.exercises.check_words import order_lines

if TYPE_CHECKING:
    from fluvius_demo.lessons.exercises.checked import DrawnOrder, Move

_INK, _GREY = "#222222", "#767676"
_LINE, _CODE, _LETTER = 18, 13 * 0.61, 7.0  # pixels: a row of text, a letter of code, a letter of other text
_LEFT, _TOP, _GAP = 40, 34, 8
_PAGE = 790  # what a notebook's page has room for; what is wider is drawn smaller
_SHADES = ("#FFFFFF", "#E9F2F9")  # the lanes' names and places say the same


def order_svg(order: "DrawnOrder") -> str:
    """Return the picture; its words are in its label and its <desc>. Nothing in it has an id."""
    return _Canvas(order).drawn()


class _Canvas:
    """Where each lane lies, and what is drawn in it."""

    def __init__(self, order: "DrawnOrder") -> None:
        self.order = order
        self.lane = max(190, min(340, (_PAGE - _LEFT) // len(order.lanes)))
        self.width = _LEFT + self.lane * max(len(order.lanes), 2)
        self.top = _TOP + (_LINE + 4) * bool(order.fault)
        self.y = self.top
        self.cuts: list[int] = []  # between these rows nothing is drawn but the lanes: a slide may end there

    def x(self, lane: str) -> int:
        return _LEFT + self.lane * self.order.lanes.index(lane)

    def drawn(self) -> str:
        boxes = "".join(self.boxes())
        floor = self.y
        inside = "".join((*self.heads(floor), boxes, *self.ends()))
        words = " ".join(order_lines(self.order))
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(words)}" width="{self.width}" '
            f'height="{self.y}" viewBox="0 0 {self.width} {self.y}" data-cuts="{" ".join(map(str, self.cuts))}" '
            'style="max-width:100%;height:auto" '
            f'font-family="sans-serif" font-size="14" fill="{_INK}"><title>One order, step by step</title>'
            f'<desc>{escape(words)}</desc><rect width="100%" height="100%" fill="white"/>{inside}</svg>'
        )

    def heads(self, floor: int) -> Iterator[str]:
        if self.order.fault:
            yield _text(4, 20, f"In this run, {self.order.fault}.")
        yield _text(4, self.top - 14, "time ↓")
        for lane in self.order.lanes:
            middle = self.x(lane) + self.lane // 2
            yield f'<path d="M{middle} {self.top}V{floor}" stroke="{_GREY}" stroke-dasharray="2 4"/>'
            yield _text(middle, self.top - 14, lane, 'font-weight="bold" text-anchor="middle"')

    def boxes(self) -> Iterator[str]:
        for number, move in enumerate(self.order.moves, start=1):
            yield _text(_LEFT - 12, self.y + _LINE, str(number), 'text-anchor="end"')
            yield from self.box(move)

    def box(self, move: "Move") -> Iterator[str]:
        self.cuts.append(self.y - _GAP // 2)
        x, width = self.x(move.lane) + 4, self.lane - 8
        lines = wrapped(move.line, int((width - 16) / _CODE))
        height = _LINE * (len(lines) + 1) + 8
        shade = _SHADES[self.order.lanes.index(move.lane) % 2]
        style = f'fill="{shade}" stroke="{_INK}"' if move.line else f'fill="{shade}" stroke="{_INK}" stroke-width="3"'
        yield f'<rect x="{x}" y="{self.y}" width="{width}" height="{height}" rx="4" {style}/>'
        yield _text(x + 8, self.y + _LINE, move.stop, "" if move.line else 'font-weight="bold"')
        for row, line in enumerate(lines, start=2):
            yield _text(
                x + 8, self.y + _LINE * row, line, 'font-family="monospace" font-size="13" xml:space="preserve"'
            )
        self.y += height + _GAP

    def ends(self) -> Iterator[str]:
        self.y += 4
        for lane, finding in self.order.findings:
            told = [f"Wanted: {finding.expected}", f"Seen: {finding.seen}"] * (finding.outcome != "correct")
            rows = [
                row for text in told for row in wrap(text, int((self.width - 40) / _LETTER), subsequent_indent="  ")
            ]
            height = _LINE * (len(rows) + 1) + 4
            self.cuts.append(self.y - _GAP // 2)
            yield f'<rect x="8" y="{self.y}" width="8" height="{height}" fill="{COLOURS[finding.outcome]}"/>'
            yield _text(26, self.y + 15, f"{lane}: {MARKS[finding.outcome]} {finding.outcome}", 'font-weight="bold"')
            for number, row in enumerate(rows, start=1):
                yield _text(26, self.y + 15 + _LINE * number, row, 'xml:space="preserve"')
            self.y += height + _GAP


def wrapped(code: str, width: int) -> list[str]:
    """Return a line of code as several of at most so many letters: wrapped at a blank, a bracket or a point."""
    lines = [""]
    for part in re.findall(r"\s*[^\s(.]*[(.]?", code):
        if len(lines[-1] + part) > width and lines[-1].strip():
            lines.append("  ")
            part = part.lstrip()
        lines[-1] += part
    return [line[:width] for line in lines if line.strip()]


def _text(x: int, y: int, words: str, style: str = "") -> str:
    return f'<text x="{x}" y="{y}" {style}>{escape(words)}</text>'
