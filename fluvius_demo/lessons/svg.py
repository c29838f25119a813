"""A progress graph as inline SVG, for a page that changes with every step: with the way so far, and "you are here".

A thin line: all orders that pass are correct. Where it is thick, so large a share of them fails: a hollow line is
*refused*, a full one *wrong*, a dotted one *stuck*. Nothing has an id, so any number of these can be on one page.
"""

from collections.abc import Sequence
from html import escape

from fluvius_demo.lessons.colours import COLOURS
from fluvius_demo.lessons.graph import Node, ProgressGraph, Traffic
from fluvius_demo.lessons.graph_words import in_words, why_gap
from fluvius_demo.lessons.outcomes import Outcome

_GREY, _INK = "#8C8C8C", "#222222"
_FONT, _LETTER = 14, 7.4  # pixels: the size of the text, and how wide a letter may be
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 22, 34, 74


def progress_svg(
    graph: ProgressGraph, *, here: Node | None = None, path: Sequence[Node] = (), title: str = "", width: int = 360
) -> str:
    """Return the graph as an SVG element, with the path walked and a marker at `here`.

    A graph that is empty gives a grey grid: nobody has explored it yet. A path may lead out of the graph.
    """
    return _Canvas(graph, [*path, *([here] if here else [])], width).drawn(here, path, title)


