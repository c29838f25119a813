"""The figures of what was measured: what they draw is what the rows say, legibly, and in words as well."""

from collections.abc import Callable

import pytest
from drawn import faults, marks, places, texts, ticks
from matplotlib.axes import Axes

from fluvius_demo.lessons.figures_timing import Rows, costs, plain
from fluvius_demo.lessons.measured import Row
from fluvius_demo.lessons.pictures import Picture
from fluvius_demo.lessons.timing import Interval

ANSWER = "Reading a variable takes 8 ns, twice what an attribute takes; a property of IsolatedAggregate, 1,250 ns."


def row(value: Interval, ratio: Interval | None = None, unit: str = "ns") -> Row:
    """Return a row, of which the figures do not need the name."""
    return Row("a read", "", value, unit, ratio, "an attribute" if ratio else "")


def named(rows: Rows) -> Rows:
    """Return the rows, each with its own name."""
    return {name: Row(r.section, name, r.value, r.unit, r.ratio, r.to) for name, r in rows.items()}


def about(**values: float) -> Rows:
    """Return rows of these values, give or take two per cent."""
    rows = {
        name.replace("_", " "): row(Interval(v, 0.98 * v, 1.02 * v), Interval(33.3, 33, 34))
        for name, v in values.items()
    }
    return named(rows)


# Not in the order of their cost.
HERE = named(
    {
        "a property": row(Interval(1_250, 1_000, 2_000), Interval(312.5, 250, 500)),
        "an attribute": row(Interval(4, 3.5, 5), Interval.exact(1)),
        "a variable": row(Interval(8, 7, 12.5), Interval(2, 1.75, 2.5)),
        "an argument": row(Interval.exact(2)),
    }
)
THERE = named({name: row(Interval.exact(HERE[name].value.value * 3)) for name in ("a property", "a variable")})
BY_COST = ["an argument", "an attribute", "a variable", "a property"]

PICTURES: dict[str, Callable[[], Picture]] = {
    "costs": lambda: costs(ANSWER, HERE, THERE),
    "costs of nearly the same": lambda: costs(ANSWER, about(a=99.1, b=99.6, c=99.9), about(a=105)),
    "costs around a power of ten": lambda: costs(ANSWER, about(a=95, b=130), {}),
    "costs from one to a million": lambda: costs(ANSWER, about(**{f"n{n}": 10.0**n for n in range(7)}), {}),
    "one cost": lambda: costs(ANSWER, about(a=5), about(a=5)),
    "one cost, counted": lambda: costs(ANSWER, named({"a": row(Interval.exact(5))}), {}),
    "a reference far away": lambda: costs(ANSWER, about(a=10, b=20), about(a=1, b=2_000)),
    "long names": lambda: costs(
        ANSWER, about(a_use_asks_again_whether_the_command_has_ended=10_000, nesting_is_refused_twice=12_345), {}
    ),
    "as many as are kept": lambda: costs(ANSWER, about(**{f"kept_{n}": 1.5**n for n in range(14)}), {}),
}


def drawn(here: Rows = HERE, there: Rows = THERE) -> Axes:
    """Draw the costs, and return the axes."""
    figure = costs(ANSWER, here, there).figure
    places(figure)
    return figure.axes[0]


def at(ax: Axes, mark: str) -> list[tuple[str, float]]:
    """Return the name of the line and the value of each such mark."""
    names = ticks(ax.yaxis)
    return [(names[int(line.get_ydata()[0])], line.get_xdata()[0]) for line in marks(ax, mark)]


@pytest.mark.parametrize("name", PICTURES)
class TestLegible:
    """Every picture, as it comes out."""

    def test_all_of_it_can_be_read(self, name: str) -> None:
        """No text is small, cut or on another one, the figures on the axis included; all marks are within the axes."""
        assert faults(PICTURES[name]().figure) == []

    def test_there_are_figures_on_the_axis(self, name: str) -> None:
        """Two at least, wherever it begins and however short it is; and no powers of ten."""
        figure = PICTURES[name]().figure
        places(figure)
        figures = ticks(figure.axes[0].xaxis)
        assert len(figures) >= 2
        assert not [text for text in figures if "e" in text]


