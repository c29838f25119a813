"""What is left of a cell's outputs where there are no widgets."""

from pathlib import Path

from nbformat.v4 import new_output
from small_outputs import PNG, code, picture, printed, widget, write

from workshop.outputs import Shown, outputs, read, short


def test_a_widget_gives_way_to_its_equivalent(tmp_path: Path) -> None:
    """The stored HTML is shown, else the plain text."""
    path = write(
        tmp_path / "a.ipynb",
        code("a", widget({"text/html": "<b>x</b>", "text/plain": "x"})),
        code("b", widget({"text/plain": "y"})),
    )
    first, second = read(path).cells
    assert outputs(first) == [Shown("html", "<b>x</b>", "x")]
    assert outputs(second) == [Shown("text", "y", "")]


def test_a_picture_takes_the_words_beside_it() -> None:
    """Its words are no output of their own; other Markdown is."""
    cell = code("draw()", *picture("two lanes."), new_output("display_data", data={"text/markdown": "more"}))
    assert outputs(cell) == [Shown("picture", PNG, " two lanes."), Shown("markdown", "more", "")]


def test_a_picture_without_words_takes_those_that_follow() -> None:
    """They stand in the cell's metadata, or at the beginning of the next text."""
    cell = code("draw()", picture("gone.")[0])
    assert outputs(cell, "**In words:** from the text.")[0].words == " from the text."
    cell.metadata["description"] = "**In words:** from the cell."
    assert outputs(cell, "**In words:** from the text.")[0].words == " from the cell."
    assert outputs(code("draw()", picture("gone.")[0]), "No words.")[0].words == ""


def test_words_for_a_picture_are_so_called_at_once() -> None:
    """Further down they are about something else."""
    assert outputs(code("draw()", picture("gone.")[0]), "A text.\n\n**In words:** no.")[0].words == ""


def test_html_goes_before_a_picture() -> None:
    """It is the fuller form, with words in it."""
    both = new_output("display_data", data={"text/html": "<b>x</b>", "image/png": PNG, "text/plain": "x"})
    assert outputs(code("draw()", both)) == [Shown("html", "<b>x</b>", "x")]


def test_an_error_is_shown_without_its_colours() -> None:
    """The traceback's escape sequences mean nothing on a page; printed text stays as it is."""
    error = new_output("error", ename="ValueError", evalue="no", traceback=["\x1b[31mValueError\x1b[0m: no"])
    assert [shown.content for shown in outputs(code("x", printed("a\nb\n"), error))] == ["a\nb", "ValueError: no"]


def test_long_words_become_a_short_text_that_says_so() -> None:
    """An alternative text of a picture is its first sentence where the words are many."""
    assert short("\n- legacy: 1 *correct*.") == "legacy: 1 correct."
    assert short("Two lanes. " + "More. " * 100) == "Two lanes. All of it is told in words below the picture."
