"""Everything that states minutes states the counted ones, and `--write` brings it there."""

from __future__ import annotations

import re
from pathlib import Path

import minutes
import nbformat
import pytest
from documents import NOTEBOOKS, TELLING, called, told
from minutes import CLOSING, main, parts, restated, stating
from nbformat.v4 import new_markdown_cell
from notebook_rules import code_cells, tree
from small_notebooks import ROOT, write

COURSE = {path: parts(nbformat.read(path, as_version=4)) for path in NOTEBOOKS}


class TestStating:
    """`--write` puts them wherever they are stated."""

    @pytest.fixture
    def folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """A course of one notebook, with all that names its sections."""
        cells = [
            new_markdown_cell(
                "# T\n\n**Time:** 70 minutes.\n\n| notebook | a | minutes |\n|---|---|---|\n| **07 T** | b | 3 |"
            ),
            new_markdown_cell('## 1. A "real" one? (30 minutes)\n\n[b](#2.-B) [a](#1.-A-"real"-one?-(30-minutes))'),
            new_markdown_cell("## 2. B\n\nIt takes (4 minutes)."),
        ]
        write(tmp_path / "notebooks" / "07_t.ipynb", *cells)
        lines = [
            "| [07 T](notebooks/07_t.ipynb) | b | 9 |",
            "#### 2. B (5 minutes)",
            "[a](notebooks/07_t.ipynb#1.-A-%22real%22-one%3F-(30-minutes))",
            "3. B (5 minutes)",
        ]
        (tmp_path / "README.md").write_text("\n".join(lines), encoding="utf-8")
        monkeypatch.setattr(minutes, "ROOT", tmp_path)
        monkeypatch.setattr(minutes, "NOTEBOOKS", [tmp_path / "notebooks" / "07_t.ipynb"])
        return tmp_path

    def written(self, folder: Path) -> list[str]:
        """State the minutes in the folder's files, and return the README's lines."""
        assert main(["--write"]) == 0
        course = {path: parts(nbformat.read(path, as_version=4)) for path in folder.glob("notebooks/*.ipynb")}
        assert [restated(path, course)[1] for path in stating(folder)] == [[], []]
        return (folder / "README.md").read_text(encoding="utf-8").splitlines()

    def test_maps_headings_and_links(self, folder: Path) -> None:
        """And nothing else that looks like it."""
        assert self.written(folder) == [
            "| [07 T](notebooks/07_t.ipynb) | b | 4 |",
            "#### 2. B (1 minute)",
            "[a](notebooks/07_t.ipynb#1.-A-%22real%22-one%3F-(1-minute))",
            "3. B (5 minutes)",
        ]

    def test_the_notebook_itself(self, folder: Path) -> None:
        """It stays the same but for that, whatever JSON makes of its text."""
        before = nbformat.read(folder / "notebooks" / "07_t.ipynb", as_version=4)
        self.written(folder)
        after = nbformat.read(folder / "notebooks" / "07_t.ipynb", as_version=4)
        first, second, third = (cell.source for cell in after.cells)
        assert "**Time:** 4 minutes." in first
        assert "| **07 T** | b | 4 |" in first
        assert second == '## 1. A "real" one? (1 minute)\n\n[b](#2.-B) [a](#1.-A-"real"-one?-(1-minute))'
        assert third == "## 2. B (1 minute)\n\nIt takes (4 minutes)."
        assert before.metadata == after.metadata

    def test_without_it_nothing_is_written(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """The table alone is printed."""
        before = [path.read_bytes() for path in stating(folder)]
        assert main([]) == 0
        assert before == [path.read_bytes() for path in stating(folder)]
        assert capsys.readouterr().out.startswith("07_t: 4 minutes\n")


def test_the_package_states_minutes_where_it_links_to_a_heading(tmp_path: Path) -> None:
    """A file that never speaks of minutes is not looked at."""
    for name, text in (("links.py", 'X = "#1.-A-(2-minutes)"'), ("other.py", "")):
        (tmp_path / "fluvius_demo" / "lessons").mkdir(parents=True, exist_ok=True)
        (tmp_path / "fluvius_demo" / "lessons" / name).write_text(text, encoding="utf-8")
    assert [path.name for path in stating(tmp_path)] == ["links.py"]
    assert "ledger.py" in {path.name for path in stating(ROOT)}


@pytest.mark.parametrize("path", stating(ROOT), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_is_stated_is_what_is_counted(path: Path) -> None:
    """If this fails, run `python tests/notebooks/minutes.py --write`."""
    assert restated(path, COURSE)[1] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_states_its_minutes(path: Path) -> None:
    """The whole in its first cell, and each section in its heading."""
    opening = nbformat.read(path, as_version=4).cells[0].source
    assert re.search(r"\*\*Time:\*\* \d+ minutes", opening)
    assert [part.title for part in COURSE[path][1:] if part.stated is None and part.title not in CLOSING] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_each_question_is_found_among_the_outputs(path: Path) -> None:
    """With its answer, and the look back: the package marks them in a way that the counting knows."""
    for cell in code_cells(nbformat.read(path, as_version=4)):
        calls = [name for name in called(tree(cell)) if name in TELLING]
        assert sum(TELLING[name] in html for name in set(calls) for html in told(cell)) == len(calls)


def test_no_two_sections_have_the_same_name() -> None:
    """Else one could not tell whose minutes a link states."""
    found = [part.title for whole in COURSE.values() for part in whole[1:] if part.title not in CLOSING]
    assert len(found) == len(set(found))
