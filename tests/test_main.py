"""The command line: what it prints, and what it says to bad input."""

import asyncio
import json
import re
from collections.abc import Sequence
from itertools import count
from typing import Any, ClassVar

import pytest

from fluvius_demo import IsolatedAggregate
from fluvius_demo.__main__ import main
from fluvius_demo.frame import CommandFrame
from fluvius_demo.lessons import exploring
from fluvius_demo.lessons.designs import DESIGNS, UnguardedAggregate
from fluvius_demo.lessons.growth import crowd
from fluvius_demo.lessons.programs import PROGRAMS
from fluvius_demo.records import EventRecord


def test_ten_thousand_commands_open_at_once_cross_no_event() -> None:
    """Ten thousand commands open at the same time on one IsolatedAggregate each get their own event, and only that."""
    run = asyncio.run(crowd(IsolatedAggregate, 10_000))
    assert (run.commands, run.crossed) == (10_000, 0)


class OneQueueForAll(IsolatedAggregate):
    """Everything is kept apart, but for the events."""

    _one: ClassVar[list[EventRecord]] = []

    def command_aggregate(self, *args: Any) -> CommandFrame:
        """Give each frame the same queue."""
        frame = super().command_aggregate(*args)
        frame.events = self._one
        return frame


@pytest.mark.parametrize("design", [UnguardedAggregate, OneQueueForAll])
def test_a_design_that_mixes_commands_up_is_found_out(design: type) -> None:
    """The count is not always zero: without the guard money goes astray, and with one queue for all the events do."""
    assert asyncio.run(crowd(design, 100)).crossed == 100


def test_crowd_prints_time_memory_and_crossed_events(capsys: pytest.CaptureFixture[str]) -> None:
    """`crowd` prints one line with its three figures."""
    assert main(["crowd", "--commands=500"]) == 0
    printed = capsys.readouterr().out
    assert re.fullmatch(r"500 commands open at once: \d+\.\d\d s, \d+ MB, 0 crossed\n", printed)


@pytest.mark.parametrize("count", ["0", "-1", "many", "1.5", ""])
def test_a_count_that_is_none_is_refused(count: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A count that is not a whole number from 1 on is refused with a text that says so, before anything runs."""
    with pytest.raises(SystemExit) as stopped:
        main(["crowd", f"--commands={count}"])
    assert stopped.value.code == 2
    assert f"{count!r} is not a whole number from 1 on" in capsys.readouterr().err


def test_without_a_command_the_commands_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a command, what is printed names those that there are."""
    with pytest.raises(SystemExit):
        main([])
    assert "{crowd,explore,bench,pitfalls,claims,doctor,reset}" in capsys.readouterr().err


def explored(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Return what `explore` prints with these arguments; all is well."""
    assert main(["explore", *arguments]) == 0
    return capsys.readouterr().out


class TestExplore:
    """`explore`: every order of overlapping commands on each design."""

    def test_it_prints_a_table(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Two deposits, if nothing else is said, on every design."""
        title, heading, *lines = explored(capsys).splitlines()
        assert title == "two deposits: Ana and Ben deposit, five steps each"
        assert heading.split() == ["design", "orders", "correct", "refused", "wrong", "stuck"]
        assert [line[:16].rstrip() for line in lines] == list(DESIGNS)
        assert lines[-1].split() == ["isolated", "252", "252", "0", "0", "0"]

    def test_json_is_the_same_table(self, capsys: pytest.CaptureFixture[str]) -> None:
        """It can be parsed, and nothing else is printed beside it."""
        data = json.loads(explored(capsys, "--json", "--commands=a failing command"))
        assert data["program"] == "a failing command"
        assert [row["design"] for row in data["designs"]] == list(DESIGNS)
        assert data["designs"][0]["tally"] == {"refused": 11, "wrong": 4}

    def test_a_design_can_be_repeated(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Then only these are run, in this order."""
        printed = explored(capsys, "--commands", "a failing command", "--design", "legacy", "--design=one per command")
        assert [line[:24].split() for line in printed.splitlines()[2:]] == [
            ["legacy", "6"],
            ["one", "per", "command", "15"],
        ]

    def test_with_faults_more_orders_are_run(self, capsys: pytest.CaptureFixture[str]) -> None:
        """A cancellation or an error at every await, and what each failing order needs is told."""
        printed = explored(capsys, "--faults", "--commands=a failing command", "--design=legacy")
        assert printed.splitlines()[2].split(maxsplit=6)[1:] == [
            *("42", "0", "42", "0", "0"),
            "refused: AAB, cancel at await 1 of A",
        ]

    def test_a_limit_and_a_seed(self, capsys: pytest.CaptureFixture[str]) -> None:
        """After so many orders the rest is sampled, which is said; the seed decides how."""
        some = ["--commands=a failing command", "--design=unguarded", "--limit=3"]
        one, same, other = (explored(capsys, *some, f"--seed={seed}") for seed in (1, 1, 2))
        assert one.endswith("(stopped after 3 runs; the rest is sampled)\n")
        assert one == same != other

    def test_progress_is_told_beside_the_table(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """On the error stream, so that JSON stays JSON."""
        monkeypatch.setattr(exploring, "perf_counter", count().__next__)
        assert main(["explore", "--json", "--commands=a failing command", "--design=legacy"]) == 0
        printed, progress = capsys.readouterr()
        assert json.loads(printed)["designs"][0]["orders"] == 6
        assert progress.splitlines() == [f"legacy: {number} orders" for number in range(1, 6)]

    @pytest.mark.parametrize(
        ("option", "name", "attempted", "names"),
        [
            ("--commands", "nonsense", "overlap the commands 'nonsense'", PROGRAMS),
            ("--commands", "", "overlap the commands ''", PROGRAMS),
            ("--commands", "one account,", "overlap the commands 'one account,'", PROGRAMS),
            ("--design", "isolate", "run the design 'isolate'", DESIGNS),
        ],
    )
    def test_a_name_that_is_none_is_refused(
        self, option: str, name: str, attempted: str, names: Sequence[str], capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Before anything runs, with a text that says which names there are."""
        with pytest.raises(SystemExit) as stopped:
            main(["explore", option, name])
        assert stopped.value.code == 2
        printed, error = capsys.readouterr()
        remedy = f"To solve this, use one of {', '.join(map(repr, names))}.\n"
        assert printed == ""
        assert error.endswith(f"argument {option}: Cannot {attempted}: there is no such name. {remedy}")

    def test_help_lists_the_names_one_on_a_line(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Each with what it is; and the usage stays short."""
        with pytest.raises(SystemExit) as stopped:
            main(["explore", "--help"])
        assert stopped.value.code == 0
        usage, *lines = capsys.readouterr().out.splitlines()
        assert "[--commands NAME] [--design NAME]" in usage
        for name, text in [(p.name, p.text) for p in PROGRAMS.values()] + [(d.name, d.idea) for d in DESIGNS.values()]:
            assert [line for line in lines if re.fullmatch(f"  {re.escape(name)}  +{re.escape(text)}", line)]
