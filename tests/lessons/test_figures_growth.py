"""The figures of what grows: each line is the rows of its name, and can be told apart wherever it ends."""

from collections.abc import Callable, Sequence

import pytest
from drawn import faults, lines, names, places, points, ticks
from made_up import burst, grown

from fluvius_demo.lessons.figures_growth import growth, load
from fluvius_demo.lessons.measured import Measured, Row, reference
from fluvius_demo.lessons.pictures import Picture

ANSWER = "With 1,000 commands in flight and a store that takes 5 ms, isolated serves 830 times as many as locked."


def measured(rows: Sequence[Row]) -> Measured:
    """Return these rows as one run."""
    return Measured({}, tuple(rows))


SIZES = (1, 10, 100, 1_000)
THREE = ("locked", "migrated", "isolated")
PICTURES: dict[str, Callable[[], Picture]] = {
    "load": lambda: load(ANSWER, measured(burst()), measured(burst(2))),
    "load of three": lambda: load(ANSWER, measured(burst(designs=THREE, sizes=(1, 10, 100))), measured(burst())),
    "growth": lambda: growth(ANSWER, measured(grown()), measured(grown(0.5, most=10_000))),
    "growth, less of it": lambda: growth(ANSWER, measured(grown(most=10_000)), measured(grown(30))),
    "the stored load": lambda: load(ANSWER, reference(), reference()),
    "the stored growth": lambda: growth(ANSWER, reference(), reference()),
}


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

    def test_the_same_rows_give_the_same_bytes(self, name: str) -> None:
        """Else running a notebook again would change its file where nothing else has changed."""
        assert PICTURES[name]().png() == PICTURES[name]().png()


class TestLoad:
    """Two panels: how many are served, and how long the slowest wait."""

    @pytest.mark.parametrize(("number", "ending"), [(0, ""), (1, ", p95")], ids=["rates", "slowest"])
    def test_lines_are_those_of_each_design(self, number: int, ending: str) -> None:
        """With the store that takes 5 ms; not with the one that takes 15."""
        here = measured(burst(designs=THREE))
        ax, rows = load(ANSWER, here, here).figure.axes[number], here.section("throughput")
        for style in ("-", "--"):
            assert [points(line) for line in lines(ax, style)] == [
                {size: rows[f"{design}, 5 ms, {size:,} in flight{ending}"].value.value for size in SIZES}
                for design in THREE
            ]
        assert set(names(ax)) == set(THREE)

    def test_the_words_hold_every_figure(self) -> None:
        """Panel by panel, line by line."""
        few = measured(burst(sizes=(1, 1_000)))
        assert load(ANSWER, few, few).words == (
            f"{ANSWER}\n- Commands a second, over commands in flight: locked: 40 at 1, 40 at 1,000; "
            "isolated: 40 at 1, 40,000 at 1,000.\n- Milliseconds until 95 of 100 are done, over commands in flight: "
            "locked: 47.5 at 1, 47,500 at 1,000; isolated: 47.5 at 1, 47.5 at 1,000."
        )


class TestGrowth:
    """Four panels."""

    def test_they_are_time_memory_variables_and_nesting(self) -> None:
        """Each with its unit, its size, and the names of its lines."""
        here = measured(grown())
        axes = growth(ANSWER, here, here).figure.axes
        assert [(ax.get_title("left"), ax.get_xlabel().removesuffix("(log axis)").strip()) for ax in axes] == [
            ("nanoseconds", "commands in flight"),
            ("bytes beyond its task", "commands in flight"),
            ("nanoseconds (log axis)", "variables in the Context"),
            ("nanoseconds (log axis)", "commands inside of each other"),
        ]
        assert [set(names(ax)) for ax in axes] == [
            {"one more command"},
            {"one command"},
            {"get", "set and reset", "an empty command"},
            {"one more command", "a read of the outermost"},
        ]
        for ax, section in zip(axes, ("in flight", "in flight", "variables in the Context", "nesting"), strict=True):
            known = {row.value.value for row in here.section(section).values()}
            assert all(set(points(line).values()) <= known for line in ax.lines)
