"""When the root object of a command is freed, on each design: at once, by the collector, or not while something lives.

The command is a deposit. It stores a new account in place of the one that it has fetched; from then on only the
command holds that.
"""

import asyncio
import gc
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextvars import Context
from typing import Any, Literal
from weakref import ref

from fluvius_demo.aggregate import Aggregate, RestrictedAggregateProxy
from fluvius_demo.banking import Account, Bank
from fluvius_demo.lessons.designs import DESIGNS, Design
from fluvius_demo.lessons.measured import Row
from fluvius_demo.lessons.timing import no_collection

Freed = Literal["at once", "by the collector", "kept"]
Keep = Callable[[RestrictedAggregateProxy], Awaitable[Any]]

SECTION = "the root object is freed"


async def nothing(_proxy: RestrictedAggregateProxy) -> None:
    """Keep nothing."""


async def finished_child(_proxy: RestrictedAggregateProxy) -> asyncio.Task[None]:
    """Keep a task that is done; it had a copy of the command's Context."""
    task = asyncio.create_task(asyncio.sleep(0))
    await task
    return task


async def armed_timer(_proxy: RestrictedAggregateProxy) -> asyncio.TimerHandle:
    """Keep a timer that is not due for an hour; it has a copy of the command's Context."""
    return asyncio.get_running_loop().call_later(3600, int)


async def the_proxy(proxy: RestrictedAggregateProxy) -> RestrictedAggregateProxy:
    """Keep the proxy."""
    return proxy


SAME_TASK = "after the command, in the same task"
AFTER_ITS_TASK: dict[str, Keep] = {
    "after its task has ended": nothing,
    "with a finished child task kept": finished_child,
    "with an armed timer": armed_timer,
    "with the proxy kept": the_proxy,
}


async def when_freed(design: type[Aggregate]) -> dict[str, Freed]:
    """Return when the root object of a command on this design is freed, by situation.

    - Each situation has a bank, a task and a Context of its own. The bank lives on, and no proxy holds more than it.
    - A design that empties what it has kept frees the object at once, whatever else lives.
    - The migrated design empties nothing: its object lives as long as any copy of the Context, which a task has until
      it is gone, finished or not, and a timer until it is due.
    """
    table: dict[str, Freed] = {}
    with no_collection():  # or what the collector has freed by chance would count as freed at once
        table[SAME_TASK] = await _in_a_task(_seen_in_the_same_task(Bank(design)))
        for situation, keep in AFTER_ITS_TASK.items():
            table[situation] = await freed_with(design, keep)
    return table


async def freed_with(design: type[Aggregate], keep: Keep) -> Freed:
    """Return when the root object is freed of a command whose task has ended, while what `keep` returns is kept."""
    bank = Bank(design)
    weak, kept = await _in_a_task(_deposited(bank, keep))
    await asyncio.sleep(0)  # until its next turn the loop holds the task that has woken this one
    found = _freed(weak)
    if isinstance(kept, asyncio.TimerHandle):
        kept.cancel()
    return found


async def freed(designs: Mapping[str, Design] = DESIGNS) -> dict[str, dict[str, Freed]]:
    """Return the table of all designs: `table[situation][design]`."""
    found = {name: await when_freed(design.aggregate) for name, design in designs.items()}
    return {situation: {name: found[name][situation] for name in found} for situation in (SAME_TASK, *AFTER_ITS_TASK)}


async def freed_rows(designs: Mapping[str, Design] = DESIGNS) -> list[Row]:
    """Return the table as rows; each has the word for its unit, and no figure."""
    return [
        Row(SECTION, f"{situation}, {name}", None, word)
        for situation, words in (await freed(designs)).items()
        for name, word in words.items()
    ]


async def _in_a_task(work: Coroutine[Any, Any, Any]) -> Any:
    return await asyncio.create_task(work, context=Context())


async def _deposited(bank: Bank, keep: Keep) -> tuple[ref, Any]:
    await bank.statemgr.insert(Account(identifier="ana", owner="Ana"))
    aggregate: Any = bank.aggregate
    async with aggregate.command_aggregate(*bank.depositing("ana", 1_00)) as proxy:
        weak = ref(aggregate.rootobj)
        await proxy.deposit(amount=1_00)
        aggregate.consume_events()
        return weak, await keep(proxy)


async def _seen_in_the_same_task(bank: Bank) -> Freed:
    weak, _ = await _deposited(bank, nothing)
    return _freed(weak)


def _freed(weak: ref) -> Freed:
    if weak() is None:
        return "at once"
    gc.collect()
    return "kept" if weak() is not None else "by the collector"
