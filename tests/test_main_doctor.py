"""`python -m fluvius_demo doctor` and `reset`: what is printed where, the exit codes, and what is said to bad input."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from helpers import needs

import fluvius_demo
from fluvius_demo.__main__ import main
from fluvius_demo.errors import NotFoundError
from fluvius_demo.lessons import doctor, reset
from fluvius_demo.lessons.ready import Check

FINE = Check("tea", "", "brew some")
BAD = Check("coffee", "none in /home/ana", "buy some")


def on(monkeypatch: pytest.MonkeyPatch, *checks: Check) -> None:
    """Let the doctor find this, and look at nothing else."""
    monkeypatch.setattr(doctor, "parts", lambda told: {"the kitchen": lambda: checks})


class TestDoctor:
    """Answers on the one stream, progress on the other."""

    def test_a_fine_machine(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        """The exit code is 0."""
        on(monkeypatch, FINE)
        assert main(["doctor"]) == 0
        assert capsys.readouterr() == ("ok       tea\nThis machine is ready.\n", "looking at the kitchen\n")

    def test_one_that_is_not(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        """The exit code is 1, and the learner reads the whole path."""
        on(monkeypatch, FINE, BAD)
        assert main(["doctor"]) == 1
        assert capsys.readouterr().out.splitlines() == [
            "ok       tea",
            "NOT YET  coffee: none in /home/ana. Fix: buy some.",
            "1 of 2 are not ready yet: mend them, then run this again.",
        ]

    def test_json_is_the_same(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        """It can be parsed, nothing is printed beside it, and nobody is named."""
        on(monkeypatch, FINE, BAD)
        assert main(["doctor", "--json"]) == 1
        data = json.loads(capsys.readouterr().out)
        assert data == json.loads(json.dumps(doctor.as_data([FINE, BAD])))
        assert data["checks"][1]["found"] == "none in …/ana"

    def test_json_goes_into_a_file(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
    ) -> None:
        """The same, in UTF-8 whatever the shell writes; the learner reads the report all the same."""
        on(monkeypatch, FINE, BAD)
        path = tmp_path / "doctor.json"
        assert main(["doctor", "--json", str(path)]) == 1
        assert json.loads(path.read_bytes().decode("utf-8")) == doctor.as_data([FINE, BAD])
        told = capsys.readouterr()
        assert told.out.splitlines()[0] == "ok       tea"
        assert told.err.splitlines()[-1] == f"The answers are in {path}."

    def test_a_file_that_cannot_be_written_is_told(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
    ) -> None:
        """With a way out, after the report; the exit code is 1, however fine the machine is."""
        on(monkeypatch, FINE)
        path = tmp_path / "nowhere" / "doctor.json"
        assert main(["doctor", "--json", str(path)]) == 1
        told = capsys.readouterr()
        assert told.out.splitlines()[-1] == "This machine is ready."
        assert told.err.splitlines()[-1] == (
            f"Cannot write {path}: No such file or directory. To solve this, name a file in a folder that you may "
            "write in."
        )

    @needs("processes")
    def test_it_can_speak_where_the_libraries_are_missing(self) -> None:
        """None of them is needed to load the command line; what each check needs, it imports itself."""
        libraries = ["packaging", "psutil", "matplotlib", "ipywidgets", "jupyterlab", "ipykernel", "jupyter_client"]
        code = f"import sys; sys.modules |= dict.fromkeys({libraries}); import fluvius_demo.__main__"
        folder = Path(fluvius_demo.__path__[0]).parent
        run = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, timeout=60, check=False)
        assert (run.returncode, run.stderr) == (0, b"")


class TestReset:
    """What `reset` is asked for."""

    @pytest.fixture
    def asked(self, monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], bool]]:
        """Restore nothing; return the list of what was asked for."""
        calls: list[tuple[list[str], bool]] = []

        def restored(names: list[str], *, dry_run: bool) -> int:
            calls.append((names, dry_run))
            return 0

        monkeypatch.setattr(reset, "reset", restored)
        return calls

    @pytest.mark.parametrize(
        ("arguments", "expected"),
        [
            ([], ([], False)),
            (["--dry-run"], ([], True)),
            (
                ["05", "00_start_here", "notebooks/05_pitfalls.ipynb"],
                (["05_pitfalls.ipynb", "00_start_here.ipynb"], False),
            ),
        ],
    )
    def test_some_or_all(
        self, arguments: list[str], expected: tuple[list[str], bool], asked: list[tuple[list[str], bool]]
    ) -> None:
        """Each once, in this order."""
        assert main(["reset", *arguments]) == 0
        assert asked == [expected]

    def test_a_name_that_is_none_is_refused(
        self, asked: list[tuple[list[str], bool]], capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Before anything is restored, the right names beside it included."""
        with pytest.raises(SystemExit) as stopped:
            main(["reset", "05", "99"])
        assert (stopped.value.code, asked) == (2, [])
        assert "Cannot restore the notebook '99': none was handed out under this name." in capsys.readouterr().err

    @pytest.mark.parametrize(("arguments", "code"), [([], 1), (["05"], 2)])
    def test_without_the_list_nothing_is_done(
        self, arguments: list[str], code: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The way out is told, and no traceback."""
        monkeypatch.setattr(reset, "listed", _no_list)
        with pytest.raises(SystemExit) as stopped:
            raise SystemExit(main(["reset", *arguments]))
        assert stopped.value.code == code
        assert "Cannot tell: no list. To solve this, get one." in capsys.readouterr().err


def _no_list(*_args: object) -> dict[str, str]:
    raise NotFoundError("tell", "no list", "get one")
