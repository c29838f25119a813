"""Every notebook in a real JupyterLab, as a learner works through it: question by question, to the last check."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from fluvius_demo.lessons.exercises import solution
from fluvius_demo.lessons.exercises.steps import STEPS

from .findings import check_shown, check_visible, errors, figures, not_run
from .lab import Lab
from .lab_server import NOTEBOOKS
from .learner import work_through

# One cell is changed by all steps from 3 to 7: the solution of the last is that of all.
SOLUTIONS = {step: repr(solution(step)) for step in STEPS} | {"your class": repr(solution("keep two instances apart"))}


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_learner_comes_to_the_end(lab: Lab, path: Path) -> None:
    """Each question is answered, each stepper runs, each exercise is passed, and nothing goes wrong in the page."""
    work_through(lab, path, SOLUTIONS)
    assert errors(lab) == []
    assert not_run(lab) == []
    if not path.name.startswith("07"):  # there the pictures show what fails, and with the solutions nothing does
        check_shown(lab, path)
    for figure in figures(lab):
        check_visible(figure)
    expect(lab.page.get_by_text("No prediction was made.")).to_have_count(0)
    passed = lab.page.get_by_text(re.compile(r"^Step \d, .*: passed ✓$"))
    expect(passed).to_have_count(len(STEPS) * path.name.startswith("07"))
    assert lab.complaints == []
