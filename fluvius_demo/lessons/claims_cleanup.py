"""C06, C13, C17, C18 and C32: what is left when a command has ended, and the two methods that show and clear it."""

import asyncio
from typing import Any

from fluvius_demo.aggregate import Aggregate
from fluvius_demo.banking import Bank
from fluvius_demo.lessons.claims_trials import ANAS, NOTHING, whose
from fluvius_demo.lessons.claims_verdict import Part, check
from fluvius_demo.lessons.outcomes import Finding
from fluvius_demo.lessons.trial import deposited, finding_of, itself

AFTER = "after a command in the same task"
BY_TOKEN = "reset each variable by its token at the end of the command"
EMPTY = "has nothing, 0 events"


@check("C06", remedy=BY_TOKEN)
async def no_cleanup(design: type[Aggregate]) -> list[Part]:
    """What does the task still see after a command that ended well, and after one that failed?"""
    return [
        Part(AFTER, await left_after(design)),
        Part("after a command that failed in the same task", await left_after(design, fails=True)),
    ]


@check("C13", remedy=BY_TOKEN)
async def isolated_at_the_end(design: type[Aggregate]) -> list[Part]:
    """What does the next execution in this task find before it opens its command?"""
    return [Part("for what runs next in the same task", await left_after(design))]


async def left_after(design: type[Aggregate], fails: bool = False) -> Finding:
    """Return whose command a task still sees after its command has ended, with an error or without."""
    bank = await Bank.opened(design, ana=0)
    aggregate = bank.aggregate

    async def fail() -> None:
        raise ValueError("a bug in the command")

    async def look_after() -> str:
        try:
            async with aggregate.command_aggregate(*bank.depositing("ana", 1_00)):
                if fails:
                    await fail()
        except ValueError:
            pass
        return whose(aggregate)

    return await finding_of(look_after(), NOTHING, NOTHING, itself)


@check("C17", remedy="end a command for everybody who has inherited it; make each aggregate clear its own alone")
async def clears_all(design: type[Aggregate]) -> list[Part]:
    """Is the command cleared here, for a task that it has started, and only for its own aggregate?"""

    async def cleared(bank: Bank, by: Bank) -> tuple[str, str]:
        aggregate, go = bank.aggregate, asyncio.Event()

        async def child() -> str:
            await go.wait()
            return whose(aggregate)

        async with aggregate.command_aggregate(*bank.depositing("ana", 1_00)):
            task = asyncio.create_task(child())
            (aggregate if by is bank else by.aggregate).clear_context()
            go.set()
            return whose(aggregate), await task

    bank, other = await Bank.opened(design, ana=0), await Bank.opened(design)
    here = await finding_of(cleared(bank, bank), NOTHING, NOTHING, lambda seen: seen[0])
    inherited = await finding_of(cleared(bank, bank), NOTHING, NOTHING, lambda seen: seen[1])
    by_another = await finding_of(cleared(bank, other), ANAS, ANAS, lambda seen: seen[0])
    return [
        Part("in the task that calls it", here),
        Part("in a task that this one has started", inherited, limits=True),
        Part("where another aggregate is cleared in this task", by_another, limits=True),
    ]


@check("C18", remedy=BY_TOKEN)
async def shows_the_state(design: type[Aggregate]) -> list[Part]:
    """Is the state that it shows the one that there is: before, in and after a command?"""
    bank = await Bank.opened(design, ana=0)
    aggregate = bank.aggregate

    async def states() -> list[str]:
        seen = [in_words(aggregate)]
        async with aggregate.command_aggregate(*bank.depositing("ana", 1_00)):
            aggregate.create_event("noted", {}, None)
            seen.append(in_words(aggregate))
            aggregate.consume_events()
        return [*seen, in_words(aggregate)]

    async def state(number: int, expected: str) -> Finding:
        return await finding_of(states(), expected, expected, lambda seen: seen[number])

    return [
        Part("before a command", await state(0, EMPTY)),
        Part("in a command", await state(1, "has context, command, aggroot, rootobj, 1 events")),
        Part("after it", await state(2, EMPTY), limits=True),
    ]


@check("C32", remedy="offer both methods")
async def shows_and_clears(design: type[Aggregate]) -> list[Part]:
    """The document's lines: show the state, clear it, and show it once more."""
    bank = await Bank.opened(design, ana=0)
    aggregate = bank.aggregate

    async def both() -> str:
        await deposited(bank, "ana", 1_00)
        async with aggregate.command_aggregate(*bank.depositing("ana", 1_00)):
            first = in_words(aggregate)
            aggregate.clear_context()
            return f"{first}; then {in_words(aggregate)}"

    expected = f"has context, command, aggroot, rootobj, 0 events; then {EMPTY}"
    return [
        Part(
            "in a command: it is shown, and gone when it is cleared",
            await finding_of(both(), expected, expected, itself),
        )
    ]


def in_words(aggregate: Any) -> str:
    """Return what `get_context_state` says."""
    state = aggregate.get_context_state()
    has = [name.removeprefix("has_") for name, value in state.items() if value is True]
    return f"has {', '.join(has) or NOTHING}, {state['evt_queue_size']} events"
