"""Lines over a size: each is the rows of its name, and can be told apart from the others wherever it ends."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import pairwise

import pytest
from drawn import faults, lines, names, places, points, texts, ticks
from made_up import row
from matplotlib.axes import Axes

from fluvius_demo.lessons.figures_growth import Panel, Sizes, curves
from fluvius_demo.lessons.measured import Row
from fluvius_demo.lessons.pictures import Picture

ANSWER = "An answer in one sentence, which is long enough to be written in two lines: so is the one that is drawn here."
SIZES = (1, 10, 100, 1_000)
NAMES = ("isolated", "one per command", "a read of the outermost")
CURVES: dict[str, dict[str, Callable[[int], float]]] = {
    "same": dict.fromkeys(NAMES, lambda _: 500),
    "rising": dict.fromkeys(NAMES, lambda size: 100 * size),
    "falling": dict.fromkeys(NAMES, lambda size: 100_000 / size),
    "apart": {name: partial(lambda by, size: by * (1 + size / 50), 20**n) for n, name in enumerate(NAMES)},
}


def sizes(curves: Mapping[str, Callable[[int], float]], at: Sequence[int] = SIZES) -> Sizes:
    """Return the rows of such curves."""
    return {name: {size: row("", name, curve(size), "ms") for size in at} for name, curve in curves.items()}


def panel(here: Sizes, there: Sizes | None = None, *, log_up: bool = True) -> Panel:
    """Return a panel in which each line is called as it was measured."""
    return Panel(here, there or {}, "commands in flight", "milliseconds", {name: name for name in here}, log_up)


def some_curves(name: str, log_up: bool, panels: int) -> Picture:
    """Draw the curves of this name, so many times."""
    return curves(ANSWER, [panel(sizes(CURVES[name]), log_up=log_up)] * panels)


PICTURES: dict[str, Callable[[], Picture]] = {
    "a short way": lambda: curves(ANSWER, [panel(sizes({"one": lambda size: 700 + size}, (7, 8, 9)))])
}
for name in CURVES:
    PICTURES[f"{name}, log"] = partial(some_curves, name, True, 2)
    PICTURES[f"{name}, plain"] = partial(some_curves, name, False, 1)


def drawn(*panels: Panel) -> list[Axes]:
    """Draw the panels, and return their axes."""
    figure = curves(ANSWER, panels).figure
    places(figure)
    return list(figure.axes)


def values(rows: Mapping[int, Row]) -> dict[int, float]:
    """Return the values of rows by size."""
    return {size: row.value.value for size, row in rows.items()}


@pytest.mark.parametrize("name", PICTURES)
class TestLegible:
    """Every picture, as it comes out."""

    def test_all_of_it_can_be_read(self, name: str) -> None:
        """No text is small, cut or on another one, the names of lines included; all points are within the axes."""
        assert faults(PICTURES[name]().figure) == []

    def test_there_are_figures_on_each_axis(self, name: str) -> None:
        """Two at least, wherever it begins and however short it is; and no powers of ten."""
        figure = PICTURES[name]().figure
        places(figure)
        figures = [ticks(axis) for ax in figure.axes for axis in (ax.xaxis, ax.yaxis)]
        assert [found for found in figures if len(found) < 2 or "e" in "".join(found)] == []


class TestCurves:
    """Lines over a size."""

    HERE = sizes(CURVES["apart"])
    THERE = {NAMES[0]: {1: row("", "", 7, "ms"), 10: row("", "", 9, "ms")}}

    def test_full_lines_are_this_machine(self) -> None:
        """One for each name, at its values."""
        (ax,) = drawn(panel(self.HERE, self.THERE))
        assert [points(line) for line in lines(ax, "-")] == [values(rows) for rows in self.HERE.values()]

    def test_bands_are_the_intervals(self) -> None:
        """As wide as they are, at each size."""
        (ax,) = drawn(panel(self.HERE))
        for band, rows in zip(ax.collections, self.HERE.values(), strict=True):
            corners = {(x, y) for x, y in band.get_paths()[0].vertices}
            assert corners == {(size, y) for size, row in rows.items() for y in (row.value.low, row.value.high)}

    def test_dashed_lines_are_the_reference(self) -> None:
        """Where it was measured there, and only so far; hollow, in the mark of the full line."""
        (ax,) = drawn(panel(self.HERE, self.THERE))
        (dashed,) = lines(ax, "--")
        assert points(dashed) == {1: 7, 10: 9}
        assert (dashed.get_marker(), dashed.get_markerfacecolor()) == (lines(ax, "-")[0].get_marker(), "none")

    def test_lines_differ_in_more_than_colour(self) -> None:
        """Each has its own mark, and its name in its colour."""
        (ax,) = drawn(panel(self.HERE))
        full = lines(ax, "-")
        assert len({line.get_marker() for line in full}) == len({line.get_color() for line in full}) == len(NAMES)
        assert [names(ax)[name].get_color() for name in NAMES] == [line.get_color() for line in full]

    def test_each_is_named_where_it_ends(self) -> None:
        """Beside the axes, at the height of its last point where nothing is in the way."""
        (ax,) = drawn(panel(self.HERE))
        boxes = places(ax.figure)
        for name, rows in self.HERE.items():
            box, end = boxes[names(ax)[name]], ax.transData.transform((1, list(rows.values())[-1].value.value))[1]
            assert box.x0 > ax.bbox.x1
            assert box.y0 < end < box.y1

    @pytest.mark.parametrize("curve", ["same", "rising", "falling"])
    @pytest.mark.parametrize("log_up", [True, False])
    def test_names_of_lines_that_end_alike_stand_above_each_other(self, curve: str, log_up: bool) -> None:
        """Beside the axes, neither in their title nor in their figures, and none on another."""
        (ax,) = drawn(panel(sizes(CURVES[curve]), log_up=log_up))
        boxes = sorted((places(ax.figure)[text] for text in ax.texts), key=lambda box: box.y0)
        assert all(lower.y1 < upper.y0 for lower, upper in pairwise(boxes))
        assert ax.bbox.y0 - 2 <= boxes[0].y0
        assert boxes[-1].y1 <= ax.bbox.y1 + 2

    @pytest.mark.parametrize("log_up", [True, False])
    def test_each_axis_says_what_it_is(self, log_up: bool) -> None:
        """The unit, and whether it is logarithmic; one that is not begins at 0."""
        (ax,) = drawn(panel(self.HERE, log_up=log_up))
        assert (ax.get_xlabel(), ax.get_xscale()) == ("commands in flight (log axis)", "log")
        assert ax.get_title("left") == ("milliseconds (log axis)" if log_up else "milliseconds")
        assert ax.get_yscale() == ("log" if log_up else "linear")
        assert log_up or ax.get_ylim()[0] == 0

    def test_the_key_tells_the_machines_apart(self) -> None:
        """Below all."""
        (ax,) = drawn(panel(self.HERE))
        key = "Full line, its band the 95 % interval: this machine. Dashed, hollow: the reference machine."
        assert key in texts(ax.figure)

    def test_the_words_hold_every_figure(self) -> None:
        """Panel by panel, line by line."""
        here = {
            "one": {1: row("", "", 7, "ms"), 1_000: row("", "", 1_234.5, "ms")},
            "two": {10: row("", "", 0.5, "ms")},
        }
        told = "\n- Milliseconds, over commands in flight: one: 7 at 1, 1,234 at 1,000; two: 0.5 at 10."
        assert curves(ANSWER, [panel(here)] * 2).words == f"{ANSWER}{told}{told}"
