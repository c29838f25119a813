"""C10 to C12, and C15: threads, and other places where code runs."""

import asyncio
import sys
from collections.abc import Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import Context
from threading import Event
from typing import Any

from fluvius_demo.aggregate import Aggregate
from fluvius_demo.banking import Bank
from fluvius_demo.lessons.claims_trials import (
    NOTHING,
    apart,
    at_once,
    events_of,
    found_outside,
    own_events_at_once,
    whose,
)
from fluvius_demo.lessons.claims_verdict import Part, check
from fluvius_demo.lessons.outcomes import Finding, absent, compared
from fluvius_demo.lessons.trial import seen_by
from fluvius_demo.lessons.turns import Lane, alone

THREADS = sys.platform != "emscripten"
NO_THREADS = absent("threads", "this Python has no threads")
PATIENCE = 20  # seconds; nobody waits so long, unless a thread is lost
# From 3.14 on; set by default where there is no interpreter lock.
INHERITS = bool(getattr(sys.flags, "thread_inherit_context", 0))
STRAY = "for events that are created outside of a command"


@contextmanager
def ready_pool() -> Iterator[ThreadPoolExecutor]:
    """Give a pool whose one thread, if there are threads, has started outside of every command, as a server's has."""
    with ThreadPoolExecutor(1) as pool:
        if THREADS:
            Context().run(pool.submit, int).result()
        yield pool


def in_threads(bank: Bank, names: Sequence[str]) -> list[str]:
    """Run a deposit of 1.00 in a thread and an event loop for each account; all are open before the first goes on.

    Returns whose command is seen here while all are open; then what came of each: "own", where it saw its own command
    and events, and the money is on its account. They go on one by one, so that it is the same each time.
    """

    async def deposit(name: str, opened: Event, go: Event) -> bool:
        aggregate = bank.aggregate
        try:
            async with aggregate.command_aggregate(*bank.depositing(name, 1_00)) as proxy:
                opened.set()
                go.wait(PATIENCE)
                await proxy.deposit(amount=1_00)
                events = [event.data["account"] for event in aggregate.consume_events()]
                return events == [name] and seen_by(aggregate) == name and bank.balances()[name] == 1_00
        finally:
            opened.set()

    with ThreadPoolExecutor(len(names)) as pool:
        threads = []
        for name in names:
            opened, go = Event(), Event()
            threads.append((pool.submit(_run, deposit(name, opened, go)), go))
            opened.wait(PATIENCE)
        outside = whose(bank.aggregate)
        lanes = []
        for thread, go in threads:
            go.set()
            lanes.append(thread.result())
    return [outside, *("own" if lane.result else "refused" if lane.error else "mixed up" for lane in lanes)]


def _run(command: Coroutine[Any, Any, Any]) -> Lane:
    return asyncio.run(alone(command))


@check("C10", remedy="ask whose command it is; asyncio.to_thread takes a copy along on every Python")
async def thread_local(design: type[Aggregate]) -> list[Part]:
    """Does another thread see a thread's command? Does a thread that is started inside of a command begin with it?"""
    if not THREADS:
        return [Part("in threads", NO_THREADS)]
    bank = await Bank.opened(design, ana=0, ben=0)
    outside, _ = in_threads(bank, ["ana"])
    aggregate = bank.aggregate
    async with aggregate.command_aggregate(*bank.depositing("ben", 1_00)):
        with ThreadPoolExecutor(1) as pool:
            inside = pool.submit(whose, aggregate).result()
    started = "inherits" if INHERITS else "starts empty"
    return [
        Part("for a command of another thread", compared(NOTHING, outside)),
        Part(f"in a thread started inside of a command (on this Python it {started})", compared(NOTHING, inside), True),
    ]


@check("C11", remedy="give the queue no default, and call asyncio.to_thread instead of an executor")
async def safe_with_threads(design: type[Aggregate]) -> list[Part]:
    """Two commands in two threads; then one that has a part of its work done by a pool's thread."""
    if not THREADS:
        return [Part("in threads", NO_THREADS)]
    bank = await Bank.opened(design, ana=0, ben=0)
    _, *both = in_threads(bank, ["ana", "ben"])
    return [
        Part("for two commands in two threads", compared("own and own", " and ".join(both))),
        Part("for the event of a job in a thread pool", await _event_of_a_job(design)),
    ]


async def _event_of_a_job(design: type[Aggregate]) -> Finding:
    bank = await Bank.opened(design, ana=0)
    aggregate = bank.aggregate
    with ready_pool() as pool:
        async with aggregate.command_aggregate(*bank.depositing("ana", 1_00)):
            try:
                await asyncio.get_running_loop().run_in_executor(pool, aggregate.create_event, "checked", {}, None)
            except Exception:  # loud, so that nobody loses anything
                return compared("refused", "refused")
            seen = events_of(aggregate)
    stranger = found_outside(Bank(design).aggregate)
    return compared("its command finds checked, a stranger nothing", f"its command finds {seen}, a stranger {stranger}")


@check("C12", remedy="give the queue no default, so that whoever has no command is refused")
async def isolated_across_contexts(design: type[Aggregate]) -> list[Part]:
    """Two Contexts with a command each; then two that have none, such as those of an executor's threads."""
    return [
        Part("for commands in two Contexts", await at_once(design, seen_by)),
        Part(STRAY, apart(design), limits=True),
    ]


@check("C15", remedy="give the queue no default, and refuse create_event outside of a command")
async def isolated_queue(design: type[Aggregate]) -> list[Part]:
    """Whose queue does create_event use inside of a command, and outside of all?"""
    return [
        Part("inside of two commands at once", await own_events_at_once(design)),
        Part(STRAY, apart(design), limits=True),
    ]
