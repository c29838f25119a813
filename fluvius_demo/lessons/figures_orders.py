"""The figure of all orders of two commands: a progress graph for each design, on one scale."""

from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from fluvius_demo.lessons.colours import COLOURS, MARKS
from fluvius_demo.lessons.graph import Node, ProgressGraph, Traffic, progress_graph
from fluvius_demo.lessons.graph_words import in_words, tally_of, why_gap
from fluvius_demo.lessons.interleave import Report
from fluvius_demo.lessons.outcomes import OUTCOMES, Outcome
from fluvius_demo.lessons.pictures import LARGE, SMALL, Picture

Point = tuple[float, float]
_INK, _SOFT = "#222222", "#555555"
_PANEL, _SIDE, _HEAD, _SECOND, _FOOT, _EDGE, _LINE, _NARROWEST = 2.4, 0.55, 0.85, 0.2, 0.75, 0.1, 0.36, 5.3  # inches
_LETTER = 0.093  # inches: how wide a letter may be
_HERE, _THICK = "every order through here fails", "thick part of a line: share of failing orders"


def progress_graphs(reports: Mapping[str, Report]) -> Picture:
    """Draw the progress graph of two commands for each design, all on one scale."""
    graphs = {name: progress_graph(report) for name, report in reports.items()}
    across, up = (max(graph.size[axis] for graph in graphs.values()) for axis in (0, 1))
    columns, unit = min(3, len(graphs)), _PANEL / (max(across, up) + 0.5)
    wide, high = unit * (across + 0.5), unit * (up + 0.5)
    width = max(columns * (_SIDE + _PANEL) + _EDGE, _NARROWEST)
    key = _key_of(list(graphs.values()), width)
    tallies = [tally_of(graph.tally).replace("correct, ", "correct,\n") for graph in graphs.values()]
    rows = [tallies[first : first + columns] for first in range(0, len(tallies), columns)]
    heads = [_HEAD - (0 if "\n" in "".join(row) else _SECOND) for row in rows]
    height = sum(heads) + len(rows) * (high + _FOOT) + _LINE * (key[-1].row + 1)
    figure = Figure(figsize=(width, height))
    for number, (name, graph) in enumerate(graphs.items()):
        row, column = divmod(number, columns)
        left, top = _SIDE + column * (_SIDE + _PANEL), height - sum(heads[: row + 1]) - row * (high + _FOOT)
        ax = figure.add_axes((left / width, (top - high) / height, wide / width, high / height))
        ax.set(xlim=(-0.25, across + 0.25), ylim=(-0.25, up + 0.25))
        ax.set_xticks(range(0, across + 1, 1 + (across > 8)))
        ax.set_yticks(range(0, up + 1, 1 + (up > 8)))
        _headed(ax, f"{name}{'' if graph.exhaustive else ' (not all orders)'}", tallies[number], 72 * heads[row])
        _graph(ax, graph)
    _draw_key(figure, key)
    return Picture(figure, "".join(f"\n- {name}: {in_words(graph)}" for name, graph in graphs.items()))


def _headed(ax: Axes, title: str, tally: str, points: float) -> None:
    ax.set_title(title, loc="left", fontsize=LARGE, fontweight="bold", pad=points - 19)
    ax.annotate(tally, (0, 1), (0, points - 23), "axes fraction", "offset points", va="top", fontsize=SMALL)


def _graph(ax: Axes, graph: ProgressGraph) -> None:
    _lines(ax, graph.edges)
    ax.plot(*zip(*sorted(graph.nodes), strict=True), "o", color=_INK, markersize=3.5)
    if lost := [node for node in graph.lost if node != (0, 0)]:
        _ring(ax, lost)
    if graph.gap:
        _word_in_the_gap(ax, graph, *graph.gap)
    ax.set_xlabel(f"{graph.names[0]}'s steps →", fontsize=SMALL)
    ax.set_ylabel(f"{graph.names[1]}'s steps →", fontsize=SMALL)
    ax.tick_params(length=0, labelsize=SMALL)
    ax.spines[:].set_visible(False)


