"""One browser and one JupyterLab for all tests of this folder, and a picture of every page on which one fails."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, expect, sync_playwright

from workshop.chromium import NONE_FOUND, find_browser, is_required

from .lab import Lab, open_lab
from .lab_server import LabServer, lab_server

# Whatever a page wants from elsewhere, a learner without a network lacks: here it is an error on the console.
ONLY_THIS_MACHINE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"

expect.set_options(timeout=20_000)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Give the browser; without one the test fails if BROWSER_REQUIRED is 1, else it is skipped."""
    with sync_playwright() as playwright:
        path = find_browser(playwright)
        if path is None:
            if is_required(os.environ):
                pytest.fail(NONE_FOUND, pytrace=False)
            pytest.skip(NONE_FOUND)
        browser = playwright.chromium.launch(executable_path=path, args=[ONLY_THIS_MACHINE])
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def server(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabServer]:
    """Give a JupyterLab that serves a copy of the course; none is started where there is no browser."""
    with lab_server(tmp_path_factory.mktemp("lab")) as server:
        yield server


@pytest.fixture
def lab(browser: Browser, server: LabServer) -> Iterator[Lab]:
    """Give a fresh page with JupyterLab, in a browser profile of its own."""
    with open_lab(browser, server) as lab:
        yield lab


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Add to a failure where the pictures of its pages are."""
    try:
        return (yield)
    except (Exception, pytest.fail.Exception) as error:
        for lab in (value for value in item.funcargs.values() if isinstance(value, Lab)):
            try:
                picture = lab.screenshot(Path(mkdtemp(prefix="browser-test-"), "page.png"))
            except Error as problem:
                error.add_note(f"There is no picture of the page: {problem.message}")
            else:
                error.add_note(f"How the page looks: {picture}")
        raise
