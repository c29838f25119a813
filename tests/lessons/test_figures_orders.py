"""The figures of all orders: what they say in words, and that the image says the same, legibly."""

from collections.abc import Callable
from functools import cache
from itertools import combinations

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from fluvius_demo.lessons.colours import COLOURS
from fluvius_demo.lessons.designs import DESIGNS
from fluvius_demo.lessons.figures_orders import progress_graphs
from fluvius_demo.lessons.figures_stories import stories
from fluvius_demo.lessons.graph import progress_graph, story_rows
from fluvius_demo.lessons.graph_words import in_words
from fluvius_demo.lessons.interleave import Report, explore
from fluvius_demo.lessons.outcomes import Outcome
from fluvius_demo.lessons.pictures import SMALL, Picture
from fluvius_demo.lessons.programs import PROGRAMS

LARGEST_BYTES = 150_000
THREE = ("unguarded", "legacy", "locked", "isolated")


@cache
def ran(program: str, design: str, limit: int = 1_000) -> Report:
    """Run the orders of a program on a design, or the first of them and some drawn by chance."""
    return explore(PROGRAMS[program].make(DESIGNS[design].aggregate), limit=limit, samples=200)


def on(program: str, *designs: str) -> dict[str, Report]:
    """Run a program on these designs, or on all."""
    return {design: ran(program, design) for design in designs or DESIGNS}


PICTURES: dict[str, Callable[[], Picture]] = {
    "two deposits": lambda: progress_graphs(on("two deposits")),
    "a late child": lambda: progress_graphs(on("a late child")),
    "one account": lambda: progress_graphs(on("one account")),
    "a command in a command": lambda: progress_graphs(on("a command in a command")),
    "if-match": lambda: progress_graphs(on("one account, with If-Match")),
    "one design": lambda: progress_graphs(on("two deposits", "unguarded")),
    "two designs": lambda: progress_graphs(on("two long calls", "unguarded", "legacy")),
    "three deposits": lambda: stories(on("three deposits", *THREE)),
    "stories of two": lambda: stories(on("two deposits"), most=3),
}


@cache
def picture(name: str) -> Picture:
    """Draw this picture once for all tests."""
    return PICTURES[name]()


def texts(figure: Figure) -> list[str]:
    """Return every text in the figure."""
    return [text.get_text() for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]


@cache
def places(figure: Figure) -> dict[Text, Bbox]:
    """Return where each text lies, in pixels."""
    renderer = FigureCanvasAgg(figure).get_renderer()
    figure.draw(renderer)
    shown = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
    boxes = {text: text.get_window_extent(renderer) for text in shown if text.axes is None or text.axes.axison}
    off = {text: text.get_window_extent(renderer) for ax in figure.axes if not ax.axison for text in ax.texts}
    return {**boxes, **off}


@pytest.mark.parametrize("name", PICTURES)
class TestLegible:
    """Every picture, as it comes out."""

    def test_no_text_is_small(self, name: str) -> None:
        """Or it could not be read on a slide."""
        assert [text.get_text() for text in places(picture(name).figure) if text.get_fontsize() < SMALL] == []

    def test_no_text_lies_on_another(self, name: str) -> None:
        """Each has its place to itself."""
        boxes = {text: box.padded(-1) for text, box in places(picture(name).figure).items()}
        pairs = [(a, b) for a, b in combinations(boxes, 2) if boxes[a].overlaps(boxes[b])]
        assert [(a.get_text(), b.get_text()) for a, b in pairs] == []

    def test_no_text_is_cut(self, name: str) -> None:
        """All of it is in the figure."""
        figure = picture(name).figure
        outside = [
            text.get_text()
            for text, box in places(figure).items()
            if not all(figure.bbox.padded(1.5).contains(*corner) for corner in box.corners())
        ]
        assert outside == []

    def test_the_same_run_gives_the_same_bytes_and_few(self, name: str) -> None:
        """Else running a notebook again would change its file."""
        png = picture(name).png()
        assert PICTURES[name]().png() == png
        assert len(png) < LARGEST_BYTES


