"""Everything that is written here is spelled right, as far as codespell knows: what is misspelt often."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("fluvius_demo", "tests", "workshop", "deploy", ".ci", ".github")
WRITTEN = {"", ".css", ".html", ".j2", ".js", ".md", ".mjs", ".py", ".sh", ".toml", ".txt", ".yml"}


def written() -> list[Path]:
    """Return all files of this project that people wrote; the notebooks are read cell by cell."""
    inside = (path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*")))
    paths = [*sorted(ROOT.glob("*")), *inside]
    return [path for path in paths if path.is_file() and path.suffix in WRITTEN and "__pycache__" not in path.parts]


def sources(path: Path) -> str:
    """Return what people wrote into a notebook: its cells without their outputs."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return "\n\n".join("".join(cell["source"]) for cell in cells)


def misspelt(paths: Sequence[Path]) -> str:
    """Return what codespell says of these files, by line: nothing where all is well."""
    # Named from here: Windows takes no endless command.
    names = [str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path) for path in paths]
    command = [sys.executable, "-m", "codespell_lib", "--toml", "pyproject.toml", *names]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False, timeout=60)
    assert run.returncode in (0, 65), run.stderr
    return run.stdout


def test_all_files_are_spelled_right() -> None:
    """The package, the tests, the papers and the rest."""
    assert len(written()) > 100
    assert misspelt(written()) == ""


def test_the_notebooks_are_spelled_right(tmp_path: Path) -> None:
    """Text and code; what they print comes from the package."""
    copies = [tmp_path / f"{path.stem}.md" for path in sorted((ROOT / "notebooks").glob("*.ipynb"))]
    for copy in copies:
        copy.write_text(sources(ROOT / "notebooks" / f"{copy.stem}.ipynb"), encoding="utf-8")
    assert copies
    assert misspelt(copies) == ""


@pytest.mark.parametrize("name", ["a.py", "a.md", "Makefile"])
def test_a_misspelling_is_found(tmp_path: Path, name: str) -> None:
    """With its line, and with what was meant."""
    path = tmp_path / name
    path.write_text("first\n# rec" + "ieve\n", encoding="utf-8")
    assert misspelt([path]).strip().endswith(f"{name}:2: rec" + "ieve ==> receive")
