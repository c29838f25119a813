"""Many commands open at once on one IsolatedAggregate, each in a task of its own: what they cost, and what they hold.

All figures are differences to as many equal tasks that wait without a command.
"""

import asyncio
import gc
import tracemalloc
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from contextvars import Context
from functools import partial
from time import perf_counter
from typing import Any

from fluvius_demo.banking import Bank
from fluvius_demo.isolated import IsolatedAggregate
from fluvius_demo.lessons.measured import Row
from fluvius_demo.lessons.one_command import bank_of, empty, opening_of, without_waiting
from fluvius_demo.lessons.timing import Interval, compare, no_collection

SECTION = "in flight"
PROMISED = 2_048  # bytes that a command in flight may hold beyond its task
COARSE = 10_000  # of fewer commands the resident size of a process tells nothing: it counts in pages
BURST = 1_000  # commands in a row, while the others are open

Opener = Callable[[], AbstractAsyncContextManager[Any]]


def in_flight(sizes: Sequence[int], rounds: int) -> list[Row]:
    """Return how many ns one more command takes while so many are open, and each of these beyond its task.

    Each size is opened and closed anew in each round, so that the sizes take turns. As in every comparison the garbage
    collector rests meanwhile; where it does not, it goes through all open tasks again and again. Starts event loops.
    """
    bursts = {f"one more command, {size:,} open": partial(_burst, size) for size in sizes}
    crowds = {(size, inside): partial(_opened_and_closed, size, inside) for size in sizes for inside in (False, True)}
    compared = compare(bursts, next(iter(bursts)), rounds=rounds, seconds=0)
    measured = compare({str(key): run for key, run in crowds.items()}, str((sizes[0], False)), rounds=rounds)
    to = f"with {sizes[0]:,} open"
    rows = [Row(SECTION, name, one.seconds.times(1e9 / BURST), "ns", one.ratio, to) for name, one in compared.items()]
    for size in sizes:
        tasks, commands = (measured[str((size, inside))].samples for inside in (False, True))
        beyond = [command - task for command, task in zip(commands, tasks, strict=True)]
        each, share = Interval.of(beyond).times(1e9 / size), Interval.of(beyond, tasks)
        rows.append(Row(SECTION, f"a task, {size:,} open", Interval.of(tasks).times(1e9 / size), "ns"))
        rows.append(Row(SECTION, f"its command, {size:,} open", each, "ns", share, "its task"))
    return rows


def bytes_in_flight(sizes: Sequence[int]) -> list[Row]:
    """Return how many bytes each open command holds beyond its task, as tracemalloc counts them.

    Counted: the frame, its list of events, the address that it makes, its entry in the task's Context, and what the
    `async with` adds to the task's coroutine. Not counted: the caller's context and bundle; here all share one. Some
    40 bytes more or less are the set in which asyncio lists all tasks, which grows in jumps.
    """
    return [_promise("traced", size, (traced(size, True) - traced(size, False)) / size) for size in sizes]


def resident_in_flight(sizes: Sequence[int]) -> list[Row]:
    """Return the same by the resident size of processes: pages, and what the allocator keeps besides. Needs psutil.

    Each figure is of a new process: in an old one, memory that was free again would be used first, and not be seen.
    """
    return [_promise("resident", size, (_elsewhere(size, True) - _elsewhere(size, False)) / size) for size in sizes]


def traced(size: int, inside: bool) -> int:
    """Return the bytes that so many waiting tasks hold, inside of commands or not, as tracemalloc counts them."""
    tracemalloc.start()
    try:
        return _held(size, inside, lambda: tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()


def resident(size: int, inside: bool) -> int:
    """Return by how many bytes this process grows while so many tasks wait, inside of commands or not."""
    import psutil  # there is none for the browser, where everything else here runs

    process = psutil.Process()
    return _held(size, inside, lambda: process.memory_info().rss)


def _elsewhere(size: int, inside: bool) -> int:
    from concurrent.futures import ProcessPoolExecutor  # not at the top: the browser has no processes
    from multiprocessing import get_context

    with ProcessPoolExecutor(1, get_context("spawn")) as process:
        return process.submit(resident, size, inside).result()


def _promise(how: str, size: int, each: float) -> Row:
    ratio = Interval.exact(each / PROMISED)
    return Row(SECTION, f"memory ({how}), {size:,} open", Interval.exact(each), "bytes", ratio, "the 2 KiB promised")


def opener(bank: Bank) -> Opener:
    """Return a function that returns a new command of this bank, always on the same context and bundle."""
    return partial(bank.aggregate.command_aggregate, *opening_of(bank))


@asynccontextmanager
async def waiting_tasks(size: int, open_command: Opener | None = None) -> AsyncIterator[None]:
    """Have so many tasks wait, each inside of a command of its own; or without, to compare with."""
    waiting, end = 0, asyncio.get_running_loop().create_future()

    async def command() -> None:
        nonlocal waiting
        async with open_command():
            waiting += 1
            await end

    async def task() -> None:
        nonlocal waiting
        waiting += 1
        await end

    work = task if open_command is None else command
    tasks = [asyncio.create_task(work()) for _ in range(size)]
    await asyncio.sleep(0)  # nothing is fetched for a new object, so one turn is enough for each
    if waiting != size:
        raise RuntimeError(f"Cannot measure {size} commands: {waiting} are open. To solve this, let none of them wait.")
    try:
        yield
    finally:
        end.set_result(None)
        for each in tasks:
            await each


def in_an_empty_context(work: Coroutine[Any, Any, Any]) -> Any:
    """Run this in a new loop. What the caller has put into its Context would be in that of each task as well."""
    return Context().run(asyncio.run, work)


def _burst(size: int, loops: int) -> float:
    async def run() -> float:
        bank = bank_of(IsolatedAggregate)
        async with waiting_tasks(size, opener(bank)):
            return Context().run(without_waiting, empty(bank, loops * BURST))

    return in_an_empty_context(run())


def _opened_and_closed(size: int, inside: bool, loops: int) -> float:
    async def run() -> float:
        open_command = opener(bank_of(IsolatedAggregate)) if inside else None
        started = perf_counter()
        for _ in range(loops):
            async with waiting_tasks(size, open_command):
                pass
        return perf_counter() - started

    return in_an_empty_context(run())


def _held(size: int, inside: bool, memory: Callable[[], int]) -> int:
    async def run() -> int:
        open_command = opener(bank_of(IsolatedAggregate)) if inside else None
        async with waiting_tasks(1, open_command):  # what the first one makes for all is not counted
            pass
        with no_collection():
            before = memory()
            async with waiting_tasks(size, open_command):
                gc.collect()
                return memory() - before

    return in_an_empty_context(run())
