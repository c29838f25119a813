"""Designs with one well-known mistake each on the way to context variables: damage that none of the DESIGNS shows.

All of them pass the plain case, one command at a time in one task. What a KeptAggregate lets pass, they let pass, too.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from contextvars import ContextVar, Token
from copy import copy
from typing import Any

from fluvius_demo.aggregate import AggregateDomain, CommandMeta, RestrictedAggregateProxy
from fluvius_demo.lessons.designs import Design
from fluvius_demo.lessons.kept import KeptAggregate, Six
from fluvius_demo.records import CommandBundle, DomainContext, EventRecord


class OneVariableAggregate(KeptAggregate):
    """One variable with one object, reset by its token: where each of the mistakes starts from."""

    _six: ContextVar[Six | None] = ContextVar("six", default=None)

    def _put(self, six: Six) -> Any:
        return self._six.set(six)

    def _get(self, name: str) -> Any:
        return getattr(self._six.get(), name)

    def _take_away(self, put: Any) -> None:
        self._six.reset(put)


class SetNoneAggregate(OneVariableAggregate):
    """The end sets None, and so the command around this one is gone, too: P05."""

    _six = ContextVar("six_none", default=None)

    def _take_away(self, put: Token[Six | None]) -> None:
        self._six.set(None)


class NoFinallyAggregate(OneVariableAggregate):
    """No try/finally around the yield: after an error or a cancellation in the body nothing is reset: P20."""

    _six = ContextVar("six_no_finally", default=None)

    @asynccontextmanager
    async def command_aggregate(
        self, context: DomainContext, command_bundle: CommandBundle, command_meta: CommandMeta
    ) -> AsyncIterator[RestrictedAggregateProxy]:
        """Run a command; it is forgotten if it ends well."""
        six = super().command_aggregate(context, command_bundle, command_meta)
        yield await six.__aenter__()
        await six.__aexit__(None, None, None)


class TokenOnSelfAggregate(OneVariableAggregate):
    """The token lies on the shared aggregate, where the next command puts its own in its place: P07."""

    _six = ContextVar("six_token_on_self", default=None)

    def _put(self, six: Six) -> None:
        self._token = self._six.set(six)

    def _take_away(self, put: None) -> None:
        self._six.reset(self._token)


class VariablePerInstanceAggregate(OneVariableAggregate):
    """A variable for each instance, set and never reset: whatever Context saw an instance keeps it for ever: P22."""

    def __init__(self, domain: AggregateDomain) -> None:
        super().__init__(domain)
        self._six = ContextVar("six_of_an_instance", default=None)

    def _take_away(self, put: Token[Six | None]) -> None:
        pass


class FrozenCopyAggregate(OneVariableAggregate):
    """Every change makes and sets a copy; that of a child task stays in its own Context, and so do its events: P02."""

    _six = ContextVar("six_frozen", default=None)

    def _put(self, six: Six) -> tuple[Six, Token[Six | None]]:
        return six, self._six.set(six)

    def _take_away(self, put: tuple[Six, Token[Six | None]]) -> None:
        six, token = put
        six.events = self._events  # of the latest copy: what nobody has taken is still refused
        self._six.reset(token)

    def _replace(self, events: list[EventRecord]) -> None:
        six = copy(self._six.get())
        six.events = events
        self._six.set(six)

    def create_event(self, evt_key: str, evt_args: Mapping[str, Any], data: Any) -> EventRecord:
        """Put an event for the running command and return it."""
        event = self._event(evt_key, evt_args, data)
        self._replace([*self._events, event])
        return event

    def consume_events(self) -> list[EventRecord]:
        """Take and return the events of the running command, the oldest first."""
        events = self._events
        self._replace([])
        return events


class ResetHidesErrorAggregate(OneVariableAggregate):
    """No mistake but the plain reset: in another Context its ValueError takes the place of the body's error: P26."""

    _six = ContextVar("six_hides", default=None)


MISTAKES: dict[str, Design] = {
    design.name: design
    for design in (
        Design("set None", SetNoneAggregate, "one variable, set to None at the end"),
        Design("no finally", NoFinallyAggregate, "one variable, reset if the command ends well"),
        Design("token on self", TokenOnSelfAggregate, "one variable, reset by a token on the aggregate"),
        Design("variable per instance", VariablePerInstanceAggregate, "a variable for each instance, never reset"),
        Design("frozen copy", FrozenCopyAggregate, "one variable, and a new copy of the state for each event"),
        Design("reset hides the error", ResetHidesErrorAggregate, "one variable, reset by its token in any case"),
    )
}
