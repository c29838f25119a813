"""How the cost of a command grows: with the commands in flight, the variables of the Context, the nesting, the past.

In a notebook, where a loop runs already: `await asyncio.to_thread(growth, quick=True)`.
"""

import asyncio
import gc
import sys
import tracemalloc
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack
from contextvars import Context, ContextVar
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import Any

from fluvius_demo.aggregate import Aggregate
from fluvius_demo.banking import Bank
from fluvius_demo.isolated import IsolatedAggregate
from fluvius_demo.legacy import LegacyAggregate
from fluvius_demo.lessons.flight import COARSE, bytes_in_flight, in_flight, opener, resident_in_flight
from fluvius_demo.lessons.measured import Row, rows_of
from fluvius_demo.lessons.one_command import bank_of, empty, without_waiting
from fluvius_demo.lessons.timing import Interval, Timed, compare, repeated
from fluvius_demo.migrated import MigratedAggregate

Told = Callable[[str], None]
Work = Callable[[int], Coroutine[Any, Any, float]]

SEQUENCE = {"isolated": IsolatedAggregate, "migrated": MigratedAggregate, "legacy": LegacyAggregate}


@dataclass(frozen=True)
class Crowd:
    """A crowd of commands that were all open at once: how long it took, and how many got an event of another."""

    commands: int
    seconds: float
    crossed: int


async def crowd(design: type[Aggregate], commands: int = 10_000) -> Crowd:
    """Open that many commands on one aggregate; when all are open, let all deposit; then let each take its events.

    For designs that let commands overlap: one that refuses them raises, one that queues them would wait for ever.
    """
    names = [f"c{number:05}" for number in range(commands)]
    bank = await Bank.opened(design, **dict.fromkeys(names, 0))
    all_open, all_deposited = asyncio.Barrier(commands), asyncio.Barrier(commands)

    async def deposit(name: str) -> list[str]:
        aggregate = bank.aggregate
        async with aggregate.command_aggregate(*bank.depositing(name, 1_00)) as command:
            await all_open.wait()
            await command.deposit(amount=1_00)
            await all_deposited.wait()  # or an event would be taken before anybody else could find it
            return [event.data["account"] for event in aggregate.consume_events()]

    started = perf_counter()
    events = dict(zip(names, await asyncio.gather(*map(deposit, names)), strict=True))
    seconds, balances = perf_counter() - started, bank.balances()
    crossed = sum(events[name] != [name] or balances[name] != 1_00 for name in names)
    return Crowd(commands, seconds, crossed)


def variables(sizes: Sequence[int], rounds: int) -> list[Row]:
    """Return how many ns things take in a Context in which so many other variables are set.

    A Context is a tree with 32 branches at each fork (PEP 567), so they should grow as its height. A variable remembers
    its value until the thread enters another Context: only the first `get` after that goes through the tree.
    """
    variable, bank = ContextVar("measured", default=0), bank_of(IsolatedAggregate)

    def enter_and_get(context: Context, loops: int) -> float:
        return repeated("enter(get)", {"enter": context.run, "get": variable.get}, loops)

    def get_again(context: Context, loops: int) -> float:
        return context.run(repeated, "get()", {"get": variable.get}, loops)

    def set_and_reset(context: Context, loops: int) -> float:
        return context.run(repeated, "reset(set(1))", {"set": variable.set, "reset": variable.reset}, loops)

    def command(context: Context, loops: int) -> float:
        return context.run(without_waiting, empty(bank, loops))

    contexts, rows = {size: _crowded(size) for size in sizes}, []
    for context in contexts.values():
        context.run(variable.set, 1)
    for what, timed in {
        "enter and get": enter_and_get,
        "get again": get_again,
        "set and reset": set_and_reset,
        "an empty command": command,
    }.items():
        variants = {f"{what}, {_others(size)}": partial(timed, context) for size, context in contexts.items()}
        measured = compare(variants, next(iter(variants)), rounds=rounds)
        rows += rows_of("variables in the Context", measured, to=f"with {_others(sizes[0])}")
    return rows