class TestCosts:
    """One line for each row."""

    def test_the_cheapest_comes_first(self) -> None:
        """From the top, whatever the order of the rows."""
        ax = drawn()
        assert ticks(ax.yaxis) == BY_COST
        assert ax.yaxis_inverted()
        backwards = drawn(dict(reversed(HERE.items())))
        assert ticks(backwards.yaxis) == BY_COST

    def test_each_is_labelled_with_figure_unit_and_ratio(self) -> None:
        """What has no ratio, and what the others are compared with, has none."""
        labels = [text.get_text() for text in drawn().texts]
        assert labels == ["2 ns", "4 ns", "8 ns, 2 x", "1,250 ns, 312 x"]

    def test_dots_are_the_values(self) -> None:
        """Of this machine."""
        assert at(drawn(), "o") == [(name, HERE[name].value.value) for name in BY_COST]

    def test_bars_are_the_intervals(self) -> None:
        """As wide as they are: the ends are not rounded, which would make them wider."""
        bars = [line for line in drawn().lines if len(line.get_xdata()) == 2]
        assert [tuple(bar.get_xdata()) for bar in bars] == [(HERE[n].value.low, HERE[n].value.high) for n in BY_COST]
        assert {bar.get_solid_capstyle() for bar in bars} == {"butt"}

    def test_the_reference_is_where_its_values_are(self) -> None:
        """And nowhere where it has none."""
        assert at(drawn(), "D") == [("a variable", 24), ("a property", 3_750)]
        assert at(drawn(there={}), "D") == []

    def test_the_machines_differ_in_more_than_colour(self) -> None:
        """A full dot and a hollow diamond."""
        ax = drawn()
        assert {line.get_markerfacecolor() for line in marks(ax, "D")} == {"none"}
        assert "none" not in {line.get_markerfacecolor() for line in marks(ax, "o")}
        assert "Dot and bar: this machine, with the 95 % interval. Diamond: the reference machine." in texts(ax.figure)

    @pytest.mark.parametrize("far", [1, 0.001, 1_000])
    def test_a_label_hides_no_mark(self, far: float) -> None:
        """It begins right of whatever is on its line."""
        there = named({name: row(Interval.exact(r.value.value * far)) for name, r in HERE.items()})
        ax = drawn(there=there)
        boxes = places(ax.figure)
        for label in ax.texts:
            y = label.xy[1]
            ends = [max(line.get_xdata()) for line in ax.lines if line.get_ydata()[0] == y]
            assert boxes[label].x0 > ax.transData.transform((max(ends), y))[0] + 6

    @pytest.mark.parametrize(
        ("unit", "word"),
        [("ns", "nanoseconds"), ("us", "microseconds"), ("ms", "milliseconds"), ("commands/s", "commands a second")],
    )
    def test_the_axis_says_its_unit_and_that_it_is_logarithmic(self, unit: str, word: str) -> None:
        """And so it is."""
        ax = drawn(named({"a": row(Interval(5, 4, 6), unit=unit)}), {})
        assert (ax.get_xlabel(), ax.get_xscale()) == (f"{word} (log axis)", "log")
        assert ax.texts[0].get_text() == f"5 {unit}"

    def test_the_words_hold_every_figure(self) -> None:
        """In the order in which they are drawn."""
        assert costs(ANSWER, HERE, THERE).words == (
            f"{ANSWER} an argument 2 ns; an attribute 4 ns; a variable 8 ns, 2 x; a property 1,250 ns, 312 x."
        )

    def test_the_answer_stands_above_all(self) -> None:
        """In lines that are not too long."""
        lie = places(costs(ANSWER, HERE, THERE).figure)
        assert max(lie, key=lambda text: lie[text].y1).get_text().replace("\n", " ") == ANSWER

    def test_the_same_rows_give_the_same_bytes(self) -> None:
        """Else running a notebook again would change its file where nothing else has changed."""
        assert costs(ANSWER, HERE, THERE).png() == costs(ANSWER, HERE, THERE).png()


class TestPlain:
    """Figures on an axis."""

    @pytest.mark.parametrize(
        ("value", "text"), [(0.1 + 0.2, "0.3"), (5, "5"), (2_000.0, "2,000"), (1e6, "1,000,000"), (0.25, "0.25")]
    )
    def test_a_figure_is_written_out(self, value: float, text: str) -> None:
        """Without powers of ten, and without what rounding has left."""
        assert plain(value) == text
