"""Run notebooks and store what they print: `python tests/notebooks/store_outputs.py [notebook …]`.

Without arguments it takes every notebook of the course. Storing twice, or on another Python, changes no byte.
A notebook that fails keeps its file as it was. A cell tagged nbval-ignore-output keeps its outputs while only
numbers and images in them differ: measured times differ in every run. Clear the cell's output to store it anew.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
from base64 import b64decode
from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path
from time import perf_counter

import nbformat
from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellControlSignal, DeadKernelError
from nbformat import NotebookNode

COURSE = Path(__file__).parents[2] / "notebooks"
AT_ONCE = 2
SECONDS_PER_CELL = 60
KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": NATIVE_KERNEL_NAME}
WIDGET = "application/vnd.jupyter.widget-view+json"
# What a front end notes about one session or one screen.
TRANSIENT = ("ExecuteTime", "collapsed", "execution", "scrolled", "trusted")


class NotStored(Exception):
    """A notebook did not run as it is written; the text says where and why."""


def client_for(notebook: NotebookNode, folder: Path) -> NotebookClient:
    """Return a client that runs the notebook in its folder, with a kernel of this very Python."""
    # No directories: a kernel that the user installed under the same name must not take the place of ours.
    specs = KernelSpecManager(kernel_dirs=[])
    return NotebookClient(
        notebook,
        km=AsyncKernelManager(kernel_name=NATIVE_KERNEL_NAME, kernel_spec_manager=specs),
        resources={"metadata": {"path": str(folder)}},
        timeout=SECONDS_PER_CELL,
        record_timing=False,
        store_widget_state=False,
        coalesce_streams=True,
        # Colours depend on the versions of the highlighting libraries; the kernel's own warnings are not our news.
        extra_arguments=["--InteractiveShell.colors=nocolor", "--Application.log_level=ERROR"],
    )


async def run(notebook: NotebookNode, folder: Path) -> None:
    """Run all cells of the notebook in place. Raises NotStored when one does not do what its tags say."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell in cells:
        cell.update(outputs=[], execution_count=None)
    place = "before the first cell"

    def note_place(cell: NotebookNode, cell_index: int) -> None:
        nonlocal place
        place = f"Cell {sum(other.cell_type == 'code' for other in notebook.cells[:cell_index])}"

    client = client_for(notebook, folder)
    client.on_cell_execute = note_place
    try:
        await client.async_execute(cleanup_kc=True)
    except (CellControlSignal, DeadKernelError) as error:
        raise NotStored(place, str(error)) from error
    for number, cell in enumerate(cells):
        if cell.source.strip() and not cell.execution_count:
            raise NotStored(f"Cell {number}", f"{cell.source}\n\nIt was not run: remove its skip-execution tag.")
        if "raises-exception" in cell.metadata.get("tags", []) and not errors(cell):
            raise NotStored(
                f"Cell {number}",
                f"{cell.source}\n\nTagged raises-exception, but it left no error. (An ExceptionGroup leaves none "
                "either: IPython prints it without one. Catch it with except*.)",
            )


def errors(cell: NotebookNode) -> list[NotebookNode]:
    """Return the errors in the cell's outputs."""
    return [output for output in cell.outputs if output.output_type == "error"]


def same_but_for_numbers(one: list[NotebookNode], other: list[NotebookNode]) -> bool:
    """Tell whether two cells' outputs say the same, numbers and images aside."""

    def words(outputs: list[NotebookNode]) -> str:
        texts = deepcopy(outputs)
        for output in texts:
            output["data"] = {kind: text for kind, text in output.get("data", {}).items() if "image/" not in kind}
        return re.sub(r"\s*\d+(\.\d+)?", "0", json.dumps(texts, sort_keys=True))

    return words(one) == words(other)


def keep_measured(notebook: NotebookNode, before: NotebookNode) -> None:
    """Give measuring cells their former outputs back where the new ones say the same."""
    former = {cell.id: cell.outputs for cell in before.cells if cell.cell_type == "code"}
    for cell in notebook.cells:
        outputs = former.get(cell.id, [])
        if "nbval-ignore-output" in cell.metadata.get("tags", []) and same_but_for_numbers(outputs, cell.outputs):
            for output in outputs:
                if "execution_count" in output:
                    output.execution_count = cell.execution_count
            cell.outputs = outputs


def settle(notebook: NotebookNode) -> None:
    """Remove from a notebook that has just run whatever would differ on another run or another machine."""
    notebook.metadata.kernelspec = KERNELSPEC
    notebook.metadata.language_info.pop("version", None)
    for key in ("widgets", "jupytext"):
        notebook.metadata.pop(key, None)
    for cell in notebook.cells:
        for key in TRANSIENT:
            cell.metadata.pop(key, None)
        for output in cell.get("outputs", []):
            if widget := output.get("data", {}).get(WIDGET):
                widget["model_id"] = "0" * 32
            if "traceback" in output:
                # Only the frames of cells: those of files show this machine's paths and this Python's lines.
                output.traceback = [frame for frame in output.traceback if not frame.startswith("File ")]


async def store(path: Path) -> None:
    """Run one notebook and replace its file. Raises NotStored, and leaves the file, when it does not run."""
    notebook = nbformat.read(path, as_version=4)
    before = deepcopy(notebook)
    await run(notebook, path.parent)
    keep_measured(notebook, before)
    settle(notebook)
    nbformat.validate(notebook)
    finished = path.with_name(f".{path.name}.finished")
    finished.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8", newline="\n")
    os.replace(finished, path)
    if (picture := path.with_suffix(".png")).exists():
        picture.write_bytes(last_picture(notebook))


def last_picture(notebook: NotebookNode) -> bytes:
    """Return the last PNG of a notebook. A file of its name beside it, such as the README shows, is kept the same."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    return b64decode([output.data["image/png"] for output in outputs if "image/png" in output.get("data", {})][-1])


async def store_all(paths: Sequence[Path]) -> int:
    """Store the notebooks, a few at a time, with a line for each. Return how many were not stored."""
    places = asyncio.Semaphore(AT_ONCE)

    async def one(path: Path) -> bool:
        async with places:
            start = perf_counter()
            try:
                await store(path)
            except NotStored as reason:
                print(f"{path.name}: not stored, because of {reason.args[0]}\n{reason.args[1]}", flush=True)
                return False
            print(f"{path.name}: {perf_counter() - start:.1f} s", flush=True)
            return True

    return (await asyncio.gather(*map(one, paths))).count(False)


def main(arguments: Sequence[str]) -> int:
    """Store the notebooks named, or all of them. Return the exit code."""
    paths = [Path(argument) for argument in arguments] or sorted(COURSE.glob("*.ipynb"))
    if not paths:
        print(f"There is no notebook in {COURSE}.")
        return 1
    # Windows has another loop by default, on which ZeroMQ complains.
    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        return 1 if runner.run(store_all(paths)) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
