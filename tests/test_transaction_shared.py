"""`create_task(…, context=same)`: two tasks share one Context, and so every context variable."""

import asyncio
from contextvars import copy_context
from typing import Any

import pytest
from gates import Hold
from helpers import end_of, in_a_loop

from fluvius_demo import Bank, IsolatedAggregate, MigratedAggregate
from fluvius_demo.errors import SharedContextError
from fluvius_demo.statemgr import StoreCall


class TestOneStore:
    """Two calls whose writes could not be told apart are not let in at the same time."""

    @pytest.mark.parametrize("design", [MigratedAggregate, IsolatedAggregate])
    @in_a_loop
    async def test_the_second_call_is_refused(self, design: type) -> None:
        """It reads why and what to do, and can be made again; the first one is not touched."""
        bank, context = await Bank.opened(design, ana=0, ben=0), copy_context()
        hold = bank.statemgr.gate = Hold("first")

        def call(account: str, name: str) -> asyncio.Task[Any]:
            work = bank.process_command(bank.command("deposit-money", account, amount=5))
            return asyncio.create_task(work, name=name, context=context)

        first = call("ana", "first")
        await hold.reached.wait()
        error = await end_of(call("ben", "second"))
        assert (type(error), str(error)) == (
            SharedContextError,
            "Cannot begin a call: another task has one open in this very Context, so their writes would be mixed. "
            "To solve this, start each task without context=…, or give each its own: context=copy_context().",
        )
        hold.go.set()
        await first
        assert bank.balances() == {"ana": 5, "ben": 0}
        await call("ben", "second")
        assert bank.balances() == {"ana": 5, "ben": 5}

    @in_a_loop
    async def test_calls_that_do_not_overlap_may_share_one(self) -> None:
        """One after the other is no trouble, whether or not the first one failed."""
        bank, context = await Bank.opened(ana=0), copy_context()
        for amount in (5, -1, 7):
            work = bank.process_command(bank.command("deposit-money", "ana", amount=amount))
            await end_of(asyncio.create_task(work, context=context))
        assert bank.balances() == {"ana": 12}


class TestTheBooks:
    """Whatever is let in: no write of a call that succeeded is lost, and none of another one is kept."""

    @pytest.mark.parametrize("order", ["AAAABBBBB", "AAABABBBB", "AAABBABBB", "ABAAABBBB", "BBABBBAAA", "BBAAAABBB"])
    @pytest.mark.parametrize("stores", [1, 2])
    @in_a_loop
    async def test_the_books_hold_what_the_calls_have_reported(self, stores: int, order: str) -> None:
        """A pays in 5 cents; B pays in 7 and then fails, on the same bank or on another one."""
        turns, stopped = {name: asyncio.Semaphore(0) for name in "AB"}, asyncio.Semaphore(0)

        async def gate(call: StoreCall) -> None:
            stopped.release()
            await turns[asyncio.current_task().get_name()].acquire()

        banks = [await Bank.opened(IsolatedAggregate, ana=0, ben=0) for _ in range(stores)]
        mine, yours, context = banks[0], banks[-1], copy_context()
        mine.statemgr.gate = yours.statemgr.gate = gate
        deposit, withdraw = (
            yours.command(f"{key}-money", "ben", amount=n) for key, n in [("deposit", 7), ("withdraw", 99)]
        )
        calls = {
            "A": mine.process_command(mine.command("deposit-money", "ana", amount=5)),
            "B": yours.process_command(deposit, withdraw),
        }
        tasks = {name: asyncio.create_task(call, name=name, context=context) for name, call in calls.items()}
        for task in tasks.values():
            task.add_done_callback(lambda _: stopped.release())
            await stopped.acquire()
        for name in order:
            if not tasks[name].done():
                turns[name].release()
                await stopped.acquire()
        ends = {name: await end_of(task) for name, task in tasks.items()}
        assert isinstance(ends["B"], Exception)  # refused, or: ben has not so much
        paid_in = 0 if isinstance(ends["A"], Exception) else 5
        assert mine.balances()["ana"] == sum(event.args["amount"] for event in mine.event_log) == paid_in
        assert yours.balances()["ben"] == 0

    @pytest.mark.parametrize("place", [1, 2, 3, 4])
    @in_a_loop
    async def test_a_call_that_begins_while_another_one_is_anywhere(self, place: int) -> None:
        """A is at its `place`-th call to the store, the last being the commit, when B begins; then A ends first."""
        bank, context = await Bank.opened(IsolatedAggregate, ana=0, ben=0), copy_context()
        first, second = Hold("A", place), Hold("B")

        async def gate(call: StoreCall) -> None:
            await first(call)
            await second(call)

        bank.statemgr.gate = gate
        deposit, withdraw = (
            bank.command(f"{key}-money", "ben", amount=n) for key, n in [("deposit", 7), ("withdraw", 99)]
        )
        mine = bank.process_command(bank.command("deposit-money", "ana", amount=5))
        a = asyncio.create_task(mine, name="A", context=context)
        await first.reached.wait()
        b = asyncio.create_task(bank.process_command(deposit, withdraw), name="B", context=context)
        await asyncio.wait([b, asyncio.create_task(second.reached.wait())], return_when=asyncio.FIRST_COMPLETED)
        first.go.set()
        await a
        second.go.set()
        assert isinstance(await end_of(b), Exception)  # refused, or: ben has not so much
        assert bank.balances() == {"ana": 5, "ben": 0}
