"""What several checks try: two commands at once, one inside of the other, an event outside of every command."""

from collections.abc import Callable
from contextlib import suppress
from contextvars import Context
from typing import Any

from fluvius_demo.aggregate import Aggregate
from fluvius_demo.banking import Bank
from fluvius_demo.lessons.outcomes import Finding, compared
from fluvius_demo.lessons.trial import finding_of, itself, seen_by
from fluvius_demo.lessons.turns import Body, Turn, play

Work = Callable[[Any, str], Any]

NOTHING, ANAS = "nothing", "ana's command"


def whose(aggregate: Any) -> str:
    """Return whose command is seen here, in words."""
    name = seen_by(aggregate)
    return f"{name}'s command" if name else NOTHING


def events_of(aggregate: Any) -> str:
    """Take the events of the running command, in words."""
    return ", ".join(event.event for event in aggregate.consume_events()) or NOTHING


async def at_once(design: type[Aggregate], look: Callable[[Any], Any], work: Work = lambda *_: None) -> Finding:
    """Open a command for Ana and one for Ben, each in a task; then both do `work`, and then both `look`.

    `work` is called with the aggregate and the name; `look`, with the aggregate, is to return the name.
    """
    bank = await Bank.opened(design, ana=0, ben=0)

    def command(name: str) -> Body:
        async def body(turn: Turn) -> Any:
            aggregate = bank.aggregate
            await turn("open")
            async with aggregate.command_aggregate(*bank.depositing(name, 1_00)):
                await turn("work")
                work(aggregate, name)
                await turn("look")
                return look(aggregate)

        return body

    _, lanes = await play({name: command(name) for name in ("ana", "ben")}, ("ana", "ben", "ana", "ben"))
    for lane in lanes.values():
        if lane.stuck:
            return Finding("stuck", "ana and ben", f"{lane.name} waits for ever")
        if lane.error is not None:
            return Finding.of_error("ana and ben", lane.error)
    return compared("ana and ben", " and ".join(str(lane.result) for lane in lanes.values()))


async def own_events_at_once(design: type[Aggregate]) -> Finding:
    """Have two commands that are open at once create an event each. Does each get its own?"""
    return await at_once(design, events_of, lambda aggregate, name: aggregate.create_event(name, {}, None))


async def after_a_second_inside(design: type[Aggregate]) -> Finding:
    """In one task, open Ana's command and inside of it Ben's. Whose command does Ana's see after that?"""
    bank = await Bank.opened(design, ana=0, ben=0)

    async def both() -> str:
        aggregate = bank.aggregate
        async with aggregate.command_aggregate(*bank.depositing("ana", 1_00)):
            async with bank.aggregate.command_aggregate(*bank.depositing("ben", 1_00)):
                pass
            return whose(aggregate)

    return await finding_of(both(), ANAS, ANAS, itself)


def apart(design: type[Aggregate]) -> Finding:
    """Create an event in an empty Context, as a new thread has it. Does another one find it? Refused is as good."""
    first, second = Bank(design).aggregate, Bank(design).aggregate
    with suppress(Exception):
        Context().run(first.create_event, "stray", {}, None)
    return compared("a stranger finds nothing", f"a stranger finds {found_outside(second)}")


def found_outside(aggregate: Any) -> str:
    """Return the events that whoever has no command finds."""
    try:
        return Context().run(events_of, aggregate)
    except Exception:  # as loud as it can be
        return NOTHING
