"""The doctor starts real kernels, sound ones and broken ones, and says what is wrong with each."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from queue import Empty
from typing import Any
from unittest.mock import Mock

import pytest
from handed_out import hand_out
from helpers import needs

from fluvius_demo.lessons import doctor_kernel
from fluvius_demo.lessons.doctor_kernel import EXTENSION, FINDS, STARTS, finds, kernel, widgets
from fluvius_demo.lessons.originals import ROOT, THIS_PYTHON
from fluvius_demo.lessons.ready import Check

KERNEL = f"run `{THIS_PYTHON} -m ipykernel install --sys-prefix`"
INSTALL = f"run `{THIS_PYTHON} -m pip install -r requirements.txt`"
UNASKED = Check(FINDS, "no kernel answers", "mend the kernel first")


def fine(text: str) -> dict[str, Any]:
    """Return what a kernel answers with this text."""
    return {"status": "ok", "data": {"text/plain": repr(text)}}


def failed(name: str, value: str) -> dict[str, Any]:
    """Return what a kernel answers with this error."""
    return {"status": "error", "ename": name, "evalue": value}


@needs("processes")
class TestAKernel:
    """Started as JupyterLab starts it, in the folder of the notebooks."""

    def test_this_pythons_own(self) -> None:
        """It answers, and imports the course from this folder."""
        assert list(kernel(lambda text: None)) == [Check(STARTS, "", ""), Check(FINDS, "", "")]

    @pytest.fixture
    def course(self, tmp_path: Path) -> Path:
        """Return a course in a folder of its own."""
        return hand_out(tmp_path / "course")

    @pytest.fixture
    def broken(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """Return where a kernel named `broken` is described, which Jupyter finds."""
        monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
        (tmp_path / "kernels" / "broken").mkdir(parents=True)
        return tmp_path / "kernels" / "broken" / "kernel.json"

    def describe(self, path: Path, *command: str) -> None:
        """Describe a kernel that runs this command."""
        path.write_text(json.dumps({"argv": command, "display_name": "Broken", "language": "python"}), encoding="utf-8")

    def test_it_imports_another_course(self, course: Path) -> None:
        """A copy that was set up elsewhere, say."""
        started, found = kernel(lambda text: None, root=course)
        assert started == Check(STARTS, "", "")
        assert found == Check(FINDS, f"it imports {ROOT / 'fluvius_demo' / '__init__.py'}", INSTALL)

    def test_no_notebooks_are_no_reason_not_to_start(self, tmp_path: Path) -> None:
        """Their absence is another check's finding."""
        assert next(kernel(lambda text: None, root=tmp_path)) == Check(STARTS, "", "")

    def test_it_ends(self, broken: Path, course: Path) -> None:
        """The last thing that it says is told, such as the module that is missing; it ran beside the notebooks."""
        says = "import os; raise SystemExit(f'Traceback\\nno module in {os.path.basename(os.getcwd())}')"
        self.describe(broken, sys.executable, "-c", says)
        wrong = "it ended before it answered: no module in notebooks"
        assert list(kernel(lambda text: None, name="broken", root=course)) == [Check(STARTS, wrong, KERNEL), UNASKED]

    def test_it_does_not_answer(self, broken: Path, course: Path) -> None:
        """After a while one stops waiting, and ends it: nothing of it goes on."""
        import psutil

        self.describe(broken, sys.executable, "-c", "import threading; threading.Event().wait()")
        wrong = "it did not answer within 0 seconds"
        fix = f"close other programs and try again; if it stays so, {KERNEL}"
        assert list(kernel(lambda text: None, name="broken", patience=0.0, root=course)) == [
            Check(STARTS, wrong, fix),
            UNASKED,
        ]
        commands = [" ".join(child.cmdline()) for child in psutil.Process().children()]
        assert [command for command in commands if "threading.Event().wait()" in command] == []

    @pytest.mark.parametrize(
        ("text", "wrong"),
        [
            ('{"argv": ["/no/such/python"]}', "the program that it names is not there"),
            ("{", "its kernel.json cannot be read"),
            (None, "there is no such kernel"),
        ],
    )
    def test_it_cannot_be_started(self, broken: Path, course: Path, text: str | None, wrong: str) -> None:
        """No program, no description, or neither."""
        if text is not None:
            broken.write_text(text, encoding="utf-8")
        assert list(kernel(lambda text: None, name="broken", root=course)) == [Check(STARTS, wrong, KERNEL), UNASKED]


