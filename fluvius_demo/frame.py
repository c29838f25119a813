"""The command frame: one running command of an IsolatedAggregate, and the `async with` block that it runs in."""

import os
import warnings
from collections.abc import Mapping
from contextlib import suppress
from contextvars import ContextVar, Token
from threading import Lock
from types import MappingProxyType, TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import ref

from fluvius_demo.aggregate import CommandMeta, RestrictedAggregateProxy
from fluvius_demo.errors import CommandEndedError, MovedCommandError, NestedCommandError
from fluvius_demo.recording import unconsumed
from fluvius_demo.records import AggregateRoot, CommandBundle, DomainContext, EventRecord
from fluvius_demo.scopes import renewed

if TYPE_CHECKING:
    from fluvius_demo.isolated import IsolatedAggregate

# One variable for all instances: whatever copies the Context meanwhile (a task, a timer) keeps each variable that is
# set there, so one for each instance would keep the instances alive. The frame says whose command it is.
current: ContextVar["CommandFrame | None"] = ContextVar("fluvius_command", default=None)

Metadata = Mapping[str, Any]
# Nobody changes a mapping of metadata in place: a command inside of a command would change the outer one's.
NO_METADATA: Metadata = MappingProxyType({})
_ANNOTATING = Lock()  # two threads may work for one command


class Inherited(NamedTuple):
    """All that a command sees of the command around it; its object, its events and its end stay its own."""

    context: DomainContext
    command: CommandBundle
    metadata: Metadata


