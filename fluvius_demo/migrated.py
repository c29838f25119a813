"""MigratedAggregate: the running command in six context variables (the migration document's "After", to the letter)."""

import queue
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any

from fluvius_demo.aggregate import Aggregate, CommandMeta, RestrictedAggregateProxy
from fluvius_demo.errors import OutsideCommandError
from fluvius_demo.recording import unconsumed
from fluvius_demo.records import AggregateRoot, CommandBundle, DomainContext


class MigratedAggregate(Aggregate):
    """One set of variables for each Context, and so for each task.

    - Where no command was ever opened, the properties raise OutsideCommandError.
    - Fault: nothing is reset. After a command the task still sees it; a nested command overwrites the outer one.
    - Fault: the variables belong to the class. Two instances, or two subclasses, share one command.
    - Fault: the default queue is one object. Who has set none puts events into everybody's.
    """

    _evt_queue_var = ContextVar("evt_queue", default=queue.Queue())  # noqa: B039
    _context_var = ContextVar("context", default=None)
    _command_var = ContextVar("command", default=None)
    _cmdmeta_var = ContextVar("cmdmeta", default=None)
    _aggroot_var = ContextVar("aggroot", default=None)
    _rootobj_var = ContextVar("rootobj", default=None)

    @asynccontextmanager
    async def command_aggregate(
        self, context: DomainContext, command_bundle: CommandBundle, command_meta: CommandMeta
    ) -> AsyncIterator[RestrictedAggregateProxy]:
        """Run a command; whatever ran in this Context before is overwritten."""
        self._evt_queue_var.set(queue.Queue())
        self._context_var.set(context)
        self._command_var.set(command_bundle)
        self._cmdmeta_var.set(command_meta)
        self._aggroot_var.set(command_bundle.aggroot)
        self._rootobj_var.set(await self.fetch_command_rootobj(self._aggroot_var.get()))
        await self.before_command(context, command_bundle, command_meta)

        yield RestrictedAggregateProxy(self)

        if not self._evt_queue.empty():
            raise unconsumed(command_bundle, self._evt_queue.qsize())
        await self.after_command(context, command_bundle, command_meta)

    @property
    def context(self) -> DomainContext:
        """Who asked for the running command."""
        return self._set(self._context_var)

    @property
    def command(self) -> CommandBundle:
        """The running command."""
        return self._set(self._command_var)

    @property
    def aggroot(self) -> AggregateRoot:
        """The address of the object that the running command is about."""
        return self._set(self._aggroot_var)

    @property
    def rootobj(self) -> Any:
        """That object as it was when the command was opened."""
        self._set(self._context_var)
        return self._rootobj_var.get()

    @property
    def _cmdmeta(self) -> CommandMeta | None:
        return self._cmdmeta_var.get()

    @property
    def _evt_queue(self) -> queue.Queue:
        return self._evt_queue_var.get()

    def _set(self, variable: ContextVar) -> Any:
        value = variable.get()
        if value is None:
            raise OutsideCommandError(
                f"read {variable.name!r}",
                "no command was opened in this Context",
                "call this inside of a command",
            )
        return value

    def clear_context(self) -> None:
        """Set all six variables of this Context to nothing, whichever instance has set them."""
        self._evt_queue_var.set(queue.Queue())
        self._context_var.set(None)
        self._command_var.set(None)
        self._cmdmeta_var.set(None)
        self._aggroot_var.set(None)
        self._rootobj_var.set(None)

    def get_context_state(self) -> dict[str, bool | int]:
        """Return what this Context holds: five keys, for debugging."""
        return {
            "has_context": self._context_var.get() is not None,
            "has_command": self._command_var.get() is not None,
            "has_aggroot": self._aggroot_var.get() is not None,
            "has_rootobj": self._rootobj_var.get() is not None,
            "evt_queue_size": self._evt_queue_var.get().qsize(),
        }
