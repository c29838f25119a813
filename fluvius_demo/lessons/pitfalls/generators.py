"""Group 4, blocks and generators: each step runs in the Context of whoever takes it, not where the last one ran."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from contextvars import Context
from typing import Any

from fluvius_demo.aggregate import Aggregate
from fluvius_demo.banking import Bank
from fluvius_demo.lessons.outcomes import Finding
from fluvius_demo.lessons.pitfalls.outside import outside
from fluvius_demo.lessons.pitfalls.pitfall import limit
from fluvius_demo.lessons.trial import deposited, finding_of, itself, nothing_left, seen_by
from fluvius_demo.lessons.turns import alone


@outside(
    "P04",
    "entered in another task",
    remedy="enter and leave the block in one task",
    met_by=("fastapi/fastapi#4575", "dask/distributed#7984"),
)
async def entered_elsewhere(design: type[Aggregate]) -> Finding:
    """A framework opens Ana's command in a task of its own; the handler's task has served Ben before. Who is paid?"""
    bank = await Bank.opened(design, ana=0, ben=0)
    aggregate = bank.aggregate

    async def handle() -> None:
        await deposited(bank, "ben", 50_00)
        async with AsyncExitStack() as stack:
            block = aggregate.command_aggregate(*bank.depositing("ana", 100_00))
            proxy = await asyncio.create_task(stack.enter_async_context(block))
            await proxy.deposit(amount=100_00)
            aggregate.consume_events()

    expected = {"ana": 100_00, "ben": 50_00}
    return await finding_of(handle(), "that Ana gets her deposit", expected, lambda _: bank.balances())


@outside(
    "P14",
    "a generator that two tasks step",
    remedy="never yield inside of a command",
    met_by=("open-telemetry/opentelemetry-python#2606", "unclecode/crawl4ai#1922"),
)
async def stepped_by_two(design: type[Aggregate]) -> Finding:
    """A generator yields inside of Ana's command, and a worker takes its next step. Is her deposit made?"""
    aggregate = (bank := await Bank.opened(design, ana=0)).aggregate
    left: list[str | None] = []

    async def paying() -> AsyncIterator[None]:
        async with aggregate.command_aggregate(*bank.depositing("ana", 100_00)) as proxy:
            yield
            await proxy.deposit(amount=100_00)
            aggregate.consume_events()

    async def finish(steps: AsyncIterator[None]) -> None:
        async for _ in steps:
            pass

    async def begin() -> None:
        steps = paying()
        await anext(steps)
        try:
            await asyncio.create_task(finish(steps), context=Context())
        finally:
            left.append(seen_by(aggregate))

    found = await finding_of(begin(), "that Ana gets her deposit", {"ana": 100_00}, lambda _: bank.balances())
    return unless_left(found, left)


@outside(
    "P15",
    "a generator that is dropped",
    remedy="close it where it was stepped, by contextlib.aclosing",
    met_by=("python/cpython#118944",),
)
async def dropped(design: type[Aggregate]) -> Finding:
    """A generator yields inside of Ana's command, and its consumer leaves after one step. Is the consumer rid of it?"""
    aggregate, closed = (bank := await Bank.opened(design, ana=0, ben=0)).aggregate, asyncio.Event()

    async def paying() -> AsyncIterator[None]:
        try:
            async with aggregate.command_aggregate(*bank.depositing("ana", 1_00)):
                yield
        finally:
            closed.set()

    async def consume() -> str | None:
        async for _ in paying():
            break  # nobody has it now, so asyncio closes it: in a task of its own
        await closed.wait()
        if (found := seen_by(aggregate)) is None:
            await deposited(bank, "ben", 50_00)
        return found

    return await nothing_left(consume(), "that nothing of the command is left, and the next one works")


@outside(
    "P16",
    "ends out of order",
    remedy="keep an ended command inert, and let an open one stay where it is",
    met_by=("open-telemetry/opentelemetry-python#429",),
)
async def out_of_order(design: type[Aggregate]) -> Finding:
    """Ana's command at one bank is opened first, and ended before Ben's at another. Does each bank know its own?"""
    first, second = await Bank.opened(design, ana=0), await Bank.opened(design, ben=0)
    one, two = first.aggregate, second.aggregate
    left: list[str | None] = []

    async def interleaved() -> dict[str, str | None]:
        anas = one.command_aggregate(*first.depositing("ana", 1_00))
        await anas.__aenter__()
        try:
            async with two.command_aggregate(*second.depositing("ben", 1_00)):
                await anas.__aexit__(None, None, None)
                return {"bank 1": seen_by(one), "bank 2": two.command.identifier}
        finally:
            left.append(seen_by(one) or seen_by(two))

    hope = "that only Ben's command is seen, at his bank, and then none"
    return unless_left(await finding_of(interleaved(), hope, {"bank 1": None, "bank 2": "ben"}, itself), left)


@limit("P14", remedy="take what is to be yielded out of the command, and yield it afterwards")
async def consumer_inside(design: type[Aggregate], remedied: bool) -> Finding:
    """A generator yields inside of Ana's command. Does its consumer, who has opened none, take that for its own?"""
    aggregate = (bank := await Bank.opened(design, ana=0)).aggregate
    events: list[Any] = []

    async def paying() -> AsyncIterator[Any]:
        async with aggregate.command_aggregate(*bank.depositing("ana", 1_00)) as proxy:
            done = await proxy.deposit(amount=1_00)
            if not remedied:
                yield done
            events.extend(aggregate.consume_events())
        if remedied:
            yield done

    async def consume() -> str:
        async for _ in paying():
            if (found := seen_by(aggregate)) is not None:
                aggregate.create_event("receipt-printed", {}, None)
        return f"the consumer sees {found}; her events: {', '.join(event.event for event in events)}"

    expected = "the consumer sees None; her events: money-deposited"
    return await finding_of(consume(), "that it sees no command", expected, itself)


@limit("P16", remedy="give the generator what it needs as an argument, when it is made")
async def lazy(design: type[Aggregate], remedied: bool) -> Finding:
    """A generator is made in Ana's command and stepped in Ben's, by another task. Whose account does it work for?"""
    bank = await Bank.opened(design, ana=0, ben=0)

    def statement(aggregate: Any, account: str | None) -> Iterator[str]:
        yield f"it works for {account or aggregate.command.identifier}"

    async def make() -> Iterator[str]:
        aggregate = bank.aggregate
        async with aggregate.command_aggregate(*bank.depositing("ana", 1_00)):
            return statement(aggregate, aggregate.command.identifier if remedied else None)

    async def step(lines: Iterator[str]) -> str:
        async with bank.aggregate.command_aggregate(*bank.depositing("ben", 1_00)):
            return next(lines)

    lines = (await alone(make())).result
    return await finding_of(step(lines), "that it works for Ana", "it works for ana", itself)


def unless_left(found: Finding, left: list[str | None]) -> Finding:
    """Return *leaked* where a command was still seen after its end, instead of a finding that is not wrong anyway."""
    if found.outcome == "wrong" or not any(left):
        return found
    return Finding("leaked", "that nothing of the command is left", f"{left[0]}'s command")
