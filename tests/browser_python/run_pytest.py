"""Runs pytest inside of the browser's Python: `run.mjs` calls `run`."""

import asyncio
import sys
from collections.abc import Sequence

import pytest
from timers_only_loop import TimersOnlyLoop

NO_WERKZEUG = "needs werkzeug, which needs MarkupSafe, of which PyPI has no wheel for the browser"
NO_MATPLOTLIB = "needs Matplotlib, of which PyPI has no wheel for the browser"
# Single tests that need what a browser lacks say so themselves, by `helpers.needs`.
LEFT_OUT = {
    "tests/browser": "drives a browser from outside",
    "tests/notebooks": "starts kernels, and kernels are processes",
    "tests/workshop": "builds what is printed and projected, with a browser",
    "tests/test_spelling.py": "starts codespell, a process",
    "tests/lessons/test_figures*": NO_MATPLOTLIB,
    "tests/lessons/test_pictures.py": NO_MATPLOTLIB,
    "tests/lessons/test_bench*": NO_WERKZEUG,
    "tests/test_main_bench.py": NO_WERKZEUG,
    "tests/lessons/test_ke*": NO_WERKZEUG,
    "tests/lessons/test_reads.py": NO_WERKZEUG,
}
OPTIONS = [
    "--confcutdir=tests",  # the conftest.py above guards the notebooks, and imports nbval
    "--override-ini=addopts=--strict-config --strict-markers",  # the others are nbval's and xdist's, or repeated below
    "--override-ini=faulthandler_timeout=0",  # its watchdog is a thread
    "-p",
    "no:cacheprovider",
    "-m",
    "not long",
    *(f"--ignore-glob={path}" for path in LEFT_OUT),
]


def pytest_report_header() -> list[str]:
    """Say what is not run here, and why."""
    return [f"left out: {path}, it {why}" for path, why in LEFT_OUT.items()]


def run(options: Sequence[str]) -> int:
    """Return pytest's exit code; no test at all is a failure for pytest, too.

    The WebLoop counts as running from the start, and would take every `asyncio.run` for a nested one. While this
    function runs, JavaScript does not, so that the WebLoop misses nothing.
    """
    asyncio._set_running_loop(None)
    asyncio.events.new_event_loop = TimersOnlyLoop
    return int(pytest.main([*OPTIONS, *options], plugins=[sys.modules[__name__]]))
