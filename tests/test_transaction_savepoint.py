"""An action has a savepoint: what it writes counts once it has ended well, with its event, or not at all."""

import asyncio
from contextlib import suppress
from typing import Any

import pytest
from gates import bank_that
from helpers import end_of, in_a_loop

from fluvius_demo import Bank, IsolatedAggregate, LegacyAggregate, MigratedAggregate
from fluvius_demo.banking import Account
from fluvius_demo.errors import ConflictError, TransactionEndedError
from fluvius_demo.statemgr import MemoryStateManager

each_design = pytest.mark.parametrize("design", [LegacyAggregate, MigratedAggregate, IsolatedAggregate])
ANA, BEN = (Account(identifier=name, owner=name.capitalize()) for name in ("ana", "ben"))
Store = MemoryStateManager


def store() -> Store:
    """Return an empty store of accounts."""
    return Store({"account": Account})


def owners(of: Store) -> dict[str, str]:
    """Return who owns which committed account."""
    return {account.identifier: account.owner for account in of.all("account")}


class TestWithinACall:
    """A savepoint hands its writes over to the call, which commits them or does not."""

    @in_a_loop
    async def test_it_sees_what_the_call_has_staged_and_the_call_sees_it_afterwards(self) -> None:
        """Inside, one reads through to the call; outside, one reads what the savepoint has handed over."""
        bank = store()
        with bank.transaction() as transaction:
            await bank.insert(ANA)
            with bank.savepoint():
                ana = await bank.fetch("account", "ana")
                await bank.update(ana, owner="Anabel")
                assert (await bank.fetch("account", "ana")).owner == "Anabel"
            assert (await bank.fetch("account", "ana")).owner == "Anabel"
            assert owners(bank) == {}
            await transaction.commit()
        assert owners(bank) == {"ana": "Anabel"}

    @in_a_loop
    async def test_one_that_fails_leaves_nothing_and_the_call_goes_on(self) -> None:
        """Its writes are forgotten, all of them; those of the call before and after it are not."""
        bank = store()
        with bank.transaction() as transaction:
            await bank.insert(ANA)
            with suppress(KeyError), bank.savepoint():
                await bank.update(ANA, owner="Anabel")
                await bank.insert(BEN)
                raise KeyError("lost")
            assert (await bank.fetch("account", "ana")).owner == "Ana"
            await bank.insert(BEN)
            await transaction.commit()
        assert owners(bank) == {"ana": "Ana", "ben": "Ben"}

    @in_a_loop
    async def test_one_inside_of_another_hands_over_to_it(self) -> None:
        """Where the outer one fails, the inner one's writes go with it."""
        bank = store()
        with bank.transaction() as transaction:
            with suppress(KeyError), bank.savepoint():
                with bank.savepoint():
                    await bank.insert(ANA)
                assert (await bank.fetch("account", "ana")).owner == "Ana"
                raise KeyError("lost")
            await transaction.commit()
        assert owners(bank) == {}

    @in_a_loop
    async def test_one_that_ends_after_its_call_is_refused(self) -> None:
        """A task that is late with the end of its action has written nothing."""
        bank, written, ended = store(), asyncio.Event(), asyncio.Event()

        async def late() -> None:
            with bank.savepoint():
                await bank.insert(ANA)
                written.set()
                await ended.wait()

        with bank.transaction() as transaction:
            task = asyncio.create_task(late())
            await written.wait()
            await transaction.commit()
        ended.set()
        assert type(await end_of(task)) is TransactionEndedError
        assert owners(bank) == {}


