"""What npm has brought for the tests of this folder: `make test` has it fetch that where there is npm."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from workshop.chromium import is_required
from workshop.slides import PACKAGES

MISSING = "{} is missing: npm brings it, when `make test` or `make slides` runs"


def npm_package(name: str) -> Path:
    """Return where a package lies; without it the test fails if BROWSER_REQUIRED is 1, else it is skipped."""
    if (path := PACKAGES / name).is_dir():
        return path
    if is_required(os.environ):
        pytest.fail(MISSING.format(name), pytrace=False)
    pytest.skip(MISSING.format(name))
