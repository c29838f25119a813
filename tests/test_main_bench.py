"""`python -m fluvius_demo bench`: what it prints where, and what the other commands can do without."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from helpers import needs

import fluvius_demo
from fluvius_demo.__main__ import main
from fluvius_demo.lessons.measured import Measured, Row, as_data, as_text, from_data
from fluvius_demo.lessons.timing import Interval

FOUND = Measured(
    {"python": "CPython 3.11.7", "processors": 2, "platform": "Linux"},
    (
        Row("a read", "a variable", Interval(9.01, 8.5, 1 / 3 + 9), "ns", Interval(3, 2.5, 3.5), "an attribute"),
        Row("what is freed", "after its task, legacy", None, "at once"),
    ),
    ("Reading a variable takes 9.01 ns, 3 times what “an attribute” takes.",),
)
PROGRESS = ["1 of 2: a read", "2 of 2: what is freed"]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Measure nothing; return the list of whether it was to be quick, an entry for each call."""
    calls: list[bool] = []

    def bench(*, quick: bool = False, told: Callable[[str], None] = print) -> Measured:
        calls.append(quick)
        for text in PROGRESS:
            told(text)
        return FOUND

    monkeypatch.setattr("fluvius_demo.lessons.bench.bench", bench)
    return calls


class TestBench:
    """What it prints."""

    def test_it_prints_a_table(self, asked: list[bool], capsys: pytest.CaptureFixture[str]) -> None:
        """Machine, sections, rows, and the sentences at its end."""
        assert main(["bench"]) == 0
        printed = capsys.readouterr().out
        assert printed == f"{as_text(FOUND)}\n"
        assert printed.splitlines()[0] == "CPython 3.11.7, 2 processors, Linux"
        assert printed.splitlines()[-1] == FOUND.words[0]
        assert len(asked) == 1

    @pytest.mark.usefixtures("asked")
    def test_json_is_the_same_data(self, capsys: pytest.CaptureFixture[str]) -> None:
        """To the last digit, and nothing else is printed beside it."""
        assert main(["bench", "--json"]) == 0
        data = json.loads(capsys.readouterr().out)
        assert from_data(data) == FOUND
        assert data == json.loads(json.dumps(as_data(FOUND)))

    @pytest.mark.usefixtures("asked")
    @pytest.mark.parametrize("options", [[], ["--json"], ["--quick"]])
    def test_progress_is_told_beside_it(self, options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
        """On the error stream, so that what is printed can be stored as it is."""
        main(["bench", *options])
        printed, progress = capsys.readouterr()
        assert progress.splitlines() == PROGRESS
        assert [text for text in PROGRESS if text in printed] == []

    @pytest.mark.parametrize(("options", "quick"), [([], False), (["--quick"], True), (["--json", "--quick"], True)])
    def test_quick_is_passed_on(self, options: list[str], quick: bool, asked: list[bool]) -> None:
        """Alone or with the other option; without it all is measured as exactly as can be."""
        main(["bench", *options])
        assert asked == [quick]

    def test_help_names_both_options(self, asked: list[bool], capsys: pytest.CaptureFixture[str]) -> None:
        """Each with what it does; nothing is measured."""
        with pytest.raises(SystemExit) as stopped:
            main(["bench", "--help"])
        assert stopped.value.code == 0
        usage, *lines = capsys.readouterr().out.splitlines()
        assert usage.endswith("[--quick] [--json]")
        for option, text in (("--quick", "less exactly"), ("--json", "as JSON")):
            assert [line for line in lines if line.strip().startswith(option) and text in line]
        assert asked == []

    @pytest.mark.parametrize("option", ["--fast", "--limit=3", "quick"])
    def test_an_option_that_is_none_is_refused(
        self, option: str, asked: list[bool], capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Before anything is measured."""
        with pytest.raises(SystemExit) as stopped:
            main(["bench", option])
        assert stopped.value.code == 2
        assert f"unrecognized arguments: {option}" in capsys.readouterr().err
        assert asked == []


def without_libraries(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a new interpreter in which the libraries that `bench` measures are not installed."""
    block = "".join(f"sys.modules[{name!r}] = None; " for name in ("werkzeug", "asgiref", "structlog", "psutil"))
    code = f"import sys; {block}from fluvius_demo.__main__ import main; sys.exit(main({list(arguments)!r}))"
    folder = Path(fluvius_demo.__file__).parents[1]
    return subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False, timeout=60
    )


@needs("processes")
class TestWithoutTheLibraries:
    """What `bench` compares with need not be installed for anything else."""

    @pytest.mark.parametrize(
        ("arguments", "printed"),
        [
            (["--help"], "{crowd,explore,bench,pitfalls,claims,doctor,reset}"),
            (["explore", "--help"], "--design NAME"),
            (["explore", "--commands=a failing command", "--design=legacy"], "legacy"),
            (["crowd", "--commands=2"], "2 commands open at once"),
            (["bench", "--help"], "--quick"),
        ],
    )
    def test_the_other_commands_run(self, arguments: list[str], printed: str) -> None:
        """And so does every help."""
        run = without_libraries(*arguments)
        assert run.returncode == 0, run.stderr
        assert printed in run.stdout

    def test_bench_does_not(self) -> None:
        """So that they are really blocked above; it fails before it has measured anything."""
        run = without_libraries("bench", "--quick")
        assert (run.returncode, run.stdout) == (1, "")
        assert "ModuleNotFoundError" in run.stderr
        assert "1 of 10" not in run.stderr
