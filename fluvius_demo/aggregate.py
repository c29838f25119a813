"""What every Aggregate shares. Where the running command is kept, legacy.py, migrated.py and isolated.py decide."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from functools import wraps
from typing import Any, ClassVar, Protocol

from fluvius_demo.errors import BadRequestError, ForbiddenError, PreconditionFailedError
from fluvius_demo.recording import Recording
from fluvius_demo.records import ActivityLog, AggregateRoot, CommandBundle, DomainContext, MessageRecord, ResponseRecord
from fluvius_demo.statemgr import StateManager

IF_MATCH = "if-match"


class CommandMeta(Protocol):
    """What an aggregate reads of a command's class: `Meta.new_resource` is True where no object exists yet."""

    Meta: Any


class AggregateDomain(Protocol):
    """What an aggregate reads of its domain, once, when it is made."""

    domain_name: str
    lookup_event: Callable[[str], Any]
    lookup_message: Callable[[str], Any]
    lookup_response: Callable[[str], Any]
    statemgr: StateManager


def action(evt_key: str | None = None, resources: str | list[str] | tuple[str, ...] | None = None) -> Callable:
    """Make an async method an action: it runs on these resources alone, then emits the event `evt_key`.

    The event's `args` are the keyword arguments, its `data` is the result. On another resource the action raises
    ForbiddenError; then neither the body has run nor an event been emitted. An action that fails has written nothing.
    """
    allowed = (resources,) if isinstance(resources, str) else tuple(resources or ())

    def decorate(method: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        @wraps(method)
        async def run(self: "Aggregate", *args: Any, **evt_args: Any) -> Any:
            resource = self.aggroot.resource
            if allowed and resource not in allowed:
                raise ForbiddenError(
                    f"run the action {method.__name__!r} on {resource} {self.aggroot.identifier!r}",
                    f"it is not allowed on the resource {resource!r}",
                    f"send it to one of: {', '.join(allowed)}",
                )
            confirm_same_command = self._same_command()
            # All or nothing: what the action has written, and its event.
            with self.statemgr.savepoint():
                data = await method(self, *args, **evt_args)
                confirm_same_command()
                if evt_key is not None:
                    self.create_event(evt_key, evt_args, data)
            return data

        run.is_action = True  # type: ignore[attr-defined]
        return run

    return decorate


class Aggregate(Recording, ABC):
    """The object that commands act through; one instance serves every command of its domain, unless `per_command`.

    A design says where the running command is kept: it opens and closes commands, and offers the four properties,
    `_cmdmeta` and its events (a `_evt_queue`, or methods of its own). All else is here, and does not know the design.
    """

    if_match_verify: ClassVar[bool] = True
    per_command: ClassVar[bool] = False  # True: the domain makes a new instance for each command
    _actions: ClassVar[tuple[str, ...]] = ()
    _cmdmeta: CommandMeta | None

    def __init__(self, domain: AggregateDomain) -> None:
        self.domain_name = domain.domain_name
        self.lookup_event = domain.lookup_event
        self.lookup_message = domain.lookup_message
        self.lookup_response = domain.lookup_response
        self.statemgr = domain.statemgr

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        # dir(), not __dict__: a subclass offers the actions that it inherits, too.
        cls._actions = tuple(name for name in dir(cls) if hasattr(getattr(cls, name, None), "is_action"))

    @abstractmethod
    def command_aggregate(
        self, context: DomainContext, command_bundle: CommandBundle, command_meta: CommandMeta
    ) -> AbstractAsyncContextManager["RestrictedAggregateProxy"]:
        """Run a command: `async with aggregate.command_aggregate(context, bundle, meta) as proxy`."""

    @property
    @abstractmethod
    def context(self) -> DomainContext:
        """Who asked for the running command."""

    @property
    @abstractmethod
    def command(self) -> CommandBundle:
        """The running command."""

    @property
    @abstractmethod
    def aggroot(self) -> AggregateRoot:
        """The address of the object that the running command is about."""

    @property
    @abstractmethod
    def rootobj(self) -> Any:
        """That object as it was when the command was opened; None where the command makes a new one."""

    async def before_command(
        self, context: DomainContext, command_bundle: CommandBundle, command_meta: CommandMeta
    ) -> None:
        """Run before the body; to be overridden. Use the arguments: not every design has opened the command yet."""

    async def after_command(
        self, context: DomainContext, command_bundle: CommandBundle, command_meta: CommandMeta
    ) -> None:
        """Run after a body that succeeded; to be overridden. Use the arguments: the command may be closed."""

    def _same_command(self) -> Callable[[], None]:
        """Return a check that an action makes at its end. A design that can tell raises where its command has ended."""
        return lambda: None

    async def fetch_command_rootobj(
        self,
        aggroot: AggregateRoot,
        context: DomainContext | None = None,
        command_meta: CommandMeta | None = None,
    ) -> Any:
        """Return the root object, or None for a command on a new resource. Without arguments: of the running command.

        Raises BadRequestError where If-Match is required and missing, PreconditionFailedError where the object is
        another version. A call of `process_command` checks the etag once more when it commits.
        """
        context = self.context if context is None else context
        if (command_meta or self._cmdmeta).Meta.new_resource:
            return None
        if aggroot.domain_sid is None:
            rootobj = await self.statemgr.fetch(aggroot.resource, aggroot.identifier)
        else:
            rootobj = await self.statemgr.fetch_with_domain_sid(
                aggroot.resource, aggroot.identifier, aggroot.domain_sid
            )
        # What this very call has made has no etag yet that anybody could name.
        if self.if_match_verify and not context.source and rootobj._etag:
            etag = context.header(IF_MATCH)
            self._check_if_match(aggroot, rootobj, etag)
            self.statemgr.expect(aggroot.resource, aggroot.identifier, etag)
        return rootobj

    def _check_if_match(self, aggroot: AggregateRoot, rootobj: Any, etag: str | None) -> None:
        attempted = f"run a command on {aggroot.resource} {aggroot.identifier!r}"
        if etag is None:
            raise BadRequestError(
                attempted,
                "the header if-match is required, and missing",
                f"send the etag that you loaded, such as {rootobj._etag}",
            )
        if etag != rootobj._etag:
            raise PreconditionFailedError(
                attempted, f"If-Match names {etag}, but it is {rootobj._etag}", "load it again and repeat"
            )

    def get_context(self) -> DomainContext:
        """Return the `context` property, for the proxy."""
        return self.context

    def get_rootobj(self) -> Any:
        """Return the `rootobj` property, for the proxy."""
        return self.rootobj

    def get_aggroot(self) -> AggregateRoot:
        """Return the `aggroot` property, for the proxy."""
        return self.aggroot


class RestrictedAggregateProxy:
    """What a command processor is given: the actions and these six methods; nothing else of the aggregate.

    Nothing can be changed on it: commands may share it, and would find there what another one has left.
    """

    create_message: Callable[..., MessageRecord]
    create_response: Callable[..., ResponseRecord]
    create_activity: Callable[..., ActivityLog]
    get_context: Callable[[], DomainContext]
    get_rootobj: Callable[[], Any]
    get_aggroot: Callable[[], AggregateRoot]

    def __init__(self, aggregate: Aggregate) -> None:
        names = (*aggregate._actions, *RestrictedAggregateProxy.__annotations__)
        vars(self).update({name: getattr(aggregate, name) for name in names})

    def _refuse(self, name: str, _value: Any = None) -> None:
        raise AttributeError(
            f"Cannot change {name!r} of the proxy: other commands may share it. "
            "To solve this, keep the value in a local variable, and hand it on as an argument."
        )

    __setattr__ = __delattr__ = _refuse
