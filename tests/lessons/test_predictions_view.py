"""A question, its answer and the look back in HTML and in plain text say the same."""

from dataclasses import replace

from fluvius_demo.lessons.predictions import view
from fluvius_demo.lessons.predictions.question import Choice, Question
from fluvius_demo.lessons.predictions.record import Record

ASKED = Question(
    "which is it",
    "2. Where to look",
    "Is `x < y`?",
    (
        Choice("Yes, `x` is less.", "less", "“Less is less.” It is not."),
        Choice("They are equal.", "equal", "They are the same object."),
        Choice("There is an <error>.", "error", "“It has to fail.” Nothing fails."),
    ),
)


def record_of(predicted: int | None, seen: str | None = "equal") -> Record:
    """Return a record with this prediction, and this run."""
    record = Record()
    if predicted is not None:
        record.commit(ASKED, predicted)
    if seen is not None:
        record.happened(ASKED, seen)
    return record


def outside_of_details(html: str) -> str:
    """Return what can be read before anything is unfolded."""
    return html.partition("<details>")[0]


class TestTheQuestion:
    """What is asked."""

    def test_a_page_without_widgets_has_question_and_choices(self) -> None:
        """Letters come from the list's type; backticks are code, and all else is text."""
        html = view.still_html(ASKED)
        assert ">x &lt; y</code>?" in html
        assert html.count("<li>") == 3
        assert 'type="a"' in html
        assert "an &lt;error&gt;." in html

    def test_the_text_has_the_letters(self) -> None:
        """As it is read out."""
        assert view.still_text(ASKED).splitlines() == [
            "Predict. Is `x < y`?",
            "(a) Yes, `x` is less.",
            "(b) They are equal.",
            "(c) There is an <error>.",
        ]

    def test_how_the_prediction_stands_is_said(self) -> None:
        """Before a choice, after it, and after the run, with a prediction and without."""
        told = [
            view.standing(ASKED, record_of(*made)) for made in ((None, None), (2, None), (2, "less"), (None, "less"))
        ]
        assert [text.split(":")[0] for text in told[:2]] == ["No prediction yet", "Your prediction"]
        assert "(c)" in told[1]
        assert "your prediction, (c), stays" in told[2]
        assert "no prediction stays" in told[3]

    def test_how_it_stands_is_read_out(self) -> None:
        """A press changes nothing else that a screen reader would tell of."""
        html = view.standing_html(ASKED, record_of(2, None))
        assert 'role="status" aria-live="polite"' in html
        assert view.standing(ASKED, record_of(2, None)) in html


class TestTheAnswer:
    """What is said after the run."""

    def test_a_wrong_choice_is_told_its_belief_at_once(self) -> None:
        """Which belief leads to the choice that was made needs no unfolding; the others do."""
        html = view.answer_html(ASKED, record_of(0))
        at_once = outside_of_details(html)
        assert "You predicted</b> (a)" in at_once
        assert "What happened:</b> (b)" in at_once
        assert "Why:</b> They are the same object" in at_once
        assert "Less is less" in at_once
        assert "It has to fail" not in at_once
        assert [html.count(part) for part in ("It has to fail", "Less is less", "the same object")] == [1, 1, 1]

    def test_a_right_choice_is_confirmed(self) -> None:
        """The other choices can be unfolded, with their beliefs."""
        html = view.answer_html(ASKED, record_of(1))
        assert "✓ <b>As you predicted:</b> (b)" in outside_of_details(html)
        assert "Why:</b> They are the same object" in outside_of_details(html)
        assert "Less is less" in html.partition("<details>")[2]
        assert html.count("the same object") == 1

    def test_without_a_prediction_all_of_it_unfolds(self) -> None:
        """So it is on a rendered page: nothing is given away before one asks."""
        html = view.answer_html(ASKED, record_of(None))
        assert "equal" not in outside_of_details(html)
        assert all(part in html for part in ("What happened:</b> (b)", "Less is less", "It has to fail"))

    def test_the_text_tells_the_same(self) -> None:
        """What was predicted, what happened and why, and then the beliefs behind the wrong choices."""
        text = view.answer_text(ASKED, record_of(0))
        assert text.splitlines()[:3] == [
            "You predicted (a) Yes, `x` is less.",
            "What happened: (b) They are equal. They are the same object.",
            "The beliefs behind the others:",
        ]
        assert text.splitlines()[3:] == [
            "(a) Yes, `x` is less. “Less is less.” It is not.",
            "(c) There is an <error>. “It has to fail.” Nothing fails.",
        ]
        assert view.answer_text(ASKED, record_of(None)).startswith("You made no prediction.")


class TestTheLookBack:
    """What is said at the end of a notebook."""

    def test_a_surprise_says_where_to_look_again(self) -> None:
        """With the section; what came out as predicted needs none."""
        assert view.review_lines([ASKED], record_of(0))[0][3] == "≠ look again: 2. Where to look"
        assert view.review_lines([ASKED], record_of(1))[0][3] == "✓ as predicted"

    def test_what_is_missing_is_said(self) -> None:
        """No prediction, and a run that is still to come."""
        assert view.review_lines([ASKED], record_of(None, None))[0][1:] == (
            "nothing",
            "not run yet",
            "section: 2. Where to look",
        )
        assert view.review_lines([ASKED], record_of(0, None))[0][1:] == (
            "(a) Yes, `x` is less.",
            "not run yet",
            "section: 2. Where to look",
        )

    def test_the_summary_counts(self) -> None:
        """Predictions made, of how many, and surprises."""
        summaries = [view.review_summary([ASKED], record_of(predicted)) for predicted in (None, 0, 1)]
        assert summaries == [
            "You made 0 of 1 predictions.",
            "You made 1 of 1 predictions; one run surprised you.",
            "You made 1 of 1 predictions; nothing surprised you.",
        ]
        assert view.review_summary([ASKED] * 2, record_of(0)).endswith("; 2 runs surprised you.")

    def test_the_summary_is_of_this_notebook(self) -> None:
        """What was predicted in another one does not count."""
        record = record_of(0)
        record.commit(replace(ASKED, name="elsewhere"), 0)
        assert view.review_summary([ASKED], record).startswith("You made 1 of 1 predictions")

    def test_the_page_and_the_text_have_all_of_it(self) -> None:
        """The same words in both, one entry for each question."""
        html, text = (say([ASKED, ASKED], record_of(0)) for say in (view.review_html, view.review_text))
        assert html.count("<li") == 2
        assert html.count("look again: 2. Where to look") == text.count("look again: 2. Where to look") == 2