class _Canvas:
    """Where each place lies, and what is drawn there."""

    def __init__(self, graph: ProgressGraph, walked: Sequence[Node], width: int) -> None:
        self.graph, self.width = graph, width
        self.across = max(graph.size[0], *(x for x, _ in walked), 1)
        self.up = max(graph.size[1], *(y for _, y in walked), 1)
        self.unit = (width - _LEFT - _RIGHT) / max(self.across, self.up)
        self.floor = _TOP + self.unit * self.up
        self.height = self.floor + _BOTTOM + 20 * (graph.share > 0)

    def at(self, node: tuple[float, float]) -> tuple[float, float]:
        return _LEFT + self.unit * node[0], self.floor - self.unit * node[1]

    def between(self, source: Node, target: Node, start: float = 0, end: float = 1) -> str:
        """Return the stretch of a line as the data of an SVG path."""
        (x, y), (x2, y2) = self.at(source), self.at(target)
        dx, dy = x2 - x, y2 - y
        return f"M{x + dx * start:.1f} {y + dy * start:.1f}L{x + dx * end:.1f} {y + dy * end:.1f}"

    def drawn(self, here: Node | None, path: Sequence[Node], title: str) -> str:
        words = in_words(self.graph, here)
        name = title or f"Progress of {' and '.join(self.graph.names)}"
        inside = [*self.axes(title), *self.walk(path), *self.lines(), *self.places(), *self.word_in_the_gap()]
        inside += [*self.marker(here), *self.key()]
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(f"{name}. {words}")}" '
            f'width="{self.width}" height="{self.height:.0f}" viewBox="0 0 {self.width} {self.height:.0f}" '
            f'font-family="sans-serif" font-size="{_FONT}" fill="{_INK}"><title>{escape(name)}</title>'
            f'<desc>{escape(words)}</desc><rect width="100%" height="100%" rx="6" fill="white"/>{"".join(inside)}</svg>'
        )

    def axes(self, title: str) -> list[str]:
        across, up = self.graph.names
        heading = f"{up}'s steps ↑" + (f" · {title}" if title else "")
        found = [
            text(8, 18, heading),
            text(self.width - _RIGHT + 10, self.floor + 40, f"{across}'s steps →", "end"),
        ]
        found += [text(self.at((x, 0))[0], self.floor + 22, str(x), "middle") for x in range(self.across + 1)]
        return found + [text(_LEFT - 14, self.at((0, y))[1] + 5, str(y), "end") for y in range(self.up + 1)]

    def walk(self, path: Sequence[Node]) -> list[str]:
        if len(path) < 2:
            return []
        points = " ".join("{:.1f},{:.1f}".format(*self.at(node)) for node in path)
        ends = 'stroke-linejoin="round" stroke-linecap="round"'
        return [f'<polyline points="{points}" fill="none" stroke="{_INK}" stroke-width="15" {ends}/>'
                f'<polyline points="{points}" fill="none" stroke="white" stroke-width="10" {ends}/>']  # fmt: skip

    def lines(self) -> list[str]:
        if not self.graph.edges:
            return [f'<path d="{self.grid()}" stroke="{_GREY}" stroke-width="1.5"/>']
        return [self.line(*edge, traffic) for edge, traffic in self.graph.edges.items()]

    def grid(self) -> str:
        columns = (self.between((x, 0), (x, self.up)) for x in range(self.across + 1))
        rows = (self.between((0, y), (self.across, y)) for y in range(self.up + 1))
        return "".join((*columns, *rows))

    def line(self, source: Node, target: Node, traffic: Traffic) -> str:
        told = f"{self.graph.place(source)} → {self.graph.place(target)}: {traffic}"
        thin = f'<path d="{self.between(source, target)}" stroke="{COLOURS["correct"]}" stroke-width="2"/>'
        thick = (stroke(self.between(source, target, start, end), outcome) for outcome, start, end in traffic.parts())
        return f"<g><title>{escape(told)}</title>{thin * (traffic.share < 1)}{''.join(thick)}</g>"

    def places(self) -> list[str]:
        nodes = self.graph.nodes or dict.fromkeys(self.graph.grid())
        colour = _INK if self.graph.nodes else _GREY
        return ['<circle cx="{:.1f}" cy="{:.1f}" r="2.5" fill="{}"/>'.format(*self.at(node), colour) for node in nodes]

    def gap(self) -> tuple[float, float, float]:
        """Return the middle of the place where nobody comes, and its width; no width where there is none."""
        if self.graph.gap is None:
            return 0, 0, 0
        (left, low), (right, high) = self.graph.gap
        return *self.at(((left + right) / 2, (low + high) / 2)), self.unit * (right - left + 2) - 16

    def word_in_the_gap(self) -> list[str]:
        x, y, room = self.gap()
        first, second, rest = why_gap(self.graph).split(" ", 2)
        lines = ["never reached:", f"{first} {second}", rest]
        if any(len(line) * _LETTER > room for line in lines):
            lines = [word for word in ("never", "reached") if room > len(word) * _LETTER]
        top = y + 5 - 9 * (len(lines) - 1)
        return [text(x, top + 18 * row, line, "middle", 'fill="#555555"') for row, line in enumerate(lines)]

    def marker(self, here: Node | None) -> list[str]:
        if here is None:
            return []
        x, y = self.at(here)
        dots = (
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="9" fill="{_INK}" stroke="white" stroke-width="2.5"/>'
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="white"/>'
        )
        left, low = here[0] > self.across / 2, here[1] > 0 and (here[1] == self.up or self.in_the_gap(y - 18))
        halo = 'font-weight="bold" paint-order="stroke" stroke="white" stroke-width="4" stroke-linejoin="round"'
        label = text(x + (-13 if left else 13), y + (24 if low else -13), "you are here", "end" if left else "", halo)
        return [dots, label]

    def in_the_gap(self, y: float) -> bool:
        """Return whether a text at this height would lie on the word in the gap."""
        _, middle, room = self.gap()
        return bool(room) and abs(y - middle) < 40

    def key(self) -> list[str]:
        base = self.floor + 66
        if not self.graph.edges:
            return [text(8, base, "not explored yet: nobody knows where it fails")]
        found, x = [], 8
        for outcome in self.graph.tally:
            found += [stroke(f"M{x} {base - 5:.0f}h26", outcome), text(x + 31, base, outcome)]
            x += 44 + 8 * len(outcome)
        if self.graph.share:
            found.append(text(8, base + 20, "thick part of a line: share of failing orders"))
        return found


def text(x: float, y: float, words: str, anchor: str = "", style: str = "") -> str:
    """Return a text as an element; it begins at x, or ends there, or has its middle there."""
    where = f'text-anchor="{anchor}" ' if anchor else ""
    return f'<text x="{x:.0f}" y="{y:.0f}" {where}{style}>{escape(words)}</text>'


def stroke(data: str, outcome: Outcome) -> str:
    """Return a line in the way of an outcome: thin, hollow, full or dotted."""
    colour = COLOURS[outcome]
    if outcome == "correct":
        return f'<path d="{data}" stroke="{colour}" stroke-width="2"/>'
    inner = {
        "refused": f'<path d="{data}" stroke="white" stroke-width="3"/>',
        "stuck": f'<path d="{data}" stroke="white" stroke-width="3" stroke-dasharray="3 3"/>',
    }
    return f'<path d="{data}" stroke="{colour}" stroke-width="7"/>{inner.get(outcome, "")}'
