"""`reset`: the notebooks as handed out are back, and what the learner made of them is kept beside them."""

import argparse
import os
import sys
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import Any

from fluvius_demo.errors import BadRequestError, DemoError, NotFoundError
from fluvius_demo.lessons.originals import ROOT, folder, is_original, listed, original, replace, write

COPIES = "my_notebooks"
RELOAD = "If one of them is open in JupyterLab, reload it: File > Reload Notebook from Disk."


def reset(names: Sequence[str] = (), root: Path = ROOT, *, dry_run: bool = False) -> int:
    """Restore these notebooks, or all, and print a line for each; return the exit code, 0 where each is as handed out.

    One that cannot be restored stops no other one. Raises NotFoundError where the list of originals is not there.
    """
    failed = restored = 0
    for name in names or listed(root):
        try:
            said = restore(name, root, dry_run=dry_run)
        except (DemoError, OSError) as error:
            failed += 1
            print(_named(error, name), file=sys.stderr)
            continue
        restored += bool(said)
        print(f"{name}: {said or 'is as handed out, left alone'}")
    if restored:
        print("Nothing was changed: this was a dry run." if dry_run else RELOAD)
    return int(failed > 0)


def restore(name: str, root: Path = ROOT, *, dry_run: bool = False) -> str:
    """Restore one notebook and return what was done, or would be; empty where it is as handed out.

    The learner's contents are copied before the original takes their place. Raises NotFoundError where there is no
    original, and OSError where a file cannot be read or written; the notebook is then as it was.
    """
    path = folder(root) / name
    try:
        mine = path.read_bytes()
    except FileNotFoundError:
        mine = None
    if is_original(name, mine, root):
        return ""
    data = original(name, root)
    copy = None if mine is None else _copy(name, mine, root / COPIES, dry_run=dry_run)
    if not dry_run:
        replace(path, data)
    done = "would be restored" if dry_run else "is restored"
    return f"was missing, {done}" if copy is None else f"{done}; what you made of it {copy}"


def _copy(name: str, mine: bytes, copies: Path, *, dry_run: bool) -> str:
    """Keep the learner's contents under a free name, unless they are there already; return where they are."""
    stem = name.removesuffix(".ipynb")
    for path in sorted(copies.glob(f"{stem}_*.ipynb")):
        if path.is_file() and path.read_bytes() == mine:
            return f"is in {COPIES}/{path.name} already"
    path = next(path for number in count(1) if not os.path.lexists(path := copies / f"{stem}_{number}.ipynb"))
    if dry_run:
        return f"would be kept as {COPIES}/{path.name}"
    write(path, mine)
    return f"is kept as {COPIES}/{path.name}"


def _named(error: DemoError | OSError, name: str) -> str:
    if isinstance(error, DemoError):
        return str(error)
    remedy = "see that there is room on the disk and that you may write in this folder, then run reset again"
    return str(DemoError(f"restore {name}", f"{error.strerror}; nothing is lost", remedy))


def named(text: str, root: Path = ROOT) -> str:
    """Return the notebook's file name: given by its number, its name or its path. Raises BadRequestError if none."""
    stem = Path(text).name.removesuffix(".ipynb")
    names = list(listed(root))
    for name in names:
        if stem in (name.removesuffix(".ipynb"), name.partition("_")[0]):
            return name
    wrong = "none was handed out under this name"
    raise BadRequestError(f"restore the notebook {text!r}", wrong, f"name one of {', '.join(names)}")


def _argument(text: str) -> str:
    try:
        return named(text)
    except (BadRequestError, NotFoundError) as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _run(chosen: argparse.Namespace) -> int:
    try:
        return reset(list(dict.fromkeys(chosen.names)), dry_run=chosen.dry_run)
    except NotFoundError as error:
        print(error, file=sys.stderr)
        return 1


def add_to(commands: "argparse._SubParsersAction[Any]") -> None:
    """Make `reset` a command."""
    told = f"restore the notebooks as handed out, and keep yours in {COPIES}"
    command = commands.add_parser("reset", help=told)
    command.add_argument("names", type=_argument, nargs="*", metavar="NAME", help="which: 07, say (default: all)")
    command.add_argument("--dry-run", action="store_true", help="only say what would be done")
    command.set_defaults(run=_run)
