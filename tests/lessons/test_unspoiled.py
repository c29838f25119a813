"""What JupyterLab is given of a notebook: as handed out without its outputs, and as a learner has saved it whole."""

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("jupyter_server", reason="the browser's Python has no server")

from fluvius_demo.lessons import originals
from fluvius_demo.lessons.unspoiled import Unspoiled

NAME = "00_start_here.ipynb"
LISTED = "the list of originals is renewed by `make notebooks`"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with a notebook of the course, as it is handed out."""
    shutil.copy(originals.folder() / NAME, tmp_path)
    assert originals.is_original(NAME, (tmp_path / NAME).read_bytes()), LISTED
    return tmp_path


def opened(folder: Path, path: str = NAME, **options: Any) -> dict[str, Any]:
    """Return what the server gives to JupyterLab."""
    return asyncio.run(Unspoiled(root_dir=str(folder)).get(path, **options))


def outputs(model: dict[str, Any]) -> list[Any]:
    """Return all outputs of a notebook, and the counts of its code cells."""
    cells = [cell for cell in model["content"]["cells"] if cell["cell_type"] == "code"]
    return [output for cell in cells for output in cell["outputs"]] + [
        cell["execution_count"] for cell in cells if cell["execution_count"] is not None
    ]


def test_as_handed_out_it_is_opened_without_outputs(folder: Path) -> None:
    """So that nobody reads the answer under the question; the file itself is not changed."""
    before = (folder / NAME).read_bytes()
    assert outputs(opened(folder)) == []
    assert (folder / NAME).read_bytes() == before
    assert b'"outputs": [\n' in before


def test_what_a_learner_has_saved_is_opened_as_it_is(folder: Path) -> None:
    """One changed word is enough: from then on the outputs are the learner's own."""
    notebook = json.loads((folder / NAME).read_text(encoding="utf-8"))
    notebook["cells"][0]["source"] = "# Mine"
    (folder / NAME).write_text(json.dumps(notebook), encoding="utf-8")
    assert outputs(opened(folder)) != []


def test_a_notebook_of_another_name_is_none_of_the_course(folder: Path) -> None:
    """A learner's copy keeps what is in it."""
    (folder / NAME).rename(folder / "mine.ipynb")
    assert outputs(opened(folder, "mine.ipynb")) != []


def test_without_the_list_notebooks_can_be_opened(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A damaged installation shows the outputs, and no error."""
    monkeypatch.setattr(originals, "_list_of", lambda _root: folder / "no.sha256")
    assert outputs(opened(folder)) != []


def test_all_else_is_as_usual(folder: Path) -> None:
    """Folders, files, and notebooks of which only the date is asked."""
    (folder / "a.txt").write_text("text", encoding="utf-8")
    assert {one["name"] for one in opened(folder, "")["content"]} == {NAME, "a.txt"}
    assert opened(folder, "a.txt")["content"] == "text"
    assert opened(folder, content=False)["content"] is None
