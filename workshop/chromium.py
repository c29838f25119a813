"""Finding a browser to drive: Chrome or Chromium where they are usually installed, else Playwright's own."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from playwright.sync_api import Playwright

# Chrome comes first: where Chromium is a snap, `chromium-browser` may be a script that only says so.
COMMANDS = ("google-chrome", "google-chrome-stable", "chrome", "chromium", "chromium-browser")
MAC = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
# Edge is on every Windows, and is a Chromium.
WINDOWS = ("Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe")
WINDOWS_ROOTS = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")

NONE_FOUND = (
    "Found neither Chrome nor Chromium. Install one of them (Debian: apt-get install chromium), "
    "or let Playwright fetch its own: python -m playwright install chromium"
)


def places(environ: Mapping[str, str]) -> Iterator[Path]:
    """Yield every path at which a browser may be, the best first."""
    for command in COMMANDS:
        if found := shutil.which(command, path=environ.get("PATH", "")):
            yield Path(found)
    yield from map(Path, MAC)
    roots = [environ[name] for name in WINDOWS_ROOTS if name in environ]
    yield from (Path(root, place) for place in WINDOWS for root in roots)


def find_browser(playwright: Playwright) -> Path | None:
    """Return a browser that is installed, or None."""
    candidates = [*places(os.environ), Path(playwright.chromium.executable_path)]
    return next((path for path in candidates if path.is_file()), None)


def is_required(environ: Mapping[str, str]) -> bool:
    """Tell whether a missing browser is a failure, as it is in CI, or a reason to skip."""
    return environ.get("BROWSER_REQUIRED") == "1"
