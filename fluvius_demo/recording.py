"""What a command brings about: events, responses, messages, activities, and the audit fields of what it stores."""

import queue
from collections.abc import Awaitable, Callable, Mapping
from threading import Lock
from typing import Any

from fluvius_demo.errors import BadRequestError, UnconsumedEventsError
from fluvius_demo.records import (
    ActivityLog,
    ActivityType,
    AggregateRoot,
    CommandBundle,
    DomainContext,
    EventRecord,
    MessageRecord,
    ResponseRecord,
)
from fluvius_demo.statemgr import StateManager

DEFAULT_RESPONSE = "default-response"

# Appending to a list needs no lock, and making a list costs a fraction of what a queue does.
_TAKING = Lock()


class Recording:
    """The half of Aggregate that makes records. It finds the running command through the four names below.

    A design that keeps its events in anything but a queue says so in create_event, consume_events, _waiting_events.
    """

    domain_name: str
    lookup_event: Callable[[str], Any]
    lookup_message: Callable[[str], Any]
    lookup_response: Callable[[str], Any]
    statemgr: StateManager

    context: DomainContext
    aggroot: AggregateRoot
    command: CommandBundle
    _evt_queue: "queue.Queue[EventRecord]"

    def create_event(self, evt_key: str, evt_args: Mapping[str, Any], data: Any) -> EventRecord:
        """Put an event into the running command's queue and return it; a key that nobody declared takes any data."""
        event = self._event(evt_key, evt_args, data)
        self._evt_queue.put(event)
        return event

    def _event(self, evt_key: str, evt_args: Mapping[str, Any], data: Any) -> EventRecord:
        try:
            model = self.lookup_event(evt_key)
        except KeyError:
            model = None
        if model is not None:
            data = model.model_validate(data)
        return EventRecord(evt_key, evt_args, data)

    def consume_events(self) -> list[EventRecord]:
        """Take and return the events of the running command, the oldest first."""
        events, evt_queue = [], self._evt_queue
        while not evt_queue.empty():
            events.append(evt_queue.get_nowait())
        return events

    @property
    def _waiting_events(self) -> int | None:
        return None if self._evt_queue is None else self._evt_queue.qsize()

    def create_response(self, data: Any, _type: str | None = None, **kwargs: Any) -> ResponseRecord:
        """Return a response; `kwargs` are added to `data`. Raises BadRequestError for a type that is not declared."""
        kind = _type or DEFAULT_RESPONSE
        return ResponseRecord(kind, _declared("response", kind, self.lookup_response, {**(data or {}), **kwargs}))

    def create_message(self, msg_key: str, data: Any = None, **kwargs: Any) -> MessageRecord:
        """Return a message about the root; `kwargs` are its flags. Raises BadRequestError for an unknown key."""
        payload = _declared("message", msg_key, self.lookup_message, data or {})
        return MessageRecord(msg_key, self.aggroot, self.domain_name, payload, flags=kwargs)

    def create_activity(
        self,
        message: str,
        data: Any = None,
        msglabel: str | None = None,
        msgtype: ActivityType = ActivityType.USER_ACTION,
        logroot: AggregateRoot | None = None,
        code: int = 0,
        **kwargs: Any,
    ) -> ActivityLog:
        """Return a log line about `logroot`, or about the running command's root."""
        root = logroot or self.aggroot
        return ActivityLog(
            domain=self.domain_name,
            resource=root.resource,
            identifier=root.identifier,
            domain_sid=root.domain_sid,
            domain_iid=root.domain_iid,
            message=message,
            data=data,
            msglabel=msglabel,
            msgtype=msgtype,
            code=code,
            context=self.context.name,
            **kwargs,
        )

    def init_resource(self, resource: str, data: Mapping[str, Any] | None = None, **kwargs: Any) -> Awaitable[Any]:
        """Return (awaitable) a new object with its audit fields; it is not stored yet."""
        return self.statemgr.create(resource, data, **kwargs, **self.audit_created())

    def audit_created(self) -> dict[str, Any]:
        """Return the audit fields of a new object. The etag is not among them: the store gives it."""
        context = self.context
        return {"_realm": context.realm, "_created": context.timestamp, "_creator": context.profile_id}

    def audit_updated(self) -> dict[str, Any]:
        """Return the audit fields of a changed object."""
        context = self.context
        return {"_updated": context.timestamp, "_updater": context.profile_id}


def taken(events: list[EventRecord]) -> list[EventRecord]:
    """Take and return all events of a list, the oldest first; other threads may put and take at the same time."""
    with _TAKING:
        found = events[:]
        del events[: len(found)]
    return found


def unconsumed(bundle: CommandBundle, count: int) -> UnconsumedEventsError:
    """Return the error for a command that ends with events that nobody took."""
    return UnconsumedEventsError(
        f"end the command {bundle.command!r}",
        f"{count} of its events were not taken",
        "call consume_events() before the end of the command",
    )


def _declared(kind: str, key: str, lookup: Callable[[str], Any], data: Any) -> Any:
    try:
        model = lookup(key)
    except KeyError:
        raise BadRequestError(
            f"create the {kind} {key!r}", "the domain does not declare it", f"add it to the domain's {kind}s"
        ) from None
    return model.model_validate(data)
