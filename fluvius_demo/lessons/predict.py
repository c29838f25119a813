"""Predictions in a notebook: `predict` before the run, `happened` after it, `review` at the end.

Nothing is graded and nothing leaves the machine: what was predicted is kept in this kernel alone.
"""

from string import ascii_lowercase
from typing import Any

import ipywidgets

from fluvius_demo.lessons.predictions import view
from fluvius_demo.lessons.predictions.question import Question
from fluvius_demo.lessons.predictions.record import RECORD, Record, question_of, questions_of


def predict(name: str, *, record: Record = RECORD) -> "PredictionBox":
    """Ask a question: a button for each choice. Raises BadRequestError for a name that is none."""
    return PredictionBox(question_of(name), record)


def happened(name: str, seen: Any, *, record: Record = RECORD) -> "Shown":
    """Say which choice came true, by what the run has shown, and which belief leads to each other one.

    Raises BadRequestError where no choice expected what was seen, or for a name that is none.
    """
    question = question_of(name)
    record.happened(question, seen)
    return Shown(view.answer_html(question, record), view.answer_text(question, record))


def review(notebook: str, *, record: Record = RECORD) -> "Shown":
    """Look back at a notebook, by its number such as "01": what was predicted, what surprised, where to look again."""
    questions = questions_of(notebook)
    return Shown(view.review_html(questions, record), view.review_text(questions, record))


class Shown:
    """HTML, with the same as plain text."""

    def __init__(self, html: str, text: str) -> None:
        self.html, self.text = html, text

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return self.html


class PredictionBox(ipywidgets.VBox):
    """The question and a button for each choice. On a page without widgets it is a list.

    The buttons are the browser's own, so Tab, Enter and the space bar reach and press them. Radio buttons would want
    the arrow keys, which in a notebook's command mode belong to JupyterLab.
    """

    def __init__(self, question: Question, record: Record) -> None:
        self.question, self.record = question, record
        record.asked(question)
        self.buttons = [self._button(place) for place in range(len(question.choices))]
        self.standing = ipywidgets.HTML()
        super().__init__([ipywidgets.HTML(view.question_html(question)), *map(self._row, self.buttons), self.standing])
        self._draw()

    def _button(self, place: int) -> ipywidgets.Button:
        button = ipywidgets.Button(
            tooltip=self.question.choices[place].text, layout=ipywidgets.Layout(width="64px", flex="0 0 auto")
        )
        button.on_click(lambda _button: self._choose(place))
        return button

    def _row(self, button: ipywidgets.Button) -> ipywidgets.HBox:
        told = ipywidgets.HTML(
            view.choice_html(self.question, self.buttons.index(button)), layout=ipywidgets.Layout(flex="1 1 0%")
        )
        return ipywidgets.HBox([button, told], layout=ipywidgets.Layout(align_items="center", padding="0 0 0 12px"))

    def _choose(self, place: int) -> None:
        self.record.commit(self.question, place)
        self._draw()

    def _draw(self) -> None:
        for place, button in enumerate(self.buttons):
            chosen = self.record.predicted.get(self.question.name) == place
            button.description = f"✓ {ascii_lowercase[place]}" if chosen else ascii_lowercase[place]
            button.button_style = "primary" if chosen else ""
        self.standing.value = view.standing_html(self.question, self.record)

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        still = {"text/html": view.still_html(self.question), "text/plain": view.still_text(self.question)}
        return {**super()._repr_mimebundle_(**kwargs), **still}
