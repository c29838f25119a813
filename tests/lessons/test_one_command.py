"""One command on each design: that what is measured is what its name says. The clock only counts."""

import asyncio
from collections.abc import Callable, Mapping
from contextvars import Context, ContextVar, copy_context
from itertools import count
from typing import Any

import pytest

from fluvius_demo.aggregate import Aggregate
from fluvius_demo.banking import Account, Bank
from fluvius_demo.lessons import one_command as module
from fluvius_demo.lessons.designs import DESIGNS
from fluvius_demo.lessons.one_command import (
    AtOnce,
    Work,
    bank_of,
    deposit,
    empty,
    fetched,
    timed,
    used,
    without_waiting,
)

AGGREGATES = {name: design.aggregate for name, design in DESIGNS.items()}
READS = ["read context", "read command", "read aggroot", "read rootobj"]
CREATES = ["create opened", "create greeted", "create filed"]
# What stands before the clock is started, and what each loop does.
DONE: dict[Work, tuple[list[str], list[str]]] = {
    empty: ([], ["enter", "leave"]),
    fetched: (["insert"], ["fetch", "enter", "leave"]),
    used: ([], ["enter", *READS, *CREATES, "consume 3", "leave"]),
    deposit: (
        ["insert"],
        ["fetch", "enter", "fetch", "update", "create money-deposited", "consume 1", "leave", "commit"],
    ),
}
each_design = pytest.mark.parametrize("design", AGGREGATES.values(), ids=AGGREGATES)
each_work = pytest.mark.parametrize("work", DONE, ids=[work.__name__ for work in DONE])
shelf: ContextVar[str] = ContextVar("shelf", default="nothing")


def noted(name: str) -> property:
    """Return the aggregate's property, which notes that it is read in the body of a command."""

    def read(self: Any) -> Any:
        if self.inside:
            self.log.append(f"read {name}")
        return getattr(super(Noting, self), name)

    return property(read)


class Noting:
    """Notes what is done to the aggregate between the opening of a command and its end, and on which instance."""

    log: list[str]
    instances: list[Any]  # kept, so that no two have the same id
    inside = False

    context, command, aggroot, rootobj = (noted(name) for name in ("context", "command", "aggroot", "rootobj"))

    async def before_command(self, *opening: Any) -> None:
        """Enter."""
        await super().before_command(*opening)
        self.log.append("enter")
        self.instances.append(self)
        self.inside = True

    async def after_command(self, *opening: Any) -> None:
        """Leave."""
        self.inside = False
        self.log.append("leave")
        await super().after_command(*opening)

    def create_event(self, evt_key: str, evt_args: Mapping[str, Any], data: Any) -> Any:
        """Name the event."""
        self.log.append(f"create {evt_key}")
        return super().create_event(evt_key, evt_args, data)

    def consume_events(self) -> list[Any]:
        """Say how many there were."""
        events = super().consume_events()
        self.log.append(f"consume {len(events)}")
        return events


class NotingStore(AtOnce):
    """Notes each call."""

    log: list[str]

    async def call(self, operation: str, resource: str = "", identifier: str = "") -> None:
        """Name the operation."""
        await super().call(operation, resource, identifier)
        self.log.append(operation)


def noting(design: type[Aggregate], log: list[str]) -> tuple[Bank, list[Any]]:
    """Return a bank of this design that keeps such a log, and the list of the instances on which it ran commands."""
    instances: list[Any] = []
    aggregate = type(f"Noting{design.__name__}", (Noting, design), {"log": log, "instances": instances})
    store = NotingStore({"account": Account})
    store.log = log
    return Bank(aggregate, statemgr=store), instances


def clock(log: list[str]) -> Callable[[], float]:
    """Return a clock that notes when it is read, and goes on by a second then."""
    readings = count()

    def read() -> float:
        log.append("clock")
        return float(next(readings))

    return read


def call(work: Work, bank: Bank, loops: int) -> float:
    """Measure within a running loop, as a deposit wants it; return the seconds."""

    async def measure() -> float:
        return timed(work, bank)(loops)

    return asyncio.run(measure())


class TestWhatIsMeasured:
    """Exactly what each docstring says, on every design alike, stands between two readings of the clock."""

    @each_work
    @each_design
    def test_each_loop_does_what_it_says(
        self, work: Work, design: type[Aggregate], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """And nothing else, in any call; "one per command" has an instance for each loop, all others have one."""
        log: list[str] = []
        bank, instances = noting(design, log)
        monkeypatch.setattr(module, "perf_counter", clock(log))
        first, each = DONE[work]
        for loops in (3, 2):
            assert call(work, bank, loops) == 1.0
            seen = [done for done in log if work is used or not done.startswith("read ")]
            assert seen == [*first, "clock", *each * loops, "clock"]
            log.clear()
        assert len(instances) == 5
        assert len({id(instance) for instance in instances}) == (5 if design.per_command else 1)

    @each_design
    def test_a_deposit_pays_in_a_cent_a_loop(self, design: type[Aggregate]) -> None:
        """To an account that is empty at the start of each call; no event is kept for long."""
        bank = bank_of(design)
        for loops in (7, 3):
            call(deposit, bank, loops)
            assert bank.balances() == {"ana": loops}
            assert bank.event_log == []

    def test_a_deposit_asks_for_a_running_loop(self) -> None:
        """As it says; the others do not."""
        with pytest.raises(RuntimeError, match="no running event loop"):
            timed(deposit, bank_of(AGGREGATES["isolated"]))(1)


class TestItsContext:
    """Each call runs in a Context of its own."""

    @each_work
    @each_design
    def test_nothing_is_left_in_the_callers(self, work: Work, design: type[Aggregate]) -> None:
        """Not even by the design that resets nothing."""

        async def left() -> bool:
            before = dict(copy_context())
            timed(work, bank_of(design))(2)
            return dict(copy_context()) == before

        assert asyncio.run(left())

    def test_without_one_the_migrated_design_would_leave_something(self) -> None:
        """So the test above can fail."""

        def left() -> int:
            without_waiting(empty(bank_of(AGGREGATES["migrated"]), 1))
            return len(copy_context())

        assert Context().run(left) == 6

    def test_it_is_empty_in_each_call(self) -> None:
        """It has nothing of the caller's, and nothing of the call before."""
        seen: list[str] = []

        async def looks(_bank: Bank, _loops: int) -> float:
            seen.append(shelf.get())
            shelf.set("a call's")
            return 0.0

        run = timed(looks, bank_of(AGGREGATES["isolated"]))
        caller = copy_context()
        caller.run(shelf.set, "the caller's")
        assert [caller.run(run, 1), caller.run(run, 1)] == [0.0, 0.0]
        assert seen == ["nothing", "nothing"]
        assert caller[shelf] == "the caller's"
