"""What the doctor says of the environment, the folder, the notebooks, the room, a port and a browser."""

import socket
import sys
import tempfile
import webbrowser
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from handed_out import NAMES, contents, hand_out
from helpers import needs

from fluvius_demo.lessons import doctor_machine as machine
from fluvius_demo.lessons import originals
from fluvius_demo.lessons.originals import KEPT
from fluvius_demo.lessons.ready import Check

FIRST, SEVENTH = NAMES


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Return the folder of a course as handed out."""
    return hand_out(tmp_path / "course")


def said(checks: Iterable[Check]) -> list[str]:
    """Return the lines that a learner reads."""
    return list(map(str, checks))


def raising(error: Exception) -> Callable[..., Any]:
    """Return a function that fails."""

    def fail(*_args: Any, **_kwargs: Any) -> Any:
        raise error

    return fail


class TestTheEnvironment:
    """The course's own, where there is one."""

    def test_its_own_is_fine(self, course: Path) -> None:
        """That of the newest versions is one of them, too."""
        for name in (".venv", ".venv-newest"):
            (course / name).mkdir()
            (course / name / "pyvenv.cfg").touch()
            assert said(machine.environment(str(course / name), course)) == ["ok       the course's own environment"]

    def test_another_python_is_not(self, course: Path) -> None:
        """The one that is first on the PATH, most often."""
        (course / ".venv").mkdir()
        (course / ".venv" / "pyvenv.cfg").touch()
        assert said(machine.environment("/usr", course)) == [
            "NOT YET  the course's own environment: this Python belongs to another. Fix: run `.venv/bin/python -m "
            "fluvius_demo doctor` (on Windows `.venv\\Scripts\\python`)."
        ]

    def test_where_there_is_none_any_will_do(self, course: Path) -> None:
        """In a container, say; the other checks tell whether all is in it."""
        assert said(machine.environment("/usr", course)) == [
            "ok       the course's own environment: the course has none of its own, and uses this Python's"
        ]


class TestTheNotebooks:
    """There, readable, and as handed out or changed."""

    def test_as_handed_out(self, course: Path) -> None:
        """Said, so that an instructor knows who has begun."""
        assert said(machine.notebooks(course)) == ["ok       the notebooks: all as handed out"]

    def test_changed_is_fine(self, course: Path) -> None:
        """It is the learner's work."""
        (course / "notebooks" / SEVENTH).write_bytes(contents("mine"))
        assert said(machine.notebooks(course)) == [
            f"ok       the notebooks: changed since the hand-out, which is fine: {SEVENTH}"
        ]

    @pytest.mark.parametrize("text", [b"", b"{", b"[]", b"{}", b'{"cells": 1}', b"\xff", b"null"])
    def test_one_that_cannot_be_opened_is_not(self, course: Path, text: bytes) -> None:
        """Nor is a missing one; the fix names the two."""
        (course / "notebooks" / SEVENTH).write_bytes(text)
        (course / "notebooks" / FIRST).unlink()
        assert said(machine.notebooks(course)) == [
            f"NOT YET  the notebooks: missing: {FIRST}; not a notebook any more: {SEVENTH}. "
            f"Fix: run `{originals.THIS_PYTHON} -m fluvius_demo reset 00 07`."
        ]

    def test_the_originals_are_kept(self, course: Path) -> None:
        """From now on all can be restored."""
        assert said(machine.originals(course)) == ["ok       originals for `reset`"]
        assert (course / KEPT / SEVENTH).read_bytes() == contents(SEVENTH)

    def test_an_original_that_is_nowhere_is_told(self, course: Path) -> None:
        """The class can go on without it."""
        (course / "notebooks" / SEVENTH).write_bytes(b"mine")
        assert said(machine.originals(course)) == [f"ok       originals for `reset`: there is none of {SEVENTH}"]


