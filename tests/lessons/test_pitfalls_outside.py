"""Threads, callbacks and a fork inside of a command: the outcome on every design, and that it is not typed in."""

import asyncio
import os
import pickle
import sys
from contextvars import Context, ContextVar, Token, copy_context
from threading import Thread, active_count
from typing import Any, Never

import pytest
from helpers import needs
from quiet import quietly

from fluvius_demo.aggregate import Aggregate
from fluvius_demo.frame import CommandFrame, current
from fluvius_demo.isolated import IsolatedAggregate
from fluvius_demo.legacy import LegacyAggregate
from fluvius_demo.lessons.designs import DESIGNS
from fluvius_demo.lessons.outcomes import Finding
from fluvius_demo.lessons.pitfalls.outside import THREADS_START, in_a_fork, receiver, started
from fluvius_demo.lessons.scenarios import verdict
from fluvius_demo.migrated import MigratedAggregate

# ✓ correct, ✕ refused, ≠ wrong, ≈ leaked; the columns are the designs from the worst to the best.
TABLE = """
P11 ✓ ✓ ✓ ✓ ≈ ✓
P12 ✓ ✓ ✓ ✓ ≠ ✕
P13 ✓ ✓ ✓ ✓ ≠ ✕
P23 ≠ ≠ ≠ ≠ ≠ ✕
"""
MARKS = {"✓": "correct", "✕": "refused", "≠": "wrong", "≈": "leaked"}
THREADS = SOCKETS = sys.platform != "emscripten"
INHERITED = bool(getattr(sys.flags, "thread_inherit_context", False))
HERE = {
    "P11": None if SOCKETS and sys.platform != "win32" else "not applicable",
    "P12": None if THREADS else "not applicable",
    "P13": ("correct" if INHERITED else None) if THREADS else "not applicable",
    "P23": None if hasattr(os, "fork") else "not applicable",
}
CELLS = {
    (id, design): HERE[id] or MARKS[mark]
    for id, *marks in (line.split() for line in TABLE.strip().splitlines())
    for design, mark in zip(DESIGNS, marks, strict=True)
}

OUTSIDE = (
    "OutsideCommandError: Aggregate context is not initialized. Cannot create an event: no command of this aggregate "
    "is open in this Context. To solve this, call this inside of 'async with aggregate.command_aggregate(…)'; for a "
    "thread, use asyncio.to_thread."
)
SEES = "a thread, whose Context starts empty, sees"
EVIDENCE = {
    ("P11", "migrated"): ("that a later request finds no command", "ana"),
    ("P12", "migrated"): ("her command gets the event", "a stranger gets the event"),
    ("P12", "isolated"): ("that her command gets the event", OUTSIDE),
    ("P13", "migrated"): (f"{SEES} ana; her command gets its event", f"{SEES} nobody; a stranger gets its event"),
    ("P13", "isolated"): (f"that {SEES} ana; her command gets its event", OUTSIDE),
    ("P23", "migrated"): ("that the child is refused, or its event comes", "neither"),
}


class FrameThatIsOnlyReset(CommandFrame):
    """Broken: the variable is put back, and the frame is not closed."""

    __slots__ = ()

    async def __aexit__(self, *_error: Any) -> None:
        current.reset(self.token)


class IsolatedThatOnlyResets(IsolatedAggregate):
    """Broken: a reset reaches one Context, and no copy of it."""

    def command_aggregate(self, *args: Any) -> CommandFrame:
        """Run a command that goes on in every copy."""
        return FrameThatIsOnlyReset(self, *args)


class MigratedWithoutSharedQueue(MigratedAggregate):
    """Mended: the default is None."""

    _evt_queue_var = ContextVar("evt_queue", default=None)


class IsolatedThatDropsStrayEvents(IsolatedAggregate):
    """Broken: who creates an event outside of a command is not told."""

    def create_event(self, *args: Any) -> Any:
        """Create it where a command is open."""
        return super().create_event(*args) if self.get_context_state()["has_command"] else None


class LegacyThatKnowsItsProcess(LegacyAggregate):
    """Mended: another process is refused."""

    def __init__(self, domain: Any) -> None:
        super().__init__(domain)
        self._process = os.getpid()

    def create_event(self, *args: Any) -> Any:
        """Create it in the process that the aggregate was made in."""
        if os.getpid() != self._process:
            raise RuntimeError("another process")
        return super().create_event(*args)


def found(id: str, design: type[Aggregate]) -> Finding:
    """Judge one pitfall in a loop of its own."""
    return asyncio.run(verdict(id, design))


