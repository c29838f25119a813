"""Two classes side by side: what a learner sees of the difference, and what a notebook stores of it."""

import inspect
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest

from fluvius_demo.isolated import IsolatedAggregate
from fluvius_demo.legacy import LegacyAggregate
from fluvius_demo.lessons.sources import SideBySide
from fluvius_demo.migrated import MigratedAggregate

GONE, NEW, CHANGED = "#fbd9c5", "#c9f0e4", "#fdf0c0"
PAIRS = [(LegacyAggregate, MigratedAggregate), (MigratedAggregate, IsolatedAggregate)]


class Guarded:
    """The one before."""

    def enter(self) -> str:
        """Go in."""
        if "class" < "id":
            raise RuntimeError("busy")
        return '<b class="in" id="1">in & out</b>'


class Unguarded:
    """The one after."""

    def enter(self) -> str:
        """Go in."""
        return '<b class="in" id="1">in & out</b>'


class Table(HTMLParser):
    """What stands in the table: `rows` of cells, each the pieces (background, text); `attributes` that were met."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.rows: list[list[list[tuple[str, str]]]] = []
        self.attributes: set[tuple[str, str]] = set()
        self.twice: list[str] = []
        self._open: list[tuple[str, str]] = []
        self.feed(html)
        self.close()
        assert not self._open, f"never closed: {self._open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the tag and what it says."""
        given = dict(attrs)
        if len(given) < len(attrs):
            self.twice.append(str(self.get_starttag_text()))
        self.attributes |= {(tag, name) for name in given}
        self._open.append((tag, given.get("style") or ""))
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append([])

    def handle_endtag(self, tag: str) -> None:
        """Close what was opened last."""
        assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        """Keep the text with its background."""
        if self._open and self._open[-1][0] in ("td", "th", "span"):
            background = self._open[-1][1].removeprefix("background-color:").partition(";")[0]
            marked = background if self._open[-1][0] == "span" else ""
            self.rows[-1][-1].append((marked, data.replace("\xa0", " ")))

    def column(self, side: int) -> Iterator[str]:
        """Yield the source lines that one side shows, wrapped ones joined again; 0 is left, 1 right."""
        line: str | None = None
        for row in self.rows[1:]:
            number, text = ("".join(piece for _, piece in cell) for cell in row[2 * side : 2 * side + 2])
            if number != ">":
                if line is not None:
                    yield line
                line = text if number else None
            elif line is not None:
                line += text
        if line is not None:
            yield line

    def marked(self, side: int) -> set[str]:
        """Return the backgrounds that occur on one side."""
        return {mark for row in self.rows[1:] for mark, _ in row[2 * side + 1] if mark}


def table(before: type, after: type) -> Table:
    """Return what the notebook shows."""
    return Table(SideBySide(before, after)._repr_html_())


class TestCounts:
    """How much is gone, and how much is new."""

    def test_lines_are_counted(self) -> None:
        """Two are gone; the line with the name and the one with the docstring are gone and new."""
        assert SideBySide(Guarded, Unguarded).counts() == (4, 2)
        assert SideBySide(Unguarded, Guarded).counts() == (2, 4)

    def test_a_class_beside_itself_differs_nowhere(self) -> None:
        """Nothing is gone, nothing is new."""
        assert SideBySide(Guarded, Guarded).counts() == (0, 0)

    @pytest.mark.parametrize(("before", "after"), PAIRS)
    def test_what_stays_is_the_same_from_both_sides(self, before: type, after: type) -> None:
        """All lines less those gone, all lines less those new."""
        gone, new = SideBySide(before, after).counts()
        left, right = (len(inspect.getsource(cls).splitlines()) for cls in (before, after))
        assert left - gone == right - new > 0

    def test_elsewhere_than_in_a_notebook_it_is_its_size(self) -> None:
        """One line, with both names."""
        assert repr(SideBySide(Guarded, Unguarded)) == "Guarded → Unguarded: 4 lines gone, 2 lines new"


class TestTheTable:
    """What is gone stands on the left, what is new on the right."""

    def test_the_names_stand_above(self) -> None:
        """Before, after."""
        heads = ["".join(text for _, text in cell) for cell in table(Guarded, Unguarded).rows[0]]
        assert heads == ["Guarded", "Unguarded"]

    @pytest.mark.parametrize(("before", "after"), [(Guarded, Unguarded), *PAIRS])
    def test_both_sides_are_from_the_real_files(self, before: type, after: type) -> None:
        """Line by line as it stands there, in its order, whatever signs it has in it."""
        shown = table(before, after)
        for side, cls in enumerate((before, after)):
            source = iter([line.rstrip() for line in inspect.getsource(cls).splitlines()])
            lines = [line.rstrip() for line in shown.column(side) if line.strip()]
            assert [line for line in lines if line not in source] == []  # `in` takes from it: so the order counts
            assert len(lines) > 4

    @pytest.mark.parametrize(("before", "after"), [(Guarded, Unguarded), *PAIRS])
    def test_colour_does_not_carry_the_meaning(self, before: type, after: type) -> None:
        """Nothing that is gone is on the right, nothing that is new on the left."""
        shown = table(before, after)
        assert shown.marked(0) <= {GONE, CHANGED}
        assert shown.marked(1) <= {NEW, CHANGED}

    def test_each_gone_and_new_line_is_shown(self) -> None:
        """On its own side alone."""
        shown = table(Guarded, Unguarded)
        left, right = (list(shown.column(side)) for side in (0, 1))
        assert '            raise RuntimeError("busy")' in left
        assert not any("busy" in line for line in right)

    def test_the_guard_is_gone_and_the_default_queue_is_new(self) -> None:
        """The two lines of the migration that the course comes back to."""
        shown = table(LegacyAggregate, MigratedAggregate)
        left, right = ("\n".join(shown.column(side)) for side in (0, 1))
        assert 'raise RuntimeError(f"Overlapping context: {context}")' in left
        assert "Overlapping context:" not in right
        assert "default=queue.Queue()" in right
        assert "default=queue.Queue()" not in left


class TestWhatANotebookStores:
    """JupyterLab drops style sheets from a notebook that it does not trust yet, and so do many viewers."""

    @pytest.mark.parametrize(("before", "after"), [(Guarded, Unguarded), *PAIRS])
    def test_all_style_stands_at_the_cell_itself(self, before: type, after: type) -> None:
        """No class and no id to hang a style sheet on; no attribute is given twice."""
        shown = table(before, after)
        assert {name for _, name in shown.attributes} <= {"style", "colspan"}
        assert {tag for tag, _ in shown.attributes} <= {"table", "td", "th", "span"}
        assert shown.twice == []

    def test_nothing_runs_and_nothing_is_loaded(self) -> None:
        """No style sheet, script, link or handler, and no address."""
        html = SideBySide(LegacyAggregate, MigratedAggregate)._repr_html_().lower()
        assert [word for word in ("<style", "<script", "<link", "<a ", "href", "http", "onclick") if word in html] == []

    def test_marked_text_has_its_own_colour(self) -> None:
        """On a dark theme light letters on a light ground would be lost."""
        html = SideBySide(LegacyAggregate, MigratedAggregate)._repr_html_()
        assert html.count("background-color:") == html.count(";color:#000") > 0

    def test_the_same_classes_give_the_same_text(self) -> None:
        """However many tables were made before."""
        first = SideBySide(LegacyAggregate, MigratedAggregate)._repr_html_()
        assert SideBySide(LegacyAggregate, MigratedAggregate)._repr_html_() == first
