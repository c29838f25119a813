"""Commands of the bank that overlap, ready to be run in every order on any design.

What the commands do stands in plain coroutines (`deposit`, `withdraw`, …): those are what the stepper shows.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

from fluvius_demo.aggregate import Aggregate
from fluvius_demo.banking import Account, Bank
from fluvius_demo.errors import PreconditionFailedError
from fluvius_demo.legacy import LegacyAggregate
from fluvius_demo.lessons.judging import Order, Ran, judged, slots
from fluvius_demo.lessons.running import run_alone
from fluvius_demo.lessons.scene import End, Make, Scene, Verdict
from fluvius_demo.records import CommandBundle, DomainContext
from fluvius_demo.transaction import Write

Body = Callable[["Stage", Aggregate, Order], Coroutine[Any, Any, Ran]]


class Stage:
    """A fresh bank on one design, and the commands that are to overlap on it."""

    def __init__(self, design: type[Aggregate], roles: Mapping[str, "Role"], probe: bool = False) -> None:
        self.bank, self.lock = Bank(design), asyncio.Lock()
        self.bonus: asyncio.Task | None = None
        accounts = {"fees": 0, **{role.order.account: role.holds for role in roles.values()}}
        self.bank.statemgr.write(
            {
                ("account", name): Write("insert", Account(identifier=name, owner=name.capitalize(), balance=holds))
                for name, holds in accounts.items()
            }
        )
        self.roles, self.before, self.probe = roles, self.bank.balances(), probe
        self.aggregates = {name: self.bank.aggregate for name in roles}

    def scene(self) -> Scene:
        """Return the scene; its commands have not begun."""
        commands = {name: role.body(self, self.aggregates[name], role.order) for name, role in self.roles.items()}
        shared = isinstance(self.bank.aggregate, LegacyAggregate) and not self.bank.aggregate.per_command
        return Scene(commands, self.judge, self.look, shared)

    def look(self, name: str) -> dict[str, str]:
        """Return what a command sees in the aggregate's variables."""
        return slots(self.aggregates[name[0]])

    def judge(self, ends: Mapping[str, End]) -> Verdict:
        """Return the verdict; with `probe`, also on one more command, after all others."""
        orders = {name: role.order for name, role in self.roles.items()}
        if self.bonus is not None and self.bonus.done() and self.bonus.exception() is not None:
            # It was refused, so it is an ending of its own, and nobody has to find its event.
            ends = {**ends, "A1": End(error=self.bonus.exception())}
            orders = {**orders, "A": Order(*orders["A"][:2]), "A1": orders["A"]}
        if self.probe:
            role = next(iter(self.roles.values()))
            orders["afterwards"] = Order(role.order.account, 1_00)
            one_more = quick_deposit(self, self.bank.aggregate, orders["afterwards"])
            ends = {**ends, "afterwards": run_alone(one_more)}
        return judged(orders, ends, self.before, self.bank.balances())


@dataclass(frozen=True)
class Role:
    """One command of a program: what it does, what it is asked to do, what its account holds before (cents)."""

    body: Body
    order: Order
    holds: int = 0


@dataclass(frozen=True)
class Program:
    """Commands that overlap. `make(design)` gives what `explore` and `Execution` take."""

    name: str
    text: str
    roles: Mapping[str, Role]

    def make(self, design: type[Aggregate], *, probe: bool = False) -> Make:
        """Return a function that makes a fresh scene on this design; `probe`: one more command is judged at the end."""
        return lambda: Stage(design, self.roles, probe).scene()


async def deposit(stage: Stage, aggregate: Aggregate, order: Order) -> Ran:
    """Five steps: open, read the account, write it, send a receipt, take the events and close."""
    async with aggregate.command_aggregate(*stage.bank.depositing(order.account, order.amount)) as command:
        done = await command.deposit(amount=order.amount)
        await asyncio.sleep(1)  # sends a receipt: takes any time
        return ran(done, aggregate)


async def quick_deposit(stage: Stage, aggregate: Aggregate, order: Order) -> Ran:
    """Four steps: open, read the account, write it, take the events and close."""
    async with aggregate.command_aggregate(*stage.bank.depositing(order.account, order.amount)) as command:
        done = await command.deposit(amount=order.amount)
        return ran(done, aggregate)


async def failing_deposit(stage: Stage, aggregate: Aggregate, order: Order) -> Ran:
    """Open, then fail: no amount may be negative."""
    async with aggregate.command_aggregate(*stage.bank.depositing(order.account, order.amount)) as command:
        done = await command.deposit(amount=-order.amount)
        return ran(done, aggregate)


async def deposit_with_bonus(stage: Stage, aggregate: Aggregate, order: Order) -> Ran:
    """Deposit, and start a task that grants a bonus; nobody waits for that task."""
    async with aggregate.command_aggregate(*stage.bank.depositing(order.account, order.amount)) as command:
        done = await command.deposit(amount=order.amount)
        stage.bonus = asyncio.create_task(grant_bonus(aggregate, order.account))
        await asyncio.sleep(1)  # sends a receipt: takes any time
        return ran(done, aggregate)


