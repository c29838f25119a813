"""The figure of all orders of three commands, whose graph does not lie flat: what happened, and how often."""

from collections.abc import Mapping
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from fluvius_demo.lessons.colours import COLOURS, MARKS
from fluvius_demo.lessons.graph import story_rows
from fluvius_demo.lessons.graph_words import tally_of
from fluvius_demo.lessons.interleave import Report, Story, steps_of
from fluvius_demo.lessons.pictures import LARGE, SMALL, Picture

_LINE, _CELL, _EDGE, _BAR, _NAME = 0.36, 0.27, 0.1, 1.6, 2.0  # inches
_SHADES = ("#FFFFFF", "#8EC9EE", "#1B4F72", "#D9D9D9", "#777777")


class Shown(NamedTuple):
    """The stories of one design that are drawn, those of the most orders first, and how many more there are."""

    report: Report
    stories: list[Story]
    more: list[Story]

    @classmethod
    def of(cls, report: Report, most: int) -> "Shown":
        """Choose them; a single one is not left out, for to say so takes as much room."""
        rows = story_rows(report)
        most = len(rows) if len(rows) == most + 1 else most
        return cls(report, rows[:most], rows[most:])

    def rest(self) -> str:
        """Return what is left out, in words."""
        if not self.more:
            return ""
        (first, count), *others = Report(stories=self.more).tally.items()
        counts = ", ".join(
            [f"{count} order{'s' * (count > 1)} {first}", *(f"{count} {name}" for name, count in others)]
        )
        return f"… and {len(self.more)} more stories: {counts}"


def stories(reports: Mapping[str, Report], *, most: int = 6) -> Picture:
    """Draw the stories of each design as rows: the simplest schedule, how many orders tell it, and how it ends."""
    shown = {name: Shown.of(report, most) for name, report in reports.items()}
    steps = max(len(steps_of(story.schedule)) for some in shown.values() for story in some.stories)
    lines = sum(len(some.stories) + 1.6 + bool(some.more) for some in shown.values())
    middle = 2 * _EDGE + steps * _CELL
    width, height = middle + _BAR + 3.8, _LINE * (lines + 1)
    figure = Figure(figsize=(width, height))
    ax = figure.add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, width), ylim=(height, 0))
    ax.axis("off")
    heads = ("the simplest order of its kind", "orders of this kind", "how each command ends")
    for text, x in zip(heads, (_EDGE, middle, middle + _BAR + 0.8), strict=True):
        ax.annotate(text, (x, 0.5 * _LINE), va="center", fontsize=SMALL, style="italic", color="#555555")
    y = 1.3 * _LINE
    for name, some in shown.items():
        y = _design(ax, name, some, middle, y)
    return Picture(figure, "".join(f"\n- {name}: {_in_words(some)}" for name, some in shown.items()))


def _design(ax: Axes, name: str, shown: Shown, middle: float, y: float) -> float:
    """Draw a design from this height on; return the height at which the next one can begin."""
    ax.annotate(name, (_EDGE, y + _LINE / 2), va="center", fontsize=LARGE, fontweight="bold")
    ax.annotate(_tally(shown.report), (_EDGE + _NAME, y + _LINE / 2), va="center", fontsize=SMALL)
    total = len(shown.report.orders)
    for story in shown.stories:
        y += _LINE
        _schedule(ax, story.schedule, y)
        ax.add_patch(Rectangle((middle, y + 0.06), _BAR * story.orders / total, _LINE - 0.12, facecolor="#777777"))
        at = (middle + _BAR * story.orders / total + 0.08, y + _LINE / 2)
        ax.annotate(str(story.orders), at, va="center", fontsize=SMALL)
        _ending(ax, story, middle + _BAR + 0.8, y)
    if shown.more:
        y += _LINE
        ax.annotate(shown.rest(), (_EDGE, y + _LINE / 2), va="center", fontsize=SMALL, style="italic")
    return y + 1.6 * _LINE


def _schedule(ax: Axes, schedule: str, y: float) -> None:
    """Draw the steps as cells: the letter says whose, and so does the shade."""
    for place, name in enumerate(steps_of(schedule)):
        shade = _SHADES[(ord(name[0]) - ord("A")) % len(_SHADES)]
        corner = (_EDGE + place * _CELL, y + 0.03)
        ax.add_patch(Rectangle(corner, _CELL, _LINE - 0.06, facecolor=shade, edgecolor="#222222"))
        dark = shade in ("#1B4F72", "#777777")
        middle = (corner[0] + _CELL / 2, y + _LINE / 2)
        ax.annotate(name, middle, ha="center", va="center", fontsize=SMALL, color="white" if dark else "black")


def _ending(ax: Axes, story: Story, x: float, y: float) -> None:
    """Draw how a story ends: a mark for each command, and the outcome of the whole."""
    outcome, middle = story.outcome, y + _LINE / 2
    for place, (name, finding) in enumerate(story.verdict.findings):
        ax.annotate(f"{name} {MARKS[finding.outcome]}", (x + 0.55 * place, middle), va="center", fontsize=SMALL)
    x += 0.55 * len(story.verdict.findings) + 0.1
    colour, size = COLOURS[outcome], (1.2, _LINE - 0.08)
    ax.add_patch(Rectangle((x, y + 0.04), *size, facecolor=f"{colour}55", edgecolor=colour))
    ax.annotate(f"{MARKS[outcome]} {outcome}", (x + 0.6, middle), ha="center", va="center", fontsize=SMALL)


def _tally(report: Report) -> str:
    return tally_of(report.tally) + ("" if report.exhaustive else " (not all orders were tried)")


def _in_words(shown: Shown) -> str:
    told = [
        f"{story.schedule}, {story.orders} order{'s' * (story.orders > 1)}: "
        + ", ".join(f"{name} {finding.outcome}" for name, finding in story.verdict.findings)
        for story in shown.stories
    ]
    return f"{_tally(shown.report)}. " + "; ".join([*told, *([shown.rest()] if shown.more else [])]) + "."
