"""Named situations, and what a design makes of each: *correct*, *refused* (loud), *wrong* (silent) or *stuck*.

Each runs on a fresh bank, in a fresh task and Context, and leaves nothing behind. No outcome is typed in: it follows
from what was expected and what was seen.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from fluvius_demo.aggregate import Aggregate
from fluvius_demo.banking import Bank
from fluvius_demo.lessons.outcomes import Finding
from fluvius_demo.lessons.overlap import overlap
from fluvius_demo.lessons.trial import deposited, finding_of, itself
from fluvius_demo.lessons.turns import alone

Test = Callable[[type[Aggregate]], Awaitable[Finding]]
SITUATIONS: dict[str, "Situation"] = {}


@dataclass(frozen=True)
class Situation:
    """A situation by name, with the question that it puts to a design."""

    name: str
    question: str
    test: Test


def situation(name: str) -> Callable[[Test], Test]:
    """Register a situation; its docstring is the question."""

    def register(test: Test) -> Test:
        SITUATIONS[name] = Situation(name, test.__doc__ or "", test)
        return test

    return register


@situation("two commands overlap")
async def two_overlap(design: type[Aggregate]) -> Finding:
    """Two people deposit at the same time, each on their own account. Does each account get its money?"""
    return (await overlap(design, {"A": ("ana", 100_00), "B": ("ben", 50_00)}, "ABABAB")).finding


@situation("100 commands overlap")
async def hundred_overlap(design: type[Aggregate]) -> Finding:
    """A hundred people deposit at the same time, each on their own account. Does each get the money?"""
    names = [f"c{i:03}" for i in range(100)]
    return (await overlap(design, {name: (name, 1_00) for name in names}, names * 3)).finding


async def _next_after(bank: Bank, trouble: Coroutine[Any, Any, Any]) -> Finding:
    await alone(trouble)
    body = deposited(bank, "ana", 1_00)
    return await finding_of(body, "that the next deposit goes through", {"ana": 1_00}, lambda _: bank.balances())


@situation("after an error")
async def after_error(design: type[Aggregate]) -> Finding:
    """A command raises in its body. Does the next person's command work?"""

    async def fail() -> None:
        raise ValueError("a bug in the command")

    bank = await Bank.opened(design, ana=0)
    return await _next_after(bank, deposited(bank, "ana", 1_00, fail))


@situation("after a timeout")
async def after_timeout(design: type[Aggregate]) -> Finding:
    """A command takes too long and is given up. Does the next one work?"""
    bank = await Bank.opened(design, ana=0)

    async def too_slow() -> None:
        async with asyncio.timeout(None) as limit:

            async def wait() -> None:
                limit.reschedule(asyncio.get_running_loop().time())  # the time is up now: nobody has to wait for it
                await asyncio.Event().wait()

            await deposited(bank, "ana", 1_00, wait)

    return await _next_after(bank, too_slow())


@situation("after a cancellation")
async def after_cancellation(design: type[Aggregate]) -> Finding:
    """The caller hangs up in the middle of a command. Does the next one work?"""

    async def hang_up() -> None:
        raise asyncio.CancelledError

    bank = await Bank.opened(design, ana=0)
    return await _next_after(bank, deposited(bank, "ana", 1_00, hang_up))


@situation("after a stale If-Match")
async def after_stale_etag(design: type[Aggregate]) -> Finding:
    """A command is refused because its etag is old. Does the next one work?"""
    bank = await Bank.opened(design, ana=0)
    stale = bank.setup_context(source=None, headers={"if-match": "account/ana@0"})
    opening = bank.opening(bank.command("deposit-money", "ana", amount=1_00), stale)

    async def refused() -> None:
        async with bank.aggregate.command_aggregate(*opening):
            pass

    return await _next_after(bank, refused())


@situation("after the command")
async def after_the_command(design: type[Aggregate]) -> Finding:
    """A command has ended well. Does the same task still see it?"""
    bank = await Bank.opened(design, ana=0)
    aggregate = bank.aggregate

    async def look_after() -> str | None:
        await deposited(bank, "ana", 1_00)
        return aggregate.command and aggregate.command.identifier

    return await finding_of(look_after(), "that nothing is seen", None, itself)


@situation("a command in a command")
async def nested(design: type[Aggregate]) -> Finding:
    """While Ana's command is open, its own task runs one for Ben. Does Ana still get her money?"""
    bank = await Bank.opened(design, ana=0, ben=0)
    body = deposited(bank, "ana", 100_00, lambda: deposited(bank, "ben", 50_00))
    return await finding_of(body, "that both go through", {"ana": 100_00, "ben": 50_00}, lambda _: bank.balances())


@situation("two instances in one task")
async def two_instances(design: type[Aggregate]) -> Finding:
    """While a command is open at one bank, the task opens one at another bank. Does each bank know its own?"""
    first, second = await Bank.opened(design, ana=0, ben=0), await Bank.opened(design, ana=0, ben=0)
    aggregate = first.aggregate

    async def both() -> None:
        async with (
            aggregate.command_aggregate(*first.depositing("ana", 100_00)) as proxy,
            second.aggregate.command_aggregate(*second.depositing("ben", 50_00)),
        ):
            await proxy.deposit(amount=100_00)
            aggregate.consume_events()

    return await finding_of(
        both(), "that the first bank's Ana gets it", {"ana": 100_00, "ben": 0}, lambda _: first.balances()
    )


@situation("an event outside of a command")
async def stray_event(design: type[Aggregate]) -> Finding:
    """Code that runs in no command creates an event. Is it told so, or is the event lost, or found by a stranger?"""
    first, second = await Bank.opened(design, ana=0), await Bank.opened(design)

    async def stray() -> None:
        first.aggregate.create_event("stray", {}, None)

    async def found() -> list[str]:
        return [event.event for event in second.aggregate.consume_events()]

    await alone(deposited(first, "ana", 1_00))  # an ordinary command, before: what it leaves behind may take the event
    made, got = await alone(stray()), await alone(found())
    if made.error is not None:
        return Finding.of_error("that it is refused", made.error)
    return Finding("wrong", "that it is refused", f"found by a stranger: {got.result}" if got.result else "lost")
