"""The doctor looks at everything, whatever fails, and what an instructor collects names nobody."""

import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from fluvius_demo.lessons import doctor_kernel, ready
from fluvius_demo.lessons import doctor_machine as machine
from fluvius_demo.lessons.doctor import as_data, examine, parts, without_paths
from fluvius_demo.lessons.doctor_machine import Noted
from fluvius_demo.lessons.originals import ROOT
from fluvius_demo.lessons.ready import Check, report

FINE = Check("tea", "", "brew some")
BAD = Check("coffee", "none", "buy some")


def ends_early() -> Iterator[Check]:
    """Yield one check, and fail at the next one."""
    yield FINE
    raise OSError(5, "Input/output error")


class TestExamining:
    """Each part has its say."""

    def test_a_part_that_raises_is_a_finding_and_hides_nothing(self) -> None:
        """What it found before stays, and the parts after it are looked at."""
        told: list[str] = []
        checks = list(examine({"the shelf": ends_early, "the kitchen": lambda: [BAD]}, told.append))
        assert told == ["looking at the shelf", "looking at the kitchen"]
        assert list(map(str, checks)) == [
            "ok       tea",
            "NOT YET  a look at the shelf: OSError: [Errno 5] Input/output error. Fix: mend what else is not ready, or "
            "show this line to your instructor.",
            "NOT YET  coffee: none. Fix: buy some.",
        ]

    def test_what_is_not_to_be_survived_is_not(self) -> None:
        """Who presses Ctrl-C wants to stop."""

        def interrupted() -> Iterator[Check]:
            yield FINE
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            list(examine({"a": interrupted}, lambda text: None))

    def test_the_verdict_says_what_to_do_then(self) -> None:
        """Run the doctor again, and not, as in a notebook, restart."""
        assert report(lambda: [FINE, BAD], "run this again").splitlines()[-1] == (
            "1 of 2 are not ready yet: mend them, then run this again."
        )

    def test_everything_that_a_class_needs_is_looked_at(self) -> None:
        """In this order: the long one tells how far it is."""
        assert list(parts(print)) == [
            "the Python and its packages",
            "the environment",
            "the widgets in JupyterLab",
            "a notebook's kernel",
            "a port",
            "this folder",
            "the notebooks",
            "the originals",
            "the room",
            "a browser",
        ]

    def test_each_name_tells_what_is_looked_at(self) -> None:
        """So that a part that fails is called by its name."""
        named = parts(print)
        del named["a notebook's kernel"]
        assert list(named.values()) == [
            *(ready.environment, machine.environment, doctor_kernel.widgets, machine.port, machine.writable),
            *(machine.notebooks, machine.originals, machine.room, machine.browser),
        ]


class TestTheData:
    """What `--json` prints."""

    def test_each_check_is_plain_data(self) -> None:
        """Whether it is ok, what was found, and the fix where one is needed."""
        data = json.loads(json.dumps(as_data([FINE, BAD, Noted("notes", "", "none", "two changed")])))
        assert data["ready"] is False
        assert data["checks"] == [
            {"wants": "tea", "ok": True, "found": "", "fix": ""},
            {"wants": "coffee", "ok": False, "found": "none", "fix": "buy some"},
            {"wants": "notes", "ok": True, "found": "two changed", "fix": ""},
        ]
        assert list(data) == ["ready", "python", "implementation", "system", "machine", "checks"]
        assert data["python"].startswith(f"{sys.version_info[0]}.{sys.version_info[1]}.")

    def test_a_package_comes_with_its_version(self) -> None:
        """An instructor wants to know which one it is."""
        (found,) = as_data([Check("pytest >=8", "", "")])["checks"]
        assert found["found"] == pytest.__version__

    def test_all_is_well_only_if_every_check_is(self) -> None:
        """A remark is no failure."""
        assert as_data([FINE, Noted("notes", "", "", "two changed")])["ready"] is True

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            (f"it imports {ROOT / 'fluvius_demo'}", "it imports the course/fluvius_demo"),
            ("in /srv/our own/3.14", "in this Python"),
            (f"at {Path.home() / 'x' / 'y'}:", "at home/x/y:"),
            (f"'{Path(tempfile.gettempdir()) / 'ana.txt'}'", "'tmp/ana.txt'"),
            ("it runs /Users/ana/miniconda3/bin/python: no", "it runs …/python: no"),
            (r"No such file: 'C:\Users\ana\kernel.json'", "No such file: '…/kernel.json'"),
            (r"on \\server\ana\kernel.json", "on …/kernel.json"),
            ("/srv/ana,/srv/ben", "…/ana,…/ben"),
        ],
    )
    def test_no_absolute_path_is_collected(self, text: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """Only what it ends with, or where it is in words."""
        monkeypatch.setattr(sys, "prefix", "/srv/our own/3.14")
        assert without_paths(text).replace("\\", "/") == expected

    def test_what_only_begins_like_a_known_folder_is_another(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Such as an older Python beside this one."""
        monkeypatch.setattr(sys, "prefix", "/srv/python")
        assert without_paths("in /srv/python/bin, /srv/python-old/bin") == "in this Python/bin, …/bin"

    def test_a_home_that_is_the_root_of_a_disk_is_no_name(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """As in some containers: every path would be in it."""
        monkeypatch.setattr(Path, "home", lambda: Path("/"))
        assert without_paths("tea / coffee, in /srv/ana") == "tea / coffee, in …/ana"

    @pytest.mark.parametrize(
        "text",
        [
            "notebooks/05.ipynb is changed",
            "1000 MB/s",
            "and/or",
            "…/python",
            "127.0.0.1",
            "matplotlib <4,>=3.10",
            "a: b",
        ],
    )
    def test_anything_else_stays(self, text: str) -> None:
        """A slash alone makes no absolute path."""
        assert without_paths(text) == text