class TestProgressGraphs:
    """The two commands."""

    def test_the_words_come_from_the_graphs(self) -> None:
        """One line for each design."""
        reports = on("two deposits")
        lines = [f"\n- {design}: {in_words(progress_graph(report))}" for design, report in reports.items()]
        assert picture("two deposits").words == "".join(lines)
        assert "- legacy: 2 of 10 correct, 8 refused; every order through A 1, B 1 or" in picture("two deposits").words

    def test_each_design_has_name_and_tally_above_it(self) -> None:
        """And the gap has its word."""
        shown = texts(picture("two deposits").figure)
        for text in (
            *DESIGNS,
            "30 of 252 correct,\n26 refused, 196 wrong",
            "2 of 10 correct,\n8 refused",
            "all 10 correct",
            "never reached:\nwho comes\nsecond is\nrefused",
            "never reached:\nwho comes\nsecond waits",
        ):
            assert text in shown

    def test_all_are_on_one_scale(self) -> None:
        """The same steps on every axis, and the same length for each."""
        axes = [ax for ax in picture("two deposits").figure.axes if ax.axison]
        assert len(axes) == len(DESIGNS)
        assert {(*ax.get_xlim(), *ax.get_ylim()) for ax in axes} == {(-0.25, 6.25, -0.25, 6.25)}
        sizes = [ax.get_position().bounds[2:] for ax in axes]
        assert all(size == pytest.approx(sizes[0]) for size in sizes)

    @pytest.mark.parametrize(
        ("design", "outcome", "lines"), [("isolated", "correct", 60), ("legacy", "refused", 24), ("legacy", "wrong", 0)]
    )
    def test_lines_are_drawn_as_they_end(self, design: str, outcome: Outcome, lines: int) -> None:
        """As many as the graph has edges with that outcome."""
        edges = progress_graph(ran("two deposits", design)).edges.values()
        assert sum(bool(traffic.outcomes.get(outcome)) for traffic in edges) == lines
        ax = progress_graphs(on("two deposits", design)).figure.axes[0]
        drawn = [line for line in ax.findobj(LineCollection) if to_hex(line.get_color()[0]).upper() == COLOURS[outcome]]
        assert sum(len(line.get_segments()) for line in drawn) == lines

    def test_outcomes_differ_without_their_colours(self) -> None:
        """In width, and in the white that lies on them."""
        figure = picture("a command in a command").figure
        key = next(ax for ax in figure.axes if not ax.axison)
        looks: dict[float, list[tuple[float, object]]] = {}
        for line in key.findobj(LineCollection):
            start = line.get_segments()[0][0][0]
            looks.setdefault(start, []).append((line.get_linewidth()[0], str(line.get_linestyle()[0])))
        assert len({str(look) for look in looks.values()}) == len(looks) == 3

    def test_the_key_says_what_occurs_and_no_more(self) -> None:
        """Where all is correct there is one kind of line."""
        figure = progress_graphs(on("two deposits", "isolated")).figure
        assert [text.get_text() for text in figure.axes[-1].texts] == ["✓ correct"]
        shown = texts(picture("two deposits").figure)
        assert "thick part of a line: share of failing orders" in shown
        assert "every order through here fails" in shown

    def test_who_has_not_tried_all_says_so(self) -> None:
        """Beside the name."""
        assert "unguarded (not all orders)" in texts(picture("two designs").figure)
        assert "there are more" in picture("two designs").words


class TestStories:
    """The three commands."""

    def test_the_words_list_the_rows(self) -> None:
        """The schedule, how many orders, and how each command ends."""
        words = picture("three deposits").words
        assert "- legacy: 6 of 78 correct, 72 refused. AAAABBBCB, 12 orders: A correct, B correct, C refused;" in words
        assert "- locked: all 150 correct. AAAABBBBCCCC, 150 orders: A correct, B correct, C correct." in words

    def test_what_is_left_out_is_counted(self) -> None:
        """What is shown and what is not make the whole."""
        report = ran("three deposits", "unguarded")
        shown, rest = story_rows(report)[:6], story_rows(report)[6:]
        line = next(text for text in texts(picture("three deposits").figure) if text.startswith("…"))
        assert line.startswith(f"… and {len(rest)} more stories: ")
        counted = sum(int(word) for word in line.partition(":")[2].split() if word.isdigit())
        assert counted + sum(story.orders for story in shown) == len(report.orders)
        assert line in picture("three deposits").words

    def test_a_single_one_is_not_left_out(self) -> None:
        """Seven stories of the legacy design: all of them, among them the one in which nobody is refused."""
        assert len(ran("three deposits", "legacy").stories) == 7
        figure = stories(on("three deposits", "legacy")).figure
        assert not [text for text in texts(figure) if text.startswith("…")]
        assert "✓ correct" in texts(figure)

    def test_each_step_is_a_cell_with_letter_and_shade(self) -> None:
        """One shade for each letter, and as many cells as steps."""
        figure = stories(on("three deposits", "locked")).figure
        cells = [box for box in figure.findobj(Rectangle) if to_hex(box.get_edgecolor()) == "#222222"]
        letters = [text for text in figure.axes[0].texts if text.get_text() in ("A", "B", "C")]
        pairs = {(text.get_text(), to_hex(cell.get_facecolor())) for text, cell in zip(letters, cells, strict=True)}
        assert "".join(text.get_text() for text in letters) == "AAAABBBBCCCC"
        assert len(pairs) == len({shade for _, shade in pairs}) == 3

    def test_bars_are_the_share_of_all_orders(self) -> None:
        """So that designs with many orders and with few can be compared."""
        report = ran("three deposits", "legacy")
        figure = stories({"legacy": report}).figure
        bars = [box.get_width() for box in figure.findobj(Rectangle) if to_hex(box.get_facecolor()) == "#777777"]
        assert bars == pytest.approx([1.6 * story.orders / len(report.orders) for story in story_rows(report)])
