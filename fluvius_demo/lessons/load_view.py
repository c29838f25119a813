"""A burst of commands as inline SVG and as text: who waits, who works, what becomes of each, and how fast that is.

Dotted: waits for its turn. Full: works, and is served. Hollow: *refused*; striped: *wrong*; both have mark and word.
"""

from collections.abc import Iterator
from html import escape
from itertools import groupby
from math import floor, log10

from fluvius_demo.lessons.colours import COLOURS, MARKS
from fluvius_demo.lessons.load import PERCENTS, Waiting
from fluvius_demo.lessons.measured import number
from fluvius_demo.lessons.outcomes import Outcome
from fluvius_demo.lessons.svg import text

MOST = 100  # rows; of more commands the last line says how many are not drawn
_GREY, _INK = "#767676", "#222222"
_WIDTH, _LEFT, _RIGHT, _TOP = 640, 44, 170, 60  # pixels, as all that follows; on the right there is room for words
_FONT, _LETTER, _LINE = 16, 8.6, 20  # the size of the text, how wide a letter may be, how high a line of it is
_SHORTEST = 4  # of a bar: a refusal takes no time, and is to be seen


def load_svg(run: Waiting, until: float = 0) -> str:
    """Return the run as an SVG element: a row for each command, the time across, up to `until` seconds at least.

    Two runs that are given the same `until` have the same scale.
    """
    return _Chart(run, until).drawn()


def load_text(run: Waiting) -> str:
    """Return the same in words: a few lines, and one for each outcome that is not *correct*, with its evidence."""
    what, came = heading(run)
    lines = [f"{what}: {came}", f"at work at the same time: {run.most_at_once} at most"]
    if len(run.served) > 1:
        within = ", ".join(f"{percent} of 100 within {_ms(run.within(percent))}" for percent in PERCENTS)
        lines.append(f"from asking to the end, of those served: {within}")
    lines.append(f"outcomes: {_tally(run)}")
    for outcome in run.tally:
        if outcome != "correct":
            first = next(finding for finding in run.findings if finding.outcome == outcome)
            seen = first.seen if outcome == "refused" else f"expected {first.expected}; seen {first.seen}"
            lines.append(f"the first {outcome}: {seen}")
    return "\n".join(lines)


def heading(run: Waiting) -> tuple[str, str]:
    """Return what was run, and what came of it."""
    commands = len(run.spans)
    sent = "1 command" if commands == 1 else f"{commands:,} commands at once"
    return (
        f"{run.design}: {sent}, store takes {run.latency * 1000:g} ms",
        f"all done after {_ms(run.total)}; {number(run.per_second)} commands/s",
    )


def _ms(seconds: float) -> str:
    return f"{number(seconds * 1000)} ms"


def _tally(run: Waiting) -> str:
    return ", ".join(f"{MARKS[outcome]} {count:,} {outcome}" for outcome, count in run.tally.items())


