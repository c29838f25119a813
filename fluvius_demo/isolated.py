"""IsolatedAggregate: the running command in one context variable that holds one frame (the migration finished)."""

from collections.abc import Callable, Mapping
from typing import Any
from weakref import ref

from fluvius_demo.aggregate import Aggregate, AggregateDomain, CommandMeta, RestrictedAggregateProxy
from fluvius_demo.errors import OutsideCommandError
from fluvius_demo.frame import CommandFrame, Inherited, Metadata, current, ended
from fluvius_demo.recording import taken
from fluvius_demo.records import AggregateRoot, CommandBundle, DomainContext, EventRecord


def of_frame(name: str, attempted: str, doc: str = "") -> Any:
    """Return a property that reads this of the running command; it raises OutsideCommandError or CommandEndedError."""

    def read(self: "IsolatedAggregate") -> Any:
        frame = current.get()
        if frame is None or frame.aggregate is not self:  # an ended frame has no aggregate, only an owner
            frame = self._frame(attempted)
        value = getattr(frame, name)
        if frame.closed:  # just now, in another thread: the value may be what is left of it
            raise ended(attempted)
        return value

    return property(read, doc=doc)


class IsolatedAggregate(Aggregate):
    """One frame for each command. Who sees it:

    - the task that opened the command, until `async with` ends;
    - tasks, threads (`to_thread`) and callbacks that it started meanwhile: they work for the command while it is
      open, and are refused once it has ended;
    - a command that any of these opens on another aggregate, as its parent;
    - nobody else: no other task, instance or subclass.

    A second command on the same aggregate is refused in the Context of the first, and is its own in another task.
    """

    _frame_type: type[CommandFrame] = CommandFrame  # the monitor puts its own in place, on one aggregate

    def __init__(self, domain: AggregateDomain) -> None:
        super().__init__(domain)
        self._make_what_commands_share()

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update({name: value for name, value in state.items() if name != "_frame_type"})  # unwatched
        self._make_what_commands_share()  # a copy is another owner, with another proxy

    def _make_what_commands_share(self) -> None:
        # Neither holds anything of a command, so one of each serves them all.
        self._proxy = RestrictedAggregateProxy(self)
        self._owner = ref(self)

    def command_aggregate(
        self, context: DomainContext, command_bundle: CommandBundle, command_meta: CommandMeta
    ) -> CommandFrame:
        """Run a command. Raises NestedCommandError where one of this aggregate is open in the same Context."""
        return self._frame_type(self, context, command_bundle, command_meta)

    context: DomainContext = of_frame("context", "read 'context'", "Who asked for the running command.")
    command: CommandBundle = of_frame("command", "read 'command'", "The running command.")
    aggroot: AggregateRoot = of_frame(
        "aggroot", "read 'aggroot'", "The address of the object that the running command is about."
    )
    rootobj: Any = of_frame("rootobj", "read 'rootobj'", "That object as it was when the command was opened.")
    metadata: Metadata = of_frame(
        "metadata",
        "read 'metadata'",
        "What `annotate` has put on the running command, and on the ones around it before.",
    )
    _cmdmeta: CommandMeta = of_frame("meta", "read the command's meta")
    _events: list[EventRecord] = of_frame("events", "use the command's events")

    def _same_command(self) -> Callable[[], None]:
        frame = self._frame("run an action")

        def check() -> None:
            if frame.closed:
                raise ended("end an action")

        return check

    def create_event(self, evt_key: str, evt_args: Mapping[str, Any], data: Any) -> EventRecord:
        """Keep an event for the running command. Raises OutsideCommandError or CommandEndedError."""
        frame = self._frame("create an event")
        event, events = self._event(evt_key, evt_args, data), frame.events
        if events is not None:
            events.append(event)
        if frame.closed:  # just now, by another thread: say so, and do not lose the event silently
            raise ended("create an event")
        return event

    def consume_events(self) -> list[EventRecord]:
        """Take and return the events of the running command, the oldest first."""
        return taken(self._events)

    @property
    def _waiting_events(self) -> int:
        return len(self._events)

    def _find(self) -> CommandFrame | None:
        frame = current.get()
        while frame is not None and frame.owner() is not self:
            frame = frame.parent
        return frame

    def _frame(self, attempted: str) -> CommandFrame:
        frame = current.get()
        if frame is not None and frame.aggregate is self:  # open, and the innermost: the usual case
            return frame
        frame = self._find()
        if frame is None:
            raise OutsideCommandError(
                attempted,
                "no command of this aggregate is open in this Context",
                "call this inside of 'async with aggregate.command_aggregate(…)'; for a thread, use asyncio.to_thread",
            )
        if frame.closed:
            raise ended(attempted)
        return frame

    def annotate(self, **values: Any) -> None:
        """Put key-values on the running command, for its logs and for the commands that are opened in it from now on.

        Raises OutsideCommandError or CommandEndedError. A command inside of this one never changes what this one has.
        """
        frame = self._frame("annotate the command")
        frame.annotate(values)
        if frame.closed:
            raise ended("annotate the command")

    @property
    def inherited(self) -> Inherited | None:
        """What the running command sees of the nearest open command around it, of any aggregate; None without one."""
        outer = self._frame("read 'inherited'").parent
        around = outer and outer.nearest_open()
        if around is None:
            return None
        seen = Inherited(around.context, around.command, around.metadata)
        return None if around.closed else seen  # just now, in another thread: what is seen may be what is left of it

    def clear_context(self) -> None:
        """Hide the running command of this aggregate from the rest of this Context; nobody else notices."""
        frame = self._find()
        if frame is not None and not frame.closed:
            hidden = CommandFrame(self, frame.context, frame.command, frame.meta)
            hidden.parent = current.get()
            hidden.close()
            current.set(hidden)

    def get_context_state(self) -> dict[str, bool | int]:
        """Return what is open here: five keys, for debugging. Never raises."""
        frame = self._find()
        is_open = frame is not None and not frame.closed
        events = (frame.events if is_open else None) or ()  # a thread may look while the command ends
        return {
            "has_context": is_open and frame.context is not None,
            "has_command": is_open and frame.command is not None,
            "has_aggroot": is_open and frame.aggroot is not None,
            "has_rootobj": is_open and frame.rootobj is not None,
            "evt_queue_size": len(events),
        }
