"""Threads and processes: that all commands are run, and what the figures are said to mean. No time is judged."""

import asyncio
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from fluvius_demo.banking import Account, Bank
from fluvius_demo.lessons import parallel as parallel_module
from fluvius_demo.lessons.designs import UnguardedAggregate
from fluvius_demo.lessons.measured import Row
from fluvius_demo.lessons.parallel import parallel, started_processes, strays, what_the_lock_allows
from fluvius_demo.lessons.timing import Interval
from fluvius_demo.transaction import Write

no_threads = pytest.mark.skipif(sys.platform == "emscripten", reason="the browser has no threads")
no_processes = pytest.mark.skipif(sys.platform == "emscripten", reason="the browser has no processes")


class Deaf(UnguardedAggregate):
    """A design on which no command finds its events."""

    def consume_events(self) -> list[Any]:
        """Return nothing."""
        super().consume_events()
        return []


def rows_of_four(threads: Interval, processes: Interval) -> list[Row]:
    """Return made-up rows; those with fewer say the opposite."""
    ratios = {
        "1 thread": Interval.exact(1),
        "2 threads": processes,
        "4 threads": threads,
        "4 threads on one aggregate": processes,
        "4 processes": processes,
    }
    made_up = [
        Row("threads and processes", name, ratio, "commands/s", ratio, "1 thread") for name, ratio in ratios.items()
    ]
    return [Row("another", "9 threads", Interval.exact(1), "ns", Interval.exact(9), "1 thread"), *made_up]


class TestStrays:
    """What a share of the load finds that is not as it was sent."""

    def test_a_design_that_works_has_none(self) -> None:
        """On a bank of its own; all deposits are made."""
        assert strays("ana", 20) == 0

    def test_events_are_checked(self) -> None:
        """Each command that did not find its event counts."""
        bank = Bank(Deaf)
        assert strays_on(bank, 3) == 3

    def test_the_sum_is_checked(self) -> None:
        """What another has put into the account counts."""
        bank = Bank()
        assert [strays_on(bank, 3), strays_on(bank, 3, opened=True)] == [0, 1]

    @no_threads
    def test_threads_on_one_aggregate_do_not_meet(self) -> None:
        """Each with its own loop and account."""
        bank = Bank()
        with ThreadPoolExecutor(4) as threads:
            assert list(threads.map(lambda name: strays_on(bank, 25, name), ["a", "b", "c", "d"])) == [0] * 4


class TestParallel:
    """Rows for threads, for threads on one aggregate, and for processes."""

    @no_processes
    def test_each_number_of_workers_has_three_rows(self) -> None:
        """In commands a second, compared with one thread; the measuring is told."""
        told: list[str] = []
        rows = parallel(quick=True, told=told.append, workers=(1, 2), commands=20)
        assert [row.name for row in rows] == [
            *("1 thread", "1 thread on one aggregate", "1 process"),
            *("2 threads", "2 threads on one aggregate", "2 processes"),
        ]
        assert {(row.section, row.unit, row.to) for row in rows} == {
            ("threads and processes", "commands/s", "1 thread")
        }
        assert all(0 < row.value.low <= row.value.value <= row.value.high for row in rows)
        assert rows[0].ratio == Interval.exact(1)
        assert told == ["20 commands on up to 2 threads and processes"]

    @no_processes
    def test_it_can_be_called_where_a_loop_runs(self) -> None:
        """As in a notebook."""

        async def cell() -> list[Row]:
            return parallel(quick=True, workers=(1,), commands=4)

        assert len(asyncio.run(cell())) == 3

    @no_threads
    def test_a_design_that_mixes_threads_up_is_not_measured(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """How fast it is does not matter."""
        monkeypatch.setattr(parallel_module, "strays", lambda *_share: 1)
        with (
            ThreadPoolExecutor(2) as threads,
            pytest.raises(RuntimeError, match=r"^Cannot measure 8 commands: 2 found something of another\. To solve"),
        ):
            parallel_module._shared_out(threads, 2, 8)

    @no_processes
    def test_a_process_runs_the_same(self) -> None:
        """Each of them, with nothing but what it was sent."""
        with started_processes(2) as processes:
            assert [share.result() for share in [processes.submit(strays, name, 5) for name in "ab"]] == [0, 0]


class TestWords:
    """What the figures say of the interpreter's lock."""

    def test_with_the_lock_threads_take_turns(self) -> None:
        """And processes do not."""
        rows = rows_of_four(Interval(0.92, 0.9, 0.95), Interval(1.8, 1.7, 1.9))
        assert what_the_lock_allows(rows, locked=True, processors=2) == (
            "With the interpreter's lock 4 threads do 0.9 times the work of one: one of them runs at a time. "
            "4 processes on 2 processors do 1.8 times: several of them run at a time."
        )

    def test_without_it_they_need_not(self) -> None:
        """The other way round: the words follow from the figures."""
        rows = rows_of_four(Interval(1.8, 1.7, 1.9), Interval(0.92, 0.9, 0.95))
        assert what_the_lock_allows(rows, locked=False, processors=1) == (
            "Without the interpreter's lock 4 threads do 1.8 times the work of one: several of them run at a time. "
            "4 processes on 1 processor do 0.9 times: no second processor was free."
        )

    def test_without_the_lock_and_no_faster(self) -> None:
        """Then it is not the lock's fault."""
        rows = rows_of_four(Interval.exact(1), Interval.exact(4))
        words = what_the_lock_allows(rows, locked=False, processors=4)
        assert "1.0 times the work of one: they get into each other's way, or no processor was free." in words

    def test_noise_is_called_noise(self) -> None:
        """Where the interval holds the bound, nothing follows."""
        rows = rows_of_four(Interval(1.2, 0.8, 1.6), Interval(1.5, 1.1, 1.9))
        assert what_the_lock_allows(rows, locked=True, processors=2).count("too noisy to tell whether") == 2

    @pytest.mark.parametrize(("locked", "begin"), [(True, "With the"), (False, "Without the")])
    def test_the_interpreter_is_asked(self, locked: bool, begin: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """One that cannot answer has the lock."""
        rows = rows_of_four(Interval.exact(1), Interval.exact(1))
        monkeypatch.setattr(sys, "_is_gil_enabled", lambda: locked, raising=False)
        assert what_the_lock_allows(rows).startswith(begin)
        monkeypatch.delattr(sys, "_is_gil_enabled")
        assert what_the_lock_allows(rows).startswith("With the")


def strays_on(bank: Bank, deposits: int, name: str = "ana", *, opened: bool = False) -> int:
    """Open the account, unless it is, and run so many deposits to it."""
    if not opened:
        account = Account(identifier=name, owner=name)
        bank.statemgr.write({("account", name): Write("insert", account)})
    return strays(name, deposits, bank)
