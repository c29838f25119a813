"""What was predicted and what then happened: kept in this kernel, graded by nobody, sent nowhere."""

from collections.abc import Sequence
from typing import Any

from fluvius_demo.errors import BadRequestError
from fluvius_demo.lessons.predictions.course import QUESTIONS
from fluvius_demo.lessons.predictions.question import Question


def question_of(name: str) -> Question:
    """Return the question of this name. Raises BadRequestError where there is none."""
    for questions in QUESTIONS.values():
        for question in questions:
            if question.name == name:
                return question
    raise BadRequestError(
        f"ask the question {name!r}", "there is none of this name", "use the name as it was handed out"
    )


def questions_of(notebook: str) -> Sequence[Question]:
    """Return the questions of a notebook, by its number: "01". Raises BadRequestError where it asks none."""
    if notebook not in QUESTIONS:
        remedy = f"use one of {', '.join(QUESTIONS)}"
        raise BadRequestError(f"look back at notebook {notebook!r}", "it asks no questions", remedy)
    return QUESTIONS[notebook]


class Record:
    """For each question the choice that was predicted, and the one that came true; both by place, from 0 on."""

    def __init__(self) -> None:
        self.predicted: dict[str, int] = {}
        self.came_true: dict[str, int] = {}

    def asked(self, question: Question) -> None:
        """Take note that a question is put, again perhaps: its run is still to come."""
        self.came_true.pop(question.name, None)

    def commit(self, question: Question, place: int) -> bool:
        """Keep a prediction; return whether it counts. Once the run is over, the one made before it stays."""
        if question.name in self.came_true:
            return False
        self.predicted[question.name] = place
        return True

    def happened(self, question: Question, seen: Any) -> int:
        """Keep what the run showed, and return the choice that came true. Raises BadRequestError where none did."""
        place = self.came_true[question.name] = question.came_true(seen)
        return place

    def surprised(self, question: Question) -> bool:
        """Return whether something else happened than was predicted; not, where nothing was."""
        predicted, came_true = (kept.get(question.name) for kept in (self.predicted, self.came_true))
        return None not in (predicted, came_true) and predicted != came_true


RECORD = Record()
