"""How the cost of a command grows: what is counted, and which rows there are. No time is judged."""

import asyncio
import sys
from contextvars import copy_context
from struct import calcsize
from typing import Any, ClassVar

import pytest

from fluvius_demo.frame import CommandFrame, current
from fluvius_demo.isolated import IsolatedAggregate
from fluvius_demo.lessons import growth as growth_module
from fluvius_demo.lessons.designs import DESIGNS, UnguardedAggregate
from fluvius_demo.lessons.growth import SEQUENCE, crowd, growth, in_sequence, nesting, variables
from fluvius_demo.lessons.measured import Row, by_size
from fluvius_demo.lessons.timing import Interval
from fluvius_demo.records import DomainContext, EventRecord


class OneComesLate(IsolatedAggregate):
    """A design on which the first command takes long to open; it notes who opens and who takes events."""

    told: ClassVar[list[str]] = []

    async def before_command(self, context: DomainContext, *args: Any) -> None:
        """Note the opening, the first one's after a while."""
        for _ in range(20 if context.name.startswith("c00000") else 0):
            await asyncio.sleep(0)
        self.told.append("opens")

    def consume_events(self) -> list[EventRecord]:
        """Note the taking."""
        self.told.append("takes")
        return super().consume_events()


class KeepsBundles(IsolatedAggregate):
    """A design that keeps something small of each command: its bundle, in a list."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.seen: list[Any] = []

    def command_aggregate(self, context: Any, command_bundle: Any, command_meta: Any) -> CommandFrame:
        """Note the bundle."""
        self.seen.append(command_bundle)
        return super().command_aggregate(context, command_bundle, command_meta)


class KeepsFrames(KeepsBundles):
    """A design that keeps a new object of each command."""

    def command_aggregate(self, *opening: Any) -> CommandFrame:
        """Note the frame."""
        frame = super().command_aggregate(*opening)
        self.seen.append(frame)
        return frame


class TestCrowd:
    """All commands are open before the first one deposits."""

    @pytest.mark.parametrize("name", ["one per command", "migrated", "isolated"])
    @pytest.mark.parametrize("commands", [1, 50])
    def test_nobody_gets_the_event_of_another(self, name: str, commands: int) -> None:
        """On designs that keep commands apart."""
        run = asyncio.run(crowd(DESIGNS[name].aggregate, commands))
        assert (run.commands, run.crossed) == (commands, 0)

    def test_nobody_deposits_before_all_are_open(self) -> None:
        """However long one of them takes."""
        OneComesLate.told.clear()
        assert asyncio.run(crowd(OneComesLate, 5)).crossed == 0
        assert OneComesLate.told == ["opens"] * 5 + ["takes"] * 5

    def test_what_crosses_is_counted_once(self) -> None:
        """Without the guard all land on the last account; a command that lost money and events counts once."""
        assert asyncio.run(crowd(UnguardedAggregate, 50)).crossed == 50  # the first takes all events, the others none


def shape(rows: list[Row]) -> dict[str, list[int]]:
    """Return which sizes each thing was measured at."""
    return {what: list(sizes) for what, sizes in by_size({row.name: row for row in rows}, "ns").items()}


class TestVariables:
    """Four things, in Contexts with more and more variables."""

    def test_each_is_measured_in_each_context(self) -> None:
        """And compared with the smallest one."""
        rows = variables([1, 40], rounds=2)
        things = ["enter and get", "get again", "set and reset", "an empty command"]
        assert shape(rows) == {thing: [1, 40] for thing in things}
        assert {(row.section, row.to) for row in rows} == {("variables in the Context", "with 1 other")}

    def test_each_runs_where_so_many_are_set(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Beside the one that is measured there are 1 and 40 others; the sets are undone."""
        seen: list[int] = []
        repeated = growth_module.repeated

        def noted(statement: str, names: dict[str, Any], loops: int) -> float:
            if "enter" not in names:
                seen.append(len(copy_context()))
            return repeated(statement, names, loops)

        monkeypatch.setattr(growth_module, "repeated", noted)
        variables([1, 40], rounds=1)
        assert set(seen) == {2, 41}


