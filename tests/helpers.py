"""What the tests of aggregates share: notes to run commands on, and a fresh event loop for each test."""

import asyncio
import sys
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import wraps
from typing import Any

import pytest
from pydantic import BaseModel

from fluvius_demo import Aggregate, IsolatedAggregate, LegacyAggregate, MemoryStateManager, MigratedAggregate, action
from fluvius_demo.records import CommandBundle, DomainContext, Resource
from fluvius_demo.transaction import Write

DESIGNS = [LegacyAggregate, MigratedAggregate, IsolatedAggregate]
NOTHING = {"has_context": False, "has_command": False, "has_aggroot": False, "has_rootobj": False, "evt_queue_size": 0}
OPEN = {"has_context": True, "has_command": True, "has_aggroot": True, "has_rootobj": True, "evt_queue_size": 0}

each_design = pytest.mark.parametrize("design", DESIGNS)


# How the running command can be used, and what the refusal of an isolated aggregate then calls it.
USES: list[tuple[Callable[[Any], Any], str]] = [
    (lambda aggregate: aggregate.context, "read 'context'"),
    (lambda aggregate: aggregate.command, "read 'command'"),
    (lambda aggregate: aggregate.aggroot, "read 'aggroot'"),
    (lambda aggregate: aggregate.rootobj, "read 'rootobj'"),
    (lambda aggregate: aggregate._cmdmeta, "read the command's meta"),
    (lambda aggregate: aggregate.create_event("e", {}, None), "create an event"),
    (lambda aggregate: aggregate.consume_events(), "use the command's events"),
    (lambda aggregate: aggregate.create_message("note-written", {"note": "a"}), "read 'aggroot'"),
    (lambda aggregate: aggregate.create_activity("done"), "read 'aggroot'"),
    (lambda aggregate: aggregate.audit_created(), "read 'context'"),
    (lambda aggregate: aggregate.audit_updated(), "read 'context'"),
    (lambda aggregate: aggregate.init_resource("note", identifier="n"), "read 'context'"),
    (lambda aggregate: aggregate.write(text="hi").send(None), "read 'aggroot'"),
]
USE_NAMES = ["context", "command", "aggroot", "rootobj", "meta", "create_event", "consume_events", "create_message"]
USE_NAMES += ["create_activity", "audit_created", "audit_updated", "init_resource", "action"]
each_use = pytest.mark.parametrize(("use", "attempted"), USES, ids=USE_NAMES)


@dataclass(frozen=True, kw_only=True)
class Note(Resource):
    """A note; without slots, so that a test can hold it weakly."""

    text: str = ""


@dataclass(frozen=True, kw_only=True)
class Page(Resource):
    """Another kind of resource."""


class Written(BaseModel):
    """The declared shape of what an event, a message or a response about a note tells."""

    note: str
    length: int = 0


class NoteActions:
    """Two actions: `write` is for notes alone, `touch` for any resource and without an event."""

    @action("note-written", resources="note")
    async def write(self: Aggregate, *, text: str) -> dict[str, Any]:
        """Go to the store, so that others get their turn, and tell the length."""
        note = await self.statemgr.fetch("note", self.aggroot.identifier)
        return {"note": note.identifier, "length": len(text)}

    @action()
    async def touch(self: Aggregate) -> str:
        """Return which object the command is about."""
        return self.aggroot.identifier


class Desk:
    """A domain, as far as an aggregate reads it. Its store holds the notes a, b, c and the page a; c is the HQ's."""

    domain_name = "desk"
    lookup_event = {"note-written": Written}.__getitem__
    lookup_message = {"note-written": Written}.__getitem__
    lookup_response = {"default-response": Written, "note-state": Written}.__getitem__

    def __init__(self) -> None:
        self.statemgr = MemoryStateManager({"note": Note, "page": Page})
        notes = [Note(identifier="a"), Note(identifier="b"), Note(identifier="c", domain_sid="hq")]
        self.statemgr.write({("note", note.identifier): Write("insert", note) for note in notes})
        self.statemgr.write({("page", "a"): Write("insert", Page(identifier="a"))})


class Existing:
    """The meta of a command on an object that exists."""

    class Meta:
        new_resource = False


class New:
    """The meta of a command that makes its object."""

    class Meta:
        new_resource = True


Opening = tuple[DomainContext, CommandBundle, type]


def made(design: type[Aggregate], *mixins: type, desk: Desk | None = None) -> Any:
    """Return an aggregate of this design with the note actions, after any mixins."""
    return type("Notes", (*mixins, NoteActions, design), {})(desk or Desk())


def opening(identifier: str = "a", resource: str = "note", *, new: bool = False, **more: Any) -> Opening:
    """Return the arguments of `command_aggregate`; the context is named after the note, and trusted by default."""
    domain_sid = more.pop("domain_sid", None)
    context = DomainContext(**{"source": "test", "name": f"for {identifier}", **more})
    bundle = CommandBundle("desk", "write-note", 0, resource, identifier, domain_sid=domain_sid)
    return context, bundle, New if new else Existing


async def run(aggregate: Any, identifier: str = "b") -> str:
    """Run a command and return whose it was."""
    async with aggregate.command_aggregate(*opening(identifier)):
        return aggregate.context.name


def needs(what: str) -> pytest.MarkDecorator:
    """Mark a test that the browser's Python skips, since the browser has none of this."""
    return pytest.mark.skipif(sys.platform == "emscripten", reason=f"the browser has no {what}")


def in_a_loop(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """Make a coroutine a test: it runs in a fresh event loop, task and Context, and a deadlock fails after a minute."""

    @wraps(test)
    def call(*args: Any, **kwargs: Any) -> None:
        async def guarded() -> None:
            async with asyncio.timeout(60):
                await test(*args, **kwargs)

        asyncio.run(guarded())

    return call


async def end_of(work: Coroutine[Any, Any, Any] | asyncio.Future[Any]) -> Any:
    """Return the result of the work, or the error that it ended with."""
    return (await asyncio.gather(work, return_exceptions=True))[0]
