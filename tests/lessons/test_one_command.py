"""One command on each design: that what is measured is what its name says. The clock only counts."""

import asyncio
import gc
import inspect
import sys
from collections.abc import Callable, Mapping
from contextvars import Context, ContextVar, copy_context
from importlib import import_module
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest

from fluvius_demo.aggregate import Aggregate
from fluvius_demo.banking import Account, Bank
from fluvius_demo.lessons import one_command as module
from fluvius_demo.lessons.designs import DESIGNS
from fluvius_demo.lessons.one_command import (
    FLOOR,
    FLOORS,
    SET_AND_RESET,
    AtOnce,
    Empty,
    Work,
    bank_of,
    commands,
    deposit,
    empty,
    fetched,
    fresh_package,
    timed,
    used,
    with_own_code,
    without_waiting,
)
from fluvius_demo.lessons.timing import Interval

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


class TestWithoutWaiting:
    """A coroutine that never waits needs no loop."""

    def test_it_returns_its_result_or_raises_its_error(self) -> None:
        """As they are."""

        async def halves(number: int) -> float:
            return 1 / number

        assert without_waiting(halves(2)) == 0.5
        with pytest.raises(ZeroDivisionError):
            without_waiting(halves(0))

    def test_one_that_waits_is_refused_and_closed(self) -> None:
        """By the exact text; a store that takes its time makes every work wait."""
        work = fetched(Bank(), 1)
        text = r"^Cannot measure fetched: it waits\. To solve this, give it a store that does not\.$"
        with pytest.raises(RuntimeError, match=text):
            without_waiting(work)
        assert inspect.getcoroutinestate(work) == inspect.CORO_CLOSED


class TestFloors:
    """The least that there is to measure."""

    def test_an_empty_block_is_entered_and_left(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Once a loop, between two readings of the clock."""
        log: list[str] = []

        def notes(what: str) -> Callable[..., Any]:
            async def note(*_given: object) -> None:
                log.append(what)

            return note

        monkeypatch.setattr(Empty, "__aenter__", notes("enter"))
        monkeypatch.setattr(Empty, "__aexit__", notes("leave"))
        monkeypatch.setattr(module, "perf_counter", clock(log))
        assert FLOORS[FLOOR](3) == 1.0
        assert log == ["clock", *["enter", "leave"] * 3, "clock"]

    def test_an_empty_block_does_nothing(self) -> None:
        """It gives nothing, and hides no error."""

        async def block(error: Exception | None = None) -> object:
            async with Empty() as given:
                if error is not None:
                    raise error
                return given

        assert without_waiting(block()) is None
        with pytest.raises(ValueError, match=r"^a bug$"):
            without_waiting(block(ValueError("a bug")))

    def test_a_variable_is_set_and_reset(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Once a loop, by its own token, in a Context of its own, which is empty."""
        log: list[str] = []

        def notes(_value: object) -> str:
            log.append("set")
            assert not copy_context()
            return f"reset by token {len(log)}"

        monkeypatch.setattr(module, "_VARIABLE", SimpleNamespace(set=notes, reset=log.append))
        monkeypatch.setattr(module, "perf_counter", clock(log))
        caller = copy_context()
        caller.run(shelf.set, "the caller's")
        assert caller.run(FLOORS[SET_AND_RESET], 2) == 1.0
        assert log == ["clock", "set", "reset by token 2", "set", "reset by token 4", "clock"]


class TestOwnCode:
    """Each design runs on a copy of the package that no other one runs."""

    def test_no_two_variants_share_any(self) -> None:
        """Neither the work nor the bank nor the design; and yet they are what was asked for."""
        design = AGGREGATES["isolated"]
        parts = [inspect.getclosurevars(with_own_code(empty, design)).nonlocals for _ in range(2)]
        works = [empty, *(part["work"] for part in parts)]
        banks = [Bank(design), *(part["bank"] for part in parts)]
        assert [work.__qualname__ for work in works] == ["empty"] * 3
        assert len({id(work.__code__) for work in works}) == 3
        assert len({type(bank) for bank in banks}) == 3
        classes = [type(bank.aggregate) for bank in banks]
        assert [kind.__name__ for kind in classes] == ["IsolatedAggregateWithBankActions"] * 3
        assert len({kind.context for kind in classes}) == 3

    def test_the_package_is_as_it_was_afterwards(self) -> None:
        """Also after an error; in between it is another."""

        def ours() -> dict[str, Any]:
            return {name: known for name, known in sys.modules.items() if name.startswith("fluvius_demo")}

        def changing_it(error: bool) -> bool:
            with fresh_package():
                return 1 / (not error) and import_module("fluvius_demo.banking").Bank is not Bank

        before = ours()
        with_own_code(used, AGGREGATES["locked"])
        assert ours() == before
        assert changing_it(error=False)
        with pytest.raises(ZeroDivisionError):
            changing_it(error=True)
        assert ours() == before
        assert import_module("fluvius_demo.banking").Bank is Bank


class TestCommands:
    """The comparison of designs."""

    @pytest.mark.parametrize("floors", [True, False])
    def test_designs_come_in_the_order_given_after_the_floors(
        self, floors: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The base, and how it is done, are handed on; and each can be run."""
        handed: list[Any] = []
        monkeypatch.setattr(module, "compare", lambda *given, **how: handed.extend([*given, how]))
        some = {name: AGGREGATES[name] for name in ("isolated", "legacy", "one per command")}
        commands(used, some, "legacy", floors=floors, rounds=3, seconds=0.5, seed=7)
        variants, *rest = handed
        assert rest == ["legacy", {"rounds": 3, "seconds": 0.5, "seed": 7}]
        assert list(variants) == [FLOOR, SET_AND_RESET][: 2 * floors] + list(some)
        assert all(run(2) >= 0 for run in variants.values())

    def test_it_measures(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """In earnest, but shortly: the base is exactly itself, and all have their rounds."""
        monkeypatch.setattr(gc, "collect", lambda: 0)  # there is much to collect after all the tests
        measured = commands(
            empty, {"isolated": AGGREGATES["isolated"]}, "isolated", floors=True, rounds=2, seconds=1e-5
        )
        assert measured["isolated"].ratio == Interval.exact(1)
        assert [len(found.samples) for found in measured.values()] == [2, 2, 2]