class TestSideBySide:
    """Two savepoints of one call that are open at once do not see each other."""

    @in_a_loop
    async def test_of_two_that_insert_one_object_one_is_refused(self) -> None:
        """Both find the name free; the one that ends later reads who was first, and the call keeps the first one's."""
        bank, both = store(), asyncio.Barrier(2)

        async def opening(owner: str) -> None:
            with bank.savepoint():
                await bank.insert(Account(identifier="ana", owner=owner))
                await both.wait()

        with bank.transaction() as transaction:
            ends = await asyncio.gather(opening("Ana"), opening("Anabel"), return_exceptions=True)
            await transaction.commit()
        assert sorted(type(end).__name__ for end in ends) == ["ConflictError", "NoneType"]
        assert owners(bank) == {"ana": ("Ana", "Anabel")[ends.index(None)]}

    @in_a_loop
    async def test_what_one_has_deleted_the_other_does_not_revive(self) -> None:
        """The update of an object that the call has deleted meanwhile is refused."""
        bank, read, deleted = store(), asyncio.Event(), asyncio.Event()
        await bank.insert(ANA)

        async def updating() -> None:
            with bank.savepoint():
                await bank.update(await bank.fetch("account", "ana"), owner="Anabel")
                read.set()
                await deleted.wait()

        with bank.transaction() as transaction:
            task = asyncio.create_task(updating())
            await read.wait()
            with bank.savepoint():
                await bank.invalidate(ANA)
            deleted.set()
            assert type(await end_of(task)) is ConflictError
            await transaction.commit()
        assert owners(bank) == {}

    @in_a_loop
    async def test_two_actions_of_one_command_on_one_account_lose_an_update(self) -> None:
        """Read, await, write: two deposits at once in one handler are no safer than two calls (P28)."""

        async def process(self: Any, aggregate: Any, statemgr: Any, payload: Any) -> None:
            await asyncio.gather(aggregate.deposit(amount=5), aggregate.deposit(amount=7))

        bank = await bank_that(process).opened(ana=0)
        await bank.process_command(bank.command("do", "ana"))
        assert len(bank.event_log) == 2
        assert bank.balances()["ana"] in (5, 7)


class TestOutsideOfACall:
    """Where a command is opened by hand there is no call to wait for: an action's writes are applied when it ends."""

    @each_design
    @in_a_loop
    async def test_an_action_that_ends_well_is_applied_as_a_whole(self, design: type) -> None:
        """While it runs nothing of it is stored; afterwards all of it is, although the command is still open."""
        bank, seen = await Bank.opened(design, ana=10, ben=0), []

        async def gate(call: Any) -> None:
            seen.append(bank.balances())

        async with bank.aggregate.command_aggregate(*bank.depositing("ana", 1)) as proxy:
            bank.statemgr.gate = gate
            await proxy.transfer(to="ben", amount=3)
            assert bank.balances() == {"ana": 7, "ben": 3}
            bank.aggregate.consume_events()
        assert seen == [{"ana": 10, "ben": 0}] * 4

    @each_design
    @in_a_loop
    async def test_an_action_that_fails_half_way_has_written_nothing(self, design: type) -> None:
        """The money of a transfer that the store gives up on is where it was."""
        bank = await Bank.opened(design, ana=10, ben=0)

        async def gate(call: Any) -> None:
            if (call.operation, call.identifier) == ("update", "ben"):
                raise OSError("the store is away")

        bank.statemgr.gate = gate
        async with bank.aggregate.command_aggregate(*bank.depositing("ana", 1)) as proxy:
            with pytest.raises(OSError, match="away"):
                await proxy.transfer(to="ben", amount=3)
            assert bank.aggregate.consume_events() == []
        assert bank.balances() == {"ana": 10, "ben": 0}

    @in_a_loop
    async def test_of_two_that_insert_one_object_one_is_refused(self) -> None:
        """The end of an action is checked as a commit is."""
        bank, both = store(), asyncio.Barrier(2)

        async def opening(owner: str) -> None:
            with bank.savepoint():
                await bank.insert(Account(identifier="ana", owner=owner))
                await bank.insert(Account(identifier=f"{owner}'s other", owner=owner))
                await both.wait()

        ends = await asyncio.gather(opening("Ana"), opening("Anabel"), return_exceptions=True)
        assert sorted(type(end).__name__ for end in ends) == ["ConflictError", "NoneType"]
        winner = ("Ana", "Anabel")[ends.index(None)]
        assert owners(bank) == {"ana": winner, f"{winner}'s other": winner}
