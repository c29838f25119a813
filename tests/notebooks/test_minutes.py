"""Minutes follow from what a notebook holds."""

from __future__ import annotations

from pathlib import Path

import pytest
from documents import TELLING
from minutes import Part, parts, table, total
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_output
from small_notebooks import code, notebook, printed


def asked(source: str, html: str, **metadata: object) -> NotebookNode:
    """Return a code cell that has stored this HTML."""
    cell = code(source, new_output("display_data", data={"text/html": html}))
    cell.metadata.update(metadata)
    return cell


def of(*cells: NotebookNode) -> Part:
    """Return what is counted in a section of these cells."""
    return parts(notebook(new_markdown_cell("## 1. A section (9 minutes)"), *cells))[1]


def words(count: int) -> str:
    """Return a text of so many words."""
    return "word " * count


EMPTY = of()  # but for its heading


class TestWords:
    """Words are what is read: 200 of them a minute."""

    @pytest.mark.parametrize(
        ("text", "count"),
        [
            ("one *two* `three()` four-and-five", 4),
            ("[one two](https://example.org/a/b) ![a picture](x.png)", 2),
            ("one, two: 3 → … ≠ | –", 3),  # noqa: RUF001
            ("<details><summary>one</summary>\n\ntwo <b>three</b>\n</details>", 3),
            ("| one | two |\n|---|---|\n| three | four |", 4),
            ("[one][a]\n\n[a]: https://example.org/two/three", 1),
            ("    four words of code", 4),
        ],
    )
    def test_only_what_is_read_counts(self, text: str, count: int) -> None:
        """No addresses, tags or signs."""
        assert of(new_markdown_cell(text)).words - EMPTY.words == count

    @pytest.mark.parametrize("mark", TELLING.values())
    def test_questions_and_answers_are_read(self, mark: str) -> None:
        """Those are outputs, and prose all the same."""
        html = f"<p>{mark} one<br>two</p><ol><li>three</li></ol>"
        assert of(asked("show()", html)).words - EMPTY.words == 3 + len(mark.split())

    def test_other_outputs_are_not(self) -> None:
        """To look at them belongs to running the cell."""
        assert of(asked("show()", "<p>one two three</p>")).words == EMPTY.words

    def test_two_hundred_a_minute(self) -> None:
        """Begun minutes count whole."""
        assert [Part(words=count).minutes for count in (0, 1, 200, 201, 1000)] == [1, 1, 1, 2, 5]


class TestDoing:
    """What is done counts by the piece."""

    def test_a_cell_is_a_minute(self) -> None:
        """Each one that runs; an empty one does not."""
        assert (of(code("x = 1"), code("print(x)"), code("")).cells, Part(cells=3).minutes) == (2, 3)

    def test_what_is_printed_beyond_eleven_lines_is_thirty_lines_a_minute(self) -> None:
        """Source, tables and diffs are there to be read; what a widget or a check shows belongs to its own time."""
        forty, rows = printed("line\n" * 40), "<table>" + "<tr><td>1</td></tr>" * 40 + "</table>"
        assert [of(code("show()", forty)).lines, of(asked("show()", rows)).lines] == [29, 29]
        assert of(code("show()", printed("line\n" * 11))).lines == 0
        assert of(asked("check('x', Mine)", rows)).lines == 0
        assert [Part(lines=count).minutes for count in (30, 31)] == [1, 2]

    def test_a_question_is_half_a_minute(self) -> None:
        """And its cell is not one to run."""
        part = of(code("from fluvius_demo import a\npredict('x')"), code("happened('x', seen)"))
        assert (part.cells, part.decisions, Part(decisions=3).minutes) == (0, 1, 2)

    def test_a_run_with_its_answer_is_a_run(self) -> None:
        """However the two are written into one cell."""
        assert of(code("seen = await run()\nhappened('x', seen)")).cells == 1

    def test_a_level_is_three_minutes(self) -> None:
        """One for each stepper, unless the cell says that more of them are to be played."""
        assert of(code("stepper('x')")).minutes == 4
        assert of(asked("stepper('x')", "", levels=4)).minutes == 13
        assert of(code("load_sliders(design='locked')")).minutes == 4

    def test_a_step_of_an_exercise_is_six_minutes(self) -> None:
        """The cell to be filled in and the solution are part of it."""
        exercise = code("class Mine: ...", tags=["exercise"])
        part = of(exercise, code("check('find it', Mine)"), code("solution('find it')"), code("await check('x', Mine)"))
        assert (part.steps, part.cells, part.minutes) == (2, 0, 13)
        assert of(asked("check('all of it', Mine)", "", steps=2)).minutes == 13


class TestParts:
    """A notebook is an opening, sections and a closing."""

    CELLS = (
        new_markdown_cell(f"# A title\n\n**Time:** 1 minutes\n\n{words(199)}"),
        new_markdown_cell(f"## 1. One (3 minutes)\n\n{words(10)}\n\n### Below\n\n## 2. Two"),
        code("x = 1"),
        new_markdown_cell(f"Explained.\n\n## In production…\n\n{words(90)}\n\n## Three questions\n\n{words(90)}"),
        code("y = 2"),
    )

    def test_each_heading_begins_one(self) -> None:
        """In the middle of a cell as well; smaller headings do not."""
        found = parts(notebook(*self.CELLS))
        assert [part.title for part in found] == ["", "1. One", "2. Two", "In production…", "Three questions"]
        assert [part.stated for part in found] == [None, 3, None, None, None]
        assert [part.cells for part in found] == [0, 0, 1, 0, 1]

    def test_the_whole_is_their_sum(self) -> None:
        """Of the whole minutes that are stated; the closing is rounded once."""
        assert total(parts(notebook(*self.CELLS))) == 2 + 1 + 2 + 2

    def test_the_table_says_what_was_counted(self) -> None:
        """For whoever wonders."""
        lines = table(Path("x.ipynb"), parts(notebook(*self.CELLS))).splitlines()
        assert lines[0] == "x: 7 minutes"
        assert lines[2] == "    1, stated 3  1. One: 15 words, 0 cells, 0 more lines, 0 predictions"
        assert table(Path("x.ipynb"), [Part(), Part("1. One", steps=2)]).endswith("0 predictions, 2 steps")
