"""`pitfalls` at the command line: the matrix, its evidence, a class of one's own, and what is said to bad input."""

import gc
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from fluvius_demo.__main__ import main
from fluvius_demo.lessons.designs import DESIGNS
from fluvius_demo.lessons.matrix import COLUMNS, PYTHON
from fluvius_demo.lessons.mistakes import MISTAKES
from fluvius_demo.lessons.scenarios import LIMITS, PITFALLS

OUTCOMES = ("correct", "refused", "wrong", "stuck", "leaked", "n/a")
OWN = """
from fluvius_demo.isolated import IsolatedAggregate
from fluvius_demo.migrated import MigratedAggregate

class Right(IsolatedAggregate): pass
class Wrong(MigratedAggregate): pass
class Closed(IsolatedAggregate):
    async def before_command(self, *_args):
        raise RuntimeError("closed")
class Nothing: pass
"""


def printed(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    """Return what `pitfalls` prints with these arguments; nothing is said beside it, and every line fits."""
    assert main(["pitfalls", *arguments]) == code
    out, err = capsys.readouterr()
    assert err == ""
    assert "--json" in arguments or [line for line in out.splitlines() if len(line) > COLUMNS] == []
    return out


def refused(capsys: pytest.CaptureFixture[str], design: str) -> str:
    """Return what is said to this design, before anything runs."""
    with pytest.raises(SystemExit) as stopped:
        main(["pitfalls", "--design", design])
    assert stopped.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    _, said = err.split("error: argument --design: ")
    return said


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have a module with classes of one's own in the present folder; it is all that is imported, and forgotten."""
    monkeypatch.chdir(tmp_path)
    Path("my_design.py").write_text(OWN, encoding="utf-8")
    path, modules = sys.path[:], {*sys.modules}
    gc.freeze()  # P10 asks the collector, and what other tests have left takes long to go through
    yield
    gc.unfreeze()
    assert sys.path == path
    sys.modules.pop("my_design", None)
    assert {name for name in {*sys.modules} - modules if not name.startswith("encodings.")} == set()


class TestTheText:
    """A table, and what remains."""

    def test_a_table_of_all_pitfalls_and_designs(self, capsys: pytest.CaptureFixture[str]) -> None:
        """One line for each pitfall, one column for each design."""
        heading, *lines = printed(capsys).partition("\n\n")[0].splitlines()
        assert re.split(r"  +", heading.strip()) == list(DESIGNS)
        assert [re.split(r"  +", line)[0] for line in lines] == [f"{id} {it.name}" for id, it in PITFALLS.items()]
        assert {word for line in lines for word in re.split(r"  +", line)[1:]} <= {*OUTCOMES}
        assert all(len(re.split(r"  +", line)) == 7 for line in lines)

    def test_what_remains_on_the_last_design(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Each with its remedy, and what comes of that."""
        remains = " ".join(printed(capsys).partition("\n\n")[2].split())
        assert remains.startswith("What no design of Aggregate can catch, on isolated: P09 ")
        for id, limit in LIMITS.items():
            then = "refused" if id == "P28" else "correct"
            assert f"{id} {limit.question} Here: wrong. Remedy: {limit.remedy}. Then: {then}." in remains

    def test_chosen_designs_show_their_evidence(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Question, hope, what was seen, and the remedy of each that is not correct."""
        text = printed(capsys, "--design", "isolated", "--design=variable per instance")
        assert text.splitlines()[0].split("  ")[-2:] == ["isolated", "variable per instance"]
        assert "What no design of Aggregate can catch, on variable per instance:" in text
        *_, isolated, variable = re.split(r"\n\nWhat was seen on .+:\n", text)
        assert "P22" not in isolated
        assert "P05" not in variable
        assert (
            "P22 a variable for each instance: leaked\n"
            f"    {PITFALLS['P22'].question}\n"
            "    expected: that the Context holds no more after the tenth than after the first\n"
            "    seen: 9 more variables\n"
            f"    remedy: {PITFALLS['P22'].remedy}\n"
        ) in variable

    def test_designs_that_do_not_fit_side_by_side_follow_below(self, capsys: pytest.CaptureFixture[str]) -> None:
        """All twelve, each once."""
        names = [*DESIGNS, *MISTAKES]
        text = printed(capsys, *(f"--design={name}" for name in names))
        headings = [line.strip() for line in text.splitlines() if line.startswith(" " * 30)]
        assert [name for heading in headings for name in re.split(r"  +", heading)] == names
        assert text.count(f"\nP01 {PITFALLS['P01'].name}  ") == len(headings) > 1


class TestJson:
    """The same as data."""

    def test_all_of_it_with_the_evidence(self, capsys: pytest.CaptureFixture[str]) -> None:
        """29 pitfalls on six designs, each with what was expected and seen; and nothing else is printed."""
        data = json.loads(printed(capsys, "--json"))
        assert set(data) == {"python", "pitfalls", "limits_on", "limits"}
        assert (data["python"], data["limits_on"]) == (PYTHON, "isolated")
        assert [row["id"] for row in data["pitfalls"]] == list(PITFALLS)
        for row in data["pitfalls"]:
            pitfall = PITFALLS[row["id"]]
            told = (row["name"], row["group"], row["question"], row["remedy"], tuple(row["met_by"]))
            assert told == (pitfall.name, pitfall.group, pitfall.question, pitfall.remedy, pitfall.met_by)
            assert list(row["designs"]) == list(DESIGNS)
            assert all(set(finding) == {"outcome", "expected", "seen"} for finding in row["designs"].values())
            assert all(finding["expected"] and finding["seen"] for finding in row["designs"].values())
        assert {row["id"]: row["without"]["outcome"] for row in data["limits"]} == dict.fromkeys(LIMITS, "wrong")
        assert all(row["remedied"]["seen"] for row in data["limits"])

    def test_it_says_what_the_table_says(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Outcome by outcome."""
        lines = printed(capsys).splitlines()[1:30]
        rows = json.loads(printed(capsys, "--json"))["pitfalls"]
        as_data = [
            [found["outcome"].replace("not applicable", "n/a") for found in row["designs"].values()] for row in rows
        ]
        assert [re.split(r"  +", line)[1:] for line in lines] == as_data


class TestOnesOwn:
    """`--design module:Class`."""

    @pytest.mark.parametrize(("name", "code"), [("Right", 0), ("Wrong", 1)])
    def test_the_exit_code_says_whether_it_is_right(
        self, name: str, code: int, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Where it is wrong, stuck or leaks anywhere, it is 1; a pitfall that it refuses is none."""
        text = printed(capsys, "--design", f"my_design:{name}", code=code)
        assert json.loads(printed(capsys, "--json", f"--design=my_design:{name}", code=code))["limits_on"] in text
        assert text.splitlines()[0].strip() == f"my_design:{name}"
        assert f"What was seen on my_design:{name}:\nP01 a mutable default: " in text

    def test_a_known_design_that_is_wrong_is_as_expected(self, capsys: pytest.CaptureFixture[str]) -> None:
        """It stands beside one's own, to be compared, and does not count."""
        heading = printed(capsys, "--design=migrated", "--design=my_design:Right").splitlines()[0]
        assert heading.split() == ["migrated", "my_design:Right"]


class TestBadInput:
    """Is refused before anything runs, with a text that says what to do; and it changes nothing."""

    def test_an_unknown_name(self, capsys: pytest.CaptureFixture[str]) -> None:
        """All names are listed."""
        names = ", ".join(repr(name) for name in DESIGNS | MISTAKES)
        assert refused(capsys, "isolate") == (
            f"Cannot run the design 'isolate': there is no such name. To solve this, use one of {names}.\n"
        )

    @pytest.mark.parametrize(
        ("design", "said"),
        [
            (":", "it is not of the shape module:Class. To solve this, write it as in my_module:MyAggregate."),
            ("my_design.py:Right", "it is not of the shape module:Class. To solve this, write it as in "),
            ("my_designs:Right", "its module cannot be imported (ModuleNotFoundError: No module named 'my_designs')."),
            ("my_design:Rigth", "there is no class Rigth in my_design. To solve this, use one of: Closed, Nothing, "),
        ],
    )
    def test_what_cannot_be_loaded(self, design: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
        """A shape, a module, a class."""
        assert refused(capsys, design).startswith(f"Cannot run the design {design!r}: {said}")

    def test_a_class_without_the_interface(self, capsys: pytest.CaptureFixture[str]) -> None:
        """What it lacks is named."""
        lacks = "it lacks aggroot, command, command_aggregate, context, rootobj. To solve this, give it aggroot, "
        assert refused(capsys, "my_design:Nothing").startswith(f"Cannot run the design Nothing: {lacks}")

    def test_a_class_that_refuses_everything(self, capsys: pytest.CaptureFixture[str]) -> None:
        """It would look good."""
        said = "one deposit, alone, is refused (expected: that it goes through; seen: RuntimeError: closed)."
        assert refused(capsys, "my_design:Closed").startswith(f"Cannot run the design Closed: {said}")

    def test_help_lists_the_designs_one_on_a_line(self, capsys: pytest.CaptureFixture[str]) -> None:
        """The known mistakes, too, each with what it is."""
        with pytest.raises(SystemExit) as stopped:
            main(["pitfalls", "--help"])
        assert stopped.value.code == 0
        usage, *lines = capsys.readouterr().out.splitlines()
        assert "[--design NAME] [--json]" in usage
        assert [re.split(r"  +", line.strip()) for line in lines[lines.index("designs:") + 1 :]] == [
            [design.name, design.idea] for design in (DESIGNS | MISTAKES).values()
        ]
