"""What several checks try: two commands at once, one inside of the other, an event outside of every command."""

from collections.abc import Callable
from contextvars import Context
from typing import Any

from fluvius_demo.aggregate import Aggregate
from fluvius_demo.banking import Bank
from fluvius_demo.lessons.outcomes import Finding, compared
from fluvius_demo.lessons.trial import finding_of, itself, seen_by
from fluvius_demo.lessons.turns import Body, Turn, play

NOTHING = "nothing"


def whose(aggregate: Any) -> str:
    """Return whose command is seen here, in words."""
    return seen_by(aggregate) or NOTHING


def events_of(aggregate: Any) -> str:
    """Take the events of the running command, in words."""
    return ", ".join(event.event for event in aggregate.consume_events()) or NOTHING


async def at_once(design: type[Aggregate], work: Callable[[Any, str], Any]) -> Finding:
    """Open a command for Ana and one for Ben, each in a task; `work` is called in each, and is to return the name."""
    bank = await Bank.opened(design, ana=0, ben=0)

    def command(name: str) -> Body:
        async def body(turn: Turn) -> Any:
            aggregate = bank.aggregate
            await turn("open")
            async with aggregate.command_aggregate(*bank.depositing(name, 1_00)):
                await turn("work")
                return work(aggregate, name)

        return body

    _, lanes = await play({name: command(name) for name in ("ana", "ben")}, ("ana", "ben"))
    for lane in lanes.values():
        if lane.error is not None:
            return Finding.of_error("ana and ben", lane.error)
    return compared("ana and ben", " and ".join(lane.result for lane in lanes.values()))


async def after_a_second_inside(design: type[Aggregate]) -> Finding:
    """In one task, open Ana's command and inside of it Ben's. Whose command does Ana's see after that?"""
    bank = await Bank.opened(design, ana=0, ben=0)

    async def both() -> str:
        aggregate = bank.aggregate
        async with aggregate.command_aggregate(*bank.depositing("ana", 1_00)):
            async with bank.aggregate.command_aggregate(*bank.depositing("ben", 1_00)):
                pass
            return whose(aggregate)

    return await finding_of(both(), "ana", "ana", itself)


def stray_event(design: type[Aggregate]) -> str:
    """Create an event in an empty Context, as a new thread has it; return what another one then finds.

    Raises what the design raises when the event is created.
    """
    first, second = Bank(design).aggregate, Bank(design).aggregate
    Context().run(first.create_event, "stray", {}, None)
    try:
        return Context().run(events_of, second)
    except Exception:  # as loud as it can be
        return NOTHING


def apart(design: type[Aggregate]) -> Finding:
    """Return whether an event that is created outside of every command reaches nobody else; refused is as good."""
    try:
        found = stray_event(design)
    except Exception:
        found = NOTHING
    return compared(NOTHING, found)
