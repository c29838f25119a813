"""A browser is found where it is usually installed, and its absence is a failure only where one is required."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.sync_api import Playwright

from workshop import chromium
from workshop.chromium import find_browser, is_required, places


def program(path: Path) -> Path:
    """Make a file that can be executed, and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def own(tmp_path: Path) -> Playwright:
    """Stand in for Playwright, whose own browser would lie in a folder that a test may fill or not."""
    return SimpleNamespace(chromium=SimpleNamespace(executable_path=str(tmp_path / "own" / "chrome")))


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Make this a machine without any browser, and return the folder on its PATH."""
    monkeypatch.setattr(chromium, "MAC", (str(tmp_path / "Chrome.app"),))
    for name in chromium.WINDOWS_ROOTS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return tmp_path / "bin"


def test_no_browser_is_none(bare: Path, own: Playwright) -> None:
    """Where nothing is installed, nothing is found."""
    assert find_browser(own) is None


def test_playwrights_own_is_the_last_choice(bare: Path, own: Playwright) -> None:
    """What Playwright has fetched is used where nothing else is installed."""
    fetched = program(Path(own.chromium.executable_path))
    assert find_browser(own) == fetched
    installed = program(Path(chromium.MAC[0]))
    assert find_browser(own) == installed


@pytest.mark.skipif(os.name == "nt", reason="on Windows a command needs a suffix")
def test_chrome_goes_before_chromium(bare: Path, own: Playwright) -> None:
    """Both are found by their commands."""
    assert find_browser(own) is None
    second = program(bare / "chromium")
    assert find_browser(own) == second
    first = program(bare / "google-chrome")
    assert find_browser(own) == first


def test_windows_folders_are_looked_into() -> None:
    """Chrome is looked for in every folder for programs before Edge is."""
    found = list(places({"PROGRAMFILES": "programs", "LOCALAPPDATA": "local"}))
    windows = [path.as_posix() for path in found if path.suffix == ".exe"]
    assert [path.split("/")[0] for path in windows] == ["programs", "local"] * 2
    assert [Path(path).name for path in windows] == ["chrome.exe"] * 2 + ["msedge.exe"] * 2


@pytest.mark.parametrize(("environ", "required"), [({}, False), ({"BROWSER_REQUIRED": "1"}, True)])
def test_a_browser_may_be_required(environ: dict[str, str], required: bool) -> None:
    """CI sets BROWSER_REQUIRED, so that no missing browser lets these tests vanish in silence."""
    assert is_required(environ) is required
