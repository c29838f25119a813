"""One call of `process_command` is one transaction: what calls that overlap do to each other."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest
from gates import Hold, started
from helpers import end_of, in_a_loop

from fluvius_demo import Bank, IsolatedAggregate, MigratedAggregate
from fluvius_demo.errors import ConflictError, InsufficientFundsError, PreconditionFailedError
from fluvius_demo.records import CommandBundle

each_design = pytest.mark.parametrize("design", [MigratedAggregate, IsolatedAggregate])


async def meanwhile(bank: Bank, held: CommandBundle, other: Coroutine[Any, Any, Any]) -> Any:
    """Hold a call where it commits, do the other thing in its own task, let the call go on, return how it ended."""
    gate = bank.statemgr.gate = Hold("held", operation="commit")
    task = started(bank, held)
    await gate.reached.wait()
    await asyncio.create_task(other)
    gate.go.set()
    return await end_of(task)


def with_if_match(bank: Bank, key: str, account: str, etag: str, **payload: Any) -> CommandBundle:
    """Return a command of an untrusted caller, with If-Match."""
    return bank.command(key, account, context=bank.setup_context(source=None, headers={"If-Match": etag}), **payload)


class TestSeveralCommandsInOneCall:
    """They are done together, or none of them is."""

    @each_design
    @in_a_loop
    async def test_the_second_command_sees_what_the_first_has_written(self, design: type) -> None:
        """What is paid in first can be taken out afterwards, and only then is anything stored."""
        bank = await Bank.opened(design, ana=0)
        deposit, withdraw = (bank.command(f"{kind}-money", "ana", amount=5) for kind in ("deposit", "withdraw"))
        await bank.process_command(deposit, withdraw, deposit)
        assert bank.balances() == {"ana": 5}
        assert bank.statemgr.committed("account", "ana")._etag == "account/ana@2"
        assert bank.statemgr.calls["commit"] == 1

    @each_design
    @in_a_loop
    async def test_where_the_second_fails_nothing_of_the_first_remains(self, design: type) -> None:
        """No write, no event, no message of either; the same call can be made again."""
        bank, told = await Bank.opened(design, ana=0), []
        bank.subscribe("money-moved", told.append)
        calls = bank.command("deposit-money", "ana", amount=5), bank.command("withdraw-money", "ana", amount=6)
        for _ in range(2):
            with pytest.raises(InsufficientFundsError):
                await bank.process_command(*calls)
            assert (bank.balances(), bank.event_log, bank.activity_log, told) == ({"ana": 0}, [], [], [])


class TestIfMatch:
    """An untrusted caller's etag is checked when its command is opened, and again when the call is committed."""

    @each_design
    @in_a_loop
    async def test_a_call_that_commits_between_makes_the_etag_stale(self, design: type) -> None:
        """The slower call is refused at the commit: no write, no event, no message."""
        bank, told = await Bank.opened(design, ana=100), []
        bank.subscribe("money-moved", told.append)
        error = await meanwhile(
            bank,
            with_if_match(bank, "deposit-money", "ana", "account/ana@1", amount=5),
            bank.process_command(bank.command("deposit-money", "ana", amount=50)),
        )
        assert type(error) is PreconditionFailedError
        assert str(error) == (
            "Cannot commit a change of account 'ana' with If-Match account/ana@1: it is account/ana@2 by now. "
            "To solve this, load it again and repeat."
        )
        assert bank.balances() == {"ana": 150}
        assert [event.args for event in bank.event_log] == [{"amount": 50}]
        assert [message.data.amount for message in told] == [50]

    @each_design
    @in_a_loop
    async def test_a_call_on_another_account_does_not(self, design: type) -> None:
        """Only the account that the command is about is watched."""
        bank = await Bank.opened(design, ana=0, ben=0)
        deposit = with_if_match(bank, "deposit-money", "ana", "account/ana@1", amount=5)
        await meanwhile(bank, deposit, bank.process_command(bank.command("deposit-money", "ben", amount=50)))
        assert bank.balances() == {"ana": 5, "ben": 50}

    @each_design
    @in_a_loop
    async def test_two_commands_of_one_call_may_name_the_same_etag(self, design: type) -> None:
        """Within the call the account stays the version that the caller has loaded."""
        bank = await Bank.opened(design, ana=0)
        deposit = with_if_match(bank, "deposit-money", "ana", "account/ana@1", amount=5)
        await bank.process_command(deposit, deposit)
        assert bank.balances() == {"ana": 10}

    @each_design
    @in_a_loop
    async def test_an_account_that_the_same_call_opens_has_no_etag_to_name(self, design: type) -> None:
        """An untrusted caller, too, may open an account and pay in with one call."""
        bank = Bank(design)
        context = bank.setup_context(source=None)
        await bank.process_command(
            bank.command("open-account", "ana", owner="Ana"),
            bank.command("deposit-money", "ana", amount=5),
            context=context,
        )
        assert bank.balances() == {"ana": 5}


class TestLostUpdates:
    """Contexts isolate where state is kept, not the data: read, await, write loses an update on every design (P28)."""

    @each_design
    @in_a_loop
    async def test_without_if_match_the_last_writer_wins(self, design: type) -> None:
        """Both calls succeed, both events are logged, and one deposit is gone."""
        bank = await Bank.opened(design, ana=0)
        other = bank.process_command(bank.command("deposit-money", "ana", amount=50))
        responses = await meanwhile(bank, bank.command("deposit-money", "ana", amount=5), other)
        assert responses["account-state"][0].data.balance == 5
        assert bank.balances() == {"ana": 5}
        assert [event.args["amount"] for event in bank.event_log] == [50, 5]

    @each_design
    @in_a_loop
    async def test_if_match_does_not_watch_the_account_that_money_goes_to(self, design: type) -> None:
        """If-Match guards the root of the command alone: a deposit to the transfer's target is lost all the same."""
        bank = await Bank.opened(design, ana=100, ben=0)
        transfer = with_if_match(bank, "transfer-money", "ana", "account/ana@1", to="ben", amount=30)
        await meanwhile(bank, transfer, bank.process_command(bank.command("deposit-money", "ben", amount=50)))
        assert bank.balances() == {"ana": 70, "ben": 30}


class TestConflicts:
    """What cannot be true at once is refused even without If-Match."""

    @each_design
    @in_a_loop
    async def test_of_two_who_open_one_account_one_is_refused(self, design: type) -> None:
        """Both find the name free; the one that commits later reads who was first."""
        bank = Bank(design)
        mine, yours = (bank.command("open-account", "ana", owner=owner) for owner in ("Ana", "Anabel"))
        error = await meanwhile(bank, mine, bank.process_command(yours))
        assert type(error) is ConflictError
        assert str(error) == (
            "Cannot insert account 'ana': it exists already. To solve this, choose another name or update it."
        )
        assert [account.owner for account in bank.statemgr.all("account")] == ["Anabel"]
        assert [event.args["owner"] for event in bank.event_log] == ["Anabel"]

    @each_design
    @in_a_loop
    async def test_an_account_that_was_closed_meanwhile_gets_no_money(self, design: type) -> None:
        """The deposit is refused at the commit, and the account stays closed."""
        bank = await Bank.opened(design, ana=0)
        ana = bank.statemgr.committed("account", "ana")
        deposit = bank.command("deposit-money", "ana", amount=5)
        error = await meanwhile(bank, deposit, bank.statemgr.invalidate(ana))
        assert (type(error), error.wrong) == (ConflictError, "it was deleted meanwhile")
        assert (bank.balances(), bank.event_log) == ({}, [])
