"""Verdicts follow from runs: a design that is mended or broken gets others. And no run leaves anything behind."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import Context, ContextVar, copy_context
from typing import Any

import pytest
from quiet import quietly

from fluvius_demo.aggregate import Aggregate, RestrictedAggregateProxy
from fluvius_demo.frame import CommandFrame
from fluvius_demo.isolated import IsolatedAggregate
from fluvius_demo.legacy import LegacyAggregate
from fluvius_demo.lessons.designs import DESIGNS, LockedAggregate
from fluvius_demo.lessons.outcomes import Outcome
from fluvius_demo.lessons.scenarios import SITUATIONS, verdict
from fluvius_demo.migrated import MigratedAggregate

SIX = {name: design.aggregate for name, design in DESIGNS.items()}
AFTER_A_FAILURE = ("after an error", "after a timeout", "after a cancellation", "after a stale If-Match")


class LegacyWithFinally(LegacyAggregate):
    """Mended: the guard is lifted however the command ends."""

    @asynccontextmanager
    async def command_aggregate(self, context: Any, *args: Any) -> AsyncIterator[RestrictedAggregateProxy]:
        """Run a command, and forget it if it was opened."""
        try:
            async with super().command_aggregate(context, *args) as proxy:
                yield proxy
        finally:
            if self._context is context:
                self._context = None


class MigratedThatResets(MigratedAggregate):
    """Mended: the six variables are put back."""

    @asynccontextmanager
    async def command_aggregate(self, *args: Any) -> AsyncIterator[RestrictedAggregateProxy]:
        """Run a command and put back what was there."""
        variables = [value for value in vars(MigratedAggregate).values() if isinstance(value, ContextVar)]
        before = [(variable, variable.get()) for variable in variables]
        try:
            async with super().command_aggregate(*args) as proxy:
                yield proxy
        finally:
            for variable, value in before:
                variable.set(value)


class MigratedWithoutSharedQueue(MigratedAggregate):
    """Mended: the default is None."""

    _evt_queue_var = ContextVar("evt_queue", default=None)


class FrameThatStays(CommandFrame):
    """Broken: neither closed nor reset."""

    __slots__ = ()

    async def __aexit__(self, *error: Any) -> None:
        pass


class IsolatedThatForgetsItsReset(IsolatedAggregate):
    """Broken: the frame stays where it is."""

    def command_aggregate(self, *args: Any) -> CommandFrame:
        """Run a command that never ends."""
        return FrameThatStays(self, *args)


class LockedThatKeepsItsLock(LockedAggregate):
    """Broken: whoever comes second waits for ever."""

    @asynccontextmanager
    async def command_aggregate(self, *args: Any) -> AsyncIterator[RestrictedAggregateProxy]:
        """Run a command and lock the door from inside."""
        async with super().command_aggregate(*args) as proxy:
            yield proxy
        await self._lock.acquire()


class IsolatedThatDropsStrayEvents(IsolatedAggregate):
    """Changed: who creates an event outside of a command is not told; who asks for events there is refused."""

    def create_event(self, *args: Any, **kwargs: Any) -> Any:
        """Create it where a command is open."""
        return super().create_event(*args, **kwargs) if self.get_context_state()["has_command"] else None


def outcomes(design: type[Aggregate]) -> dict[str, Outcome]:
    """Run the situations on this design; without the hundred, which are the two once more."""

    async def scenario() -> dict[str, Outcome]:
        return {name: (await verdict(name, design)).outcome for name in SITUATIONS if not name.startswith("100")}

    return asyncio.run(scenario())


class TestVerdictsAreComputed:
    """They follow what a design does, not what it is called."""

    @pytest.mark.parametrize(
        ("design", "model", "changed"),
        [
            (LegacyWithFinally, LegacyAggregate, dict.fromkeys(AFTER_A_FAILURE, "correct")),
            (
                MigratedThatResets,
                MigratedAggregate,
                {"after the command": "refused", "a command in a command": "correct"},
            ),
            (MigratedWithoutSharedQueue, MigratedAggregate, {"an event outside of a command": "refused"}),
            (IsolatedThatForgetsItsReset, IsolatedAggregate, {"after the command": "wrong"}),
            (LockedThatKeepsItsLock, LockedAggregate, {"two commands overlap": "stuck"}),
        ],
        ids=lambda value: value.__name__ if isinstance(value, type) else "",
    )
    def test_a_change_of_the_design_changes_its_own_cells_alone(
        self, design: type[Aggregate], model: type[Aggregate], changed: dict[str, Outcome]
    ) -> None:
        """Mended or broken in one place, the rest stays as it is."""
        before, after = outcomes(model), outcomes(design)
        assert {name: after[name] for name in after if after[name] != before[name]} == changed

    def test_a_later_refusal_does_not_excuse_a_silent_loss(self) -> None:
        """An event that is dropped without a word is wrong, though whoever asks for it is refused, loudly."""
        found = asyncio.run(verdict("an event outside of a command", IsolatedThatDropsStrayEvents))
        assert (found.outcome, found.seen.partition(":")[0]) == ("wrong", "lost")


class TestNothingIsLeft:
    """Each verdict is the same wherever and whenever it is run."""

    @pytest.mark.parametrize("name", SITUATIONS)
    def test_a_situation_leaves_no_trace(self, name: str) -> None:
        """No task, no complaint, no variable of the caller, no event in the queue that all migrated ones share."""

        hundred = name.startswith("100")

        async def scenario() -> int:
            before = dict(copy_context().items())
            for design in SIX.values():
                if not (hundred and design is LockedAggregate):  # that takes as long as all the others together
                    await verdict(name, design)
            assert dict(copy_context().items()) == before
            return Context().run(MigratedAggregate._evt_queue_var.get).qsize()

        assert quietly(scenario(), debug=not hundred) == 0
