"""What one command costs on each design, from entering to leaving, when nobody has to wait for anybody."""

import sys
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from contextvars import Context, ContextVar
from importlib import import_module
from time import perf_counter
from typing import Any

from fluvius_demo.aggregate import Aggregate
from fluvius_demo.banking import Account, Bank
from fluvius_demo.lessons.timing import Comparison, Timed, compare
from fluvius_demo.statemgr import MemoryStateManager

FLOOR, SET_AND_RESET = "an empty async with", "a bare set and reset"
_VARIABLE: ContextVar[object] = ContextVar("bare", default=None)

Work = Callable[[Bank, int], Coroutine[Any, Any, float]]


class AtOnce(MemoryStateManager):
    """A store that answers at once, and lets nobody in between: what is measured is the command."""

    async def call(self, operation: str, resource: str = "", identifier: str = "") -> None:
        """Do nothing."""


class Empty:
    """The floor: the least that an `async with` can be."""

    __slots__ = ()

    async def __aenter__(self) -> None:
        pass

    async def __aexit__(self, *_error: object) -> None:
        pass


async def empty(bank: Bank, loops: int) -> float:
    """Enter and leave, on a new object, so that nothing is fetched; return the seconds of all loops."""
    return await _entered(bank, opening_of(bank), loops)


async def fetched(bank: Bank, loops: int) -> float:
    """Enter and leave, on an object that is fetched from the store; return the seconds of all loops."""
    await restock(bank)
    return await _entered(bank, bank.depositing("ana", 1), loops)


async def _entered(bank: Bank, opening: tuple[Any, ...], loops: int) -> float:
    open_command = _opener(bank)
    started = perf_counter()
    for _ in range(loops):
        async with open_command(*opening):
            pass
    return perf_counter() - started


async def used(bank: Bank, loops: int) -> float:
    """Read four times, create three events and consume them; return the seconds of all loops."""
    opening, told = opening_of(bank), {"account": "ana"}
    started = perf_counter()
    for _ in range(loops):
        aggregate: Any = bank.aggregate
        async with aggregate.command_aggregate(*opening):
            _ = aggregate.context
            _ = aggregate.command
            _ = aggregate.aggroot
            _ = aggregate.rootobj
            aggregate.create_event("opened", told, told)
            aggregate.create_event("greeted", told, told)
            aggregate.create_event("filed", told, told)
            aggregate.consume_events()
    return perf_counter() - started


async def deposit(bank: Bank, loops: int) -> float:
    """Send whole deposits through `process_command`: checks, transaction, action, records; return the seconds.

    A transaction asks for its task, so this is to be compared from within a running loop: in a notebook's cell, or in
    a coroutine.
    """
    await restock(bank)
    command, started = bank.command("deposit-money", "ana", amount=1), perf_counter()
    for _ in range(loops):
        await bank.process_command(command)
        bank.event_log.clear()
    return perf_counter() - started


def commands(
    work: Work, designs: Mapping[str, type[Aggregate]], base: str, *, floors: bool = False, **how: Any
) -> Comparison:
    """Compare the designs at this work; `floors` adds an empty block and a bare set and reset. `how` is `compare`'s."""
    variants = {name: with_own_code(work, design) for name, design in designs.items()}
    return compare({**(FLOORS if floors else {}), **variants}, base, **how)


def with_own_code(work: Work, design: type[Aggregate]) -> Timed:
    """Return this work on this design, on a fresh copy of the whole package, which no other variant runs.

    The interpreter fits code to the types that it meets (PEP 659). Variants that share code slow each other down; a
    program that has one design never sees that. A design from elsewhere, such as a notebook's cell, runs as it is.
    """
    if design.__module__.partition(".")[0] != __name__.partition(".")[0]:
        return timed(work, bank_of(design))
    with fresh_package():
        this: Any = import_module(__name__)
        kind = getattr(import_module(design.__module__), design.__name__)
        return this.timed(getattr(this, work.__name__), this.bank_of(kind))


@contextmanager
def fresh_package() -> Iterator[None]:
    """Import this package anew inside of the block; afterwards all is as it was."""
    package = __name__.partition(".")[0]

    def ours() -> list[str]:
        return [name for name in sys.modules if name.partition(".")[0] == package]

    known = {name: sys.modules.pop(name) for name in ours()}
    try:
        yield
    finally:
        for name in ours():
            del sys.modules[name]
        sys.modules.update(known)


def bank_of(design: type[Aggregate]) -> Bank:
    """Return a bank whose store answers at once."""
    return Bank(design, statemgr=AtOnce({"account": Account}))


def timed(work: Work, bank: Bank) -> Timed:
    """Return the work as a function of loops that returns seconds; each call has a Context of its own."""
    return lambda loops: Context().run(without_waiting, work(bank, loops))


def without_waiting(work: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine that never waits, and return its result; for that no event loop is needed."""
    try:
        work.send(None)
    except StopIteration as done:
        return done.value
    work.close()
    raise RuntimeError(f"Cannot measure {work.__qualname__}: it waits. To solve this, give it a store that does not.")


async def restock(bank: Bank) -> None:
    """Have one account without money in the bank's store, and nothing else."""
    bank.statemgr._records.clear()
    await bank.statemgr.insert(Account(identifier="ana", owner="Ana"))


def opening_of(bank: Bank) -> Any:
    """Return the arguments of `command_aggregate` for a command that makes a new object."""
    return bank.opening(bank.command("open-account", "ana", owner="Ana"))


def _opener(bank: Bank) -> Callable[..., Any]:
    aggregate = bank.aggregate
    if not aggregate.per_command:
        return aggregate.command_aggregate
    return lambda *opening: bank.aggregate.command_aggregate(*opening)


async def _floor(loops: int) -> float:
    started = perf_counter()
    for _ in range(loops):
        async with Empty():
            pass
    return perf_counter() - started


def _set_and_reset(loops: int) -> float:
    started = perf_counter()
    for _ in range(loops):
        _VARIABLE.reset(_VARIABLE.set(None))
    return perf_counter() - started


FLOORS: dict[str, Timed] = {
    FLOOR: lambda loops: Context().run(without_waiting, _floor(loops)),
    SET_AND_RESET: lambda loops: Context().run(_set_and_reset, loops),
}
