"""The bank's aggregate used where no command runs, and where one has ended.

LegacyAggregate and MigratedAggregate keep the migration document's behaviour as it stands, faults included: what is
shown of them here is a fact, not a wish. IsolatedAggregate refuses, and says why.
"""

import asyncio
from collections.abc import Callable
from contextvars import Context
from typing import Any

import pytest

from fluvius_demo import Aggregate, Bank, IsolatedAggregate, LegacyAggregate, MigratedAggregate
from fluvius_demo.errors import OutsideCommandError

PROPERTIES = ["context", "command", "aggroot", "rootobj"]
each_property = pytest.mark.parametrize("name", PROPERTIES)


def untouched(design: type, use: Callable[[Bank], Any]) -> Any:
    """Return what comes of using a new bank's aggregate in a fresh Context; the bank must stay as it was."""

    async def scenario() -> Any:
        bank = await Bank.opened(design, ana=100)
        try:
            result = use(bank)
            return await result if asyncio.iscoroutine(result) else result
        finally:
            assert (bank.balances(), bank.event_log) == ({"ana": 100}, [])

    return Context().run(asyncio.run, scenario())


def after_a_deposit(design: type, use: Callable[[Aggregate], Any]) -> Any:
    """Return what comes of using the aggregate in the task that has just run a deposit of 5 cents."""

    async def scenario() -> Any:
        bank = await Bank.opened(design, ana=100)
        await bank.process_command(bank.command("deposit-money", "ana", amount=5))
        return use(bank.aggregate)

    return Context().run(asyncio.run, scenario())


class TestLegacy:
    """The document's "Before": outside of a command there is nothing, and nobody says so."""

    @each_property
    def test_a_property_is_none(self, name: str) -> None:
        """Before any command and after one."""
        assert untouched(LegacyAggregate, lambda bank: getattr(bank.aggregate, name)) is None
        assert after_a_deposit(LegacyAggregate, lambda aggregate: getattr(aggregate, name)) is None

    @pytest.mark.parametrize(
        ("use", "text"),
        [
            (lambda bank: bank.aggregate.deposit(amount=5), "'NoneType' object has no attribute 'resource'"),
            (lambda bank: bank.aggregate.create_event("x", {}, None), "'NoneType' object has no attribute 'put'"),
        ],
        ids=["action", "create_event"],
    )
    def test_what_needs_a_command_stumbles_over_none(self, use: Callable[[Bank], Any], text: str) -> None:
        """The error is Python's own, and does not say what is missing."""
        with pytest.raises(AttributeError, match=f"^{text}$"):
            untouched(LegacyAggregate, use)

    def test_after_a_command_an_event_is_lost_in_silence(self) -> None:
        """The queue of the last command is still there, and takes it; the next command makes a new one."""
        event = after_a_deposit(LegacyAggregate, lambda aggregate: aggregate.create_event("late", {}, None))
        assert event.event == "late"


class TestMigrated:
    """The document's "After": a clear text, in a Context where no command was ever opened."""

    @each_property
    def test_a_property_raises_the_documents_error(self, name: str) -> None:
        """It is a RuntimeError with the document's sentence; for `rootobj` it is the context that is missing."""
        with pytest.raises(OutsideCommandError) as caught:
            untouched(MigratedAggregate, lambda bank: getattr(bank.aggregate, name))
        assert isinstance(caught.value, RuntimeError)
        variable = "context" if name == "rootobj" else name
        assert str(caught.value) == (
            f"Aggregate context is not initialized. Cannot read {variable!r}: no command was opened in this Context. "
            "To solve this, call this inside of a command."
        )

    def test_an_action_raises_it_too(self) -> None:
        """Its body has not run."""
        with pytest.raises(OutsideCommandError, match="Cannot read 'aggroot'"):
            untouched(MigratedAggregate, lambda bank: bank.aggregate.deposit(amount=5))

    def test_an_event_goes_to_everybodys_queue(self) -> None:
        """`create_event` does not raise: the default queue is one object for every Context (P01), even a fresh one."""
        made = untouched(MigratedAggregate, lambda bank: bank.aggregate.create_event("stray", {}, None))
        found = untouched(MigratedAggregate, lambda bank: bank.aggregate.consume_events())
        assert made in found

    @each_property
    def test_after_a_command_its_task_still_sees_it(self, name: str) -> None:
        """Nothing is reset (P03): the properties show the command that has ended."""
        assert after_a_deposit(MigratedAggregate, lambda aggregate: getattr(aggregate, name)) is not None


USES: dict[str, tuple[Callable[[Bank], Any], str]] = {
    **{name: (lambda bank, name=name: getattr(bank.aggregate, name), f"read {name!r}") for name in PROPERTIES},
    "action": (lambda bank: bank.aggregate.deposit(amount=5), "read 'aggroot'"),
    "create_event": (lambda bank: bank.aggregate.create_event("x", {}, None), "create an event"),
    "consume_events": (lambda bank: bank.aggregate.consume_events(), "use the command's events"),
    "audit_updated": (lambda bank: bank.aggregate.audit_updated(), "read 'context'"),
}


class TestIsolated:
    """The migration finished: one clear text, before a command and after one."""

    @pytest.mark.parametrize(("use", "attempted"), USES.values(), ids=USES)
    def test_whatever_needs_a_command_says_what_is_missing(self, use: Callable[[Bank], Any], attempted: str) -> None:
        """Properties, actions, events and audit fields alike."""
        with pytest.raises(OutsideCommandError) as caught:
            untouched(IsolatedAggregate, use)
        assert type(caught.value) is OutsideCommandError
        assert str(caught.value) == (
            f"Aggregate context is not initialized. Cannot {attempted}: no command of this aggregate is open in this "
            "Context. To solve this, call this inside of 'async with aggregate.command_aggregate(…)'; for a thread, "
            "use asyncio.to_thread."
        )

    @each_property
    def test_after_a_command_nothing_of_it_is_seen(self, name: str) -> None:
        """The task that ran it is outside again."""
        with pytest.raises(OutsideCommandError, match=r"^Aggregate context is not initialized\. "):
            after_a_deposit(IsolatedAggregate, lambda aggregate: getattr(aggregate, name))

    def test_after_a_command_no_event_is_taken(self) -> None:
        """An event that nobody would collect is refused, and not lost."""
        with pytest.raises(OutsideCommandError):
            after_a_deposit(IsolatedAggregate, lambda aggregate: aggregate.create_event("late", {}, None))
