"""The widget of a question, pressed without a front end; and what a notebook calls."""

import pytest

from fluvius_demo.errors import BadRequestError
from fluvius_demo.lessons.predict import PredictionBox, happened, predict, review
from fluvius_demo.lessons.predictions.record import RECORD, Record, question_of, questions_of

NAME = "a first taste"


@pytest.fixture
def record() -> Record:
    """Give a record of this test's own."""
    return Record()


def seen_as(place: int) -> object:
    """Return what a run shows in which this choice comes true."""
    return question_of(NAME).choices[place].seen


def letters(box: PredictionBox) -> list[str]:
    """Return what the buttons say."""
    return [button.description for button in box.buttons]


def test_a_press_commits_and_the_mark_moves(record: Record) -> None:
    """The chosen button has a mark, not a colour alone, and the text below says which."""
    box = predict(NAME, record=record)
    assert letters(box) == ["a", "b", "c", "d"]
    box.buttons[2].click()
    box.buttons[1].click()
    assert letters(box) == ["a", "✓ b", "c", "d"]
    assert "(b)" in box.standing.value
    assert record.predicted == {NAME: 1}


def test_each_button_stands_beside_its_own_choice(record: Record) -> None:
    """Below the question; a button's tooltip says the choice, too."""
    box = predict(NAME, record=record)
    question, *rows, standing = box.children
    assert question_of(NAME).text in question.value
    assert standing is box.standing
    for choice, row, button in zip(question_of(NAME).choices, rows, box.buttons, strict=True):
        assert row.children[0] is button
        assert choice.text in row.children[1].value
        assert button.tooltip == choice.text


def test_a_notebook_has_one_record(monkeypatch: pytest.MonkeyPatch) -> None:
    """What `predict` keeps is what `happened` and `review` speak of."""
    for kept in ("predicted", "came_true"):
        monkeypatch.setattr(RECORD, kept, {})
    predict(NAME).buttons[0].click()
    assert repr(happened(NAME, seen_as(1))).startswith("You predicted (a)")
    assert repr(review("00")).startswith("You made 1 of ")


def test_a_look_back_is_at_the_notebook_that_is_named(record: Record) -> None:
    """With all of its questions, and no others."""
    (first, *_), told = questions_of("01"), repr(review("01", record=record))
    assert told.startswith(f"You made 0 of {len(questions_of('01'))} predictions.")
    assert first.text in told


def test_after_the_run_a_press_changes_nothing(record: Record) -> None:
    """Who knows the answer predicts no more."""
    box = predict(NAME, record=record)
    box.buttons[0].click()
    happened(NAME, seen_as(1), record=record)
    box.buttons[1].click()
    assert letters(box) == ["✓ a", "b", "c", "d"]
    assert "The run is over" in box.standing.value


def test_the_cell_run_again_shows_the_prediction_and_lets_it_change(record: Record) -> None:
    """Run All must not lose what was predicted before."""
    predict(NAME, record=record).buttons[0].click()
    happened(NAME, seen_as(1), record=record)
    again = predict(NAME, record=record)
    assert letters(again)[0] == "✓ a"
    again.buttons[1].click()
    assert record.predicted == {NAME: 1}


def test_a_page_without_widgets_gets_question_and_choices(record: Record) -> None:
    """Beside the widget stand HTML and plain text, and no bare repr."""
    bundle = predict(NAME, record=record)._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert bundle["text/html"].count("<li>") == 4
    assert bundle["text/plain"].startswith("Predict. ")


def test_answer_and_look_back_are_shown_as_html_and_as_text(record: Record) -> None:
    """Both say what came true."""
    predict(NAME, record=record)
    for shown in (happened(NAME, seen_as(1), record=record), review("00", record=record)):
        assert "legacy turns one of them away" in shown._repr_html_()
        assert "legacy turns one of them away" in repr(shown)


def test_what_no_choice_expected_is_an_error(record: Record) -> None:
    """A run that the question did not foresee ends the notebook's test, and is not shown as an answer."""
    with pytest.raises(BadRequestError, match=r"^Cannot answer the question 'a first taste': the run shows 'rain'"):
        happened(NAME, "rain", record=record)
    assert record.came_true == {}
