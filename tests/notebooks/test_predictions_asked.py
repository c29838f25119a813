"""Each question is asked before its run and answered by it, and each notebook looks back at the end."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from notebook_rules import code_cells, tree
from small_notebooks import code, notebook
from store_outputs import COURSE

from fluvius_demo.lessons.predictions.course import QUESTIONS

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
