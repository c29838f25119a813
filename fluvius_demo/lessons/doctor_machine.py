"""The doctor's look at the machine: its environment, this folder, the notebooks, room, a port and a browser."""

import json
import shutil
import socket
import sys
import tempfile
import webbrowser
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fluvius_demo.errors import NotFoundError
from fluvius_demo.lessons.originals import ROOT, THIS_PYTHON, folder, keep, listed, original, state
from fluvius_demo.lessons.ready import Check

# Estimates: JupyterLab, two kernels and a page in the browser; copies of the notebooks and what they store.
MEGABYTES_OF_MEMORY = 1000
MEGABYTES_OF_DISK = 200
_PYTHON = "`.venv/bin/python -m fluvius_demo doctor` (on Windows `.venv\\Scripts\\python`)"


@dataclass(frozen=True)
class Noted(Check):
    """A check with a remark on what was seen, which is no failure."""

    note: str = ""

    def __str__(self) -> str:
        return f"{super().__str__()}: {self.note}" if self.note and not self.found else super().__str__()


def environment(prefix: str = sys.prefix, root: Path = ROOT) -> Iterator[Check]:
    """Is this Python the course's own? In a container or with conda the course has none, and shares one."""
    own = [path.parent for path in sorted(root.glob(".venv*/pyvenv.cfg"))]
    inside = Path(prefix).resolve() in [path.resolve() for path in own]
    wrong = "this Python belongs to another" if own and not inside else ""
    note = "" if own else "the course has none of its own, and uses this Python's"
    yield Noted("the course's own environment", wrong, f"run {_PYTHON}", note)


def notebooks(root: Path = ROOT) -> Iterator[Check]:
    """Are all notebooks there, and can they be opened? Changed ones are the learner's own work, and welcome."""
    missing, broken, changed = [], [], []
    for name in listed(root):
        match state(name, root):
            case "missing":
                missing.append(name)
            case "changed":
                (changed if _opens(folder(root) / name) else broken).append(name)
    found = [("missing", missing), ("not a notebook any more", broken)]
    wrong = "; ".join(f"{what}: {', '.join(names)}" for what, names in found if names)
    fix = f"run `{THIS_PYTHON} -m fluvius_demo reset {' '.join(name[:2] for name in missing + broken)}`"
    note = f"changed since the hand-out, which is fine: {', '.join(changed)}" if changed else "all as handed out"
    yield Noted("the notebooks", wrong, fix, note)


def _opens(path: Path) -> bool:
    try:
        return isinstance(json.loads(path.read_bytes())["cells"], list)
    except (ValueError, TypeError, KeyError):
        return False


def originals(root: Path = ROOT) -> Iterator[Check]:
    """Could `reset` restore each of them? What is still as handed out is kept for that."""
    wrong, lost = "", []
    try:
        keep(root)
    except OSError as error:
        wrong = f"they cannot be kept, {error.strerror}"
    for name in listed(root):
        try:
            original(name, root)
        except NotFoundError:
            lost.append(name)
    note = f"there is none of {', '.join(lost)}" if lost else ""
    yield Noted("originals for `reset`", wrong, "mend the writing in this folder", note)


def writable(root: Path = ROOT) -> Iterator[Check]:
    """Can the learner's work be stored?"""
    for path, what in ((root, "this folder"), (folder(root), "the folder of the notebooks")):
        try:
            with tempfile.TemporaryFile(dir=path):
                wrong = ""
        except OSError as error:
            wrong = str(error.strerror)
        yield Check(f"writing in {what}", wrong, "copy the whole course to a folder of your own, and set it up there")


def room(root: Path = ROOT) -> Iterator[Check]:
    """Is there room on the disk and in memory?"""
    free = shutil.disk_usage(root).free // 10**6
    wants = f"{MEGABYTES_OF_DISK} MB free on the disk"
    yield Noted(wants, _too_little(free, MEGABYTES_OF_DISK), "delete what you do not need", f"{free} MB")
    # The package check says how to install it.
    import psutil

    free = psutil.virtual_memory().available // 10**6
    wants = f"{MEGABYTES_OF_MEMORY} MB of memory free"
    yield Noted(wants, _too_little(free, MEGABYTES_OF_MEMORY), "close other programs", f"{free} MB")


def _too_little(free: int, wanted: int) -> str:
    return f"{free} MB" if free < wanted else ""


def port() -> Iterator[Check]:
    """Can JupyterLab be reached from this machine, and it alone?"""
    wrong = ""
    try:
        with socket.create_server(("127.0.0.1", 0)) as server:
            socket.create_connection(server.getsockname(), timeout=5).close()
    except OSError as error:
        wrong = str(error.strerror or error)
    yield Check("a port on 127.0.0.1", wrong, "allow Python to listen on 127.0.0.1 in this machine's firewall")


def browser() -> Iterator[Check]:
    """Would a browser open by itself? A hint alone: where none is found, the learner opens one."""
    try:
        webbrowser.get()
    except webbrowser.Error:
        note = "none is found: open one yourself, with the address that JupyterLab prints"
    else:
        note = ""
    yield Noted("a browser that opens by itself", "", "", note)