def nesting(depths: Sequence[int], rounds: int) -> list[Row]:
    """Return how many ns things take inside of so many commands, each of another aggregate.

    One more command, of yet another aggregate; and a read of the outermost one, which goes from frame to frame.
    """
    banks = [bank_of(IsolatedAggregate) for _ in range(max(depths) + 1)]

    async def inside(depth: int, work: Work, loops: int) -> float:
        async with AsyncExitStack() as stack:
            for bank in banks[:depth]:
                await stack.enter_async_context(opener(bank)())
            return await work(loops)

    async def read_outermost(loops: int) -> float:
        return repeated("aggregate.context", {"aggregate": banks[0].aggregate}, loops)

    def timed(depth: int, work: Work) -> Timed:
        return lambda loops: Context().run(without_waiting, inside(depth, work, loops))

    rows = []
    for what, work in {
        "one more command": partial(empty, banks[-1]),
        "a read of the outermost": read_outermost,
    }.items():
        variants = {f"{what}, {depth} deep": timed(depth, work) for depth in depths}
        measured = compare(variants, next(iter(variants)), rounds=rounds)
        rows += rows_of("nesting", measured, to=f"{depths[0]} deep")
    return rows


def in_sequence(commands: int, traced: int, designs: Mapping[str, type[Aggregate]] = SEQUENCE) -> list[Row]:
    """Return by how much memory grows from the hundredth part of the commands to the last, one after the other.

    All are counted in the allocator's blocks, which costs nothing. `traced` of them are counted by tracemalloc, too,
    in bytes: that sees long lists as well, but takes several times as long. An interpreter that does not count its
    blocks (the browser's) has no row for them.
    """
    rows = []
    for name, design in designs.items():
        if sys.getallocatedblocks():
            blocks = Context().run(without_waiting, _grown(design, commands, sys.getallocatedblocks))
            rows.append(Row("in sequence", f"{name}, {commands:,} commands", Interval.exact(blocks), "blocks"))
        tracemalloc.start()
        held = Context().run(without_waiting, _grown(design, traced, lambda: tracemalloc.get_traced_memory()[0]))
        tracemalloc.stop()
        rows.append(Row("in sequence", f"{name}, {traced:,} commands", Interval.exact(held), "bytes"))
    return rows


def growth(quick: bool = False, told: Told | None = None, *, whole: bool = True) -> list[Row]:
    """Measure all of this, in about a minute, or `quick` in seconds; `told` hears what comes next.

    What is not `whole` leaves out the resident size, which takes processes, and the long sequence.
    """
    sizes = [10**power for power in range(5 if quick else 6)]
    coarse = [size for size in sizes if size >= COARSE]
    rounds, many, traced = (5, 10_000, 1_000) if quick else (15, 1_000_000, 10_000)
    flight = f"up to {sizes[-1]:,} commands in flight"
    # Fewer than a hundred take less than another thread of a notebook's kernel does now and then.
    parts: dict[str, Callable[[], list[Row]]] = {
        f"{flight}: time": lambda: in_flight(sizes, min(rounds, 5)),
        f"{flight}: memory": lambda: bytes_in_flight(sizes[2:]),
        f"{flight}: resident size": lambda: resident_in_flight(coarse),
        "variables in the Context": lambda: variables([1, 10, 100, 1_000, 10_000], rounds),
        "nesting": lambda: nesting([1, 2, 5, 10, 20, 50], rounds),
        f"{many:,} commands in sequence": lambda: in_sequence(many, traced),
    }
    if not whole:
        parts = {what: part for what, part in parts.items() if not what.endswith(("resident size", "in sequence"))}
    rows = []
    for what, measure in parts.items():
        if told is not None:
            told(what)
        rows += measure()
    return rows


def _others(size: int) -> str:
    return f"{size:,} other{'s' if size > 1 else ''}"


def _crowded(size: int) -> Context:
    context = Context()
    for number in range(size):
        context.run(ContextVar(f"other{number}").set, number)
    return context


async def _grown(design: type[Aggregate], commands: int, memory: Callable[[], int]) -> int:
    bank, first = bank_of(design), commands // 100
    await empty(bank, first)
    gc.collect()
    before = memory()
    await empty(bank, commands - first)
    gc.collect()
    return memory() - before
