"""The plain data that commands, aggregates and stores hand to each other. Nothing here has behaviour worth a bug.

What a command is given (its object, its context, itself) can be held weakly, to see whether it is freed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, NamedTuple


class AggregateRoot(NamedTuple):
    """The address of the object that a command is about."""

    resource: str
    identifier: str
    domain_sid: str | None = None
    domain_iid: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True, weakref_slot=True)
class Resource:
    """One stored object. Frozen: a design that mixes up commands must not look right because they share an object.

    `_etag` names a committed version (`"account/ana@3"`); the store sets it, nobody else does.
    """

    identifier: str
    domain_sid: str | None = None
    _etag: str = ""
    _realm: str | None = None
    _created: datetime | None = None
    _creator: str | None = None
    _updated: datetime | None = None
    _updater: str | None = None
    _deleted: bool = False


@dataclass(frozen=True, slots=True, weakref_slot=True)
class DomainContext:
    """Who asks, from where and when. A truthy `source` marks a trusted caller: If-Match is not asked of it."""

    domain: str = ""
    revision: int = 0
    transport: str | None = None
    source: str | None = None
    timestamp: datetime = field(default_factory=lambda: datetime.now(UTC))
    headers: Mapping[str, str] = field(default_factory=dict)
    organization_id: str | None = None
    profile_id: str | None = None
    user_id: str | None = None
    realm: str | None = None
    name: str = "unnamed"

    def header(self, name: str) -> str | None:
        """Return the header's value or None; names are compared without regard to case (RFC 9110, 5.1)."""
        wanted = name.lower()
        return next((value for key, value in self.headers.items() if key.lower() == wanted), None)

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True, weakref_slot=True)
class CommandBundle:
    """A command on its way: what is to be done, to which object, with which payload. The domain gives the `id`."""

    domain: str
    command: str
    revision: int
    resource: str
    identifier: str
    payload: Any = None
    domain_sid: str | None = None
    domain_iid: str | None = None
    context: DomainContext | None = None
    id: str | None = None

    @property
    def aggroot(self) -> AggregateRoot:
        """The address of the object that this command is about."""
        # As AggregateRoot(…), in half of the time: one is made for every command.
        return tuple.__new__(AggregateRoot, (self.resource, self.identifier, self.domain_sid, self.domain_iid))


@dataclass(frozen=True, slots=True)
class EventRecord:
    """What happened: the event's key, the action's keyword arguments, the action's result."""

    event: str
    args: Mapping[str, Any]
    data: Any
    src_cmd: str | None = None


@dataclass(frozen=True, slots=True)
class ResponseRecord:
    """What the caller gets back."""

    response: str
    data: Any
    src_cmd: str | None = None


@dataclass(frozen=True, slots=True)
class MessageRecord:
    """What others are told once the call is committed."""

    message: str
    aggroot: AggregateRoot
    domain: str
    data: Any = None
    src_cmd: str | None = None
    flags: Mapping[str, Any] = field(default_factory=dict)


class ActivityType(StrEnum):
    """Who caused a logged activity."""

    USER_ACTION = "user-action"
    SYSTEM_ACTION = "system-action"


@dataclass(frozen=True, slots=True)
class ActivityLog:
    """A line in the log that people read."""

    domain: str
    resource: str
    identifier: str
    message: str
    data: Any = None
    msglabel: str | None = None
    msgtype: ActivityType = ActivityType.USER_ACTION
    code: int = 0
    domain_sid: str | None = None
    domain_iid: str | None = None
    context: str | None = None
    src_cmd: str | None = None
