"""Transaction: writes wait, are applied together or not at all, and are nobody else's meanwhile."""

import asyncio
from collections.abc import Awaitable, Coroutine
from contextlib import nullcontext
from contextvars import Context
from typing import Any

import pytest
from helpers import in_a_loop

from fluvius_demo.banking import Account
from fluvius_demo.errors import ConflictError, NotFoundError, PreconditionFailedError
from fluvius_demo.statemgr import MemoryStateManager
from fluvius_demo.transaction import Write

Store = MemoryStateManager


def store_of(*names: str) -> Store:
    """Return a store with an empty account for each name, in its first version."""
    store = Store({"account": Account})
    store.write({("account", name): Write("insert", account(name)) for name in names})
    return store


def account(name: str, balance: int = 0) -> Account:
    """Return an account that is not stored."""
    return Account(identifier=name, owner=name.capitalize(), balance=balance)


def books(store: Store) -> dict[str, int]:
    """Return the committed balances."""
    return {account.identifier: account.balance for account in store.all("account")}


def by_somebody_else(work: Coroutine[Any, Any, Any]) -> Awaitable[Any]:
    """Run the work in a task that inherits nothing, as another request would."""
    return asyncio.create_task(work, context=Context())


async def set_balance(store: Store, name: str, balance: int) -> Account:
    """Fetch the account and store it with this balance."""
    return await store.update(await store.fetch("account", name), balance=balance)


class TestOneTransaction:
    """What is written in a transaction, and who sees it when."""

    @in_a_loop
    async def test_writes_wait_for_the_commit_and_are_applied_together(self) -> None:
        """Before the commit nothing of it is stored, afterwards all of it."""
        store = store_of("ana")
        with store.transaction() as transaction:
            await set_balance(store, "ana", 5)
            await store.insert(account("ben", 7))
            assert books(store) == {"ana": 0}
            await transaction.commit()
            assert books(store) == {"ana": 5, "ben": 7}
        assert books(store) == {"ana": 5, "ben": 7}

    @in_a_loop
    async def test_a_read_sees_its_own_writes_and_nobody_elses(self) -> None:
        """Two transactions that are open at once each read what they have written, and what is committed."""

        async def work(store: Store, balance: int, barrier: asyncio.Barrier) -> int:
            with store.transaction():
                await set_balance(store, "ana", balance)
                await barrier.wait()
                return (await store.fetch("account", "ana")).balance

        store, barrier = store_of("ana"), asyncio.Barrier(3)
        tasks = [asyncio.create_task(work(store, balance, barrier)) for balance in (5, 7)]
        await barrier.wait()
        assert (await store.fetch("account", "ana")).balance == 0
        assert await asyncio.gather(*tasks) == [5, 7]

    @in_a_loop
    async def test_its_own_deletion_is_seen_too(self) -> None:
        """What a call has invalidated, it cannot fetch any more; everybody else still can."""
        store = store_of("ana")
        with store.transaction():
            await store.invalidate(await store.fetch("account", "ana"))
            assert (await by_somebody_else(store.fetch("account", "ana"))).balance == 0
            with pytest.raises(NotFoundError):
                await store.fetch("account", "ana")

    @pytest.mark.parametrize("fails", [False, True], ids=["no commit", "an error"])
    @in_a_loop
    async def test_without_commit_nothing_remains(self, fails: bool) -> None:
        """A block that ends without commit, or by an error, leaves the store as it was; the error comes through."""
        store = store_of("ana")
        with pytest.raises(KeyError) if fails else nullcontext(), store.transaction():
            await set_balance(store, "ana", 5)
            if fails:
                raise KeyError("lost")
        assert books(store) == {"ana": 0}
        assert (await store.fetch("account", "ana"))._etag == "account/ana@1"

    @in_a_loop
    async def test_the_etag_changes_with_the_commit_and_not_before(self) -> None:
        """Within the transaction the etag names the version that it started from; two writes make one version."""
        store = store_of("ana")
        with store.transaction() as transaction:
            first = await set_balance(store, "ana", 5)
            second = await set_balance(store, "ana", 6)
            assert (first._etag, second._etag) == ("account/ana@1", "account/ana@1")
            await transaction.commit()
        assert (await store.fetch("account", "ana"))._etag == "account/ana@2"


