"""The figures of what was measured: what they draw is what the rows say, legibly, and in words as well."""

from collections.abc import Callable

import pytest
from drawn import cut, marks, not_drawn, on_each_other, outside, places, small, texts, ticks
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from fluvius_demo.lessons.figures_timing import Rows, costs, plain, stays
from fluvius_demo.lessons.measured import Row
from fluvius_demo.lessons.pictures import Picture
from fluvius_demo.lessons.timing import Interval

SMALLEST_PT = 11
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

DESIGNS = ("unguarded", "legacy", "locked", "one per command", "migrated", "isolated")
WORDS = ("at once", "by the collector", "kept")
SITUATIONS = ("after the command, in the same task", "after its task has ended", "with an armed timer")
TABLE = {
    situation: {design: WORDS[(place + shift) % 3] for place, design in enumerate(DESIGNS)}
    for shift, situation in enumerate(SITUATIONS)
}

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
    "stays": lambda: stays(ANSWER, TABLE),
    **{
        f"all {word}": lambda word=word: stays("Short.", {text: dict.fromkeys(DESIGNS, word) for text in SITUATIONS})
        for word in WORDS
    },
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

    def test_no_text_is_small(self, name: str) -> None:
        """Eleven points or more."""
        assert small(PICTURES[name]().figure, SMALLEST_PT) == []

    def test_no_text_lies_on_another(self, name: str) -> None:
        """Each has its place to itself, the figures on the axis as well."""
        assert on_each_other(PICTURES[name]().figure) == []

    def test_nothing_is_cut_or_left_out(self, name: str) -> None:
        """All texts are in the figure, and all marks within the axes."""
        figure = PICTURES[name]().figure
        assert (cut(figure), not_drawn(figure), outside(figure)) == ([], [], [])

    def test_the_same_rows_give_the_same_bytes(self, name: str) -> None:
        """Else running a notebook again would change its file where nothing else has changed."""
        assert PICTURES[name]().png() == PICTURES[name]().png()

    def test_the_answer_stands_above_all(self, name: str) -> None:
        """And begins the words."""
        picture = PICTURES[name]()
        answer = "Short." if name.startswith("all") else ANSWER
        boxes = {text.get_text().replace("\n", " "): box for text, box in places(picture.figure).items()}
        assert max(boxes, key=lambda text: boxes[text].y1) == answer
        assert picture.words.startswith(f"{answer} ")
        assert picture.words.endswith(".")


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

    @pytest.mark.parametrize("name", [name for name in PICTURES if "cost" in name])
    def test_there_are_figures_on_the_axis(self, name: str) -> None:
        """Two at least, wherever it begins and however short it is; and no powers of ten."""
        figure = PICTURES[name]().figure
        places(figure)
        figures = ticks(figure.axes[0].xaxis)
        assert len(figures) >= 2
        assert not [text for text in figures if "e" in text]

    def test_the_words_hold_every_figure(self) -> None:
        """In the order in which they are drawn."""
        assert costs(ANSWER, HERE, THERE).words == (
            f"{ANSWER} an argument 2 ns; an attribute 4 ns; a variable 8 ns, 2 x; a property 1,250 ns, 312 x."
        )


class TestPlain:
    """Figures on an axis."""

    @pytest.mark.parametrize(
        ("value", "text"), [(0.1 + 0.2, "0.3"), (5, "5"), (2_000.0, "2,000"), (1e6, "1,000,000"), (0.25, "0.25")]
    )
    def test_a_figure_is_written_out(self, value: float, text: str) -> None:
        """Without powers of ten, and without what rounding has left."""
        assert plain(value) == text


class TestStays:
    """Situations down, designs across."""

    @staticmethod
    def boxes() -> dict[tuple[str, str], Rectangle]:
        """Return the box of each situation and design."""
        figure = stays(ANSWER, TABLE).figure
        places(figure)
        ax = figure.axes[0]
        down, across = ticks(ax.yaxis), [text.replace("\n", " ") for text in ticks(ax.xaxis)]
        return {(down[round(b.get_y() + b.get_height() / 2)], across[int(b.get_x())]): b for b in ax.patches}

    def test_each_box_has_the_look_of_its_word(self) -> None:
        """The same pattern and colour for the same word, others for others."""
        looks = {
            word: {
                (box.get_hatch() or "", box.get_edgecolor())
                for (situation, design), box in self.boxes().items()
                if TABLE[situation][design] == word
            }
            for word in WORDS
        }
        assert [len(own) for own in looks.values()] == [1, 1, 1]
        assert len({hatch for own in looks.values() for hatch, _ in own}) == 3

    def test_each_box_has_its_word_in_it_with_a_mark(self) -> None:
        """So that it can be told without colours and without patterns."""
        figure = stays(ANSWER, TABLE).figure
        lie, boxes = places(figure), figure.axes[0].patches
        inside: list[list[Text]] = [
            [text for text in figure.axes[0].texts if box.get_window_extent().contains(*lie[text].min)] for box in boxes
        ]
        told = [[text.get_text().replace("\n", " ") for text in own] for own in inside]
        expected = {"at once": "✓ at once", "by the collector": "○ by the collector", "kept": "✕ kept"}
        assert told == [[expected[TABLE[situation][design]]] for situation in SITUATIONS for design in DESIGNS]

    def test_a_word_lies_within_its_box(self) -> None:
        """Also the longest."""
        figure = stays(ANSWER, TABLE).figure
        lie = places(figure)
        for text, box in zip(figure.axes[0].texts, figure.axes[0].patches, strict=True):
            around = box.get_window_extent()
            assert all(around.contains(*corner) for corner in lie[text].corners())

    def test_the_words_go_row_by_row(self) -> None:
        """Each situation with all designs."""
        first, *_ = stays(ANSWER, TABLE).words.removeprefix(f"{ANSWER} ").split("; ")
        assert first == (
            "after the command, in the same task: unguarded at once, legacy by the collector, locked kept, "
            "one per command at once, migrated by the collector, isolated kept"
        )
        words = stays(ANSWER, TABLE).words
        for situation, row_of_words in TABLE.items():
            told = ", ".join(f"{design} {word}" for design, word in row_of_words.items())
            assert f"{situation}: {told}" in words

    def test_nothing_but_boxes_is_drawn(self) -> None:
        """As many as there are words in the table."""
        ax = stays(ANSWER, TABLE).figure.axes[0]
        assert len(ax.patches) == len(SITUATIONS) * len(DESIGNS)
        assert (list(ax.lines), ax.findobj(PolyCollection)) == ([], [])
