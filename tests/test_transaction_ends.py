"""Transactions inside of transactions, and what becomes of those who still hold one that has ended."""

import asyncio
import gc
import weakref
from collections.abc import Callable
from contextlib import nullcontext

import pytest
from helpers import in_a_loop

from fluvius_demo.banking import Account
from fluvius_demo.errors import TransactionEndedError
from fluvius_demo.statemgr import MemoryStateManager, StoreCall
from fluvius_demo.transaction import Transaction

Store = MemoryStateManager
ANA, BEN = (Account(identifier=name, owner=name.capitalize()) for name in ("ana", "ben"))


def store() -> Store:
    """Return an empty store."""
    return Store({"account": Account})


def names(of: Store) -> list[str]:
    """Return the names of the committed accounts."""
    return [account.identifier for account in of.all("account")]


class TestInsideOfEachOther:
    """A transaction inside of another one on the same store is its own; on two stores each has its own."""

    @in_a_loop
    async def test_the_inner_one_does_not_see_what_the_outer_one_has_staged(self) -> None:
        """Ana is staged outside: inside she is unknown, and so is Ben outside."""
        bank = store()
        with bank.transaction() as outer:
            await bank.insert(ANA)
            with bank.transaction():
                await bank.insert(ANA)  # no ConflictError: she is not there
                await bank.insert(BEN)
            assert [name for _, name in outer.writes] == ["ana"]

    @in_a_loop
    async def test_the_inner_commit_stays_although_the_outer_one_fails(self) -> None:
        """Each is applied, or not, for itself."""
        bank = store()
        with bank.transaction():
            await bank.insert(ANA)
            with bank.transaction() as inner:
                await bank.insert(BEN)
                await inner.commit()
        assert names(bank) == ["ben"]

    @in_a_loop
    async def test_two_stores_have_each_its_own(self) -> None:
        """What is written to a store goes to the nearest transaction on that store, whatever lies between."""
        bank, archive = store(), store()
        with bank.transaction() as outer:
            with archive.transaction() as inner:
                await bank.insert(ANA)
                await archive.insert(BEN)
                await inner.commit()
            assert (names(bank), names(archive)) == ([], ["ben"])
            await outer.commit()
        assert (names(bank), names(archive)) == (["ana"], ["ben"])

    @in_a_loop
    async def test_a_transaction_on_another_store_does_not_catch_the_write(self) -> None:
        """Where only the archive has a transaction, a write to the bank is applied at once."""
        bank, archive = store(), store()
        with archive.transaction():
            await bank.insert(ANA)
        assert names(bank) == ["ana"]


LATE: dict[str, tuple[Callable[[Store], object], str]] = {
    "fetch": (lambda bank: bank.fetch("account", "ana"), "fetch account 'ana'"),
    "insert": (lambda bank: bank.insert(BEN), "insert account 'ben'"),
    "update": (lambda bank: bank.update(ANA), "update account 'ana'"),
    "invalidate": (lambda bank: bank.invalidate(ANA), "update account 'ana'"),
}


