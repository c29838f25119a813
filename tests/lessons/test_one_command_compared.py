"""Designs compared at one command: run without a loop, over their floors, each on its own copy of the code."""

import gc
import inspect
import sys
from collections.abc import Callable
from contextvars import copy_context
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from test_one_command import AGGREGATES, clock, shelf

from fluvius_demo.banking import Bank
from fluvius_demo.lessons import one_command as module
from fluvius_demo.lessons.fresh import fresh_package
from fluvius_demo.lessons.one_command import (
    FLOOR,
    FLOORS,
    SET_AND_RESET,
    Empty,
    commands,
    empty,
    fetched,
    used,
    with_own_code,
    without_waiting,
)
from fluvius_demo.lessons.timing import Interval


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
        parts = [
            inspect.getclosurevars(next(inspect.getclosurevars(run).nonlocals["turn"])).nonlocals
            for run in (with_own_code(empty, design, copies=1) for _ in range(2))
        ]
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
