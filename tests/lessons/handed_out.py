"""A small course in a folder of its own, for the tests of `reset` and of the doctor."""

from pathlib import Path

from fluvius_demo.lessons.originals import write_list

NAMES = ["00_start.ipynb", "07_migrate_it_yourself.ipynb"]


def contents(name: str, edition: int = 1) -> bytes:
    """Return what a notebook holds as handed out."""
    return f'{{"cells": [], "metadata": {{"title": "{name}, edition {edition}"}}}}\n'.encode()


def hand_out(root: Path, edition: int = 1) -> Path:
    """Lay a course down in the folder, or an update over one that is there; return the folder."""
    for folder in ("notebooks", "fluvius_demo/lessons"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    for name in NAMES:
        (root / "notebooks" / name).write_bytes(contents(name, edition))
    write_list(root)
    return root


def all_files(root: Path) -> dict[str, bytes]:
    """Return every file below the folder, with its contents."""
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}
