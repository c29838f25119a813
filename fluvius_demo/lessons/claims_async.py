"""C04 and C16: from where a command is seen."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from contextvars import Context, copy_context
from functools import partial
from typing import Any

from fluvius_demo.aggregate import Aggregate
from fluvius_demo.banking import Bank
from fluvius_demo.lessons.claims_threads import NO_THREADS, THREADS, ready_pool
from fluvius_demo.lessons.claims_trials import ANAS, whose
from fluvius_demo.lessons.claims_verdict import Part, check
from fluvius_demo.lessons.outcomes import Finding, compared

PROPERTIES = ("context", "rootobj", "aggroot", "command")


@check("C04", remedy="open and end a command in one task, and hand it on with copy_context().run")
async def works_with_await(design: type[Aggregate]) -> list[Part]:
    """Who of those that work for Ana's command sees it?"""
    bank = await Bank.opened(design, ana=0)
    aggregate, loop = bank.aggregate, asyncio.get_running_loop()

    async def look() -> str:
        return whose(aggregate)

    called: list[str] = []
    registered_before = loop.create_future()
    registered_before.add_done_callback(lambda _: called.append(whose(aggregate)))
    with ready_pool() as pool:
        async with aggregate.command_aggregate(*bank.depositing("ana", 1_00)):
            registered_before.set_result(None)
            seen = {
                "by await": await look(),
                "by create_task": await asyncio.create_task(look()),
                "by gather": (await asyncio.gather(look()))[0],
                "by to_thread": THREADS and await asyncio.to_thread(whose, aggregate),
            }
            beyond = {
                "by run_in_executor": THREADS and await loop.run_in_executor(pool, whose, aggregate),
                "by a callback that was registered before": called[0],
            }
    beyond["by an async generator whose next step another task takes"] = await _second_step(bank)
    return [_part(*one) for one in seen.items()] + [_part(*one, limits=True) for one in beyond.items()]


def _part(tried: str, seen: str | bool, limits: bool = False) -> Part:
    return Part(tried, compared(ANAS, seen) if seen else NO_THREADS, limits)


async def _second_step(bank: Bank) -> str:
    aggregate = bank.aggregate

    async def steps() -> AsyncIterator[str]:
        async with aggregate.command_aggregate(*bank.depositing("ana", 1_00)):
            while True:
                yield whose(aggregate)

    async def step() -> str:
        return await anext(generator)

    generator = steps()
    await asyncio.create_task(step(), context=Context())
    seen = await asyncio.create_task(step(), context=Context())
    with suppress(Exception):  # it is ended in a third place
        await generator.aclose()
    return seen


@check("C16", remedy="keep what a property reads in the Context, and nowhere else")
async def properties_read_the_context(design: type[Aggregate]) -> list[Part]:
    """Each property is read on one aggregate and in one thread, only in other Contexts: does it follow the Context?"""
    bank = await Bank.opened(design, ana=0)
    aggregate = bank.aggregate
    async with aggregate.command_aggregate(*bank.depositing("ana", 1_00)):
        here = {name: getattr(aggregate, name) for name in PROPERTIES}
        copy, empty = copy_context(), Context()
        seen = {name: (_read(copy, aggregate, name), _read(empty, aggregate, name)) for name in PROPERTIES}
    return [
        Part(f"for {name}", _follows(seen[name][0] is here[name], seen[name][1] is not None)) for name in PROPERTIES
    ]


def _read(context: Context, aggregate: Any, name: str) -> Any:
    with suppress(Exception):  # a refusal: nothing is seen there
        return context.run(partial(getattr, aggregate, name))
    return None


def _follows(in_a_copy: bool, in_an_empty_one: bool) -> Finding:
    places = {"a copy of the Context": in_a_copy, "an empty Context": in_an_empty_one}
    return compared(
        "seen in a copy of the Context", f"seen in {' and '.join(p for p in places if places[p]) or 'none'}"
    )
