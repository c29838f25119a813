"""Measurements. What they assert elsewhere is about order and counts, never about seconds."""

import asyncio
from dataclasses import dataclass, field
from time import perf_counter

from fluvius_demo.aggregate import Aggregate
from fluvius_demo.banking import Bank


@dataclass
class Waiting:
    """How long commands waited and worked: `spans` of (started, ended), in seconds since all asked."""

    spans: list[tuple[float, float]] = field(default_factory=list)
    most_at_once: int = 0

    @property
    def total(self) -> float:
        """Seconds until the last one was done."""
        return max(ended for _, ended in self.spans)


async def waiting(design: type[Aggregate], commands: int = 20, latency: float = 0.005) -> Waiting:
    """Send that many deposits at once, each to its own account, to a store that takes `latency` seconds a call."""
    names = [f"c{number:03}" for number in range(commands)]
    bank = await Bank.opened(design, **dict.fromkeys(names, 0))
    bank.statemgr.latency = latency
    run, open_now, asked = Waiting(), set(), perf_counter()

    async def deposit(name: str) -> tuple[float, float]:
        aggregate = bank.aggregate
        async with aggregate.command_aggregate(*bank.depositing(name, 1_00)) as command:
            # Opening took one call of the store, the fetch of the root object; what came before it was waiting.
            started = perf_counter() - asked - latency
            open_now.add(name)
            run.most_at_once = max(run.most_at_once, len(open_now))
            await command.deposit(amount=1_00)
            aggregate.consume_events()
            open_now.discard(name)
        return max(started, 0), perf_counter() - asked

    run.spans = await asyncio.gather(*map(deposit, names))
    return run


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
