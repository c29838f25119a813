"""What one command costs on each design, from entering to leaving, when nobody has to wait for anybody."""

from collections.abc import Callable, Coroutine, Mapping
from contextvars import Context, ContextVar
from functools import partial
from time import perf_counter
from typing import Any

from fluvius_demo.aggregate import Aggregate
from fluvius_demo.banking import Account, Bank
from fluvius_demo.lessons.fresh import COPIES, again, in_copies, is_ours
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
    work: Work,
    designs: Mapping[str, type[Aggregate]],
    base: str,
    *,
    floors: bool = False,
    copies: int = COPIES,
    **how: Any,
) -> Comparison:
    """Compare the designs at this work; `floors` adds an empty block and a bare set and reset. `how` is `compare`'s."""
    variants = {name: with_own_code(work, design, copies) for name, design in designs.items()}
    if floors:
        variants = {name: in_copies(partial(again, floor), copies) for name, floor in FLOORS.items()} | variants
    return compare(variants, base, **how)


def with_own_code(work: Work, design: type[Aggregate], copies: int = COPIES) -> Timed:
    """Return this work on this design, on copies of the package. One from a notebook's cell, say, runs as it is."""
    if not is_ours(design):
        return timed(work, bank_of(design))
    return in_copies(lambda: again(timed)(again(work), again(bank_of)(again(design))), copies)


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


def empty_block(loops: int) -> float:
    """Enter and leave an empty block; return the seconds of all loops."""

    async def run() -> float:
        started = perf_counter()
        for _ in range(loops):
            async with Empty():
                pass
        return perf_counter() - started

    return Context().run(without_waiting, run())


def set_and_reset(loops: int) -> float:
    """Set a context variable and reset it; return the seconds of all loops."""

    def run() -> float:
        started = perf_counter()
        for _ in range(loops):
            _VARIABLE.reset(_VARIABLE.set(None))
        return perf_counter() - started

    return Context().run(run)


FLOORS: dict[str, Timed] = {FLOOR: empty_block, SET_AND_RESET: set_and_reset}
