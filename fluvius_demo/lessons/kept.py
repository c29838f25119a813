"""The same state, kept by somebody else: the block that a command runs in, which all ways to keep the six share.

So they differ in one point only: where the six are. The ways stand in keepers.py.
"""

from abc import abstractmethod
from collections.abc import Mapping
from functools import cached_property
from types import TracebackType
from typing import Any

from fluvius_demo.aggregate import Aggregate, CommandMeta, RestrictedAggregateProxy
from fluvius_demo.errors import OutsideCommandError
from fluvius_demo.recording import taken, unconsumed
from fluvius_demo.records import AggregateRoot, CommandBundle, DomainContext, EventRecord


class Six:
    """The six things of one running command, and the `async with` block that it runs in."""

    __slots__ = ("aggregate", "aggroot", "command", "context", "events", "meta", "put", "rootobj")

    def __init__(
        self, aggregate: "KeptAggregate", context: DomainContext, command: CommandBundle, meta: CommandMeta
    ) -> None:
        self.aggregate = aggregate
        self.context, self.command, self.meta = context, command, meta
        self.aggroot: AggregateRoot = command.aggroot
        self.rootobj: Any = None
        self.events: list[EventRecord] = []

    async def __aenter__(self) -> RestrictedAggregateProxy:
        aggregate = self.aggregate
        self.rootobj = await aggregate.fetch_command_rootobj(self.aggroot, self.context, self.meta)
        await aggregate.before_command(self.context, self.command, self.meta)
        # As on the isolated design: an error or a cancellation above leaves no trace.
        self.put = aggregate._put(self)
        return aggregate._proxy

    async def __aexit__(
        self, _type: type[BaseException] | None, error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        self.aggregate._take_away(self.put)
        if error is not None:
            return
        if self.events:
            raise unconsumed(self.command, len(self.events))
        await self.aggregate.after_command(self.context, self.command, self.meta)


def kept(name: str) -> Any:
    """Return a property that reads one of the six. It raises OutsideCommandError where no command is open."""

    def read(self: "KeptAggregate") -> Any:
        try:
            return self._get(name)
        except (AttributeError, LookupError):
            raise OutsideCommandError(
                f"read {name!r}", "no command is open in this Context", "call this inside of a command"
            ) from None

    return property(read, doc=f"The running command's {name}.")


class KeptAggregate(Aggregate):
    """One set of the six for each Context; each subclass says where. What IsolatedAggregate refuses, these let pass:

    - Whatever outlives a command (a task, a timer) goes on reading it, and its events are lost without a word.
    - Nobody asks whose command it is: the instances of a class share the six, unless each has its own variable.
    - A command inside of a command hides the outer one. At its end that is back, but for the two Locals.
    - A command that ends in another Context stays where it was opened.
    """

    @abstractmethod
    def _put(self, six: Six) -> Any:
        """Keep the six, and return what is needed to take them away."""

    @abstractmethod
    def _get(self, name: str) -> Any:
        """Return one of the six. Raises AttributeError or LookupError where there is none."""

    @abstractmethod
    def _take_away(self, put: Any) -> None:
        """Undo what has returned this."""

    @cached_property
    def _proxy(self) -> RestrictedAggregateProxy:
        return RestrictedAggregateProxy(self)

    def command_aggregate(
        self, context: DomainContext, command_bundle: CommandBundle, command_meta: CommandMeta
    ) -> Six:
        """Run a command, whatever else runs."""
        return Six(self, context, command_bundle, command_meta)

    context, command, aggroot, rootobj = kept("context"), kept("command"), kept("aggroot"), kept("rootobj")
    _cmdmeta, _events = kept("meta"), kept("events")

    def create_event(self, evt_key: str, evt_args: Mapping[str, Any], data: Any) -> EventRecord:
        """Put an event for the running command and return it."""
        event = self._event(evt_key, evt_args, data)
        self._events.append(event)
        return event

    def consume_events(self) -> list[EventRecord]:
        """Take and return the events of the running command, the oldest first."""
        return taken(self._events)

    @property
    def _waiting_events(self) -> int:
        return len(self._events)
