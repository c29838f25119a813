"""What of a notebook goes on slides, and what into the notes; each rule on a small notebook."""

from collections.abc import Mapping

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell
from small_outputs import code, html, notebook, picture, printed, widget

from workshop.parts import plain
from workshop.slide_rules import Slide, stacks

OPENING = "# A course\n\n**What you will do:** this.\n\n**What you need:** that.\n\n**Time:** 5 minutes."
ASKED = "<div><b>Predict.</b> Whose <code>x</code>?<ol type=\"a\"><li>Ana's.</li><li>Ben's.</li></ol></div>"
ANSWERED = (
    "<div><div>No prediction was made.</div><details><summary>What happened</summary>"
    "<p><b>What happened:</b> (b) Ben's.</p><p>(a) A belief.</p></details></div>"
)


def slides(*cells: NotebookNode | str, told: Mapping[str, str] | None = None) -> list[Slide]:
    """Return the slides of a notebook with these cells after its opening, without the opening's."""
    first, *others = [slide for stack in stacks(notebook(OPENING, *cells), told or {}) for slide in stack]
    assert first.kind == "opening"
    return others


def texts(*cells: NotebookNode | str) -> list[str]:
    """Return what is to be read on each slide below its title."""
    return [" ".join(plain(slide.body).split()) for slide in slides(*cells)]


def test_the_opening_says_what_will_be_done() -> None:
    """What is needed, and the time, are for the presenter."""
    ((slide,),) = stacks(notebook(OPENING), {})
    assert (slide.title, plain(slide.body)) == ("A course", "What you will do: this.")
    assert "What you need:" in "".join(slide.notes)


def test_of_prose_the_key_sentence_is_shown() -> None:
    """The whole cell stands in the notes; a quotation and each thought that begins in bold is shown as well."""
    first = "A first sentence that is really long enough. More of it.\n\nMore."
    (slide,) = slides(
        f"## 1. One (5 minutes)\n\n{first}\n\n> The rule.\n\n**Two:** is two. With this, as it was short."
    )
    assert slide.title == "1. One"
    assert [plain(part.html) for part in slide.parts] == [
        "A first sentence that is really long enough.", "The rule.", "Two: is two. With this, as it was short.",
    ]  # fmt: skip
    assert "More of it." in slide.notes[0]


def test_each_section_is_a_stack() -> None:
    """A heading of the third level stays in its section, with its own title."""
    found = stacks(notebook(OPENING, "## A\n\nOne.\n\n### B\n\nTwo.", "## C\n\nThree."), {})
    assert [[slide.title for slide in stack] for stack in found] == [["A course"], ["A", "B"], ["C"]]


def test_a_key_sentence_stands_above_the_code_that_follows() -> None:
    """What the code prints comes with the next key, and the explanation with the one after that."""
    (slide,) = slides(
        "## A\n\nLook at this.",
        code("print(1)", printed("1\n")),
        "**Explain.** It is one. And so on, and so on, at length.",
    )
    assert [(plain(part.html).strip(), part.click) for part in slide.parts] == [
        ("Look at this.", 0), ("print(1)", 0), ("1", 1), ("It is one. And so on, and so on, at length.", 2),
    ]  # fmt: skip
    assert len(slide.notes) == 2


def test_one_cell_goes_on_below_the_other() -> None:
    """Where the first one printed nothing; the notes of both stay."""
    (slide,) = slides("## A\n\nOne.", code("x = 1"), code("y = 2"))
    assert plain(slide.body) == "One.x = 1\ny = 2\n"
    assert "One." in "".join(slide.notes)


def test_no_explanation_stands_below_a_question() -> None:
    """It would be the answer."""
    asks = code('predict("whose")', widget({"text/html": ASKED, "text/plain": "Predict."}))
    question, explained = slides("## A", asks, "**Explain.** It is one, and it is long enough for a slide.")
    assert (question.kind, "It is one" in question.body) == ("question", False)
    assert "It is one" in explained.body


def test_a_question_in_prose_has_its_choices() -> None:
    """It is a slide of its own kind, whole and with letters."""
    (slide,) = slides("## A\n\n**Predict:** who? And when, exactly?\n\n- (a) Ana. Not Ben.\n- (b) Ben.")
    assert slide.kind == "question"
    assert '<ol type="a"><li>Ana. Not Ben.</li><li>Ben.</li></ol>' in slide.body
    assert "who? And when, exactly?" in slide.body


def test_a_question_as_a_widget_is_shown_and_not_its_code() -> None:
    """The answer comes after the run, with the beliefs in the notes; that nobody has predicted is not said."""
    asks = code('from x import predict\n\npredict("whose")', widget({"text/html": ASKED, "text/plain": "Predict."}))
    runs = code('happened("whose", seen)', html(ANSWERED))
    question, answer = slides("## A", asks, runs)[-2:]
    assert question.kind == "question"
    assert "<ol type=\"a\"><li>Ana's.</li><li>Ben's.</li></ol>" in question.body
    assert "predict(" not in question.body
    assert plain(answer.body) == "What happened: (b) Ben's."
    assert "A belief." in "".join(answer.notes)


