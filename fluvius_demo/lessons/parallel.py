"""The same load on several threads and on several processes: what more than one of them can do at a time."""

import asyncio
import gc
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from time import perf_counter
from typing import Any

from fluvius_demo.banking import Bank
from fluvius_demo.lessons.measured import Row
from fluvius_demo.lessons.timing import Interval, Timed, compare

SECTION, BASE = "threads and processes", "1 thread"
WORKERS = (1, 2, 4)
MORE = 1.2  # so many times the work of one is not chance, and not the little that threads wait for the system
WARM_UP, PATIENCE = 200, 60  # commands that each process runs first; seconds that it waits for the others

Told = Callable[[str], None]


def parallel(
    quick: bool = False, told: Told | None = None, *, workers: Sequence[int] = WORKERS, commands: int | None = None
) -> list[Row]:
    """Return how many commands a second so many threads and processes run, and the ratio to one thread.

    - Each thread has an event loop and a bank of its own; where it says "on one aggregate", all share one bank.
    - Each process has all of its own. It has started, and run commands, before the time is taken.
    - All run the same number of deposits altogether; the store takes no time, so that only computing counts.
    - `commands` is to be a multiple of each number of workers.

    Raises RuntimeError where a command has got an event of another, or none.
    """
    rounds, commands = 5 if quick else 9, commands or (200 if quick else 4_000)
    if told is not None:
        told(f"{commands:,} commands on up to {max(workers)} threads and processes")
    variants: dict[str, Timed] = {}
    with ExitStack() as stack:
        for count in workers:
            many = "s" if count > 1 else ""
            threads = stack.enter_context(ThreadPoolExecutor(count))
            processes = stack.enter_context(started_processes(count))
            variants[f"{count} thread{many}"] = partial(_threads, threads, count, commands, False)
            variants[f"{count} thread{many} on one aggregate"] = partial(_threads, threads, count, commands, True)
            variants[f"{count} process{'es' if many else ''}"] = partial(_processes, processes, count, commands)
        measured = compare(variants, BASE, rounds=rounds, seconds=0)
    return [
        Row(SECTION, name, _rate(timing.seconds).times(commands), "commands/s", _rate(timing.ratio), BASE)
        for name, timing in measured.items()
    ]


def what_the_lock_allows(rows: Sequence[Row], *, locked: bool | None = None, processors: int | None = None) -> str:
    """Return in words what the rows say of the most threads and the most processes, on this interpreter and machine."""
    if locked is None:
        locked = getattr(sys, "_is_gil_enabled", lambda: True)()  # before 3.13 there was nothing to ask
    processors = processors or os.cpu_count() or 1
    ratios = {row.name: row.ratio for row in rows if row.section == SECTION and row.ratio is not None}
    most = max(int(name.split()[0]) for name in ratios)
    threads, processes = ratios[f"{most} threads"], ratios[f"{most} processes"]
    alone = "one of them runs at a time" if locked else "they get into each other's way, or no processor was free"
    return (
        f"{'With' if locked else 'Without'} the interpreter's lock {most} threads do {threads.value:.1f} times the "
        f"work of one: {_meaning(threads, alone)}. "
        f"{most} processes on {processors} processor{'s' if processors > 1 else ''} do {processes.value:.1f} times: "
        f"{_meaning(processes, 'no second processor was free')}."
    )


def _meaning(ratio: Interval, alone: str) -> str:
    return {
        "below": alone,
        "above": "several of them run at a time",
        "too noisy to tell": "too noisy to tell whether several run at a time",
    }[ratio.against(MORE)]


def _rate(seconds: Interval) -> Interval:
    return Interval(1 / seconds.value, 1 / seconds.high, 1 / seconds.low)


def strays(name: str, deposits: int, bank: Bank | None = None) -> int:
    """Run so many deposits to one account, in a loop of their own; return how many events or sums are not as sent."""

    async def run() -> int:
        own = bank or await Bank.opened(**{name: 0})
        found, aggregate = 0, own.aggregate
        for _ in range(deposits):
            async with aggregate.command_aggregate(*own.depositing(name, 1)) as command:
                await command.deposit(amount=1)
                found += [event.data["account"] for event in aggregate.consume_events()] != [name]
        return found + (own.balances()[name] != deposits)

    return asyncio.run(run())


def _threads(threads: Executor, count: int, commands: int, shared: bool, loops: int) -> float:
    opened = partial(Bank.opened, **dict.fromkeys(_names(count), 0))
    # In a thread, since in a notebook this one has a running loop.
    bank = threads.submit(lambda: asyncio.run(opened())).result() if shared else None
    return _shared_out(threads, count, commands * loops, bank)


def _processes(processes: Executor, count: int, commands: int, loops: int) -> float:
    return _shared_out(processes, count, commands * loops)


def _shared_out(workers: Executor, count: int, commands: int, *bank: Bank | None) -> float:
    started = perf_counter()
    running = [workers.submit(strays, name, commands // count, *bank) for name in _names(count)]
    found = sum(share.result() for share in running)
    seconds = perf_counter() - started
    if found:
        raise RuntimeError(
            f"Cannot measure {commands} commands: {found} found something of another. "
            "To solve this, mend the design; its speed does not matter before that."
        )
    return seconds


def _names(count: int) -> list[str]:
    return [f"account{number}" for number in range(count)]


@contextmanager
def started_processes(count: int) -> Iterator[Executor]:
    """Start so many processes; inside of the block all of them are ready."""
    from concurrent.futures import ProcessPoolExecutor  # not at the top: the browser has no processes
    from multiprocessing import get_context

    spawn = get_context("spawn")  # the same on every system; and a fork would copy the threads' locks
    with ProcessPoolExecutor(count, spawn, _ready, (spawn.Barrier(count),)) as processes:
        for ready in [processes.submit(int) for _ in range(count)]:
            ready.result()
        yield processes


def _ready(all_ready: Any) -> None:
    strays("warm-up", WARM_UP)
    gc.disable()  # as `compare` does in the first process
    all_ready.wait(PATIENCE)  # so that no process takes the first task of another
