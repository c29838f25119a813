"""Many commands in flight: that so many are open, and what is counted. No time is judged."""

import asyncio
import re
import sys

import pytest

from fluvius_demo import IsolatedAggregate
from fluvius_demo.banking import Bank
from fluvius_demo.frame import CommandFrame
from fluvius_demo.lessons import flight
from fluvius_demo.lessons.flight import (
    PROMISED,
    bytes_in_flight,
    in_flight,
    opener,
    resident_in_flight,
    traced,
    waiting_tasks,
)
from fluvius_demo.lessons.measured import by_size
from fluvius_demo.lessons.one_command import bank_of

SIZES = [1, 10, 100]


class Counted(IsolatedAggregate):
    """A design that counts how many commands are open now, and the most that ever were."""

    open_now = most = 0

    async def before_command(self, *_opening: object) -> None:
        """One more."""
        self.open_now += 1
        self.most = max(self.most, self.open_now)

    async def after_command(self, *_opening: object) -> None:
        """One less."""
        self.open_now -= 1


class Waits(IsolatedAggregate):
    """A design on which a command waits before it is open."""

    async def before_command(self, *_opening: object) -> None:
        """Let others in."""
        await asyncio.sleep(0)


class HeavyFrame(CommandFrame):
    """A frame with a buffer as large as what was promised for everything."""

    __slots__ = ("buffer",)

    def __init__(self, *opening: object) -> None:
        super().__init__(*opening)
        self.buffer = bytearray(PROMISED)


class Heavy(IsolatedAggregate):
    """A design whose commands hold more than was promised."""

    def command_aggregate(self, *opening: object) -> CommandFrame:
        """Run a command in a heavy frame."""
        return HeavyFrame(self, *opening)


class TestWaitingTasks:
    """So many tasks wait, and each is inside of a command of its own."""

    @pytest.mark.parametrize("size", SIZES)
    def test_all_commands_are_open_at_once(self, size: int) -> None:
        """While the block runs; after it none is."""
        bank = bank_of(Counted)

        async def run() -> tuple[int, int]:
            async with waiting_tasks(size, opener(bank)):
                inside = bank.aggregate.open_now
            return inside, bank.aggregate.open_now

        assert asyncio.run(run()) == (size, 0)
        assert bank.aggregate.most == size

    def test_without_a_command_as_many_tasks_wait(self) -> None:
        """Nothing of them is left afterwards, nor of those with a command."""

        async def run(bank: Bank | None) -> tuple[int, int]:
            before = len(asyncio.all_tasks())
            async with waiting_tasks(20, bank and opener(bank)):
                waiting = len(asyncio.all_tasks())
            return waiting - before, len(asyncio.all_tasks()) - before

        assert asyncio.run(run(None)) == asyncio.run(run(bank_of(IsolatedAggregate))) == (20, 0)

    def test_a_command_that_is_not_open_is_not_counted(self) -> None:
        """The figures would be of something else."""

        async def run() -> None:
            async with waiting_tasks(3, opener(bank_of(Waits))):
                pass

        with pytest.raises(RuntimeError, match=re.escape("Cannot measure 3 commands: 0 are open.")):
            asyncio.run(run())


class TestTimes:
    """Rows for one more command, for a task, and for its command."""

    def test_each_size_has_three_rows(self) -> None:
        """In ns; the one more compared with the first size, the command with its task."""
        rows = in_flight([1, 20], rounds=2)
        found = by_size({row.name: row for row in rows}, "ns")
        assert {what: list(sizes) for what, sizes in found.items()} == {
            "one more command": [1, 20],
            "a task": [1, 20],
            "its command": [1, 20],
        }
        assert {row.section for row in rows} == {"in flight"}
        assert [found[what][20].to for what in found] == ["with 1 open", "", "its task"]


class TestMemory:
    """What a command in flight holds beyond its task."""

    def test_it_is_less_than_was_promised(self) -> None:
        """Under 2 KiB, however many there are; and not nothing."""
        rows = bytes_in_flight([100, 1_000])
        assert [(row.name, row.unit) for row in rows] == [
            ("memory (traced), 100 open", "bytes"),
            ("memory (traced), 1,000 open", "bytes"),
        ]
        assert all(200 < row.value.value < PROMISED == 2_048 for row in rows)
        assert all(row.ratio.value == row.value.value / PROMISED for row in rows)

    def test_a_design_that_holds_more_is_found_out(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The promise can be broken."""
        monkeypatch.setattr(flight, "IsolatedAggregate", Heavy)
        (row,) = bytes_in_flight([100])
        assert row.ratio.value > 1

    def test_more_tasks_hold_more(self) -> None:
        """With and without commands."""
        assert traced(200, False) > traced(20, False) > 0
        assert traced(200, True) > traced(200, False)

    @pytest.mark.skipif(sys.platform == "emscripten", reason="the browser has no processes")
    def test_the_resident_size_is_that_of_new_processes(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """One with commands and one without."""
        monkeypatch.setattr(flight, "PROMISED", 4_096)
        (row,) = resident_in_flight([10_000])
        assert (row.name, row.unit) == ("memory (resident), 10,000 open", "bytes")
        assert 0 < row.value.value == row.ratio.value * 4_096