class TestTheTable:
    """Four pitfalls, six designs."""

    @pytest.mark.parametrize("cell", CELLS, ids=" / ".join)
    def test_each_cell(self, cell: tuple[str, str]) -> None:
        """One outcome, as written down above, or as this Python and this system have it."""
        id, design = cell
        finding = found(id, DESIGNS[design].aggregate)
        assert finding.outcome == CELLS[cell], finding

    @pytest.mark.parametrize("cell", EVIDENCE, ids=" / ".join)
    def test_the_evidence(self, cell: tuple[str, str]) -> None:
        """What was hoped for, and what was seen instead."""
        id, design = cell
        if HERE[id] is not None:
            pytest.skip("not so on this Python or system")
        finding = found(id, DESIGNS[design].aggregate)
        assert (finding.expected, finding.seen) == EVIDENCE[cell]

    @pytest.mark.skipif(HERE["P23"] is not None, reason="no fork here")
    def test_a_forked_child_is_told_that_the_command_is_not_its_own(self) -> None:
        """The isolated design ends the commands of a child for it."""
        told = "CommandEndedError: Aggregate context has ended. Cannot create an event: "
        assert found("P23", IsolatedAggregate).seen.startswith(told)

    @pytest.mark.parametrize("id", HERE)
    def test_nothing_is_left(self, id: str) -> None:
        """No task, no thread, no open socket or pipe, no complaint, no variable of the caller, no shared event."""

        async def scenario() -> int:
            before = dict(copy_context().items()), active_count()
            for design in DESIGNS.values():
                await verdict(id, design.aggregate)
            assert (dict(copy_context().items()), active_count()) == before
            return Context().run(MigratedAggregate._evt_queue_var.get).qsize()

        assert quietly(scenario()) == 0


class TestOutcomesAreComputed:
    """They follow what a design does, and what there is."""

    @pytest.mark.parametrize(
        ("id", "design", "outcome", "seen"),
        [
            ("P11", IsolatedThatOnlyResets, "leaked", "ana"),
            ("P12", MigratedWithoutSharedQueue, "refused", "AttributeError: 'NoneType' object has no attribute 'put'"),
            ("P12", IsolatedThatDropsStrayEvents, "wrong", "nobody gets the event"),
            ("P13", MigratedWithoutSharedQueue, "refused", "AttributeError: 'NoneType' object has no attribute 'put'"),
            ("P13", IsolatedThatDropsStrayEvents, "wrong", f"{SEES} nobody; nobody gets its event"),
            ("P23", LegacyThatKnowsItsProcess, "refused", "RuntimeError: another process"),
        ],
    )
    def test_another_design_another_outcome(self, id: str, design: type[Aggregate], outcome: str, seen: str) -> None:
        """Mended or broken in one place."""
        if HERE[id] is not None:
            pytest.skip("not so on this Python or system")
        finding = found(id, design)
        assert (finding.outcome, finding.seen) == (outcome, seen)

    @pytest.mark.parametrize("id", ["P12", "P13"])
    def test_without_threads(self, id: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """As in a browser, where none can be started: not applicable."""

        def refuse(_thread: Thread) -> Never:
            raise RuntimeError("can't start new thread")

        monkeypatch.setattr(Thread, "start", refuse)
        assert found(id, IsolatedAggregate) == Finding("not applicable", "threads", "a Python without")

    def test_without_a_fork(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """As on Windows: not applicable."""
        monkeypatch.delattr(os, "fork", raising=False)
        assert found("P23", IsolatedAggregate) == Finding("not applicable", "os.fork", "a system without")

    @needs("sockets")
    def test_without_a_loop_that_watches_sockets(self) -> None:
        """As the usual loop of Windows: not applicable."""

        class Blind(asyncio.SelectorEventLoop):
            add_reader = asyncio.AbstractEventLoop.add_reader

        with asyncio.Runner(loop_factory=Blind) as runner:
            finding = runner.run(verdict("P11", IsolatedAggregate))
        assert finding == Finding("not applicable", "a loop that watches sockets", "one that does not")


class TestWhatTheScenariosStandOn:
    """What Python does, and the helpers."""

    @needs("threads")
    def test_how_a_new_thread_starts(self) -> None:
        """With an empty Context, or with a copy where the flag says so."""
        variable: ContextVar[str] = ContextVar("variable", default="empty")

        def look() -> str:
            variable.set("with a copy")
            return started(variable.get)

        assert Context().run(look) == THREADS_START

    @needs("threads")
    def test_what_a_thread_raises_is_raised(self) -> None:
        """Where the thread is waited for."""
        with pytest.raises(ZeroDivisionError):
            started(lambda: 1 // 0)

    @pytest.mark.skipif(HERE["P23"] is not None, reason="no fork here")
    def test_what_a_fork_says(self) -> None:
        """Its error in words, or nothing."""
        assert (in_a_fork(lambda: 1 // 1), in_a_fork(lambda: {}["ana"])) == ("", "KeyError: 'ana'")

    def test_who_gets_an_event(self) -> None:
        """The command that has it, or else whoever looks into a queue that all share, or else nobody."""

        async def scenario() -> list[str]:
            Context().run(MigratedAggregate._evt_queue_var.get).put("event")
            return [
                receiver(design, had) for design in (IsolatedAggregate, MigratedAggregate) for had in (["e"], [], [])
            ]

        assert asyncio.run(scenario()) == ["her command", "nobody", "nobody", "her command", "a stranger", "nobody"]

    def test_neither_a_context_nor_a_token_can_be_sent_to_a_process(self) -> None:
        """They do not pickle, so values are handed over explicitly."""
        token: Token[None] = Context().run(ContextVar("variable").set, None)
        for thing in (Context(), token):
            with pytest.raises(TypeError, match="cannot pickle"):
                pickle.dumps(thing)
