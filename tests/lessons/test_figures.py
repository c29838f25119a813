"""The figures: what they say in words, and that the image says the same."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from matplotlib.colors import to_rgba
from matplotlib.container import BarContainer
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from fluvius_demo.aggregate import Aggregate, RestrictedAggregateProxy
from fluvius_demo.legacy import LegacyAggregate
from fluvius_demo.lessons.designs import DESIGNS
from fluvius_demo.lessons.figures import (
    COLOURS,
    HATCHES,
    MARKS,
    crowd,
    timelines,
    two_contexts,
    verdict_grid,
    waits,
)
from fluvius_demo.lessons.load import Waiting
from fluvius_demo.lessons.outcomes import ALL_OUTCOMES, OUTCOMES, Outcome
from fluvius_demo.lessons.overlap import Overlap, overlap
from fluvius_demo.lessons.pictures import Picture

BOTH = {"A": ("ana", 100_00), "B": ("ben", 50_00)}
QUEUED = Waiting([(0.0, 0.010), (0.010, 0.020), (0.020, 0.030)], most_at_once=1)
FREE = Waiting([(0.0, 0.010)] * 3, most_at_once=3)
GRID: dict[str, dict[str, Outcome]] = {
    "two overlap": {"legacy": "refused", "migrated": "correct"},
    "one in another": {"legacy": "stuck", "migrated": "wrong"},
}
LANES = {
    "parent": [(1, "sets", "red"), (2, "starts a task", "red"), (4, "afterwards", "red")],
    "child": [(2, "starts with", "red"), (3, "sets", "blue")],
}


class OpensForBen(LegacyAggregate):
    """A design that lets Ben in alone."""

    @asynccontextmanager
    async def command_aggregate(self, context: Any, *args: Any) -> AsyncIterator[RestrictedAggregateProxy]:
        """Have everybody else wait for ever."""
        if not context.name.startswith("ben"):
            await asyncio.Event().wait()
        async with super().command_aggregate(context, *args) as proxy:
            yield proxy


def ran(design: type[Aggregate] | str, schedule: str = "ABABAB") -> Overlap:
    """Run Ana's and Ben's deposits on a design, or on the one of this name."""
    return asyncio.run(overlap(DESIGNS[design].aggregate if isinstance(design, str) else design, BOTH, schedule))


def texts(figure: Figure) -> list[str]:
    """Return every text in the figure."""
    return [text.get_text() for text in figure.findobj(Text) if text.get_visible() and text.get_text()]


def marks_of(figure: Figure, outcome: Outcome) -> list[str]:
    """Return the hatches of all boxes that are in the colour of this outcome."""
    edge = to_rgba(COLOURS[outcome])
    return [box.get_hatch() or "" for box in figure.findobj(Rectangle) if box.get_edgecolor() == edge]


class TestOutcomes:
    """Each differs from the others in more than its colour."""

    @pytest.mark.parametrize("table", [COLOURS, MARKS, HATCHES], ids=["colour", "mark", "hatch"])
    def test_each_outcome_has_its_own(self, table: dict[Outcome, str]) -> None:
        """No two share one."""
        assert tuple(table) == ALL_OUTCOMES
        assert len(set(table.values())) == len(ALL_OUTCOMES)

    def test_the_colours_are_okabe_and_itos(self) -> None:
        """The palette that colour-blind readers can tell apart; grey is for what was not tried."""
        tried = {colour for outcome, colour in COLOURS.items() if outcome != "not applicable"}
        assert tried <= {"#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7"}


class TestTimelines:
    """One lane per command."""

    def test_the_words_are_made_from_the_run(self) -> None:
        """The steps, what was lost where, how it ended, and the books."""
        assert timelines({"legacy": ran("legacy"), "without the guard": ran("unguarded")}).words == (
            "\n- legacy: the steps are A open, B open, A deposit, A close. In the end A is correct (100 on ana), B is "
            "refused (Overlapping context); the accounts hold ana 100, ben 0."
            "\n- without the guard: the steps are A open, B open, A deposit, B deposit, A close, B close. After step "
            "2, A sees 'ben'. In the end A is wrong (100 on ben), B is correct (50 on ben); the accounts hold ana 0, "
            "ben 150."
        )

    def test_waiting_is_told(self) -> None:
        """In the words and at the step."""
        picture = timelines({"locked": ran("locked")})
        assert "A open, B open (waits), A deposit, B open (waits), A close, B deposit, B close." in picture.words
        assert texts(picture.figure).count("open: waits") == 2

    def test_another_order_gives_another_picture(self) -> None:
        """Nothing is drawn by heart."""
        first, second = (timelines({"it": ran("unguarded", order)}) for order in ("ABABAB", "AAABBB"))
        assert first.words != second.words
        assert texts(first.figure) != texts(second.figure)

    @pytest.mark.parametrize(
        ("design", "expected"),
        [
            ("legacy", ["✓ correct: 100 on ana", "✕ refused: Overlapping context"]),
            ("unguarded", ["≠ wrong: 100 on ben", "✓ correct: 50 on ben", "overwritten: A now sees 'ben'"]),
            (OpensForBen, ["… stuck: waits for ever", "✓ correct: 50 on ben"]),
        ],
    )
    def test_the_image_names_everything(self, design: Any, expected: list[str]) -> None:
        """Title, lanes, steps, the axis, and each outcome with its mark and its word."""
        shown = texts(timelines({"the title": ran(design)}).figure)
        always = [
            "the title",
            "A → ana",
            "B → ben",
            "open",
            "deposit",
            "close",
            "steps, in the order in which they ran",
        ]
        assert [text for text in [*always, *expected] if text not in shown] == []

    @pytest.mark.parametrize(
        ("design", "expected"), [("legacy", "refused"), ("unguarded", "wrong"), (OpensForBen, "stuck")]
    )
    def test_the_bar_has_the_hatch_of_its_outcome(self, design: Any, expected: Outcome) -> None:
        """So that it can be told without colours."""
        assert marks_of(timelines({"it": ran(design)}).figure, expected) == [HATCHES[expected]]


class TestCrowd:
    """One square per command."""

    def test_words_titles_and_marks_tell_the_tally(self) -> None:
        """In the order in which the commands came."""
        picture = crowd({"legacy": ran("legacy"), "unguarded": ran("unguarded")})
        assert picture.words == (
            "legacy: of 2 commands 1 correct, 1 refused. unguarded: of 2 commands 1 correct, 1 wrong."
        )
        shown = texts(picture.figure)
        assert "legacy\n1 correct, 1 refused" in shown
        assert [text for text in shown if text in MARKS.values()] == ["✓", "✕", "≠", "✓"]


class TestWaits:
    """How long each waited and worked."""

    def test_words_and_titles_are_made_from_the_measurement(self) -> None:
        """In whole milliseconds."""
        picture = waits({"behind a lock": QUEUED, "isolated": FREE})
        assert picture.words == (
            "behind a lock: at most 1 of 3 at once, all done after 30 ms. "
            "isolated: at most 3 of 3 at once, all done after 10 ms."
        )
        shown = texts(picture.figure)
        for text in (
            "behind a lock: all done after 30 ms",
            "isolated: all done after 10 ms",
            "milliseconds since all asked",
            "commands, in the order in which they asked",
            "dotted: waits for the lock",
            "full: works",
        ):
            assert text in shown

    def test_bars_are_the_spans(self) -> None:
        """First the waiting, hatched; then the work, full."""
        axes = waits({"behind a lock": QUEUED}).figure.axes[0]
        bars = [container.patches[0] for container in axes.containers if isinstance(container, BarContainer)]
        found = [(bool(bar.get_hatch()), round(bar.get_x()), round(bar.get_width())) for bar in bars]
        assert found == [(True, 0, 0), (False, 0, 10), (True, 0, 10), (False, 10, 10), (True, 0, 20), (False, 20, 10)]


class TestVerdictGrid:
    """Situations down, designs across."""

    def test_the_words_go_row_by_row(self) -> None:
        """The designs by outcome, in the order of the axis."""
        assert verdict_grid(GRID).words == (
            "\n- two overlap: correct on migrated; refused on legacy."
            "\n- one in another: wrong on migrated; stuck on legacy."
        )

    def test_each_cell_has_mark_word_and_hatch(self) -> None:
        """Beside the names of its row and column."""
        figure = verdict_grid(GRID).figure
        cells = {"✕ refused", "✓ correct", "… stuck", "≠ wrong"}
        assert {*GRID, "legacy", "migrated", *cells} <= set(texts(figure))
        assert [marks_of(figure, outcome) for outcome in OUTCOMES] == [[HATCHES[outcome]] for outcome in OUTCOMES]


class TestTwoContexts:
    """Two lanes and the copy between them."""

    def test_words_and_image_name_every_moment(self) -> None:
        """What was done, and the value then."""
        picture = two_contexts(LANES, copied_at=2)
        assert picture.words == (
            "parent: sets → red, starts a task → red, afterwards → red; child: starts with → red, sets → blue."
        )
        wanted = ["parent", "child", "starts a task", "starts with", "afterwards", "blue", "create_task copies"]
        assert [text for text in wanted if text not in texts(picture.figure)] == []


@pytest.mark.parametrize(
    "draw",
    [
        lambda: timelines({"it": ran("legacy")}),
        lambda: crowd({"it": ran("legacy")}),
        lambda: waits({"it": QUEUED}),
        lambda: verdict_grid(GRID),
        lambda: two_contexts(LANES, copied_at=2),
    ],
    ids=["timelines", "crowd", "waits", "verdict_grid", "two_contexts"],
)
def test_every_figure_is_a_picture_with_words(draw: Callable[[], Picture]) -> None:
    """A figure without words says nothing to a screen reader."""
    picture = draw()
    assert isinstance(picture, Picture)
    assert picture.words.strip().endswith(".")
