"""Group 5, tests and versions: what a test, a notebook or another Python changes."""

import asyncio
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from contextvars import Context
from typing import Any

from fluvius_demo.aggregate import Aggregate
from fluvius_demo.banking import Bank
from fluvius_demo.lessons.outcomes import Finding
from fluvius_demo.lessons.pitfalls.pitfall import group
from fluvius_demo.lessons.trial import deposited, finding_of, nothing_left, seen_by

tests_and_versions = group("tests and versions")

Work = Coroutine[Any, Any, Any]


async def run_in(context: Context, work: Work) -> Any:
    """Run this in that very Context, as asyncio.Runner runs whatever it is given, and as plain code runs in its own."""
    return await asyncio.create_task(work, context=context)


async def run_in_a_copy(context: Context, work: Work) -> Any:
    """Run this in a task that is started from that Context, and so in a copy of it."""
    return await context.run(asyncio.create_task, work)


@tests_and_versions(
    "P25",
    "a test does not run where its fixture runs",
    remedy="open commands in the body of the test, and run each test in a task of its own",
    met_by=("pytest-dev/pytest-asyncio#127",),
)
async def in_tests(design: type[Aggregate]) -> Finding:
    """A fixture opens Ana's command in its own task. Does its test work for Ana, and the next see nothing?"""
    found = await _async_fixture(design)
    return found if found.outcome != "correct" else await _next_sync_test(design)


async def _async_fixture(design: type[Aggregate]) -> Finding:
    bank = await Bank.opened(design, ana=0, ben=0)
    aggregate = bank.aggregate

    async def session() -> None:
        await deposited(bank, "ben", 50_00)  # for an earlier test
        async with AsyncExitStack() as stack:
            opening = stack.enter_async_context(aggregate.command_aggregate(*bank.depositing("ana", 100_00)))
            proxy = await asyncio.create_task(opening)
            await asyncio.create_task(test(proxy))

    async def test(proxy: Any) -> None:
        await proxy.deposit(amount=100_00)
        aggregate.consume_events()

    hope = "that Ana gets it, in a test that runs in another task than its fixture"
    return await finding_of(session(), hope, {"ana": 100_00, "ben": 50_00}, lambda _: bank.balances())


async def _next_sync_test(design: type[Aggregate]) -> Finding:
    bank, shared = await Bank.opened(design, ana=0), Context()
    aggregate = bank.aggregate

    async def look() -> str | None:
        return seen_by(aggregate)

    async def one_then_the_other() -> str | None:
        await run_in(shared, deposited(bank, "ana", 1_00))
        return await run_in(shared, look())

    return await nothing_left(one_then_the_other(), "that of two tests in one Context the second sees nothing")


@tests_and_versions(
    "P27",
    "cells that await run in another Context",
    remedy="run each demonstration in a fresh task and Context of its own",
    met_by=("ipython/ipykernel#749",),
)
async def in_notebooks(design: type[Aggregate]) -> Finding:
    """A cell has run a whole command, with await or without. Does a later cell still see it?"""
    cells = {"without await": run_in, "with await": run_in_a_copy}
    bank = await Bank.opened(design, ana=0)
    aggregate = bank.aggregate

    async def look() -> str | None:
        return seen_by(aggregate)

    async def all_ways() -> str | None:
        found = []
        for first, run_first in cells.items():
            kernel = Context()
            await run_first(kernel, deposited(bank, "ana", 1_00))
            for later, run_later in cells.items():
                if (account := await run_later(kernel, look())) is not None:
                    found.append(f"{account} of a cell {first}, in a cell {later}")
        return "; ".join(found) or None

    return await nothing_left(all_ways(), "that no later cell sees anything of the command")
