"""Broken notebooks that nbval alone would pass, or wait for, must fail under the guard in conftest.py."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from argparse import Namespace
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest
from nbformat import NotebookNode
from small_notebooks import ROOT, code, printed, raised, write

EXPECTED = ("raises-exception", "nbval-ignore-output")
ALL_GOOD = [
    code("print('same')", printed("same\n")),
    code("raise ValueError('stored')", raised("ValueError", "stored"), tags=["raises-exception"]),
    code("raise KeyError", raised("KeyError"), tags=EXPECTED),
    code(""),
]
RAISING_TASK = """
import asyncio
async def fail():
    raise ValueError('inside')"""
TASK_GROUP = """
async with asyncio.TaskGroup() as group:
    group.create_task(fail())"""

# What the cell shows, the cell, the text with which it must fail. None stands for "passes".
WRONG: list[tuple[str, NotebookNode, str | None]] = [
    (
        "uncaught_group",
        code("raise ExceptionGroup('two', [ValueError('x')])", tags=["nbval-ignore-output"]),
        "Nobody expected ExceptionGroup: two",
    ),
    ("definition", code(RAISING_TASK), None),
    (
        "uncaught_task_group",
        code(TASK_GROUP, tags=["nbval-ignore-output"]),
        "Nobody expected ExceptionGroup: unhandled errors in a TaskGroup",
    ),
    ("uncaught_error", code("1 / 0", tags=["nbval-ignore-output"]), "ZeroDivisionError"),
    ("not_raised", code("x = 1", raised("ValueError"), tags=EXPECTED), "but nothing was raised"),
    (
        "another_type",
        code("raise TypeError", raised("ValueError"), tags=EXPECTED),
        "raised TypeError, but the notebook stores ValueError",
    ),
    (
        "stripped_error",
        code("raise TypeError", tags=EXPECTED),
        "raised TypeError, but the notebook stores no error",
    ),
    ("stripped", code("print('x')", count=None), "stored without this cell's outputs"),
    ("stale", code("print('new')", printed("old\n")), "Cell outputs differ"),
    ("skipped", code("x = 1", tags=["nbval-skip"]), "A skipped cell proves nothing"),
]
# What the guard says, and what nbval says where the interrupt, too, takes long.
TIMED_OUT = "timed out|Timeout of 0.5 seconds"
# Each of these spoils its kernel, so each has a notebook of its own.
STUCK: dict[str, tuple[NotebookNode, str]] = {
    "slow": (code("import time; time.sleep(600)", tags=["nbval-ignore-output"]), TIMED_OUT),
    "slow_expected": (
        code("import time; time.sleep(600)", raised("KeyboardInterrupt"), tags=EXPECTED),
        TIMED_OUT,
    ),
    # Where IPython does not hang on this, the guard must see the error itself.
    "task_group_in_one_cell": (
        code(RAISING_TASK + TASK_GROUP, tags=["nbval-ignore-output"]),
        TIMED_OUT + "|Nobody expected ExceptionGroup",
    ),
}
DEAD = [code("import os; os._exit(1)"), code("x = 1")]


@dataclass
class Finished:
    """A pytest run that has ended: its exit code, what it printed, and what each failed cell said."""

    code: int
    text: str
    failures: dict[str, str]


def start(folder: Path, *args: str) -> subprocess.Popen[str]:
    """Start pytest on the folder with this project's options and a copy of its guard."""
    shutil.copy(ROOT / "conftest.py", folder)
    options = ["-c", str(ROOT / "pyproject.toml"), f"--rootdir={folder}", "--junitxml=report.xml"]
    return subprocess.Popen(
        [sys.executable, "-m", "pytest", *options, "-p", "no:cacheprovider", "--color=no", *args],
        cwd=folder,
        env={**os.environ, "PYTEST_ADDOPTS": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def finish(process: subprocess.Popen[str], folder: Path) -> Finished:
    """Wait for the run and read its report."""
    text, _ = process.communicate()
    report = folder / "report.xml"
    cases = ElementTree.parse(report).iter("testcase") if report.exists() else ()
    failures = {
        f"{case.get('classname', '').removeprefix('notebooks.')} {case.get('name')}": "".join(bad.itertext())
        for case in cases
        for bad in (*case.findall("failure"), *case.findall("error"))
    }
    return Finished(process.returncode, text, failures)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Finished]:
    """Run every broken notebook, in few processes: starting pytest costs more than a kernel.

    Both runs leave a notebook out as a developer would, by naming files or by -k; one also hides a notebook.
    """
    cells = {"good": ALL_GOOD, "wrong": [cell for _, cell, _ in WRONG], "dead": DEAD, "hidden": ALL_GOOD}
    stuck = {name: [cell] for name, (cell, _) in STUCK.items()}
    plan: dict[str, tuple[dict[str, list[NotebookNode]], list[str]]] = {
        "cells": (cells, ["-k", "not left_out", "--ignore=notebooks/hidden.ipynb"]),
        "stuck": (stuck, ["--nbval-cell-timeout=0.5", *(f"notebooks/{name}.ipynb" for name in stuck)]),
    }
    running: dict[str, tuple[subprocess.Popen[str], Path]] = {}
    for run, (notebooks, args) in plan.items():
        folder = tmp_path_factory.mktemp(run)
        for stem, its_cells in {**notebooks, "left_out": ALL_GOOD}.items():
            write(folder / "notebooks" / f"{stem}.ipynb", *its_cells)
        running[run] = start(folder, *args), folder
    return {run: finish(*process) for run, process in running.items()}


@pytest.fixture(scope="module")
def guard(pytestconfig: pytest.Config) -> ModuleType | None:
    """Return the guard that is at work in this very run."""
    plugins = pytestconfig.pluginmanager.get_plugins()
    return next((plugin for plugin in plugins if hasattr(plugin, "let_through")), None)


def test_the_guard_is_at_work_in_this_run(guard: ModuleType | None) -> None:
    """A run with --noconftest would be green and unguarded."""
    assert guard is not None, "conftest.py was not loaded: run pytest without --noconftest"


def test_a_good_notebook_passes(runs: dict[str, Finished]) -> None:
    """Printing, an expected error and an empty cell are no failures, in strict mode too."""
    assert "good.ipynb .... " in runs["cells"].text


@pytest.mark.parametrize("place", range(len(WRONG)), ids=[name for name, _, _ in WRONG])
def test_a_wrong_cell_fails_for_its_own_reason(runs: dict[str, Finished], place: int) -> None:
    """Each broken cell fails and says what is wrong with it."""
    failure = runs["cells"].failures.get(f"wrong.ipynb Cell {place}")
    reason = WRONG[place][2]
    assert failure is None if reason is None else reason in (failure or "")


@pytest.mark.parametrize("name", STUCK)
def test_a_stuck_cell_fails(runs: dict[str, Finished], name: str) -> None:
    """A cell that hangs is a failure, also where its interrupt looks like the error it should raise."""
    assert runs["stuck"].code == pytest.ExitCode.TESTS_FAILED
    assert re.search(STUCK[name][1], runs["stuck"].failures[f"{name}.ipynb Cell 0"])


def test_a_dead_kernel_is_noticed_at_once(runs: dict[str, Finished]) -> None:
    """The run does not wait for the timeout of 60 s, and every cell of the notebook fails."""
    assert "The kernel died while it ran this cell" in runs["cells"].failures["dead.ipynb Cell 0"]
    assert "Kernel dead" in runs["cells"].failures["dead.ipynb Cell 1"]


def test_a_notebook_that_is_not_collected_fails_the_run(runs: dict[str, Finished]) -> None:
    """Whatever hides a notebook from a run of the whole tree, the run is not green."""
    assert "FAILED ::notebooks/hidden.ipynb" in runs["cells"].text
    assert "notebooks/hidden.ipynb is on disk and was not collected" in runs["cells"].text


def test_a_choice_of_notebooks_is_no_error(runs: dict[str, Finished]) -> None:
    """Naming files and -k leave out a notebook without a complaint, and run the rest."""
    for run in ("stuck", "cells"):
        assert runs[run].code == pytest.ExitCode.TESTS_FAILED
        assert "left_out" not in runs[run].text


def test_another_nbval_is_refused(
    guard: ModuleType, pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The guard reaches into nbval, so a moved pin must say what to do."""
    monkeypatch.setattr(guard, "version", lambda name: "0.12.0")
    with pytest.raises(pytest.UsageError, match=r"nbval 0\.11\.0, but 0\.12\.0 is installed\. Run `pip"):
        guard.pytest_configure(pytestconfig)


def test_lax_is_refused(guard: ModuleType, pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch) -> None:
    """--nbval with --nbval-lax compares nothing, so it does not start."""
    monkeypatch.setattr(pytestconfig.option, "nbval_lax", True)
    with pytest.raises(pytest.UsageError, match="in full or not at all: --nbval-lax compares no outputs"):
        guard.pytest_configure(pytestconfig)


@pytest.mark.parametrize(
    "change",
    [
        {"nbval_lax": True},
        {"nbval_sanitize_with": "any.cfg"},
        {"sanitize_with": "any.cfg"},
        {"nbval_kernel_name": "other"},
        {"nbval_current_env": False},
        {"deselect": ["notebooks/00.ipynb::Cell 3"]},
    ],
    ids=lambda change: next(iter(change)),
)
def test_options_that_weaken_are_named(
    guard: ModuleType, pytestconfig: pytest.Config, change: dict[str, object]
) -> None:
    """This run's own options are fine, and each single change makes them too weak."""
    own = vars(pytestconfig.option)
    assert list(guard.weakened(Namespace(**own))) == []
    assert len(list(guard.weakened(Namespace(**own | change)))) == 1
