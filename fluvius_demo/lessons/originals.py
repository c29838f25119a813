"""The notebooks as handed out: which there are, which have been changed since, and where the original of one is.

A list of checksums, in the format of `sha256sum`, says what an original is. So whatever is found, in the folder of
notebooks, in the copies kept beside it or in git, is an original or is none, and no learner's work is taken for one.
"""

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Literal

from fluvius_demo.errors import NotFoundError

ROOT = Path(__file__).parents[2]
# How to call this Python from the course's folder: in what a learner is told to type.
_HERE = Path(sys.executable).is_relative_to(ROOT)
THIS_PYTHON = str(Path(sys.executable).relative_to(ROOT)) if _HERE else "python"
# Outside of the virtual environment: `make clean` must not delete what `reset` needs.
KEPT = ".originals"

State = Literal["as handed out", "changed", "missing"]


def folder(root: Path = ROOT) -> Path:
    """Return where the notebooks are that the learner works in."""
    return root / "notebooks"


def _list_of(root: Path) -> Path:
    return root / "fluvius_demo" / "lessons" / "originals.sha256"


def listed(root: Path = ROOT) -> dict[str, str]:
    """Return the checksum of each notebook as handed out, by file name. Raises NotFoundError where there is no list."""
    try:
        text = _list_of(root).read_text(encoding="utf-8")
    except FileNotFoundError:
        text = ""
    found = {name: digest for digest, name in re.findall(r"^([0-9a-f]{64})  (\S+\.ipynb)$", text, re.MULTILINE)}
    if not found or len(found) != text.count("\n"):
        wrong = f"{_list_of(root).name} is missing or damaged"
        remedy = "download the course anew and copy fluvius_demo from it"
        raise NotFoundError("tell which notebooks were handed out", wrong, remedy)
    return found


def write_list(root: Path = ROOT) -> None:
    """Declare the notebooks as they are now to be the originals: for the course's authors, after each change."""
    lines = [f"{_digest(path.read_bytes())}  {path.name}\n" for path in sorted(folder(root).glob("*.ipynb"))]
    _list_of(root).write_text("".join(lines), encoding="utf-8", newline="\n")


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def is_original(name: str, data: bytes | None, root: Path = ROOT) -> bool:
    """Tell whether these are the bytes of this notebook as handed out."""
    return data is not None and _digest(data) == listed(root).get(name)


def state(name: str, root: Path = ROOT) -> State:
    """Tell what has become of a notebook. Raises OSError where it cannot be read."""
    data = _read(folder(root) / name)
    return "missing" if data is None else "as handed out" if is_original(name, data, root) else "changed"


def original(name: str, root: Path = ROOT) -> bytes:
    """Return a notebook as handed out, from the kept copies or from git. Raises NotFoundError where neither has it."""
    for data in (_read(root / KEPT / name), _in_git(name, root)):
        if data is not None and is_original(name, data, root):
            return data
    wrong = f"there is no original of it: neither {KEPT} nor git has one that fits the list"
    raise NotFoundError(f"restore {name}", wrong, "download the course anew and copy this notebook from it")


def _in_git(name: str, root: Path) -> bytes | None:
    """Return what the last commit has. It may be somebody else's repository, or hold the learner's own work."""
    command = ["git", "-C", str(root), "cat-file", "blob", f"HEAD:./{folder().name}/{name}"]
    try:
        run = subprocess.run(command, capture_output=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return run.stdout if run.returncode == 0 else None


def write(path: Path, data: bytes) -> None:
    """Write a new file as a whole or not at all. Raises FileExistsError where there is one, and OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        raise
    except OSError:
        path.unlink(missing_ok=True)
        raise


def replace(path: Path, data: bytes) -> None:
    """Write a file, or leave the former one as it was: on a full disk, and for who reads it meanwhile."""
    new = path.with_name(f".{path.name}.new")
    new.unlink(missing_ok=True)  # somebody pulled the plug
    write(new, data)
    try:
        os.replace(new, path)
    except OSError:
        new.unlink(missing_ok=True)
        raise


def keep(root: Path = ROOT) -> None:
    """Keep a copy of each notebook that is as handed out. Once it is changed, the copy stays as it is.

    Safe to run at any time: after an update of the course the list is another, and the new notebooks are kept.
    """
    for name in listed(root):
        data = _read(folder(root) / name)
        if is_original(name, data, root) and data != _read(root / KEPT / name):
            replace(root / KEPT / name, data)


if __name__ == "__main__":
    {"keep": keep, "list": write_list}[sys.argv[1]]()