class CommandFrame:
    """The running command, and the `async with` block that it runs in. Good for one block."""

    __slots__ = (
        "aggregate",
        "aggroot",
        "closed",
        "command",
        "context",
        "entered",
        "events",
        "meta",
        "metadata",
        "owner",
        "parent",
        "rootobj",
        "token",
    )

    def __init__(
        self, aggregate: "IsolatedAggregate", context: DomainContext, command: CommandBundle, meta: CommandMeta
    ) -> None:
        self.aggregate = aggregate
        self.owner = aggregate._owner  # whose command it is, for ever; it is weak, so an old frame keeps nobody alive
        self.context, self.command, self.meta = context, command, meta
        self.aggroot: AggregateRoot | None = command.aggroot
        self.parent: CommandFrame | None = None
        self.rootobj: Any = None
        self.events: list[EventRecord] | None = []
        self.metadata: Metadata | None = NO_METADATA
        self.token: Token | None = None
        self.entered = self.closed = False

    async def __aenter__(self) -> RestrictedAggregateProxy:
        aggregate = self.aggregate
        if self.entered:
            raise NestedCommandError(
                "open a command", "this block was entered before", "call command_aggregate() for each command"
            )
        self.entered = True
        if current.get() is not None:
            self.refuse_nesting()
        self.rootobj = await aggregate.fetch_command_rootobj(self.aggroot, self.context, self.meta)
        await aggregate.before_command(self.context, self.command, self.meta)
        if (outer := current.get()) is not None:
            self.refuse_nesting()  # again: a task that shares this very Context may have opened one meanwhile
            self.parent = outer
            if (around := outer.nearest_open()) is not None:
                self.metadata = around.metadata  # what it is now: what either of them adds later is its own
        proxy = aggregate._proxy
        # The set comes last: an error or a cancellation above leaves no trace.
        self.token = current.set(self)
        return proxy

    async def __aexit__(
        self, _type: type[BaseException] | None, error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        aggregate, token = self.aggregate, self.token
        context, command, meta = self.context, self.command, self.meta
        left = self.close()
        latest = current.get()
        try:
            current.reset(token)
        except ValueError:
            report_moved(command, error)
        else:
            if latest is not self and self.has_younger(latest):
                current.set(latest)
        if error is not None:
            return
        if left:
            raise unconsumed(command, left)
        await aggregate.after_command(context, command, meta)

    def close(self) -> int:
        """End the command for everybody who has inherited it; return how many events nobody took.

        Whatever outlives the command (a task, a timer, a kept handle) keeps this frame: so it is emptied.
        """
        self.closed = True
        left = len(self.events)
        if self.parent is not None:
            self.parent = still_needed(self.parent, self.owner)
        self.aggregate = self.context = self.command = self.meta = self.aggroot = self.rootobj = None
        self.events = self.token = self.metadata = None
        return left

    def annotate(self, values: Metadata) -> None:
        """Put key-values on the command; a mapping that somebody has inherited stays as it is."""
        with _ANNOTATING:
            if self.metadata is not None:
                self.metadata = MappingProxyType({**self.metadata, **values})

    def nearest_open(self) -> "CommandFrame | None":
        """Return this command, or the nearest one around it that is still open."""
        frame: CommandFrame | None = self
        while frame is not None and frame.closed:
            frame = frame.parent
        return frame

    def has_younger(self, latest: "CommandFrame | None") -> bool:
        """Return whether a command that was opened here after this one is still open: out of order, but it stays."""
        while latest is not None and latest is not self:
            if not latest.closed:
                return True
            latest = latest.parent
        return False

    def hides_another(self) -> bool:
        """Return whether an open command of the same aggregate lies further out."""
        outer = self.parent
        while outer is not None and (outer.closed or outer.owner is not self.owner):
            outer = outer.parent
        return outer is not None

    def refuse_nesting(self) -> None:
        """Raise NestedCommandError where this aggregate's command is open in this very Context."""
        outer = self.aggregate._find()
        if outer is not None and not outer.closed and outer.opened_here():
            raise NestedCommandError(
                f"open {described(self.command)}",
                f"{described(outer.command)} is still open here",
                "end it first, call its actions directly, or start a task for the second command",
            )

    def opened_here(self) -> bool:
        """Return whether this command was opened in the present Context, and not inherited by it."""
        token = renewed(current, self.token)
        self.token = token or self.token
        return token is not None


def described(command: CommandBundle) -> str:
    """Return the command in words, for the error texts."""
    return f"{command.command!r} on {command.resource} {command.identifier!r}"


def still_needed(frame: CommandFrame | None, owner: "ref[IsolatedAggregate]") -> CommandFrame | None:
    """Return the nearest parent that a frame of this owner needs.

    An ended frame is needed where it keeps its children from working for an open command of the same aggregate
    further out. All others are passed over, or commands whose tasks start commands would chain them for ever.
    """
    while frame is not None and frame.closed and (frame.owner is owner or not frame.hides_another()):
        frame = frame.parent
    return frame


def report_moved(command: CommandBundle, error: BaseException | None) -> None:
    """Raise MovedCommandError; but while another error is on its way, warn, and keep that error."""
    moved = MovedCommandError(
        f"end {described(command)}",
        "it was opened in another Context, which still holds it (as ended)",
        "open and end a command in one task; do not yield inside of it",
    )
    if error is None:
        raise moved from None
    error.add_note(str(moved))
    with suppress(RuntimeWarning):  # where warnings are errors, the first error is still the one to show
        warnings.warn(str(moved), RuntimeWarning, stacklevel=3)


def ended(attempted: str) -> CommandEndedError:
    """Return the error for code whose command has ended."""
    return CommandEndedError(
        attempted,
        f"the command that this code works for {_how}",
        "await the work inside of the command, or open a command for it",
    )


_how = "has ended"


def end_in_forked_child() -> None:
    """End the commands that a forked process has inherited: these are copies, and nobody would take their events."""
    global _how
    _how = "has ended, or stays with the process that this one was forked from"
    frame = current.get()
    while frame is not None:
        frame.closed = True
        frame = frame.parent


if hasattr(os, "register_at_fork"):  # not on Windows, nor in a browser
    os.register_at_fork(after_in_child=end_in_forked_child)
