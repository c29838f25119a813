"""Six ways to keep the running command's six things, in what people use for this."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from contextvars import ContextVar, Token
from typing import Any

import asgiref.local
import werkzeug.local
from structlog.contextvars import bound_contextvars, get_contextvars

from fluvius_demo.aggregate import AggregateDomain
from fluvius_demo.lessons.designs import Design
from fluvius_demo.lessons.kept import KeptAggregate, Six


class PerInstanceAggregate(KeptAggregate):
    """One variable for each instance, which holds one object.

    Fault: what has copied the Context meanwhile (a task, a timer) keeps a variable more for each instance, and so all
    these instances. One variable for all would hold the last command alone.
    """

    def __init__(self, domain: AggregateDomain) -> None:
        super().__init__(domain)
        self._six: ContextVar[Six] = ContextVar("six")

    def _put(self, six: Six) -> Token[Six]:
        return self._six.set(six)

    def _get(self, name: str) -> Any:
        return getattr(self._six.get(), name)

    def _take_away(self, put: Token[Six]) -> None:
        self._six.reset(put)


_NAMES = ("context", "command", "meta", "aggroot", "rootobj", "events")
_VARIABLES = {name: ContextVar(name) for name in _NAMES}
_context, _command, _meta, _aggroot, _rootobj, _events = _VARIABLES.values()


class SixResetsAggregate(KeptAggregate):
    """Six variables with six resets by token: the migration, mended in the obvious way."""

    def _put(self, six: Six) -> Sequence[Token[Any]]:
        return (
            _context.set(six.context),
            _command.set(six.command),
            _meta.set(six.meta),
            _aggroot.set(six.aggroot),
            _rootobj.set(six.rootobj),
            _events.set(six.events),
        )

    def _get(self, name: str) -> Any:
        return _VARIABLES[name].get()

    def _take_away(self, put: Sequence[Token[Any]]) -> None:
        context, command, meta, aggroot, rootobj, events = put
        _context.reset(context)
        _command.reset(command)
        _meta.reset(meta)
        _aggroot.reset(aggroot)
        _rootobj.reset(rootobj)
        _events.reset(events)


class CopyOnWriteAggregate(KeptAggregate):
    """One variable with a mapping that nobody changes: each of the six sets makes a new one, as both Locals do.

    The token of the first set takes all six away.
    """

    _mapping: ContextVar[Mapping[str, Any]] = ContextVar("mapping")

    def _put(self, six: Six) -> Token[Mapping[str, Any]]:
        first = self._set("context", six.context)
        self._set("command", six.command)
        self._set("meta", six.meta)
        self._set("aggroot", six.aggroot)
        self._set("rootobj", six.rootobj)
        self._set("events", six.events)
        return first

    def _set(self, name: str, value: Any) -> Token[Mapping[str, Any]]:
        return self._mapping.set({**self._mapping.get({}), name: value})

    def _get(self, name: str) -> Any:
        return self._mapping.get()[name]

    def _take_away(self, put: Token[Mapping[str, Any]]) -> None:
        self._mapping.reset(put)


class LocalAggregate(KeptAggregate):
    """Six attributes of a Local, as both libraries have it. After a command inside of a command none is left."""

    _local: Any

    def _put(self, six: Six) -> None:
        local = self._local
        local.context, local.command, local.meta = six.context, six.command, six.meta
        local.aggroot, local.rootobj, local.events = six.aggroot, six.rootobj, six.events

    def _get(self, name: str) -> Any:
        return getattr(self._local, name)


class WerkzeugAggregate(LocalAggregate):
    """werkzeug's Local: one variable with a dict, copied for each set. Its release leaves an empty dict."""

    _local = werkzeug.local.Local()

    def _take_away(self, put: None) -> None:
        werkzeug.local.release_local(self._local)


class AsgirefAggregate(LocalAggregate):
    """asgiref's Local: the same with a lock around it. It knows no release, so there are six deletions."""

    _local = asgiref.local.Local()

    def _take_away(self, put: None) -> None:
        local = self._local
        with suppress(AttributeError):  # a command inside of this one has deleted them
            del local.context, local.command, local.meta, local.aggroot, local.rootobj, local.events


class StructlogAggregate(KeptAggregate):
    """structlog's bound_contextvars: a variable for each name, and all names read at once, as a log line wants it.

    Fault: the names are the whole program's, and every log line with merge_contextvars has all six.
    """

    def _put(self, six: Six) -> AbstractContextManager[None]:
        put = bound_contextvars(**{name: getattr(six, name) for name in _NAMES})
        put.__enter__()
        return put

    def _get(self, name: str) -> Any:
        return get_contextvars()[name]

    def _take_away(self, put: AbstractContextManager[None]) -> None:
        put.__exit__(None, None, None)


KEPT: dict[str, Design] = {
    design.name: design
    for design in (
        Design("one variable per instance", PerInstanceAggregate, "a variable for each instance, with one object"),
        Design("six variables, six resets", SixResetsAggregate, "six context variables, each reset by its token"),
        Design("copy on write", CopyOnWriteAggregate, "one context variable with a mapping, copied for each set"),
        Design("werkzeug Local", WerkzeugAggregate, "six attributes of a werkzeug Local, released at the end"),
        Design("asgiref Local", AsgirefAggregate, "six attributes of an asgiref Local, deleted at the end"),
        Design("structlog bound_contextvars", StructlogAggregate, "six names, bound by structlog for one block"),
    )
}