async def grant_bonus(aggregate: Aggregate, account: str) -> None:
    """Say that a bonus was granted, as an event of the command that has started this."""
    aggregate.create_event("bonus-granted", {}, {"account": f"{account}'s bonus"})


async def deposit_in_deposit(stage: Stage, aggregate: Aggregate, order: Order) -> Ran:
    """While the command is open, its own code runs another one."""
    async with aggregate.command_aggregate(*stage.bank.depositing(order.account, order.amount)) as command:
        await quick_deposit(stage, aggregate, Order("fees", 50))
        done = await command.deposit(amount=order.amount)
        return ran(done, aggregate)


def ran(done: Mapping[str, Any], aggregate: Aggregate) -> Ran:
    """Take the command's events, and return what it has done."""
    return Ran(done["account"], tuple(event.data["account"] for event in aggregate.consume_events()))


async def withdraw(stage: Stage, _aggregate: Aggregate, order: Order) -> Ran:
    """Five steps, one call: open, read the account, write it, commit, done."""
    return await called(stage.bank, stage.bank.command("withdraw-money", order.account, amount=-order.amount))


async def deposit_and_withdraw(stage: Stage, _aggregate: Aggregate, order: Order) -> Ran:
    """Eight steps, one call of two commands: three for each, then commit, done."""
    return await called(
        stage.bank,
        stage.bank.command("deposit-money", order.account, amount=order.amount + 1_00),
        stage.bank.command("withdraw-money", order.account, amount=1_00),
    )


async def withdraw_with_lock(stage: Stage, aggregate: Aggregate, order: Order) -> Ran:
    """Wait until nobody else works on the account."""
    async with stage.lock:
        return await withdraw(stage, aggregate, order)


async def withdraw_with_if_match(stage: Stage, _aggregate: Aggregate, order: Order) -> Ran:
    """Name the version that was read; if somebody else was first, read again and repeat."""
    bank = stage.bank
    command = bank.command("withdraw-money", order.account, amount=-order.amount)
    while True:
        etag = bank.statemgr.committed("account", order.account)._etag
        context = bank.setup_context(source=None, headers={"if-match": etag})
        try:
            return await called(bank, command, context=context)
        except PreconditionFailedError:
            continue


async def called(bank: Bank, *commands: CommandBundle, context: DomainContext | None = None) -> Ran:
    """Send the commands as one call, and return what it has done."""
    told = (await bank.process_command(*commands, context=context))["account-state"]
    ids = {response.src_cmd for response in told}
    return Ran(told[-1].data.account, tuple(e.data["account"] for e in bank.event_log if e.src_cmd in ids))


def _ana(body: Body, cents: int = 100_00, events: tuple[str, ...] = (), holds: int = 0) -> Role:
    return Role(body, Order("ana", cents, events), holds)


def _ben(body: Body, cents: int = 50_00, events: tuple[str, ...] = ()) -> Role:
    return Role(body, Order("ben", cents, events))


def _both_from_one(body: Body) -> dict[str, Role]:
    return {"A": _ana(body, -30_00, holds=100_00), "B": _ana(body, -20_00, holds=100_00)}


PROGRAMS: dict[str, Program] = {
    program.name: program
    for program in (
        Program("two deposits", "Ana and Ben deposit, five steps each", {"A": _ana(deposit), "B": _ben(deposit)}),
        Program(
            "three deposits",
            "Ana, Ben and Cy deposit, four steps each",
            {"A": _ana(quick_deposit), "B": _ben(quick_deposit), "C": Role(quick_deposit, Order("cy", 20_00))},
        ),
        Program(
            "two long calls",
            "Ana and Ben deposit and withdraw in one call, eight steps each",
            {
                "A": _ana(deposit_and_withdraw, events=("ana",) * 2),
                "B": _ben(deposit_and_withdraw, events=("ben",) * 2),
            },
        ),
        Program("a failing command", "Ana's deposit fails", {"A": _ana(failing_deposit), "B": _ben(quick_deposit)}),
        Program(
            "a late child",
            "Ana's command starts a task that may outlive it",
            {"A": _ana(deposit_with_bonus, events=("ana", "ana's bonus")), "B": _ben(deposit)},
        ),
        Program(
            "a command in a command",
            "Ana's command runs another one inside",
            {"A": _ana(deposit_in_deposit), "B": _ben(quick_deposit)},
        ),
        Program("one account", "Two people withdraw from Ana's account", _both_from_one(withdraw)),
        Program("one account, with a lock", "The same, one after the other", _both_from_one(withdraw_with_lock)),
        Program("one account, with If-Match", "The same, by version", _both_from_one(withdraw_with_if_match)),
    )
}
