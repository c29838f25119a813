"""`doctor`: has this machine all that a class needs? For each thing that is missing, how to mend it."""

import argparse
import json
import platform
import re
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from fluvius_demo.errors import BadRequestError
from fluvius_demo.lessons import doctor_kernel as jupyter
from fluvius_demo.lessons import doctor_machine as machine
from fluvius_demo.lessons import ready
from fluvius_demo.lessons.originals import ROOT
from fluvius_demo.lessons.ready import Check

Told = Callable[[str], None]
Part = Callable[[], Iterable[Check]]
_STDOUT = "-"


def parts(told: Told) -> dict[str, Part]:
    """Return all that is looked at, by its name; what takes long tells how far it is."""
    return {
        "the Python and its packages": ready.environment,
        "the environment": machine.environment,
        "the widgets in JupyterLab": jupyter.widgets,
        "a notebook's kernel": lambda: jupyter.kernel(told),
        "a port": machine.port,
        "this folder": machine.writable,
        "the notebooks": machine.notebooks,
        "the originals": machine.originals,
        "the room": machine.room,
        "a browser": machine.browser,
    }


def examine(parts: Mapping[str, Part], told: Told) -> Iterator[Check]:
    """Look at each part. One that fails to be looked at is itself a finding, and stops no other one."""
    for name, part in parts.items():
        told(f"looking at {name}")
        try:
            yield from part()
        except Exception as error:
            fix = "mend what else is not ready, or show this line to your instructor"
            yield Check(f"a look at {name}", f"{type(error).__name__}: {error}", fix)


def as_data(checks: Sequence[Check]) -> dict[str, Any]:
    """Return the checks as plain data for an instructor, with neither user, host nor absolute path in it."""
    return {
        "ready": not any(check.found for check in checks),
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "system": platform.system(),
        "machine": platform.machine(),
        "checks": [
            {
                "wants": check.wants,
                "ok": not check.found,
                "found": without_paths(check.found or _note(check)),
                "fix": check.fix if check.found else "",
            }
            for check in checks
        ],
    }


def _note(check: Check) -> str:
    """Return what is worth knowing of a check that is fine: a remark, or a package's version."""
    if isinstance(check, machine.Noted):
        return check.note
    package = re.match(r"(\S+) [<>=~!]", check.wants)
    return version(package[1]) if package else ""


def without_paths(text: str) -> str:
    """Replace each absolute path by its last part: those before it may name a user or a machine."""
    known = {str(ROOT): "the course", sys.prefix: "this Python", tempfile.gettempdir(): "tmp", str(Path.home()): "home"}
    for path in sorted(known, key=len, reverse=True):
        if len(path) > 3:  # not the root of a disk
            text = re.sub(rf"{re.escape(path)}(?![\w-])", known[path], text)
    return re.sub(r"(?<![\w.…~/\\])(?:[A-Za-z]:)?[/\\]+(?:[^\s'\":;,/\\]+[/\\])*(?=[^\s'\":;,/\\])", "…/", text)


def _run(chosen: argparse.Namespace) -> int:
    def told(text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    checks = list(examine(parts(told), told))
    code = int(any(check.found for check in checks))
    if chosen.json == _STDOUT:
        print(json.dumps(as_data(checks), indent=2))
        return code
    print(ready.report(lambda: checks, "run this again"))
    return code if chosen.json is None else max(code, _written(checks, chosen.json, told))


def _written(checks: Sequence[Check], path: str, told: Told) -> int:
    """Write the data into a file; return 0 where that went well.

    It is always UTF-8. With `>` the shell chooses, and Windows PowerShell 5 takes UTF-16.
    """
    try:
        Path(path).write_text(json.dumps(as_data(checks), indent=2) + "\n", encoding="utf-8", newline="\n")
    except OSError as error:
        remedy = "name a file in a folder that you may write in"
        told(str(BadRequestError(f"write {path}", str(error.strerror), remedy)))
        return 1
    told(f"The answers are in {path}.")
    return 0


def add_to(commands: "argparse._SubParsersAction[Any]") -> None:
    """Make `doctor` a command."""
    command = commands.add_parser("doctor", help="has this machine all that a class needs? in ten seconds, with fixes")
    told = "write the answers to this file as JSON, for the instructor to collect; without a file, print them"
    command.add_argument("--json", nargs="?", const=_STDOUT, metavar="FILE", help=told)
    command.set_defaults(run=_run)