class TestTheFolder:
    """Work has to be stored."""

    def test_it_can_be_written_to(self, course: Path) -> None:
        """Nothing is left behind by trying."""
        before = sorted(course.rglob("*"))
        assert said(machine.writable(course)) == [
            "ok       writing in this folder",
            "ok       writing in the folder of the notebooks",
        ]
        assert sorted(course.rglob("*")) == before

    def test_it_cannot(self, course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Both are tried, and the originals cannot be kept either: three lines, one cause, none raised."""
        monkeypatch.setattr(tempfile, "TemporaryFile", raising(PermissionError(13, "Permission denied", "/secret")))
        monkeypatch.setattr(machine, "keep", raising(PermissionError(13, "Permission denied", "/secret")))
        own = "Fix: copy the whole course to a folder of your own, and set it up there."
        assert said([*machine.writable(course), *machine.originals(course)]) == [
            f"NOT YET  writing in this folder: Permission denied. {own}",
            f"NOT YET  writing in the folder of the notebooks: Permission denied. {own}",
            "NOT YET  originals for `reset`: they cannot be kept, Permission denied. "
            "Fix: mend the writing in this folder.",
        ]

    def test_a_folder_that_is_gone(self, tmp_path: Path) -> None:
        """Is none that can be written to."""
        assert [bool(check.found) for check in machine.writable(tmp_path / "gone")] == [True, True]
        assert [bool(check.found) for check in machine.writable(tmp_path)] == [False, True]


class TestTheRoom:
    """Disk and memory."""

    @pytest.mark.parametrize(
        ("disk", "memory", "lines"),
        [
            (200, 1000, ["ok       200 MB free on the disk: 200 MB", "ok       1000 MB of memory free: 1000 MB"]),
            (
                199,
                999,
                [
                    "NOT YET  200 MB free on the disk: 199 MB. Fix: delete what you do not need.",
                    "NOT YET  1000 MB of memory free: 999 MB. Fix: close other programs.",
                ],
            ),
        ],
    )
    def test_how_much_is_free(
        self, disk: int, memory: int, lines: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        """In megabytes; just enough is enough."""
        free = SimpleNamespace(virtual_memory=lambda: SimpleNamespace(available=memory * 10**6))
        monkeypatch.setattr(machine.shutil, "disk_usage", lambda path: SimpleNamespace(free=disk * 10**6))
        monkeypatch.setitem(sys.modules, "psutil", free)
        assert said(machine.room(tmp_path)) == lines

    def test_where_memory_cannot_be_asked_for_the_disk_is_told(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        """The doctor makes a finding of the error."""
        monkeypatch.setitem(sys.modules, "psutil", None)
        checks = machine.room(tmp_path)
        assert "on the disk" in next(checks).wants
        with pytest.raises(ModuleNotFoundError):
            next(checks)


class TestReachingJupyterLab:
    """A port, and something to look with."""

    @needs("sockets")
    def test_a_port_can_be_opened(self) -> None:
        """On this machine, which runs tests of a server."""
        assert said(machine.port()) == ["ok       a port on 127.0.0.1"]

    @pytest.mark.parametrize("function", ["create_server", "create_connection"])
    def test_it_cannot(self, function: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """Neither listening nor calling may be forbidden."""
        served = nullcontext(SimpleNamespace(getsockname=lambda: None))
        monkeypatch.setattr(socket, "create_server", lambda address: served)
        monkeypatch.setattr(socket, function, raising(PermissionError(13, "Permission denied")))
        assert said(machine.port()) == [
            "NOT YET  a port on 127.0.0.1: Permission denied. Fix: allow Python to listen on 127.0.0.1 in this "
            "machine's firewall."
        ]

    def test_a_browser_is_only_hinted_at(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """JupyterLab prints the address, and a browser can be opened by hand."""
        monkeypatch.setattr(webbrowser, "get", lambda: None)
        assert said(machine.browser()) == ["ok       a browser that opens by itself"]
        monkeypatch.setattr(webbrowser, "get", raising(webbrowser.Error("none")))
        assert said(machine.browser()) == [
            "ok       a browser that opens by itself: none is found: open one yourself, with the address that "
            "JupyterLab prints"
        ]
