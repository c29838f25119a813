"""Storing outputs changes nothing the second time, and never damages a notebook that does not run."""

from __future__ import annotations

import io
import re
from contextlib import redirect_stdout
from pathlib import Path

import pytest
import store_outputs
from nbformat import NotebookNode, reader
from nbformat.v4 import new_markdown_cell, new_output
from notebook_rules import RULES, Rule
from small_notebooks import code, printed, write
from store_outputs import WIDGET, main, same_but_for_numbers

EXPECTED = ["raises-exception"]
IGNORED = "nbval-ignore-output"
GOOD = [
    code("import sys\nprint('one', flush=True)\nprint('two')\nprint('warned', file=sys.stderr)"),
    code("import json\njson.loads('{')", tags=EXPECTED),
    code("import ipywidgets\nipywidgets.IntSlider()"),
    code("from IPython.display import Image\nImage(b'\\x89PNG\\r\\n\\x1a\\n', format='png')"),
    new_markdown_cell("**In words:** nothing."),
    code("import time\nprint('took', time.perf_counter(), 's')", printed("an old text\n"), tags=[IGNORED]),
    code("assert time.perf_counter() > 0"),
    code(""),
]
GOOD[0].metadata.update(scrolled=True, execution={"iopub.status.idle": "2024-02-29T12:00:00Z"})
# The notebook, and what is said about it.
BAD = {
    "fails": ([code("x = 1"), code("1 / 0")], "Cell 1\nAn error occurred while executing"),
    "does_not_raise": ([code("x = 1", printed("kept\n"), tags=EXPECTED)], "Cell 0\nx = 1\n\nTagged raises-excep"),
    "raises_a_group": (
        [code("raise ExceptionGroup('two', [ValueError()])", tags=EXPECTED)],
        "An ExceptionGroup leaves none",
    ),
    "is_not_run": ([code("x = 1", tags=["skip-execution"])], "It was not run"),
    "dies": ([code("import os; os._exit(1)")], "Kernel died"),
}


def shown(image: str) -> NotebookNode:
    """Return what a figure leaves in a notebook."""
    return new_output("display_data", data={"image/png": image, "text/plain": "<Figure with 1 Axes>"})


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """Return a notebook's bytes after storing it once, and after storing it again."""
    path = write(tmp_path_factory.mktemp("good") / "good.ipynb", *GOOD)
    stored = []
    for _ in range(2):
        assert main([str(path)]) == 0
        stored.append(path.read_bytes())
    return stored


def test_storing_twice_changes_no_byte(stored: list[bytes]) -> None:
    """Outputs, ids and metadata are the same on the next run, so that a clean tree stays clean."""
    assert stored[0] == stored[1]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_what_is_stored_keeps_the_rules(stored: list[bytes], rule: Rule) -> None:
    """Nothing else has to be done to a notebook before it is tested."""
    assert list(rule(reader.reads(stored[0].decode()))) == []


def test_what_is_stored_is_what_was_printed(stored: list[bytes]) -> None:
    """Each stream is one output, an error keeps its cell's frame alone, and nothing else of the run is kept."""
    streams, error, widget, image, _, measured, *_ = reader.reads(stored[0].decode()).cells
    assert [(out.name, out.text) for out in streams.outputs] == [("stdout", "one\ntwo\n"), ("stderr", "warned\n")]
    assert streams.metadata == {}
    assert any(frame.startswith("Cell In[2], line 2") for frame in error.outputs[0].traceback)
    assert not any("decoder.py" in frame for frame in error.outputs[0].traceback)
    assert set(widget.outputs[0].data[WIDGET]["model_id"]) == {"0"}
    assert "image/png" in image.outputs[0].data
    assert measured.outputs[0].text.startswith("took ")


@pytest.fixture(scope="module")
def refusals(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, str], bool]:
    """Try to store every bad notebook. Return what is said of each, and whether any file has changed."""
    folder = tmp_path_factory.mktemp("bad")
    paths = [write(folder / f"{name}.ipynb", *cells) for name, (cells, _) in BAD.items()]
    before = {path: path.read_bytes() for path in paths}
    with redirect_stdout(io.StringIO()) as output:
        assert main([str(path) for path in paths]) == 1
    _, *said = re.split(r"(?m)^(\w+)\.ipynb: not stored, because of ", output.getvalue())
    after = {path: path.read_bytes() for path in folder.iterdir()}
    return dict(zip(said[::2], said[1::2], strict=True)), before != after


@pytest.mark.parametrize("name", BAD)
def test_a_notebook_that_does_not_run_is_named(refusals: tuple[dict[str, str], bool], name: str) -> None:
    """The notebook, the cell and the reason are printed."""
    said, _ = refusals
    assert BAD[name][1] in said[name]


def test_a_notebook_that_does_not_run_is_left_alone(refusals: tuple[dict[str, str], bool]) -> None:
    """No file is changed, and none is left behind."""
    _, changed = refusals
    assert not changed


@pytest.mark.parametrize(
    ("stored", "now", "same"),
    [
        ([printed("took  9 ms\n")], [printed("took 10.5 ms\n")], True),
        ([printed("took 9 ms\n")], [printed("needed 9 ms\n")], False),
        ([printed("took 9 ms\n")], [printed("took 9 ms\n"), printed("twice\n")], False),
        ([shown("a")], [shown("b")], True),
        ([shown("a")], [printed("no image\n")], False),
        ([], [printed("new\n")], False),
    ],
)
def test_measured_outputs_are_the_same(stored: list[NotebookNode], now: list[NotebookNode], same: bool) -> None:
    """Numbers and images may differ from run to run; words, and what kinds of output there are, may not."""
    assert same_but_for_numbers(stored, now) is same


def test_an_empty_course_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Storing nothing is not a success."""
    monkeypatch.setattr(store_outputs, "COURSE", tmp_path)
    assert main([]) == 1
