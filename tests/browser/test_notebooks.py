"""Every notebook of the course runs in a real JupyterLab, from top to bottom, and its figures can be seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from .findings import check_shown, check_visible, errors, figures, not_run
from .lab import Lab
from .lab_server import NOTEBOOKS


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_runs_from_top_to_bottom(lab: Lab, path: Path) -> None:
    """Run All reaches the last cell, and nothing goes wrong: not in a cell, not in a figure, not in the page."""
    lab.open_notebook(path.name)
    lab.run_all()
    assert errors(lab) == []
    assert not_run(lab) == []
    check_shown(lab, path)
    for figure in figures(lab):
        check_visible(figure)
    assert lab.complaints == []
