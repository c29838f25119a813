"""The errors on the handout: each is raised here, so that what is printed is what a reader will meet."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from contextvars import Context, ContextVar
from typing import NamedTuple

from fluvius_demo import Bank, LegacyAggregate
from fluvius_demo.aggregate import RestrictedAggregateProxy
from fluvius_demo.errors import DemoError
from fluvius_demo.lessons.designs import UnguardedAggregate

Raising = Callable[[], Awaitable[None]]


class Told(NamedTuple):
    """An error's text, what it means, and what to do; our own errors say the latter themselves."""

    text: str
    means: str
    remedy: str


def told() -> list[Told]:
    """Raise every error, each in a fresh task and Context; return them in the order in which the course meets them."""
    return [asyncio.run(_told(raising, *words)) for raising, words in _RAISED.items()]


async def _told(raising: Raising, means: str, remedy: str) -> Told:
    try:
        await asyncio.create_task(raising(), context=Context())
    except Exception as error:
        name, text = type(error).__name__, re.sub("0x[0-9a-fA-F]+", "0x…", str(error))
        if not isinstance(error, DemoError):
            return Told(f"{name}: {text}", means, remedy)
        own = f"{error.remedy[0].upper()}{error.remedy[1:]}. {remedy}".strip()
        return Told(f"{name}: {text.partition(' To solve this, ')[0]}", means, own)
    raise AssertionError(f"{raising.__name__} raises nothing: the handout would tell a tale")


_RAISED: dict[Raising, tuple[str, str]] = {}


def _printed(means: str, remedy: str = "") -> Callable[[Raising], Raising]:
    def note(raising: Raising) -> Raising:
        _RAISED[raising] = (means, remedy)
        return raising

    return note


def _opened(bank: Bank, account: str) -> AbstractAsyncContextManager[RestrictedAggregateProxy]:
    return bank.aggregate.command_aggregate(*bank.depositing(account, 1_00))


@_printed(
    "Two commands overlap on an object that has one place for their state; or an earlier one failed and left it there.",
    "Keep the guard, it is the smoke detector. Move the state, and set it back in finally.",
)
async def _overlapping() -> None:
    bank = await Bank.opened(LegacyAggregate, ana=0, ben=0)
    async with _opened(bank, "ana"):
        await asyncio.create_task(_opened(bank, "ben").__aenter__())


@_printed(
    "There is no guard, and another command has tidied the shared state away.",
    "Look at the data: others were served before, as the wrong person, and nobody was told. Then move the state.",
)
async def _tidied_away() -> None:
    bank = await Bank.opened(UnguardedAggregate, ana=0, ben=0)
    second = _opened(bank, "ben")
    async with _opened(bank, "ana"):
        command = await second.__aenter__()
    await command.deposit(amount=1_00)


@_printed(
    "The variable is not set in this Context: a thread, an executor, a fresh Context, or it is too early.",
    "Hand over what is needed, or use asyncio.to_thread. A mutable default is no cure.",
)
async def _never_set() -> None:
    ContextVar("current").get()


@_printed(
    "Set in one task, reset in another: by a generator, a fixture, a framework, or with a token kept on self.",
    "Enter, use and leave in one task. Keep the token with the one command.",
)
async def _reset_elsewhere() -> None:
    variable: ContextVar[str] = ContextVar("current")
    token = variable.set("ana")
    Context().run(variable.reset, token)


@_printed("The same token was used for two resets.", "One set, one token, one reset: in finally, and nowhere else.")
async def _reset_twice() -> None:
    variable: ContextVar[str] = ContextVar("current")
    token = variable.set("ana")
    variable.reset(token)
    variable.reset(token)


@_printed("Code that needs a command runs in none: after its end, in a callback, or in a thread with an empty Context.")
async def _outside() -> None:
    _ = (await Bank.opened(ana=0)).aggregate.aggroot


@_printed("A late child: a task or a timer that was started inside of the command and has outlived it.")
async def _ended() -> None:
    bank = await Bank.opened(ana=0)
    gate = asyncio.Event()

    async def late() -> None:
        await gate.wait()
        bank.aggregate.create_event("thanked", {}, None)

    async with _opened(bank, "ana"):
        child = asyncio.create_task(late())
    gate.set()
    await child


@_printed("A command inside of another one, of the same aggregate and in the same task.")
async def _nested() -> None:
    bank = await Bank.opened(ana=0, ben=0)
    async with _opened(bank, "ana"), _opened(bank, "ben"):
        pass


@_printed("A handler has created events and left without taking them: they would be lost.")
async def _left_over() -> None:
    async with _opened(await Bank.opened(ana=0), "ana") as command:
        await command.deposit(amount=1_00)


@_printed("Two have read the same version. No context variable helps here: the data is shared.", "Or lock the object.")
async def _out_of_date() -> None:
    bank = await Bank.opened(ana=0)
    stale = bank.setup_context(source=None, headers={"if-match": "account/ana@0"})
    async with bank.aggregate.command_aggregate(*bank.opening(bank.command("deposit-money", "ana", amount=1), stale)):
        pass
