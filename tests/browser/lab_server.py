"""A JupyterLab of its own for the tests: its port, token and folders are nobody else's."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_notebook

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
SECONDS_TO_START = 60
# The pop-up that asks whether one wants news is part of this extension. `make lab` disables it as well; the options
# LabApp.news_url and LabApp.check_for_updates_class silence what it fetches, not what it asks.
PAGE_CONFIG = {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}
OPTIONS = (
    "--no-browser",
    "--ServerApp.allow_root=True",
    "--ServerApp.ip=127.0.0.1",
    "--ServerApp.port=0",
    "--ServerApp.terminals_enabled=False",
    "--ServerApp.contents_manager_class=fluvius_demo.lessons.unspoiled.Unspoiled",
    "--LabApp.expose_app_in_browser=True",
)


@dataclass(frozen=True)
class LabServer:
    """A running server, and the copy of the course that it serves: a test may write there what it likes."""

    url: str
    token: str
    course: Path

    def add(self, name: str, *cells: NotebookNode) -> Path:
        """Write a notebook of these cells beside the copied ones, and return its path."""
        path = self.course / "notebooks" / name
        nbformat.write(new_notebook(cells=list(cells)), path)
        return path


def environment(home: Path, token: str) -> dict[str, str]:
    """Return this process' environment, with every folder of Jupyter's in `home`."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "IPYTHON"))}
    for folder in ("config", "data", "runtime"):
        environ[f"JUPYTER_{folder.upper()}_DIR"] = str(home / folder)
    # In the environment, not on the command line, which every user of the machine can read.
    return environ | {"IPYTHONDIR": str(home / "ipython"), "JUPYTER_TOKEN": token}


def started(process: subprocess.Popen[bytes], home: Path) -> str:
    """Wait until the server listens and return its address, or raise RuntimeError with its log."""
    deadline = monotonic() + SECONDS_TO_START
    while monotonic() < deadline:
        try:
            process.wait(timeout=0.05)
        except subprocess.TimeoutExpired:
            for info in (home / "runtime").glob("jpserver-*.json"):
                if text := info.read_text(encoding="utf-8"):
                    return f"http://127.0.0.1:{json.loads(text)['port']}"
        else:
            break
    log = (home / "log.txt").read_text(encoding="utf-8", errors="replace")
    raise RuntimeError(f"JupyterLab did not start:\n{log}")


@contextmanager
def lab_server(home: Path) -> Iterator[LabServer]:
    """Serve a copy of the notebooks from a new folder, and end that server afterwards."""
    course, token = home / "course", secrets.token_hex()
    shutil.copytree(NOTEBOOKS, course / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    labconfig = home / "config" / "labconfig"
    labconfig.mkdir(parents=True)
    (labconfig / "page_config.json").write_text(json.dumps(PAGE_CONFIG), encoding="utf-8")
    command = [sys.executable, "-m", "jupyterlab", *OPTIONS, f"--ServerApp.root_dir={course}"]
    with (
        (home / "log.txt").open("wb") as log,
        subprocess.Popen(
            command, env=environment(home, token), stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
        ) as process,
    ):
        try:
            yield LabServer(started(process, home), token, course)
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
