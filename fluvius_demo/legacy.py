"""LegacyAggregate: the running command in instance variables (the migration document's "Before")."""

import queue
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fluvius_demo.aggregate import Aggregate, AggregateDomain, CommandMeta, RestrictedAggregateProxy
from fluvius_demo.recording import unconsumed
from fluvius_demo.records import AggregateRoot, CommandBundle, DomainContext


class LegacyAggregate(Aggregate):
    """One set of variables for all commands.

    - While a command runs, every other one is refused, whoever sends it.
    - Fault: there is no try/finally. After an error in a command the variables stay set, and all later commands
      are refused.
    - Fault: outside a command the properties are None.
    """

    def __init__(self, domain: AggregateDomain) -> None:
        super().__init__(domain)
        self._evt_queue = None
        self._context = None
        self._command = None
        self._cmdmeta = None
        self._aggroot = None
        self._rootobj = None

    @asynccontextmanager
    async def command_aggregate(
        self, context: DomainContext, command_bundle: CommandBundle, command_meta: CommandMeta
    ) -> AsyncIterator[RestrictedAggregateProxy]:
        """Run a command. Raises RuntimeError "Overlapping context: …" while another one runs."""
        if getattr(self, "_context", None):
            raise RuntimeError(f"Overlapping context: {context}")

        self._evt_queue = queue.Queue()
        self._context = context
        self._command = command_bundle
        self._cmdmeta = command_meta
        self._aggroot = command_bundle.aggroot
        self._rootobj = await self.fetch_command_rootobj(self._aggroot)
        await self.before_command(context, command_bundle, command_meta)

        yield RestrictedAggregateProxy(self)

        if not self._evt_queue.empty():
            raise unconsumed(command_bundle, self._evt_queue.qsize())
        await self.after_command(context, command_bundle, command_meta)
        self._context = None
        self._command = None
        self._cmdmeta = None
        self._aggroot = None
        self._rootobj = None

    @property
    def context(self) -> DomainContext:
        """Who asked for the running command."""
        return self._context

    @property
    def command(self) -> CommandBundle:
        """The running command."""
        return self._command

    @property
    def aggroot(self) -> AggregateRoot:
        """The address of the object that the running command is about."""
        return self._aggroot

    @property
    def rootobj(self) -> Any:
        """That object as it was when the command was opened."""
        return self._rootobj