class TestTheCheckAtTheCommit:
    """What others have committed meanwhile is found out before anything is applied."""

    @pytest.mark.parametrize("updated", [False, True], ids=["inserted", "inserted and updated"])
    @in_a_loop
    async def test_of_two_new_objects_of_one_name_the_second_is_refused(self, updated: bool) -> None:
        """An object that is made in a transaction must still be new at the commit, even if it was changed since."""
        store = store_of("ana")
        with store.transaction() as transaction:
            await set_balance(store, "ana", 5)
            await store.insert(account("ben", 7))
            if updated:
                await set_balance(store, "ben", 8)
            await by_somebody_else(store.insert(account("ben", 1)))
            with pytest.raises(ConflictError) as caught:
                await transaction.commit()
        assert str(caught.value) == (
            "Cannot insert account 'ben': it exists already. To solve this, choose another name or update it."
        )
        assert books(store) == {"ana": 0, "ben": 1}

    @in_a_loop
    async def test_of_two_that_commit_in_the_same_breath_one_is_refused(self) -> None:
        """Nothing comes between the check and the write."""
        store, both = store_of("ana"), asyncio.Barrier(2)

        async def work(balance: int) -> None:
            with store.transaction() as transaction:
                await store.insert(account("ben", balance))
                await both.wait()
                await transaction.commit()

        ends = await asyncio.gather(work(1), work(2), return_exceptions=True)
        assert sorted(type(end).__name__ for end in ends) == ["ConflictError", "NoneType"]
        assert books(store) == {"ana": 0, "ben": 1 + ends.index(None)}

    @in_a_loop
    async def test_an_object_that_was_deleted_meanwhile_is_not_revived(self) -> None:
        """The update of an invalidated object is refused, with all that goes with it."""
        store = store_of("ana", "ben")
        with store.transaction() as transaction:
            await set_balance(store, "ben", 7)
            ana = await set_balance(store, "ana", 5)
            await by_somebody_else(store.invalidate(ana))
            with pytest.raises(ConflictError) as caught:
                await transaction.commit()
        assert type(caught.value) is ConflictError
        assert str(caught.value) == (
            "Cannot commit a change of account 'ana': it was deleted meanwhile. "
            "To solve this, load it again and repeat."
        )
        assert books(store) == {"ben": 0}

    @pytest.mark.parametrize(
        ("name", "etag", "found"),
        [("ana", "account/ana@1", "it is account/ana@2 by now"), ("zoe", "account/zoe@1", "it is gone")],
    )
    @in_a_loop
    async def test_an_expected_etag_is_checked_again(self, name: str, etag: str, found: str) -> None:
        """Where the object is another version by now, or none, nothing is applied."""
        store = store_of("ana", "ben")
        with store.transaction() as transaction:
            store.expect("account", name, etag)
            await set_balance(store, "ben", 7)
            await by_somebody_else(set_balance(store, "ana", 1))
            with pytest.raises(PreconditionFailedError) as caught:
                await transaction.commit()
        assert str(caught.value) == (
            f"Cannot commit a change of account {name!r} with If-Match {etag}: {found}. "
            "To solve this, load it again and repeat."
        )
        assert books(store) == {"ana": 1, "ben": 0}

    @in_a_loop
    async def test_an_etag_that_still_holds_lets_the_commit_pass(self) -> None:
        """What others do to other objects does not matter, nor do the transaction's own writes."""
        store = store_of("ana", "ben")
        with store.transaction() as transaction:
            store.expect("account", "ana", "account/ana@1")
            await set_balance(store, "ana", 5)
            await by_somebody_else(set_balance(store, "ben", 1))
            await transaction.commit()
        assert books(store) == {"ana": 5, "ben": 1}

    @in_a_loop
    async def test_without_an_expected_etag_the_last_writer_wins(self) -> None:
        """The earlier commit is lost, and nobody is told (P28)."""
        store = store_of("ana")
        with store.transaction() as transaction:
            await set_balance(store, "ana", 5)
            await by_somebody_else(set_balance(store, "ana", 1))
            await transaction.commit()
        assert books(store) == {"ana": 5}


class TestOutsideOfATransaction:
    """Each write is applied at once, as in a database without BEGIN."""

    @in_a_loop
    async def test_each_write_is_applied_at_once(self) -> None:
        """A later error does not take it back."""
        store = store_of("ana")
        await set_balance(store, "ana", 5)
        with pytest.raises(ConflictError):
            await store.insert(account("ana"))
        assert books(store) == {"ana": 5}

    @in_a_loop
    async def test_an_expected_etag_has_nothing_to_wait_for(self) -> None:
        """There is no commit that could check it: nothing happens, and it is not kept for a later transaction."""
        store = store_of("ana")
        store.expect("account", "ana", "account/ana@99")
        with store.transaction() as transaction:
            await set_balance(store, "ana", 5)
            await transaction.commit()
        assert books(store) == {"ana": 5}