def test_a_run_with_its_answer() -> None:
    """Where the run says what happened, its code is shown, and the answer comes with a key."""
    (slide,) = slides("## A\n\nOne.", code('x = 1\nhappened("whose", x)', html(ANSWERED)))
    assert [part.click for part in slide.parts] == [0, 0, 0, 1]


def test_the_look_back_is_left_out() -> None:
    """What the room has predicted stands in no notebook."""
    assert texts("## A\n\nOne.", code('review("01")', html("<table><tr><td>no prediction</td></tr></table>"))) == [
        "One."
    ]


def test_a_picture_fills_a_slide() -> None:
    """Its words are an alternative text, and stand in the notes."""
    shown, drawn = slides("## A\n\nOne.", code("draw()", *picture("a lane.")))
    assert (shown.kind, drawn.kind) == ("", "picture")
    assert 'alt="a lane."' in drawn.body
    assert "a lane." in drawn.notes[0]


def test_a_drawing_is_made_as_large_as_the_slide() -> None:
    """What a level of the stepper wants stands beside the code; the rest of the page is left out."""
    svg = '<svg role="img" width="100" height="50" viewBox="0 0 100 50"><text>x</text></svg>'
    stepper = widget({"text/html": f"<div>much</div>{svg}", "text/plain": "Level: One. Do it. Won when done.\nmore"})
    shown, drawn = slides("## A\n\nOne.", code('stepper("One")', stepper))
    assert plain(shown.body).endswith("Level: One. Do it.")
    assert 'width="1250" height="625" viewBox="0 0 100 50"' in drawn.body
    assert "much" not in drawn.body


def test_a_drawing_with_small_letters_gives_its_words() -> None:
    """What nobody can read in the last row is no picture."""
    svg = '<svg width="9" height="9" viewBox="0 0 90 900" font-size="14"><text>x</text></svg>'
    assert (
        texts("## A\n\nOne.", code("x", widget({"text/html": svg, "text/plain": "in\nwords"})))[-1] == "One.x in words"
    )


def test_a_long_output_is_continued() -> None:
    """Where it would take more than three slides, the first says how much more there is."""
    assert [text.count("line") for text in texts("## A\n\nOne.", code("x", printed("line\n" * 30)))] == [0, 15, 15]
    (*_, long) = texts("## A\n\nOne.", code("x", printed("row\n" * 200)))
    assert long.count("row") + int(long.split()[-6]) == 200
    assert long.endswith("more lines, in the notebook")


def test_a_table_that_is_too_long_gives_its_words() -> None:
    """If it has no words, its first rows are shown."""
    table = f"<table><tr><th>a</th></tr>{'<tr><td>row</td></tr>' * 100}</table>"
    assert texts("## A\n\nOne.", code("x", html(table, "100 rows")))[-1].endswith("100 rows")
    assert texts("## A\n\nOne.", code("x", html(table)))[-1].endswith("more rows, in the notebook")


def test_what_unfolds_is_left_to_the_notes() -> None:
    """Questions at the end are listed; the code that ran is not shown."""
    (closing,) = slides("## Three questions\n\n<details><summary>1. Why?</summary>\n\nBecause.\n</details>")
    assert plain(closing.body) == "Why?"
    assert "Because." in closing.notes[0]
    ran = html("<p>It ran.</p><details><summary>The code that ran</summary><pre>x = 1</pre></details>")
    assert texts("## A\n\nOne.", code("x", ran)) == ["One.x It ran."]


def test_metadata_decide_where_no_rule_can() -> None:
    """A cell may be left out, or be for the notes alone."""
    skipped, noted = new_markdown_cell("Skipped."), new_markdown_cell("Noted.")
    skipped.metadata["slideshow"], noted.metadata["slideshow"] = {"slide_type": "skip"}, {"slide_type": "notes"}
    left_out = [code("left out", slideshow={"slide_type": kind}) for kind in ("skip", "notes")]
    (slide,) = slides("## A\n\nOne.", code("x"), skipped, noted, *left_out)
    assert "left out" not in slide.body
    assert "Skipped" not in slide.body + "".join(slide.notes)
    assert ("Noted." in slide.body, "Noted." in "".join(slide.notes)) == (False, True)


def test_the_instructor_speaks_first() -> None:
    """What WORKSHOP.md says of a section comes before the section's own words."""
    (slide,) = slides("## 1. A (5 minutes)\n\nOne.", told={"1. A": "**Say:** hello"})
    assert [plain(note).strip() for note in slide.notes] == ["Say: hello", "One."]