def _word_in_the_gap(ax: Axes, graph: ProgressGraph, low: Node, high: Node) -> None:
    unit = _PANEL / (max(ax.get_xlim()[1], ax.get_ylim()[1]) + 0.25)
    across, up = ((high[axis] - low[axis] + 2) * unit for axis in (0, 1))
    lines = [*wrap("never reached:", letters := int((across - 0.15) / _LETTER)), *wrap(why_gap(graph), letters)]
    words = "\n".join(lines) if (len(lines) + 1) * 0.2 < up and letters > 10 else "never\nreached"
    middle = ((low[0] + high[0]) / 2, (low[1] + high[1]) / 2)
    ax.annotate(words, middle, ha="center", va="center", fontsize=SMALL, color=_SOFT, style="italic")


def _ring(ax: Axes, places: Sequence[Point]) -> None:
    ax.plot(*zip(*places, strict=True), "o", color=_INK, markerfacecolor="white", markersize=9, markeredgewidth=2)


def _lines(ax: Axes, edges: Mapping[tuple[Point, Point], Traffic]) -> None:
    """Draw lines: thin where their orders are correct, thick as far as they fail."""
    found: dict[Outcome, list[tuple[Point, Point]]] = {outcome: [] for outcome in OUTCOMES}
    for ((x, y), (x2, y2)), traffic in edges.items():
        if traffic.share < 1:
            found["correct"].append(((x, y), (x2, y2)))
        for outcome, start, end in traffic.parts():
            ends = (x + start * (x2 - x), y + start * (y2 - y)), (x + end * (x2 - x), y + end * (y2 - y))
            found[outcome].append(ends)
    for outcome, segments in found.items():
        _stroke(ax, segments, outcome)


def _stroke(ax: Axes, segments: Sequence[tuple[Point, Point]], outcome: Outcome) -> None:
    """Draw stretches of lines in the way of an outcome: thin, hollow, full or dotted."""
    widths = {"correct": [1.6], "refused": [6.5, 3], "wrong": [6.5], "stuck": [6.5, 3]}[outcome]
    for width, colour in zip(widths, (COLOURS[outcome], "white"), strict=False):
        style = (0, (1, 1)) if outcome == "stuck" and colour == "white" else "solid"
        ax.add_collection(LineCollection(segments, colors=colour, linewidths=width, linestyles=style))


class Said(NamedTuple):
    """One thing that the key says, with its place: a row, counted from the top, and how far from the left."""

    words: str
    row: int
    left: float


def _key_of(graphs: Sequence[ProgressGraph], width: float) -> list[Said]:
    """Return what has to be said, one thing beside the other, as many in a row as the width allows."""
    texts = [f"{MARKS[outcome]} {outcome}" for outcome in OUTCOMES if any(outcome in graph.tally for graph in graphs)]
    if any(set(graph.lost) - {(0, 0)} for graph in graphs):
        texts.append(_HERE)
    if any(0 < traffic.share < 1 for graph in graphs for traffic in graph.edges.values()):
        texts.append(_THICK)
    found, left, row = [], _EDGE, 0
    for text in texts:
        needed = 0.85 + _LETTER * len(text)
        if left > _EDGE and left + needed > width + 0.25:
            left, row = _EDGE, row + 1
        found.append(Said(text, row, left))
        left += needed
    return found


def _draw_key(figure: Figure, key: Sequence[Said]) -> None:
    width, height = figure.get_size_inches()
    ax = figure.add_axes((0, 0, 1, 1), zorder=-1)
    ax.set(xlim=(0, width), ylim=(0, height))
    ax.axis("off")
    outcomes = [outcome for outcome in OUTCOMES if f"{MARKS[outcome]} {outcome}" in {said.words for said in key}]
    for number, (words, row, left) in enumerate(key):
        y = _LINE * (key[-1].row - row + 0.5)
        line = (left, y), (left + 0.5, y)
        if words == _HERE:
            _ring(ax, [(left + 0.25, y)])
        elif words == _THICK:
            _lines(ax, {line: Traffic({"correct": 1, outcomes[-1]: 1})})
        else:
            _stroke(ax, [line], outcomes[number])
        ax.annotate(words, (left + 0.6, y), va="center", fontsize=SMALL)
