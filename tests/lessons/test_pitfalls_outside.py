"""Threads, callbacks and a fork inside of a command: the evidence, and that the outcome follows what there is."""

import asyncio
import os
import pickle
from contextvars import Context, ContextVar, Token
from threading import Thread
from typing import Any, Never

import pytest
from helpers import needs
from pinned_matrix import HARMLESS_HERE, Cell, comes_out, evidence, found, otherwise
from test_pitfalls_children import IsolatedThatOnlyResets
from test_scenarios import OUTSIDE
from test_scenarios_computed import IsolatedThatDropsStrayEvents, MigratedWithoutSharedQueue

from fluvius_demo.aggregate import Aggregate
from fluvius_demo.isolated import IsolatedAggregate
from fluvius_demo.legacy import LegacyAggregate
from fluvius_demo.lessons.outcomes import Finding, Outcome
from fluvius_demo.lessons.pitfalls.outside import THREADS_START, in_a_fork, receiver, started
from fluvius_demo.lessons.scenarios import verdict
from fluvius_demo.migrated import MigratedAggregate

SEES = "a thread, whose Context starts empty, sees"
EVIDENCE = {
    ("P11", "migrated"): ("that a later request finds no command", "ana"),
    ("P12", "migrated"): ("her command gets the event", "a stranger gets the event"),
    ("P12", "isolated"): ("that her command gets the event", OUTSIDE.format("create an event")),
    ("P13", "migrated"): (f"{SEES} ana; her command gets its event", f"{SEES} nobody; a stranger gets its event"),
    ("P13", "isolated"): (f"that {SEES} ana; her command gets its event", OUTSIDE.format("create an event")),
    ("P23", "migrated"): ("that the child is refused, or its event comes", "neither"),
}
EVIDENCE = {cell: told for cell, told in EVIDENCE.items() if cell[0] not in HARMLESS_HERE}
needs_fork = pytest.mark.skipif("P23" in HARMLESS_HERE, reason="no fork here")


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


@pytest.mark.parametrize("cell", EVIDENCE, ids=" / ".join)
def test_the_evidence(cell: Cell) -> None:
    """What was hoped for, and what was seen instead."""
    assert evidence(cell) == EVIDENCE[cell]


@needs_fork
def test_a_forked_child_is_told_that_the_command_is_not_its_own() -> None:
    """The isolated design ends the commands of a child for it."""
    told = "CommandEndedError: Aggregate context has ended. Cannot create an event: "
    assert found("P23", IsolatedAggregate).seen.startswith(told)


@otherwise(
    ("P11", IsolatedThatOnlyResets, "leaked", "ana"),
    ("P12", MigratedWithoutSharedQueue, "refused", "AttributeError: 'NoneType' object has no attribute 'put'"),
    ("P12", IsolatedThatDropsStrayEvents, "wrong", "nobody gets the event"),
    ("P13", MigratedWithoutSharedQueue, "refused", "AttributeError: 'NoneType' object has no attribute 'put'"),
    ("P13", IsolatedThatDropsStrayEvents, "wrong", f"{SEES} nobody; nobody gets its event"),
    ("P23", LegacyThatKnowsItsProcess, "refused", "RuntimeError: another process"),
)
def test_another_design_comes_out_otherwise(id: str, design: type[Aggregate], outcome: Outcome, seen: str) -> None:
    """Mended or broken in one place."""
    comes_out(id, design, outcome, seen)


class TestWhatThisSystemLacks:
    """Is said, and counts for no design."""

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

    @needs_fork
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
