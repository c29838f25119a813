"""Each question is asked before its run and answered by it, and each notebook looks back at the end."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from string import ascii_lowercase

import nbformat
import pytest
from nbformat import NotebookNode
from notebook_rules import code_cells, tree
from small_notebooks import code, notebook
from store_outputs import COURSE

from fluvius_demo.lessons.predictions.course import QUESTIONS
from fluvius_demo.lessons.predictions.question import Choice, Question
from fluvius_demo.lessons.predictions.record import question_of

NOTEBOOKS = sorted(COURSE.glob("*.ipynb"))


def calls(notebook: NotebookNode, *names: str) -> Iterator[ast.Call]:
    """Yield the calls of these functions, in the order in which a learner runs them."""
    for cell in code_cells(notebook):
        for node in ast.walk(tree(cell)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
                yield node


def problems(notebook: NotebookNode, number: str) -> Iterator[str]:
    """Yield what is wrong with how a notebook asks the questions of its number."""
    steps = [(call.func.id, ast.literal_eval(call.args[0])) for call in calls(notebook, "predict", "happened")]
    wanted = [
        step for question in QUESTIONS[number] for step in (("predict", question.name), ("happened", question.name))
    ]
    if sorted(steps) != sorted(wanted):
        yield f"it asks and answers {sorted(set(steps) ^ set(wanted))} too often, or not at all"
    for kind, name in steps:
        if kind == "happened" and ("predict", name) not in steps[: steps.index((kind, name))]:
            yield f"{name!r} is answered before it is asked"
    for call in calls(notebook, "happened"):
        if not any(isinstance(node, ast.Name) for node in ast.walk(call.args[1])):
            yield f"the answer to {ast.unparse(call.args[0])} is typed in"
    if [ast.literal_eval(call.args[0]) for call in calls(notebook, "review")] != [number]:
        yield "it does not look back, or at another notebook"
    if number != "00" and any("**Predict" in cell.source for cell in notebook.cells if cell.cell_type == "markdown"):
        yield "it asks for a prediction that nobody can record"


def sections(notebook: NotebookNode) -> list[str]:
    """Return the headings, without their minutes."""
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    return [re.sub(r" \(\d+ minutes?\)$", "", heading) for heading in re.findall(r"(?m)^##+ (.+)$", prose)]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_question_is_asked_and_then_answered_by_a_run(path: Path) -> None:
    """Once each, in this order, and what has happened is no literal."""
    assert list(problems(nbformat.read(path, as_version=4), path.name[:2])) == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_where_to_look_again_is_a_heading_of_the_notebook(path: Path) -> None:
    """A learner who was surprised is sent to a section that exists."""
    named = {question.section for question in QUESTIONS[path.name[:2]]}
    assert named <= set(sections(nbformat.read(path, as_version=4)))


def test_no_letter_comes_true_most_of_the_time() -> None:
    """Whoever always presses the same letter is wrong more often than not."""
    stored = "".join(path.read_text(encoding="utf-8") for path in NOTEBOOKS)
    came_true = Counter(re.findall(r"What happened:</b> \((\w)\)", stored))
    assert came_true.total() == sum(map(len, QUESTIONS.values()))
    assert max(came_true.values()) < 0.45 * came_true.total()


def came_true() -> Iterator[tuple[Question, int]]:
    """Yield each question, with the place of the choice that came true in the stored run."""
    for path in NOTEBOOKS:
        stored = nbformat.read(path, as_version=4)
        letters = re.findall(r"What happened:</b> \((\w)\)", path.read_text(encoding="utf-8"))
        for call, letter in zip(calls(stored, "happened"), letters, strict=True):
            yield question_of(ast.literal_eval(call.args[0])), ascii_lowercase.index(letter)


def stands_out(question: Question, place: int) -> bool:
    """Return whether a choice is the only one with a reason after a colon, or the only one without."""
    reasons = [":" in re.sub(r"`[^`]*`", "", choice.text) for choice in question.choices]
    return reasons.count(reasons[place]) == 1


def test_what_comes_true_does_not_stand_out() -> None:
    """Whoever presses the choice that looks unlike the others has learned to read tests."""
    assert [question.name for question, place in came_true() if stands_out(question, place)] == []


def test_what_comes_true_is_not_mostly_the_shortest() -> None:
    """Whoever always presses the shortest choice, or always the longest, is wrong more often than not."""
    lengths = [(place, [len(choice.text) for choice in question.choices]) for question, place in came_true()]
    for one in (min, max):
        assert sum(texts[place] == one(texts) for place, texts in lengths) < 0.5 * len(lengths)


@pytest.mark.parametrize(
    ("texts", "place", "expected"),
    [
        (["All.", "None.", "One."], 0, False),
        (["All: a.", "None: b.", "One."], 2, True),
        (["All: a.", "None.", "One."], 0, True),
        (["All: a.", "None.", "One."], 1, False),
        (["All.", "`if x:` alone.", "One."], 1, False),
    ],
)
def test_a_choice_that_stands_out_is_found(texts: list[str], place: int, expected: bool) -> None:
    """The only one with a reason, or the only one without; a colon in code is no reason."""
    choices = tuple(Choice(text, text, "“A belief.” It fails.") for text in texts)
    assert stands_out(Question("a name", "A section", "What?", choices), place) is expected


ASKS, RUNS, LOOKS = "predict('a first taste')", "seen = 1\nhappened('a first taste', seen)", "review('00')"


@pytest.mark.parametrize(
    "sources",
    [
        [RUNS, LOOKS],
        [ASKS, LOOKS],
        [RUNS, ASKS, LOOKS],
        [ASKS, "happened('a first taste', {'correct': 2})", LOOKS],
        [ASKS, RUNS],
        [ASKS, RUNS, "review('01')"],
        [ASKS, ASKS, RUNS, LOOKS],
        [ASKS, RUNS, "predict('another')", LOOKS],
    ],
)
def test_a_notebook_that_does_not_is_found(sources: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Never asked, never answered, too early, typed in, no look back, or one at another notebook."""
    monkeypatch.setitem(QUESTIONS, "00", QUESTIONS["00"][:1])
    assert list(problems(notebook(*map(code, sources)), "00"))


def test_a_notebook_that_does_is_let_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask, run, look back."""
    monkeypatch.setitem(QUESTIONS, "00", QUESTIONS["00"][:1])
    assert list(problems(notebook(*map(code, [ASKS, RUNS, LOOKS])), "00")) == []