class TestNesting:
    """Commands inside of commands, each of another aggregate."""

    def test_each_depth_is_measured(self) -> None:
        """One more, and a read of the outermost."""
        rows = nesting([1, 4], rounds=2)
        assert shape(rows) == {"one more command": [1, 4], "a read of the outermost": [1, 4]}
        assert {(row.section, row.to) for row in rows} == {("nesting", "1 deep")}

    def test_so_many_commands_are_open(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Counted from the innermost frame outwards, when the outermost is read."""
        seen: set[int] = set()

        def noted(statement: str, names: dict[str, Any], loops: int) -> float:
            frame, depth = current.get(), 0
            while frame is not None:
                owner, frame, depth = frame.owner(), frame.parent, depth + 1
            assert owner is names["aggregate"]
            seen.add(depth)
            return loops / 1_000

        monkeypatch.setattr(growth_module, "repeated", noted)
        nesting([1, 4], rounds=1)
        assert seen == {1, 4}


class TestSequence:
    """One command after the other: memory stays what it was."""

    def test_it_stays_flat_on_each_design(self) -> None:
        """Less than a byte for each command, and less than a block for ten."""
        rows = in_sequence(2_000, 2_000)
        units = ["blocks", "bytes"] if sys.getallocatedblocks() else ["bytes"]
        assert [row.name for row in rows] == [f"{name}, 2,000 commands" for name in SEQUENCE for _ in units]
        assert [row.unit for row in rows] == units * 3
        assert all(row.value.value < {"blocks": 200, "bytes": 2_000}[row.unit] for row in rows)

    def test_what_is_kept_is_found(self) -> None:
        """A place in a list is traced: eight bytes or, in the browser, four."""
        *_, bundles = in_sequence(100, 1_000, {"keeps bundles": KeepsBundles})
        assert bundles.value.value >= calcsize("P") * 990

    @pytest.mark.skipif(not sys.getallocatedblocks(), reason="this interpreter does not count its blocks")
    def test_what_is_kept_is_counted(self) -> None:
        """A new object is a block."""
        blocks, _ = in_sequence(1_000, 100, {"keeps frames": KeepsFrames})
        assert blocks.value.value >= 990


class TestGrowth:
    """All of it, in parts."""

    @pytest.mark.parametrize(("quick", "largest", "many"), [(True, 10_000, 10_000), (False, 100_000, 1_000_000)])
    def test_each_part_is_told_before_it_is_measured(
        self, quick: bool, largest: int, many: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Quick leaves out the largest crowd, and nothing else; the resident size is asked of large ones only."""
        said: list[Any] = []

        def part(name: str) -> Any:
            return lambda first, *_more: said.append((name, first)) or [Row(name, "one", Interval.exact(1), "ns")]

        names = ["in_flight", "bytes_in_flight", "resident_in_flight", "variables", "nesting", "in_sequence"]
        for name in names:
            monkeypatch.setattr(growth_module, name, part(name))
        assert [row.section for row in growth(quick, said.append)] == names
        sizes = [size for size in (1, 10, 100, 1_000, 10_000, 100_000) if size <= largest]
        begin = f"up to {largest:,} commands in flight"
        assert said == [
            *(f"{begin}: time", ("in_flight", sizes)),
            *(f"{begin}: memory", ("bytes_in_flight", sizes[2:])),
            *(f"{begin}: resident size", ("resident_in_flight", sizes[4:])),
            *("variables in the Context", ("variables", [1, 10, 100, 1_000, 10_000])),
            *("nesting", ("nesting", [1, 2, 5, 10, 20, 50])),
            *(f"{many:,} commands in sequence", ("in_sequence", many)),
        ]
        said.clear()
        assert [row.section for row in growth(quick, said.append, whole=False)] == [
            *("in_flight", "bytes_in_flight", "variables", "nesting")
        ]
        assert len(growth(quick)) == 6
