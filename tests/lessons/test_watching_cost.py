"""What watching costs: that the statements are those of a command, and that the deposits are watched as they say."""

import asyncio
import gc
from typing import Any

import pytest
from helpers import in_a_loop

from fluvius_demo.frame import NO_METADATA, CommandFrame, current
from fluvius_demo.isolated import IsolatedAggregate
from fluvius_demo.lessons import rules as rules_module
from fluvius_demo.lessons import watching_cost as module
from fluvius_demo.lessons.one_command import bank_of, empty, opening_of, timed
from fluvius_demo.lessons.rules import TOGETHER, alone
from fluvius_demo.lessons.timing import Timing, compare
from fluvius_demo.lessons.watching_cost import OFF, ON, STATEMENTS, WATCHED, off_rows, on_rows, watched_bank

pytest.importorskip("prometheus_client")

BEGINS, ENDS, TYPE = STATEMENTS
each_way = pytest.mark.parametrize("how", WATCHED.values(), ids=WATCHED)


async def deposits(how: tuple[str, ...], times: int = 3) -> tuple[Any, Any]:
    """Make some deposits that are watched so; return the handler of log lines, and the metrics."""
    bank, handler, metrics = watched_bank(*how)
    handler.emitted = []
    emit = handler.emit
    handler.emit = lambda record: (emit(record), handler.emitted.append(handler.text))
    await module.deposit(bank, times)
    return handler, metrics


class TestOff:
    """The statements that are there while nobody watches."""

    def test_an_empty_command_runs_each_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Counted on the real class."""
        metadata, told = CommandFrame.metadata, []  # the slot

        class Counted(CommandFrame):
            __slots__ = ()

            @property
            def metadata(self) -> Any:
                return metadata.__get__(self)

            @metadata.setter
            def metadata(self, value: Any) -> None:
                told.append(value)
                metadata.__set__(self, value)

        def frame_type(_aggregate: IsolatedAggregate) -> type[CommandFrame]:
            told.append("type")
            return Counted

        monkeypatch.setattr(IsolatedAggregate, "_frame_type", property(frame_type))
        timed(empty, bank_of(IsolatedAggregate))(1)
        assert told == ["type", NO_METADATA, None]
        assert [rule.in_empty for rule in (TYPE, BEGINS, ENDS)] == [1, 1, 1]

    @pytest.mark.parametrize("rule", STATEMENTS, ids=lambda rule: rule.name)
    def test_each_statement_is_what_the_command_does(self, rule: Any) -> None:
        """Inside of an open command: the frame begins and ends as the real one; the type is the plain one."""
        bank = bank_of(IsolatedAggregate)

        async def frame_after() -> Any:
            async with bank.aggregate.command_aggregate(*opening_of(bank)):
                names = {"frame": current.get(), "aggregate": bank.aggregate, "NO_METADATA": NO_METADATA}
                exec(f"found = {rule.statement.rpartition(' = ')[2]}", names)
                return names["found"]

        expected = {BEGINS: NO_METADATA, ENDS: None, TYPE: CommandFrame}[rule]
        assert timed(lambda _bank, _loops: frame_after(), bank)(1) is expected
        assert alone(rule.statement)(3) >= 0

    def test_a_row_for_each_and_one_for_all(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Made-up times: 2 ns each, of a command that takes 1,000."""
        costs = {rule.statement: 3e-9 for rule in STATEMENTS} | {rule.without: 1e-9 for rule in STATEMENTS}
        times = costs | {OFF: 1e-6}

        def instant(variants: dict[str, Any], _base: str, *, rounds: int) -> dict[str, Timing]:
            return {name: Timing((times[name],) * rounds, None, None) for name in variants}

        monkeypatch.setattr(rules_module, "compare", instant)
        rows = off_rows(5, copies=1)
        assert [(row.section, row.name, row.unit, row.to) for row in rows] == [
            (OFF, name, "ns", "of it") for name in (*(rule.name for rule in STATEMENTS), TOGETHER)
        ]
        assert [row.value.value for row in rows] == pytest.approx([2, 2, 2, 6])
        assert rows[-1].ratio.value == pytest.approx(0.006)


class TestOn:
    """The deposits that are compared."""

    @each_way
    @in_a_loop
    async def test_all_log_a_line_for_each_deposit(self, how: tuple[str, ...]) -> None:
        """Emitted inside of the command; with logging it says of which."""
        handler, _ = await deposits(how)
        assert [text.endswith("ana changed") for text in handler.emitted] == [True] * 3
        commands = [f"bank-{number} deposit-money account/ana" for number in (1, 2, 3)]
        stamped = [command in text for command, text in zip(commands, handler.emitted, strict=True)]
        assert stamped == ["logging" in how] * 3

    @each_way
    @in_a_loop
    async def test_metrics_count_where_there_are_some(self, how: tuple[str, ...]) -> None:
        """All deposits; the bank stays watched as long as it lives."""
        _, metrics = await deposits(how)
        gc.collect()
        assert (metrics is not None) == ("metrics" in how)
        assert metrics is None or metrics.counts() == {("deposit-money", "ok"): 3}

    @in_a_loop
    async def test_off_is_an_aggregate_that_nobody_watches(self) -> None:
        """Its frames are the plain ones; with watchers they are not."""
        kinds = {name: watched_bank(*how)[0].aggregate._frame_type for name, how in WATCHED.items()}
        assert [name for name, kind in kinds.items() if kind is CommandFrame] == ["off"]

    def test_it_measures(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """In earnest, but shortly: a row for each, and the ratio is to the one that nobody watches."""
        monkeypatch.setattr(gc, "collect", lambda: 0)  # there is much to collect after all the tests
        monkeypatch.setattr(module, "compare", lambda *given, **how: compare(*given, **{**how, "seconds": 1e-6}))
        rows = asyncio.run(on_rows(2, copies=1))
        assert [(row.section, row.name, row.unit, row.to) for row in rows] == [
            (ON, how, "us", "off") for how in WATCHED
        ]
        assert (rows[0].ratio.low, rows[0].ratio.high) == (1, 1)
        assert all(0 < row.value.low <= row.value.high for row in rows)
