"""The command line: what it prints, and what it says to bad input."""

import asyncio
import re
from queue import SimpleQueue

import pytest

from fluvius_demo import IsolatedAggregate
from fluvius_demo.__main__ import main
from fluvius_demo.lessons.designs import UnguardedAggregate
from fluvius_demo.lessons.timing import crowd


def test_ten_thousand_commands_open_at_once_cross_no_event() -> None:
    """Ten thousand commands open at the same time on one IsolatedAggregate each get their own event, and only that."""
    run = asyncio.run(crowd(IsolatedAggregate, 10_000))
    assert (run.commands, run.crossed) == (10_000, 0)


class OneQueueForAll(IsolatedAggregate):
    """Everything is kept apart, but for the events."""

    _evt_queue = SimpleQueue()


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
    assert "crowd" in capsys.readouterr().err