class TestWaitingForIt:
    """A kernel that is asked by the test itself: no process, and a clock that is set."""

    def asked(self, monkeypatch: pytest.MonkeyPatch, answers: Sequence[Any], times: Sequence[float]) -> Any:
        """Return what came of asking, and what was told; the request is 7, and an error is no answer."""
        told: list[str] = []
        client = Mock(execute=Mock(return_value=7), get_shell_msg=Mock(side_effect=answers))
        monkeypatch.setattr(doctor_kernel, "monotonic", iter(times).__next__)
        return doctor_kernel._asked(Mock(client=Mock(return_value=client)), told.append, 30.0), told

    def test_while_it_starts_that_is_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """And somebody else's answer is none."""
        replies = [{"parent_header": {"msg_id": to}, "content": {"user_expressions": {"to": to}}} for to in (3, 7)]
        starting = ["the kernel is still starting, for 3 s"]
        assert self.asked(monkeypatch, [Empty, *replies], [0, 1, 3, 3, 4]) == ({"to": 7}, starting)
        wrong = "it did not answer within 30 seconds"
        assert self.asked(monkeypatch, [Empty], [0, 1, 3, 30]) == (wrong, starting)


class TestItsAnswers:
    """Which Python it is, and where it finds the course."""

    def judged(self, prefix: dict[str, Any], package: dict[str, Any]) -> Check:
        """Return the verdict on these two answers."""
        return finds({"prefix": prefix, "package": package})

    def test_this_python_and_this_folder(self) -> None:
        """All is well."""
        assert self.judged(fine(sys.prefix), fine(str(ROOT / "fluvius_demo" / "__init__.py"))) == Check(FINDS, "", "")

    def test_another_python(self) -> None:
        """Said first: what it does not find is no news then."""
        assert self.judged(fine("/opt/other"), failed("ModuleNotFoundError", "No module named 'fluvius_demo'")) == (
            Check(FINDS, "it runs another Python, in /opt/other", KERNEL)
        )

    def test_no_course(self) -> None:
        """The package is not installed, or one that it needs is not."""
        wrong = "it fails to import it: ModuleNotFoundError: No module named 'pydantic'"
        assert self.judged(fine(sys.prefix), failed("ModuleNotFoundError", "No module named 'pydantic'")) == (
            Check(FINDS, wrong, INSTALL)
        )

    def test_another_course(self) -> None:
        """The folder was copied, and its environment with it."""
        assert self.judged(fine(sys.prefix), fine("/old/fluvius_demo/__init__.py")) == (
            Check(FINDS, "it imports /old/fluvius_demo/__init__.py", INSTALL)
        )

    @pytest.mark.parametrize("answers", [{}, {"prefix": {}}, {"prefix": failed("E", "e"), "package": {}}])
    def test_no_answer_is_not_a_right_one(self, answers: dict[str, Any]) -> None:
        """Whatever a strange kernel leaves out."""
        assert finds(answers).found


@needs("processes")
class TestWidgets:
    """The front end's half of ipywidgets."""

    def config(self, monkeypatch: pytest.MonkeyPatch, there: list[str], off: list[str]) -> Check:
        """Return what is said where these extensions are there, and these are switched off."""
        found = {"federated_extensions": [{"name": name} for name in there], "disabledExtensions": off}
        monkeypatch.setattr("jupyterlab.commands.get_page_config", lambda path, settings: found)
        (check,) = widgets()
        return check

    def test_here_they_show(self) -> None:
        """In the environment that the tests run in."""
        assert [str(check) for check in widgets()] == ["ok       JupyterLab shows widgets"]

    def test_the_extension_is_missing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """As after an installation that went half-way."""
        assert self.config(monkeypatch, ["jupyterlab_pygments"], []).found == (
            "its extension @jupyter-widgets/jupyterlab-manager is not there"
        )

    @pytest.mark.parametrize("name", [EXTENSION, f"{EXTENSION}:plugin"])
    def test_it_is_switched_off(self, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """As a whole or one of its plugins; the fix switches just that on."""
        check = self.config(monkeypatch, [EXTENSION], ["@jupyterlab/apputils-extension:announcements", name])
        assert (check.found, check.fix) == (
            f"{name} is disabled",
            f"run `{THIS_PYTHON} -m jupyter labextension enable {name}`",
        )

    def test_other_extensions_may_be_off(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """One of another name that begins the same is another one."""
        assert not self.config(monkeypatch, [EXTENSION], [f"{EXTENSION}-more", "@jupyterlab/apputils-extension"]).found
