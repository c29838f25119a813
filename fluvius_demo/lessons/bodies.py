"""What overlapping commands of the bank do: plain coroutines, the ones that the stepper shows.

Each is given the stage that it runs on, the aggregate that it acts through, and what it is asked to do. A step ends
where it awaits: the store, a receipt, a lock.
"""

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from fluvius_demo.aggregate import Aggregate
from fluvius_demo.banking import Bank
from fluvius_demo.errors import PreconditionFailedError
from fluvius_demo.lessons.judging import Order, Ran
from fluvius_demo.records import CommandBundle, DomainContext

if TYPE_CHECKING:
    from fluvius_demo.lessons.stage import Stage


async def deposit(stage: "Stage", aggregate: Aggregate, order: Order) -> Ran:
    """Five steps: wait to open, to read, to write, and for a receipt; then take the events and close."""
    async with aggregate.command_aggregate(*stage.bank.depositing(order.account, order.amount)) as command:
        done = await command.deposit(amount=order.amount)
        await asyncio.sleep(1)  # sends a receipt: takes any time
        return ran(done, aggregate)


async def quick_deposit(stage: "Stage", aggregate: Aggregate, order: Order) -> Ran:
    """Four steps: wait to open, to read and to write; then take the events and close."""
    async with aggregate.command_aggregate(*stage.bank.depositing(order.account, order.amount)) as command:
        done = await command.deposit(amount=order.amount)
        return ran(done, aggregate)


async def failing_deposit(stage: "Stage", aggregate: Aggregate, order: Order) -> Ran:
    """Open, then fail: no amount may be negative."""
    async with aggregate.command_aggregate(*stage.bank.depositing(order.account, order.amount)) as command:
        done = await command.deposit(amount=-order.amount)
        return ran(done, aggregate)


async def deposit_with_bonus(stage: "Stage", aggregate: Aggregate, order: Order) -> Ran:
    """Deposit, and start a task that grants a bonus; nobody waits for that task."""
    async with aggregate.command_aggregate(*stage.bank.depositing(order.account, order.amount)) as command:
        done = await command.deposit(amount=order.amount)
        stage.bonus = asyncio.create_task(grant_bonus(aggregate, order.account))
        await asyncio.sleep(1)  # sends a receipt: takes any time
        return ran(done, aggregate)


async def grant_bonus(aggregate: Aggregate, account: str) -> None:
    """Say that a bonus was granted, as an event of the command that has started this."""
    aggregate.create_event("bonus-granted", {}, {"account": f"{account}'s bonus"})


async def deposit_in_deposit(stage: "Stage", aggregate: Aggregate, order: Order) -> Ran:
    """While the command is open, its own code runs another one."""
    async with aggregate.command_aggregate(*stage.bank.depositing(order.account, order.amount)) as command:
        await quick_deposit(stage, aggregate, Order("fees", 50))
        done = await command.deposit(amount=order.amount)
        return ran(done, aggregate)


def ran(done: Mapping[str, Any], aggregate: Aggregate) -> Ran:
    """Take the command's events, and return what it has done."""
    return Ran(done["account"], tuple(event.data["account"] for event in aggregate.consume_events()))


async def withdraw(stage: "Stage", _aggregate: Aggregate, order: Order) -> Ran:
    """Five steps, one call: open, read the account, write it, commit, done."""
    return await called(stage.bank, stage.bank.command("withdraw-money", order.account, amount=-order.amount))


async def deposit_and_withdraw(stage: "Stage", _aggregate: Aggregate, order: Order) -> Ran:
    """Eight steps, one call of two commands: three for each, then commit, done."""
    return await called(
        stage.bank,
        stage.bank.command("deposit-money", order.account, amount=order.amount + 1_00),
        stage.bank.command("withdraw-money", order.account, amount=1_00),
    )


async def withdraw_with_lock(stage: "Stage", aggregate: Aggregate, order: Order) -> Ran:
    """Wait until nobody else works on the account."""
    async with stage.lock:
        return await withdraw(stage, aggregate, order)


async def withdraw_with_if_match(stage: "Stage", _aggregate: Aggregate, order: Order) -> Ran:
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
