"""Fails what nbval would let pass: the guard around every notebook cell.

It stands at the root because pytest reads a conftest only for the folders above what it was asked to run:
`pytest notebooks/01_overlapping_context.ipynb` must be guarded as well.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Generator, Iterator
from importlib.metadata import version
from queue import Empty
from time import monotonic
from typing import Any

import nbval.plugin
import pytest
from nbval.kernel import RunningKernel
from nbval.plugin import IPyNbCell

KNOWN_NBVAL = "0.11.0"


class WatchedKernel(RunningKernel):
    """nbval's kernel, which keeps the last shell reply and notices that its process has died."""

    last_reply: dict[str, Any]

    def get_message(self, stream: str, timeout: float | None = None) -> dict[str, Any]:
        """Return the next message, and raise RuntimeError where nbval would wait for a dead kernel."""
        if stream != "shell" or timeout is None:
            return super().get_message(stream, timeout)
        deadline = monotonic() + timeout
        while True:
            try:
                message = super().get_message(stream, timeout=min(0.25, max(0.0, deadline - monotonic())))
            except Empty:
                if not self.is_alive():
                    raise RuntimeError("The kernel died while it ran this cell.") from None
                if monotonic() >= deadline:
                    raise
            else:
                self.last_reply = message["content"]
                return message


def weakened(option: Namespace) -> Iterator[str]:
    """Name every option that would make nbval compare less than all that the notebooks store."""
    if option.nbval_lax:
        yield "--nbval-lax compares no outputs"
    if option.nbval_sanitize_with or option.sanitize_with:
        yield "--nbval-sanitize-with rewrites outputs before they are compared"
    if option.nbval_kernel_name or not (option.nbval_current_env or option.current_env):
        yield "without --nbval-current-env the kernel may belong to another Python"
    if any(".ipynb" in prefix for prefix in option.deselect or ()):
        yield "--deselect drops cells on which later cells depend"


def pytest_configure(config: pytest.Config) -> None:
    """Refuse to run beside an unknown nbval or with weakened options, then watch every kernel."""
    if version("nbval") != KNOWN_NBVAL:
        raise pytest.UsageError(
            f"conftest.py reaches into nbval {KNOWN_NBVAL}, but {version('nbval')} is installed. Run "
            "`pip install -r requirements-test.txt`, or read the new nbval/plugin.py, adapt conftest.py, "
            "and move KNOWN_NBVAL and the pin together once tests/notebooks/test_guard.py passes."
        )
    if config.option.nbval or config.option.nbval_lax:
        for reason in weakened(config.option):
            raise pytest.UsageError(f"The notebooks are tested in full or not at all: {reason}.")
    nbval.plugin.RunningKernel = WatchedKernel


class NotCollected(pytest.Item):
    """A test that fails because a notebook has none. A usage error would reach nobody from an xdist worker."""

    def runtest(self) -> None:
        """Fail."""
        pytest.fail(f"{self.name} is on disk and was not collected", pytrace=False)


def uncollected(config: pytest.Config, items: list[pytest.Item]) -> list[str]:
    """Name the notebooks that lie in the folders this run was asked for and of which no cell is among the items."""
    here = config.invocation_params.dir
    given = config.args if config.args_source is pytest.Config.ArgsSource.ARGS else [here]
    folders = [(here / arg).resolve() for arg in given if (here / arg).is_dir()]
    collected = {path.resolve() for path in {item.path for item in items}}
    return [
        path.relative_to(config.rootpath).as_posix()
        for path in sorted((config.rootpath / "notebooks").rglob("*.ipynb"))
        if any(path.resolve().is_relative_to(folder) for folder in folders)
        and ".ipynb_checkpoints" not in path.parts
        and path.resolve() not in collected
    ]


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> Generator[None]:
    """Look at what was collected before -k takes its share, and add the failures where it cannot take them."""
    missing = uncollected(config, items)
    yield
    if not config.getoption("lf", default=False):  # --lf leaves whole files out of the collection
        items.extend(NotCollected.from_parent(session, name=name) for name in missing)


def let_through(item: IPyNbCell) -> str | None:
    """Say what is wrong with a cell that nbval has just passed, or None."""
    stored = [output.ename for output in item.cell.outputs if output.output_type == "error"]
    reply = item.parent.kernel.last_reply
    # Asked first: after a timeout the last reply is another cell's, and the error only nbval's interrupt.
    if item.parent.timed_out:
        return "This cell, or one before it, timed out"
    if item.cell.source.strip() and item.cell.execution_count is None:
        return "Nothing was compared: the notebook is stored without this cell's outputs"
    if not item.options["check_exception"]:
        return f"Nobody expected {reply['ename']}: {reply['evalue']}" if reply["status"] == "error" else None
    if reply["status"] != "error":
        return "Tagged raises-exception, but nothing was raised"
    if stored != [reply["ename"]]:
        return f"It raised {reply['ename']}, but the notebook stores {' and '.join(stored) or 'no error'}"
    return None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Give nbval the first word on a cell, and the guard the last."""
    if not isinstance(item, IPyNbCell):
        return (yield)
    if item.options["skip"]:
        item.raise_cell_error("A skipped cell proves nothing: remove its nbval-skip")
    result = yield
    if reason := let_through(item):
        item.raise_cell_error(reason)
    return result
