"""A pitfall as a notebook shows it: the same in text and as a table, and nothing that the registry does not say."""

from html import unescape
from html.parser import HTMLParser

import pytest
from helpers import in_a_loop

from fluvius_demo.errors import BadRequestError
from fluvius_demo.lessons.outcomes import Finding
from fluvius_demo.lessons.pitfall_source import source_of
from fluvius_demo.lessons.pitfall_view import Tried, grouped, heading, remaining, said, tried
from fluvius_demo.lessons.pitfalls.pitfall import link
from fluvius_demo.lessons.scenarios import GROUPS, LIMITS, PITFALLS

LOUD = Finding("refused", "that it opens", "SomeError: Cannot open. To solve this, do another thing.")
QUIET = Finding("wrong", "<b>", "a & b")
ABSENT = Finding("not applicable", "eager tasks", "Python 3.11")


class Rows(HTMLParser):
    """The rows of a table, each a list of texts; all tags; and that each was closed again."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.tags: set[str] = set()
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert not self._open, f"never closed: {self._open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the tag."""
        self.tags.add(tag)
        self._open.append(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        """Close what was opened last."""
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Keep what stands in a cell."""
        if "td" in self._open or "th" in self._open:
            self.rows[-1][-1] += data


def html(one: Tried) -> str:
    """Return what a notebook shows."""
    return one._repr_html_()


class TestTried:
    """Run a pitfall on some designs and then on isolated."""

    @in_a_loop
    async def test_isolated_comes_last_and_once(self) -> None:
        """Named or not."""
        assert list((await tried("P03", "migrated")).findings) == ["migrated", "isolated"]
        assert list((await tried("P03", "isolated")).findings) == ["isolated"]

    @in_a_loop
    async def test_designs_and_mistakes_can_be_named(self) -> None:
        """The outcome is that of a run, on either."""
        one = await tried("P05", "set None", "legacy")
        assert [finding.outcome for finding in one.findings.values()] == ["refused", "correct", "correct"]

    @in_a_loop
    async def test_what_there_is_not_is_refused(self) -> None:
        """With what there is."""
        with pytest.raises(BadRequestError, match=r"^Cannot try 'P77': .* use one of P01, P02, "):
            await tried("P77")
        with pytest.raises(BadRequestError, match=r"^Cannot try P03 on 'mine': .* use some of unguarded, legacy, "):
            await tried("P03", "migrated", "mine")

    @in_a_loop
    async def test_what_remains_is_run_without_and_with_the_remedy(self) -> None:
        """All limits, in their order, with their questions."""
        limits = await remaining()
        assert [one.of.id for one in limits] == list(LIMITS)
        for one in limits:
            without, remedied = one.findings.values()
            assert without.outcome == "wrong"
            assert remedied.outcome in ("correct", "refused")
            assert LIMITS[one.of.id].question in repr(one)
            assert one.met_by == ()


class TestAsText:
    """For a screen reader, a test, a diff."""

    def test_all_is_there(self) -> None:
        """Title, findings, remedy, where it was met."""
        pitfall = PITFALLS["P03"]
        lines = repr(Tried(pitfall, {"mine": QUIET})).splitlines()
        assert lines == [
            "P03 Set and never reset.",
            "  mine: ≠ wrong. Expected: <b>. Seen: a & b",
            f"  Remedy: {pitfall.remedy}.",
            f"  Met by: {', '.join(pitfall.met_by)}",
        ]

    def test_nobody_is_named_who_is_not_known(self) -> None:
        """P06 has no thread that says it as plainly."""
        assert PITFALLS["P06"].met_by == ()
        assert "Met by" not in repr(Tried(PITFALLS["P06"], {}))
        assert "Met by" not in html(Tried(PITFALLS["P06"], {}))

    def test_an_error_is_cut_before_its_way_out(self) -> None:
        """The remedy says that."""
        assert said(LOUD) == "✕ refused. Expected: that it opens. Seen: SomeError: Cannot open."

    def test_what_this_python_lacks_is_named(self) -> None:
        """Nothing was expected, and nothing seen."""
        assert said(ABSENT) == "– not applicable: it needs eager tasks; here is Python 3.11"  # noqa: RUF001


class TestAsATable:
    """In a notebook."""

    def test_a_row_for_each_design(self) -> None:
        """The outcome by mark and word, so that no colour is needed."""
        rows = Rows(html(Tried(PITFALLS["P03"], {"mine": QUIET, "other": LOUD}))).rows
        assert rows == [
            ["tried on", "outcome", "expected", "seen"],
            ["mine", "≠ wrong", "<b>", "a & b"],
            ["other", "✕ refused", "that it opens", "SomeError: Cannot open."],
        ]

    @pytest.mark.parametrize("id", PITFALLS)
    def test_remedy_links_and_code_are_the_registrys(self, id: str) -> None:
        """Whatever signs are in them."""
        pitfall = PITFALLS[id]
        shown = html(Tried(pitfall, {"mine": ABSENT}))
        assert f"{pitfall.remedy}." in unescape(shown)
        assert all(f'<a href="{link(met)}" target="_blank">{met}</a>' in shown for met in pitfall.met_by)
        assert f"<pre>{source_of(pitfall.test)}</pre></details>" in unescape(shown)

    @pytest.mark.parametrize("id", PITFALLS)
    def test_all_style_stands_at_the_cell_itself(self, id: str) -> None:
        """JupyterLab drops style sheets and scripts from a notebook that it does not trust yet."""
        tags = Rows(html(Tried(PITFALLS[id], {"mine": QUIET}))).tags
        assert tags <= {"p", "b", "table", "tr", "th", "td", "a", "details", "summary", "pre"}


class TestHeadings:
    """What a section about a pitfall is called."""

    def test_names_begin_with_a_capital(self) -> None:
        """But a function's is as it is written."""
        assert heading("P01") == "P01 A mutable default"
        assert heading("P19") == "P19 wait_for makes a task, or none"

    def test_no_two_are_the_same(self) -> None:
        """Each is the anchor of a link."""
        assert len({heading(id) for id in PITFALLS}) == len(PITFALLS)


class TestGrouped:
    """What the figure of all pitfalls draws."""

    def test_rows_come_by_group(self) -> None:
        """In the order of the course, each with its group's name."""
        table = {id: {"mine": QUIET} for id in PITFALLS}
        outcomes, groups = grouped(table)
        assert [row.partition(" ")[0] for row in outcomes] == [id for ids in GROUPS.values() for id in ids]
        assert list(dict.fromkeys(groups.values())) == list(GROUPS)
        assert outcomes["P03 set and never reset"] == {"mine": "wrong"}

    def test_a_part_of_them_will_do(self) -> None:
        """Rows that are not in the table are not drawn."""
        assert list(grouped({"P27": {"mine": LOUD}})[0]) == ["P27 cells that await run in another Context"]
