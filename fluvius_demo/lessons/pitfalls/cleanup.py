"""Group 1, cleanup: what is left of a command when it has ended, or has failed to begin."""

import asyncio
from contextlib import AsyncExitStack, suppress
from contextvars import copy_context
from dataclasses import replace
from functools import cache
from typing import Any

from fluvius_demo.aggregate import Aggregate, RestrictedAggregateProxy
from fluvius_demo.banking import Bank
from fluvius_demo.lessons.freed import Keep, armed_timer, finished_child, freed_with, nothing
from fluvius_demo.lessons.outcomes import ALL_OUTCOMES, Finding, compared
from fluvius_demo.lessons.pitfalls.pitfall import group
from fluvius_demo.lessons.situations import after_cancellation, after_error, after_timeout
from fluvius_demo.lessons.trial import deposited, finding_of, itself, nothing_left, seen_by
from fluvius_demo.statemgr import StoreCall

cleanup = group("cleanup")


@cleanup("P03", "set and never reset", remedy="reset the variable by its token", met_by=("agronholm/anyio#497",))
async def never_reset(design: type[Aggregate]) -> Finding:
    """A command has ended well. Does the same task still see it?"""
    bank = await Bank.opened(design, ana=0)
    aggregate = bank.aggregate

    async def look_after() -> str | None:
        await deposited(bank, "ana", 1_00)
        return seen_by(aggregate)

    return await nothing_left(look_after())


@cleanup(
    "P05",
    "set to None at the end",
    remedy="reset the variable by its token, which brings back what was there before",
    met_by=("yeongseon/azure-functions-logging-python#89",),
)
async def set_to_none(design: type[Aggregate]) -> Finding:
    """Inside of Ana's command its task runs a whole one for Ben at another bank. Does Ana's deposit still reach her?"""
    first, second = await Bank.opened(design, ana=0, ben=0), await Bank.opened(design, ana=0, ben=0)
    body = deposited(first, "ana", 100_00, lambda: deposited(second, "ben", 50_00))
    hope = "that the first bank's Ana gets it"
    return await finding_of(body, hope, {"ana": 100_00, "ben": 0}, lambda _: first.balances())


async def cancelled_timer(proxy: RestrictedAggregateProxy) -> asyncio.TimerHandle:
    """Keep a timer that was cancelled: it has let go of its callback, but not of its copy of the Context."""
    timer = await armed_timer(proxy)
    timer.cancel()
    return timer


KEEPERS: dict[str, Keep] = {
    "the aggregate itself": nothing,
    "a finished child task": finished_child,
    "an armed timer": armed_timer,
    "a cancelled timer": cancelled_timer,
}


@cleanup(
    "P10",
    "tasks and timers keep their Context",
    remedy="empty the state when the command ends: a reset does not reach the copies of the Context",
    met_by=("aio-libs/aiohttp#3938", "run-llama/llama-agents#486"),
)
async def kept_by_its_context(design: type[Aggregate]) -> Finding:
    """Ana's command has ended; a task and timers that it made are still there. Do they keep her account in memory?"""
    kept = [name for name, keep in KEEPERS.items() if await freed_with(design, keep) == "kept"]
    hope = "that her account is freed"
    return Finding("leaked", hope, f"kept by {', '.join(kept)}") if kept else Finding("correct", hope, "freed")


PLACES = {"opens": "fetch", "works": "update", "ends": "after_command"}  # where it waits: calls to the store


@cleanup(
    "P20",
    "cancelled while it waits",
    remedy="await all else before the set, put the reset into a finally, and await the rest after it",
    met_by=("pallets/flask#2517",),
)
async def cancelled(design: type[Aggregate]) -> Finding:
    """Ana hangs up while her command waits: as it opens, works, or ends. Is it gone, and does Ben's then work?"""
    for place, operation in PLACES.items():
        finding = _after(f"a cancellation while it {place}", await _hung_up(design, operation))
        if finding.outcome != "correct":
            break
    return finding


async def _hung_up(design: type[Aggregate], operation: str) -> Finding:
    bank = await Bank.opened(_with_a_call_at_the_end(design), ana=0, ben=0)

    async def hang_up(call: StoreCall) -> None:
        if call.operation == operation:
            bank.statemgr.gate = None  # once is enough
            asyncio.current_task().cancel()
            await asyncio.sleep(0)

    async def go_on() -> str | None:
        bank.statemgr.gate = hang_up
        with suppress(asyncio.CancelledError):
            await deposited(bank, "ana", 1_00)
        seen = seen_by(bank.aggregate)
        if seen is None:
            await deposited(bank, "ben", 50_00)
        return seen

    finding = await nothing_left(go_on())
    return finding if finding.outcome != "correct" else compared({"ben": 50_00}, {"ben": bank.balances()["ben"]})


def _after(trouble: str, finding: Finding) -> Finding:
    if finding.outcome == "correct":
        return finding
    return replace(finding, expected=f"{finding.expected}, after {trouble}")


@cache  # as domain.joined, which keeps a class for each design, too
def _with_a_call_at_the_end(design: type[Aggregate]) -> type[Aggregate]:
    async def after_command(self: Aggregate, *_opening: Any) -> None:
        await self.statemgr.call("after_command")

    return type(design.__name__, (design,), {"after_command": after_command})


TROUBLES = {"an error": after_error, "a cancellation": after_cancellation, "a timeout": after_timeout}


@cleanup(
    "P21",
    "a failure locks the next one out",
    remedy="put the end of the command into a finally",
    met_by=("pallets/flask#1822",),
)
async def locked_out(design: type[Aggregate]) -> Finding:
    """A command fails, is cancelled, or runs out of time. Does the next person's command work?"""
    found = {trouble: await test(design) for trouble, test in TROUBLES.items()}
    worst = max(found, key=lambda trouble: ALL_OUTCOMES.index(found[trouble].outcome))
    return _after(worst, found[worst])


@cleanup(
    "P22",
    "a variable for each instance",
    remedy="make one variable for all, at the top of the module, and reset it",
    met_by=("encode/databases#546",),
)
async def grows_with_instances(design: type[Aggregate]) -> Finding:
    """One task deals with ten banks, one after the other, and drops each. Does its Context grow with every bank?"""

    async def ten_banks() -> str | None:
        sizes = []
        for _ in range(10):
            await deposited(await Bank.opened(design, ana=0), "ana", 1_00)
            sizes.append(len(copy_context()))
        return f"{sizes[-1] - sizes[0]} more variables" if sizes[-1] > sizes[0] else None

    return await nothing_left(ten_banks(), "that the Context holds no more after the tenth than after the first")


@cleanup(
    "P26",
    "the reset's error hides the body's",
    remedy="catch the ValueError of a reset in another Context while another error is on its way",
    met_by=("Q00/ouroboros#2235",),
)
async def hides_the_error(design: type[Aggregate]) -> Finding:
    """Ana's command was opened in one task and fails in another one. Does the caller get the error of its body?"""
    bank = await Bank.opened(design, ana=0)
    stack = AsyncExitStack()

    async def open_it() -> None:
        await stack.enter_async_context(bank.aggregate.command_aggregate(*bank.depositing("ana", 1_00)))

    async def fail() -> str:
        await asyncio.create_task(open_it())
        try:
            async with stack:
                raise PermissionError("Ana's card is blocked")
        except Exception as error:
            return type(error).__name__
        return "no error"

    return await finding_of(fail(), "that the command opens", "PermissionError", itself)