class TestLateTasks:
    """A task that outlives its call neither reads nor writes in its name."""

    @pytest.mark.parametrize("fails", [False, True], ids=["committed", "failed"])
    @pytest.mark.parametrize(("work", "attempted"), LATE.values(), ids=LATE)
    @in_a_loop
    async def test_a_late_task_is_refused(self, work: Callable[[Store], object], attempted: str, fails: bool) -> None:
        """It is told so, however the call ended; nothing is written, neither in the transaction nor at once."""
        bank, ended = store(), asyncio.Event()
        await bank.insert(ANA)

        async def late() -> None:
            await ended.wait()
            await work(bank)

        with pytest.raises(KeyError) if fails else nullcontext(), bank.transaction() as transaction:
            task = asyncio.create_task(late())
            if fails:
                raise KeyError("lost")
            await transaction.commit()
        ended.set()
        with pytest.raises(TransactionEndedError) as caught:
            await task
        assert str(caught.value) == (
            f"Cannot {attempted}: the call of process_command that started this code has ended, and its "
            "transaction with it. To solve this, await the work inside of the command, or make a new call for it."
        )
        assert [account._etag for account in bank.all("account")] == ["account/ana@1"]

    @in_a_loop
    async def test_a_write_on_its_way_when_the_call_ends_is_refused(self) -> None:
        """What counts is when the store is reached, not when the call to it began."""
        bank, there, ended = store(), asyncio.Event(), asyncio.Event()

        async def gate(call: StoreCall) -> None:
            if asyncio.current_task().get_name() == "late":
                there.set()
                await ended.wait()

        bank.gate = gate
        with bank.transaction() as transaction:
            task = asyncio.create_task(bank.insert(ANA), name="late")
            await there.wait()
            await transaction.commit()
        ended.set()
        with pytest.raises(TransactionEndedError):
            await task
        assert names(bank) == []

    @in_a_loop
    async def test_nothing_slips_in_while_the_call_commits(self) -> None:
        """What is committed is decided when the commit begins, and not by who is quicker."""
        bank, there, go = store(), asyncio.Event(), asyncio.Event()

        async def gate(call: StoreCall) -> None:
            if call.operation == "commit":
                go.set()
                await asyncio.wait([task])
            elif asyncio.current_task() is task:
                there.set()
                await go.wait()

        bank.gate = gate
        with bank.transaction() as transaction:
            task = asyncio.create_task(bank.insert(BEN))
            await there.wait()
            await bank.insert(ANA)
            await transaction.commit()
        with pytest.raises(TransactionEndedError):
            await task
        assert names(bank) == ["ana"]

    @in_a_loop
    async def test_a_late_task_may_open_its_own(self) -> None:
        """What it starts anew is in nobody's name but its own, and afterwards it is refused again."""
        bank, ended = store(), asyncio.Event()

        async def late() -> None:
            await ended.wait()
            with bank.transaction() as own:
                await bank.insert(BEN)
                await own.commit()
            with pytest.raises(TransactionEndedError):
                await bank.insert(ANA)

        with bank.transaction():
            task = asyncio.create_task(late())
        ended.set()
        await task
        assert names(bank) == ["ben"]

    @pytest.mark.parametrize("outer_open", [False, True], ids=["nothing around it", "an open one around it"])
    @in_a_loop
    async def test_a_transaction_on_another_store_is_no_way_round(self, outer_open: bool) -> None:
        """A late task that opens one on the archive still may not write to the bank, nor into an outer transaction."""

        async def late(bank: Store, archive: Store, ended: asyncio.Event) -> None:
            await ended.wait()
            with archive.transaction():
                await bank.insert(ANA)

        async def call(bank: Store, archive: Store) -> None:
            ended = asyncio.Event()
            with bank.transaction():
                task = asyncio.create_task(late(bank, archive, ended))
            ended.set()
            with pytest.raises(TransactionEndedError):
                await task

        bank, archive = store(), store()
        if outer_open:
            with bank.transaction() as outer:
                await call(bank, archive)
                await outer.commit()
        else:
            await call(bank, archive)
        assert names(bank) == []


class TestEndedTransactions:
    """An ended transaction holds nothing, and is good for nothing."""

    @in_a_loop
    async def test_it_keeps_no_objects(self) -> None:
        """A task that holds it for long does not hold the call's objects with it."""
        bank = store()
        with bank.transaction() as transaction:
            await bank.insert(ANA)
            bank.expect("account", "ana", "")
        assert (transaction.writes, transaction.expected) == ({}, {})

    @in_a_loop
    async def test_a_commit_after_the_end_is_refused(self) -> None:
        """It has nothing left to apply; to pass in silence would lose the writes."""
        bank = store()
        with bank.transaction() as transaction:
            await bank.insert(ANA)
        with pytest.raises(TransactionEndedError):
            await transaction.commit()

    @pytest.mark.parametrize("stores", [1, 2])
    @in_a_loop
    async def test_ended_transactions_do_not_chain(self, stores: int) -> None:
        """A task that starts a task that starts a task …, each with its own call, keeps one for each store."""
        banks, seen, newest = [store() for _ in range(stores)], [], {}
        alive = asyncio.get_running_loop().create_future()

        async def link(left: int) -> None:
            if not left:
                gc.collect()
                alive.set_result(sum(reference() is not None for reference in seen))
                return
            transaction = Transaction(banks[left % stores])
            seen.append(weakref.ref(transaction))
            with transaction:
                newest["task"] = asyncio.create_task(link(left - 1))

        await link(20)
        assert 1 <= await alive <= stores
        assert len(seen) == 20
