"""Notebook 07 as it is handed out shows each step as not yet; with the solutions put in, each step is passed."""

from __future__ import annotations

import ast
import asyncio
import inspect
import re
from copy import deepcopy

import nbformat
import pytest
from nbformat import NotebookNode
from notebook_rules import code_cells, tags
from store_outputs import COURSE, run

from fluvius_demo.lessons.exercises import BoxOffice, Notifier, solution
from fluvius_demo.lessons.exercises.steps import STEPS

PATH = COURSE / "07_migrate_it_yourself.ipynb"
NOTEBOOK = nbformat.read(PATH, as_version=4)
# One cell is changed by all steps from 3 to 7: the solution of the last is that of all.
SOLVED_BY = {"your class": "keep two instances apart"}
HANDED_OUT = {"your class": (BoxOffice, "MyOffice"), "open exercise": (Notifier, "MyNotifier")}


def exercises(notebook: NotebookNode) -> dict[str, NotebookNode]:
    """Return the cells that a learner is to change, by the step that their metadata name."""
    return {cell.metadata["exercise"]: cell for cell in code_cells(notebook) if "exercise" in tags(cell)}


def results(notebook: NotebookNode) -> dict[str, str]:
    """Return what each check has stored as its headline, by the step."""
    texts = [
        output.get("data", {}).get("text/plain", "")
        for cell in code_cells(notebook)
        for output in cell.outputs
        if cell.source.startswith("check(")
    ]
    return dict(re.match(r"Step \d, (.*): (passed ✓|not yet …)", text).groups() for text in texts)


def bare(source: str, name: str) -> str:
    """Return the class in this source, under this name, without types and docstrings."""
    found = next(node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ClassDef))
    found.name = name
    for node in ast.walk(found):
        if isinstance(node, (ast.ClassDef, ast.AsyncFunctionDef, ast.FunctionDef)) and ast.get_docstring(node):
            del node.body[0]
        if isinstance(node, (ast.AsyncFunctionDef, ast.FunctionDef)):
            node.returns = None
        if isinstance(node, ast.arg):
            node.annotation = None
    return ast.unparse(found)


@pytest.fixture(scope="module")
def solved() -> NotebookNode:
    """Give the notebook with the solutions put in, when a kernel has run it."""
    notebook = deepcopy(NOTEBOOK)
    for step, cell in exercises(notebook).items():
        cell.source = repr(solution(SOLVED_BY.get(step, step)))
    asyncio.run(run(notebook, COURSE))
    return notebook


def test_each_step_has_its_check() -> None:
    """In order, once; and what it looks at is in a cell of its own, which is marked."""
    assert list(results(NOTEBOOK)) == list(STEPS)
    assert list(exercises(NOTEBOOK)) == [
        "find the shared state",
        "reproduce the failure",
        "your class",
        "open exercise",
    ]


def test_as_handed_out_each_step_is_not_yet() -> None:
    """What is stored says so; that it is what the notebook prints, nbval compares."""
    assert results(NOTEBOOK) == dict.fromkeys(STEPS, "not yet …")


@pytest.mark.parametrize("step", HANDED_OUT)
def test_what_is_handed_out_is_the_class_as_it_was_found(step: str) -> None:
    """But for its name, its types and its docstrings."""
    design, name = HANDED_OUT[step]
    assert bare(exercises(NOTEBOOK)[step].source, name) == bare(inspect.getsource(design), name)


def test_with_the_solutions_each_step_is_passed(solved: NotebookNode) -> None:
    """In a kernel of its own, as a learner would run it."""
    assert results(solved) == dict.fromkeys(STEPS, "passed ✓")


def test_the_learners_test_then_passes_on_the_learners_class(solved: NotebookNode) -> None:
    """And on no other one; the guard's error is one way to fail, a wrong ticket the other."""
    (printed,) = (cell.outputs[0].text for cell in code_cells(solved) if "run_alone(my_test" in cell.source)
    assert printed == (
        "BoxOffice RuntimeError('Overlapping booking: Noah')\nUnguardedOffice AssertionError()\nMyOffice passes\n"
    )


def test_no_solution_is_in_sight() -> None:
    """Whoever wants to see one has to ask for it."""
    assert not any("solution(" in cell.source for cell in code_cells(NOTEBOOK))
