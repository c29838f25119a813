"""The doctor's look at JupyterLab: do its widgets show? Does a kernel start, answer, and find the course?"""

import ast
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty
from time import monotonic
from typing import IO, TYPE_CHECKING, Any

from fluvius_demo.lessons.originals import ROOT, THIS_PYTHON, folder
from fluvius_demo.lessons.ready import Check

if TYPE_CHECKING:
    from jupyter_client.blocking.client import BlockingKernelClient
    from jupyter_client.manager import KernelManager

STARTS = "the kernel 'python3' starts and answers"
FINDS = "the kernel runs this Python and finds this folder's fluvius_demo"
EXTENSION = "@jupyter-widgets/jupyterlab-manager"
_INSTALL = f"run `{THIS_PYTHON} -m pip install -r requirements.txt`"
_KERNEL = f"run `{THIS_PYTHON} -m ipykernel install --sys-prefix`"
# Each is evaluated by itself, so that a package that is not found does not hide which Python did not find it.
_QUESTIONS = {"prefix": "__import__('sys').prefix", "package": "__import__('fluvius_demo').__file__"}


def widgets() -> Iterator[Check]:
    """Is the front end's half of ipywidgets where JupyterLab looks for it, and not switched off?"""
    from jupyter_core.paths import jupyter_path
    from jupyterlab.commands import get_app_dir, get_page_config

    config = get_page_config(jupyter_path("labextensions"), str(Path(get_app_dir(), "settings")))
    there = {extension["name"] for extension in config["federated_extensions"]}
    off = [name for name in config["disabledExtensions"] if name.partition(":")[0] == EXTENSION]
    wants = "JupyterLab shows widgets"
    if EXTENSION not in there:
        install = f"run `{THIS_PYTHON} -m pip install --force-reinstall jupyterlab_widgets`"
        yield Check(wants, f"its extension {EXTENSION} is not there", install)
    elif off:
        yield Check(wants, f"{off[0]} is disabled", f"run `{THIS_PYTHON} -m jupyter labextension enable {off[0]}`")
    else:
        yield Check(wants, "", "")


def kernel(
    told: Callable[[str], None], *, name: str = "python3", patience: float = 30.0, root: Path = ROOT
) -> Iterator[Check]:
    """Start a kernel as JupyterLab does, ask it, stop it. `patience` is in seconds."""
    from jupyter_client.kernelspec import NoSuchKernel
    from jupyter_client.manager import KernelManager

    manager = KernelManager(kernel_name=name)
    here = folder(root) if folder(root).is_dir() else root
    with tempfile.TemporaryFile() as errors:
        try:
            manager.start_kernel(cwd=str(here), stdout=subprocess.DEVNULL, stderr=errors)
            answers = _asked(manager, told, patience)
            wrong, fix = (answers, _slow_or_broken(answers)) if isinstance(answers, str) else ("", "")
            if wrong and (last := _last_line(errors)):
                wrong = f"{wrong}: {last}"
        except NoSuchKernel:
            answers, wrong, fix = "", "there is no such kernel", _KERNEL
        except ValueError:
            answers, wrong, fix = "", "its kernel.json cannot be read", _KERNEL
        except FileNotFoundError:
            answers, wrong, fix = "", "the program that it names is not there", _KERNEL
        finally:
            if manager.has_kernel:
                manager.shutdown_kernel(now=True)
    yield Check(STARTS, wrong, fix)
    yield (
        Check(FINDS, "no kernel answers", "mend the kernel first") if isinstance(answers, str) else finds(answers, root)
    )


def _asked(manager: "KernelManager", told: Callable[[str], None], patience: float) -> dict[str, Any] | str:
    """Return the kernel's answers, or in words why there are none."""
    client: BlockingKernelClient = manager.client()
    client.start_channels(stdin=False, hb=False)
    start = monotonic()
    try:
        request = client.execute("", user_expressions=_QUESTIONS, store_history=False)
        while manager.is_alive():
            waited = monotonic() - start
            if waited >= patience:
                return f"it did not answer within {patience:g} seconds"
            try:
                reply = client.get_shell_msg(timeout=min(2.0, patience - waited))
            except Empty:
                told(f"the kernel is still starting, for {monotonic() - start:.0f} s")
                continue
            if reply["parent_header"].get("msg_id") == request:
                return reply["content"].get("user_expressions", {})
        return "it ended before it answered"
    finally:
        client.stop_channels()


def _slow_or_broken(wrong: str) -> str:
    return _KERNEL if "ended" in wrong else f"close other programs and try again; if it stays so, {_KERNEL}"


def _last_line(errors: IO[bytes]) -> str:
    errors.seek(0)
    return (errors.read().decode(errors="replace").strip().splitlines() or [""])[-1]


def finds(answers: dict[str, Any], root: Path = ROOT) -> Check:
    """Judge what the kernel answered: the same Python as this one, and the package from the same folder?"""
    prefix, package = answers.get("prefix", {}), answers.get("package", {})
    if not _same(prefix, Path(sys.prefix)):
        return Check(FINDS, f"it runs another Python, in {_text(prefix)}", _KERNEL)
    if package.get("status") != "ok":
        return Check(FINDS, f"it fails to import it: {_text(package)}", _INSTALL)
    if not _same(package, root / "fluvius_demo" / "__init__.py"):
        return Check(FINDS, f"it imports {_text(package)}", _INSTALL)
    return Check(FINDS, "", "")


def _text(answer: dict[str, Any]) -> str:
    if answer.get("status") != "ok":
        return f"{answer.get('ename')}: {answer.get('evalue')}"
    return str(ast.literal_eval(answer["data"]["text/plain"]))


def _same(answer: dict[str, Any], path: Path) -> bool:
    return answer.get("status") == "ok" and Path(_text(answer)).resolve() == path.resolve()