class _Chart:
    """Where each row lies, and what is drawn there."""

    def __init__(self, run: Waiting, until: float) -> None:
        self.run, self.until = run, max(run.total, until)
        self.rows = list(zip(run.spans, run.findings, strict=True))[:MOST]
        self.left_over = len(run.spans) - len(self.rows)
        self.pitch = max(4.0, min(18.0, 306 / len(self.rows)))
        self.floor = _TOP + self.pitch * len(self.rows)
        self.height = self.floor + 70 + _LINE * (self.left_over > 0)

    def x(self, seconds: float) -> float:
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * seconds / self.until

    def y(self, row: float) -> float:
        return _TOP + self.pitch * (row + 0.5)

    def drawn(self) -> str:
        what, came = heading(self.run)
        name = escape(f"{what}: {came}")
        inside = [text(12, 22, what, style='font-weight="bold"'), text(12, 42, came)]
        inside += [*self.axes(), *self.bars(), *self.labels(), *self.key()]
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{name}" width="{_WIDTH}" '
            f'height="{self.height:.0f}" viewBox="0 0 {_WIDTH} {self.height:.0f}" style="max-width:100%;height:auto" '
            f'font-family="sans-serif" font-size="{_FONT}" fill="{_INK}"><title>{name}</title>'
            f"<desc>{escape(load_text(self.run))}</desc>"
            f'<rect width="100%" height="100%" rx="6" fill="white"/>{"".join(inside)}</svg>'
        )

    def axes(self) -> Iterator[str]:
        for seconds in _ticks(self.until):
            x = self.x(seconds)
            yield f'<path d="M{x:.1f} {_TOP - 4}V{self.floor + 4:.1f}" stroke="#DDDDDD"/>'
            yield text(x, self.floor + 19, number(seconds * 1000), "middle")
        yield text(_WIDTH - 8, self.floor + 19, "ms since all asked", "end")
        for row in (1, *range(5, len(self.rows) + 1, 5)):
            yield text(_LEFT - 8, self.y(row - 1) + 5, str(row), "end")

    def bars(self) -> Iterator[str]:
        for row, ((started, ended), finding) in enumerate(self.rows):
            begin = self.x(started)
            if self.waited(started):
                yield _waits(self.x(0), begin, self.y(row))
            yield _works(begin, max(self.x(ended), begin + _SHORTEST), self.y(row), self.pitch - 1, finding.outcome)

    def waited(self, seconds: float) -> bool:
        """Return whether one would see so short a wait."""
        return self.x(seconds) - self.x(0) > 2

    def labels(self) -> Iterator[str]:
        """Write beside what was not served what it was: once for neighbours, with a line that spans them."""
        row, free = 0, 0.0
        for outcome, group in groupby(self.rows, key=lambda shown: shown[1].outcome):
            ends = [ended for (_, ended), _ in group]
            first, row = row, row + len(ends)
            top, bottom = self.y(first - 0.5), self.y(row - 0.5)
            middle = (top + bottom) / 2
            if outcome == "correct" or middle < free:
                continue
            free = middle + _LINE
            x = self.x(max(ends)) + _SHORTEST + 4 if bottom - top >= _LINE else _WIDTH - _RIGHT + 8
            lines = [f"{MARKS[outcome]} {outcome}"]
            if bottom - top >= 2 * _LINE:
                lines.append(f"rows {first + 1} to {row}")
            yield f'<path d="M{x:.1f} {top + 1:.1f}V{bottom - 1:.1f}" stroke="{_INK}"/>'
            base = middle + 5 - _LINE * (len(lines) - 1) / 2
            yield from (text(x + 7, base + _LINE * place, line) for place, line in enumerate(lines))

    def key(self) -> Iterator[str]:
        base, x = self.floor + 54, 12.0
        samples = [
            (_works(0, 20, 0, 12, outcome), f"{MARKS[outcome]} {n:,} {outcome}")
            for outcome, n in self.run.tally.items()
        ]
        if any(self.waited(started) for (started, _), _ in self.rows):
            samples.insert(0, (_waits(0, 20, 0), "waits"))
        for sample, words in samples:
            yield f'<g transform="translate({x:.0f} {base - 5:.0f})">{sample}</g>'
            yield text(x + 26, base, words)
            x += 38 + len(words) * _LETTER
        if self.left_over:
            yield text(12, base + _LINE, f"… and {self.left_over:,} more commands, which are not drawn")


def _waits(begin: float, end: float, y: float) -> str:
    return f'<path d="M{begin:.1f} {y:.1f}H{end:.1f}" stroke="{_GREY}" stroke-width="3" stroke-dasharray="2 4"/>'


def _works(begin: float, end: float, y: float, high: float, outcome: Outcome) -> str:
    """Return a bar in the way of an outcome: full, hollow, striped or dotted."""
    colour, line = COLOURS[outcome], f"M{begin:.1f} {y:.1f}H{end:.1f}"
    if outcome == "refused":
        box = (
            f'x="{begin + 0.5:.1f}" y="{y - high / 2 + 0.5:.1f}" width="{end - begin - 1:.1f}" height="{high - 1:.1f}"'
        )
        return f'<rect {box} fill="white" stroke="{colour}"/>'
    dashes = {"wrong": ' stroke-dasharray="6 2"', "stuck": ' stroke-dasharray="2 3"'}.get(outcome, "")
    return f'<path d="{line}" stroke="{colour}" stroke-width="{high:.1f}"{dashes}/>'


def _ticks(until: float) -> list[float]:
    """Return up to seven round numbers of seconds from 0 on: their step is 1, 2 or 5, and noughts."""
    power = 10.0 ** floor(log10(until))
    step = next(power * part for part in (0.2, 0.5, 1, 2) if until <= power * part * 6)
    return [step * place for place in range(int(until / step) + 1)]
