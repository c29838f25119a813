"""Domain: the commands of one subject, their processors, and `process_command`, which runs them as one transaction."""

import inspect
import itertools
import logging
from collections import defaultdict
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import replace
from functools import cache
from typing import Any, ClassVar

from pydantic import BaseModel

from fluvius_demo.aggregate import Aggregate, RestrictedAggregateProxy
from fluvius_demo.collected import Collected, records_of
from fluvius_demo.command import Command, CommandMeta, checked_payload
from fluvius_demo.errors import BadRequestError, ForbiddenError, NotFoundError
from fluvius_demo.isolated import IsolatedAggregate
from fluvius_demo.records import (
    ActivityLog,
    CommandBundle,
    DomainContext,
    EventRecord,
    MessageRecord,
    ResponseRecord,
)
from fluvius_demo.statemgr import StateManager

logger = logging.getLogger(__name__)

Processor = Callable[["Command", RestrictedAggregateProxy, StateManager, Any], Any]


class Domain:
    """The commands of one subject on one store, with the design of Aggregate as a choice.

    - `Actions`: a class with the domain's actions; it is joined with the chosen design.
    - `events`, `messages`, `responses`: the declared keys and their pydantic models.
    - `event_log`, `activity_log`: what committed calls have brought about, in the order of the commits.
    """

    domain_name: ClassVar[str] = "domain"
    revision: ClassVar[int] = 0
    Actions: ClassVar[type] = object
    Command: ClassVar[type[Command]]
    events: ClassVar[dict[str, type[BaseModel]]] = {}
    messages: ClassVar[dict[str, type[BaseModel]]] = {}
    responses: ClassVar[dict[str, type[BaseModel]]] = {}
    _commands: ClassVar[dict[str, type[Command]]] = {}
    _processors: ClassVar[dict[type[Command], list[tuple[int, Processor]]]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls._commands, cls._processors = dict(cls._commands), {k: list(v) for k, v in cls._processors.items()}
        cls.Command = type("Command", (Command,), {"_domain": None, "__doc__": Command.__doc__})
        cls.Command._domain = cls

    def __init__(self, design: type[Aggregate] = IsolatedAggregate, *, statemgr: StateManager) -> None:
        self.statemgr = statemgr
        self.event_log: list[EventRecord] = []
        self.activity_log: list[ActivityLog] = []
        self._handlers: dict[str, list[Callable[[MessageRecord], Any]]] = defaultdict(list)
        self._ids = itertools.count(1)
        self._aggregate = joined(self.Actions, design)(self)

    @property
    def aggregate(self) -> Aggregate:
        """The one instance that every command shares; with a design that is `per_command`, a new one."""
        return type(self._aggregate)(self) if self._aggregate.per_command else self._aggregate

    @classmethod
    def _register(cls, command: type[Command]) -> None:
        said = command.__dict__.get("Meta", CommandMeta)
        meta = type("Meta", (said,) if said is CommandMeta else (said, CommandMeta), {})
        if isinstance(meta.resources, str):
            meta.resources = (meta.resources,)
        if not hasattr(meta, "key"):
            raise TypeError(f"{command.__name__} has no key. To solve this, add 'class Meta: key = …' to it.")
        if meta.key in cls.__dict__["_commands"] and cls._commands[meta.key]._domain is cls:
            raise TypeError(
                f"{command.__name__} has the key {meta.key!r}, as another command. To solve this, change one."
            )
        command.Meta = meta
        cls._commands[meta.key] = command
        if hasattr(command, "_process"):
            cls.command_processor(command)(command._process)

    @classmethod
    def command_processor(cls, command: type[Command], priority: int = 0) -> Callable[[Processor], Processor]:
        """Run the decorated function for this command too: called as `_process` is, higher priorities first."""

        def decorate(processor: Processor) -> Processor:
            registered = cls._processors.setdefault(command, [])
            registered.append((priority, processor))
            registered.sort(key=lambda entry: -entry[0])
            return processor

        return decorate

    def lookup_event(self, key: str) -> type[BaseModel]:
        """Return the model of an event. Raises KeyError; so do the two below."""
        return self.events[key]

    def lookup_message(self, key: str) -> type[BaseModel]:
        """Return the model of a message."""
        return self.messages[key]

    def lookup_response(self, key: str) -> type[BaseModel]:
        """Return the model of a response."""
        return self.responses[key]

    def setup_context(self, **fields: Any) -> DomainContext:
        """Return a context of this domain."""
        return DomainContext(**{"domain": self.domain_name, "revision": self.revision, **fields})

    def create_command(
        self, key: str, resource: str, identifier: str, payload: Any = None, **more: Any
    ) -> CommandBundle:
        """Return a command to send; it is checked when it is processed."""
        return CommandBundle(self.domain_name, key, self.revision, resource, identifier, payload, **more)

    def subscribe(self, msg_key: str, handler: Callable[[MessageRecord], Any]) -> None:
        """Have a plain function called with each such message, once its call is committed.

        Raises BadRequestError for an `async def`: nothing is awaited after a commit, so that no cancellation can come
        between a call's writes and its messages.
        """
        if inspect.iscoroutinefunction(handler):
            raise BadRequestError(
                f"subscribe to {msg_key!r}", "the handler is async", "pass a plain function, which may start a task"
            )
        self._handlers[msg_key].append(handler)

    async def process_command(
        self, *commands: CommandBundle, context: DomainContext | None = None
    ) -> dict[str, list[ResponseRecord]]:
        """Run the commands in order, as one transaction; return the responses by type.

        A command's own context counts before `context`. Whatever is raised, by a command or by the final check of
        etags, nothing of this call remains: no write, no event, no message.
        """
        prepared = [self._prepare(bundle, context) for bundle in commands]
        collected = Collected()
        with self.statemgr.transaction() as transaction:
            for command in prepared:
                await self._run(command, collected)
            await transaction.commit()
            # Nothing is awaited after the commit: a cancellation comes before it, or not at all.
            self.event_log += collected.events
            self.activity_log += collected.activities
        self._dispatch(collected.messages)
        return dict(collected.responses)

    def opening(
        self, bundle: CommandBundle, context: DomainContext | None = None
    ) -> tuple[DomainContext, CommandBundle, type[Command]]:
        """Return the arguments of `command_aggregate` for this command. Raises what `process_command` raises for it."""
        command = self._prepare(bundle, context)
        return command.bundle.context, command.bundle, type(command)

    def _prepare(self, bundle: CommandBundle, context: DomainContext | None) -> Command:
        attempted = f"process {bundle.command!r} on {bundle.resource} {bundle.identifier!r}"
        for name in ("command", "resource", "identifier"):
            if not isinstance(value := getattr(bundle, name), str):
                raise BadRequestError(attempted, f"its {name} is {type(value).__name__}, not text", "send a string")
        if bundle.command not in self._commands:
            known = ", ".join(sorted(self._commands))
            raise NotFoundError(attempted, "there is no such command", f"use one of: {known}")
        kind = self._commands[bundle.command]
        if kind.Meta.resources and bundle.resource not in kind.Meta.resources:
            raise ForbiddenError(
                attempted,
                f"it is not allowed on the resource {bundle.resource!r}",
                f"send it to one of: {', '.join(kind.Meta.resources)}",
            )
        return kind(
            replace(
                bundle,
                id=f"{self.domain_name}-{next(self._ids)}",
                payload=checked_payload(kind, bundle.payload, attempted),
                context=bundle.context or context or self.setup_context(),
            )
        )

    async def _run(self, command: Command, collected: Collected) -> None:
        bundle, processors = command.bundle, self._processors.get(type(command), [])
        if not processors:
            raise NotFoundError(
                f"process {bundle.command!r}",
                "nothing processes it",
                "give it _process or a @command_processor",
            )
        aggregate = self.aggregate
        async with aggregate.command_aggregate(bundle.context, bundle, type(command)) as proxy:
            with self.statemgr.savepoint():  # work that a processor did not await cannot write for a later command
                for _, process in processors:
                    async with aclosing(records_of(process(command, proxy, self.statemgr, bundle.payload))) as records:
                        async for record in records:
                            collected.add(record, bundle.id)
                for event in aggregate.consume_events():
                    collected.add(event, bundle.id)

    def _dispatch(self, messages: list[MessageRecord]) -> None:
        for message in messages:
            for handler in self._handlers[message.message]:
                try:
                    handler(message)
                except Exception:  # the call is committed: a failing listener must not make it look failed
                    logger.exception("The handler %r failed on %r. To solve this, mend the handler.", handler, message)


@cache  # one class for each pair, so that two domains on one design share it, as they do in a real program
def joined(actions: type, design: type[Aggregate]) -> type[Aggregate]:
    """Return an aggregate class with these actions on this design."""
    bases = (design,) if actions is object else (actions, design)
    return type(f"{design.__name__}With{actions.__name__}", bases, {})
