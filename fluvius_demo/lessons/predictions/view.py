"""A question, its answer and the look back, as HTML and as plain text. Nothing is said by colour alone."""

import re
from collections.abc import Sequence
from html import escape
from string import ascii_lowercase

from fluvius_demo.lessons.predictions.question import Question
from fluvius_demo.lessons.predictions.record import Record

# White paper and dark ink of its own, so that it can be read on a dark page as well.
_PAPER = "background:#fff;color:#222;font:15px/1.5 sans-serif;padding:6px 10px;margin:6px 0;border-left:4px solid #222"

_CODE = 'style="font:0.93em monospace;background:none;color:inherit;padding:0"'  # the same in a widget and in an output


def with_code(text: str) -> str:
    """Return the text as HTML, with what stands in backticks as code."""
    return re.sub(r"`([^`]+)`", rf"<code {_CODE}>\1</code>", escape(text, quote=False))


def question_html(question: Question) -> str:
    """Return the question without its choices."""
    return f'<div style="{_PAPER}"><b>Predict.</b> {with_code(question.text)}</div>'


def choice_html(question: Question, place: int) -> str:
    """Return one choice, to stand beside its button."""
    return f'<div style="font:15px/1.5 sans-serif;padding-left:8px">{with_code(question.choices[place].text)}</div>'


def standing(question: Question, record: Record) -> str:
    """Return how the prediction stands."""
    place = record.predicted.get(question.name)
    if question.name in record.came_true:
        kept = "no prediction" if place is None else f"your prediction, ({ascii_lowercase[place]}),"
        return f"The run is over, and {kept} stays. To predict anew, run this cell again."
    if place is None:
        return "No prediction yet: press a letter."
    return f"Your prediction: ({ascii_lowercase[place]}). You can change it until the run is over."


def standing_html(question: Question, record: Record) -> str:
    """Return how the prediction stands, in a place that a screen reader reads out when it changes."""
    style = "font:15px/1.5 sans-serif;padding-left:14px"
    return f'<div role="status" aria-live="polite" style="{style}">{standing(question, record)}</div>'


def still_html(question: Question) -> str:
    """Return question and choices for a page without widgets."""
    listed = "".join(f"<li>{with_code(choice.text)}</li>" for choice in question.choices)
    asked = f"<b>Predict.</b> {with_code(question.text)}"
    return f'<div style="{_PAPER}">{asked}<ol type="a" style="margin:4px 0;padding-left:28px">{listed}</ol></div>'


def still_text(question: Question) -> str:
    """Return question and choices as plain text."""
    return "\n".join([f"Predict. {question.text}", *map(question.told, range(len(question.choices)))])


def answer_html(question: Question, record: Record) -> str:
    """Return what was predicted, what happened and why; the beliefs behind other choices can be unfolded."""
    came_true, predicted = record.came_true[question.name], record.predicted.get(question.name)
    what = f"<b>What happened:</b> {with_code(question.told(came_true))}"
    why = f"<b>Why:</b> {with_code(question.choices[came_true].belief)}"
    others = _wrong(question, [place for place in range(len(question.choices)) if place not in (came_true, predicted)])
    summary = "Which beliefs lead to the other choices"
    if predicted is None:
        told, others = "No prediction was made.", [what, why, *others]
        summary = "What happened, and which beliefs lead to the other choices"
    elif predicted == came_true:
        told = f"✓ <b>As you predicted:</b> {with_code(question.told(came_true))}<br>{why}"
    else:
        told = f"≠ <b>You predicted</b> {with_code(question.told(predicted))}<br>{what}<br>{why}<br>"
        told += f"<b>What leads to ({ascii_lowercase[predicted]}):</b> {with_code(question.choices[predicted].belief)}"
    return f'<div style="{_PAPER}"><div role="status">{told}</div>{_unfolding(summary, others)}</div>'


def _wrong(question: Question, places: Sequence[int]) -> list[str]:
    return [f"<b>{with_code(question.told(place))}</b> {with_code(question.choices[place].belief)}" for place in places]


def _unfolding(summary: str, parts: Sequence[str]) -> str:
    if not parts:
        return ""
    inside = "".join(f'<p style="margin:6px 0">{part}</p>' for part in parts)
    return f'<details><summary style="cursor:pointer">{summary}</summary>{inside}</details>'


def answer_text(question: Question, record: Record) -> str:
    """Return the same as plain text."""
    came_true, predicted = record.came_true[question.name], record.predicted.get(question.name)
    mine = "You made no prediction." if predicted is None else f"You predicted {question.told(predicted)}"
    beliefs = [
        f"{question.told(place)} {question.choices[place].belief}"
        for place in range(len(question.choices))
        if place != came_true
    ]
    what = f"What happened: {question.told(came_true)} {question.choices[came_true].belief}"
    return "\n".join([mine, what, "The beliefs behind the others:", *beliefs])


def review_lines(questions: Sequence[Question], record: Record) -> list[tuple[str, str, str, str]]:
    """Return for each question what was asked, predicted and seen, and where to look again if it surprised."""
    return [
        (
            question.text,
            _choice(question, record.predicted.get(question.name), "nothing"),
            _choice(question, record.came_true.get(question.name), "not run yet"),
            f"≠ look again: {question.section}" if record.surprised(question) else _calm(question, record),
        )
        for question in questions
    ]


def _choice(question: Question, place: int | None, without: str) -> str:
    return without if place is None else question.told(place)


def _calm(question: Question, record: Record) -> str:
    known = question.name in record.predicted and question.name in record.came_true
    return "✓ as predicted" if known else f"section: {question.section}"


def review_summary(questions: Sequence[Question], record: Record) -> str:
    """Return how many predictions were made, and how many surprises there were."""
    made = sum(question.name in record.predicted for question in questions)
    surprises = sum(map(record.surprised, questions))
    told = {0: "nothing surprised you", 1: "one run surprised you"}.get(surprises, f"{surprises} runs surprised you")
    return f"You made {made} of {len(questions)} predictions" + (f"; {told}." if made else ".")


def review_html(questions: Sequence[Question], record: Record) -> str:
    """Return the look back as a list: unlike a table, it can be read in a narrow window."""
    items = "".join(
        f'<li style="margin:8px 0"><b>{with_code(asked)}</b><br>You predicted: {with_code(predicted)}<br>'
        f"What happened: {with_code(seen)}<br>{with_code(so)}</li>"
        for asked, predicted, seen, so in review_lines(questions, record)
    )
    listed = f'<ol style="margin:4px 0;padding-left:28px">{items}</ol>'
    return f'<div style="{_PAPER}"><b>Looking back.</b> {review_summary(questions, record)}{listed}</div>'


def review_text(questions: Sequence[Question], record: Record) -> str:
    """Return the look back as plain text."""
    lines = (
        f"{number}. {asked}\n   predicted: {predicted}\n   happened: {seen}\n   {so}"
        for number, (asked, predicted, seen, so) in enumerate(review_lines(questions, record), start=1)
    )
    return "\n".join([review_summary(questions, record), *lines])
