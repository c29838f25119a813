"""The bank: what its four commands do, in cents, and whom they tell."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from helpers import in_a_loop
from pydantic import ValidationError

from fluvius_demo import Bank, IsolatedAggregate, LegacyAggregate, MigratedAggregate
from fluvius_demo.banking import AccountState, AmountData, MoneyMoved, OpenAccountData, TransferData
from fluvius_demo.records import AggregateRoot, CommandBundle

each_design = pytest.mark.parametrize("design", [LegacyAggregate, MigratedAggregate, IsolatedAggregate])
NOON = datetime(2024, 5, 17, 12, tzinfo=UTC)


def done(design: type, *commands: tuple[str, str, dict[str, Any]]) -> tuple[Bank, list[Any], list[Any]]:
    """Run these commands as one call at noon, as Ana's adviser; return the bank, its responses and its messages."""

    async def scenario() -> tuple[Bank, list[Any], list[Any]]:
        bank, told = await Bank.opened(design, ana=100_00, ben=5_00), []
        bank.subscribe("money-moved", told.append)
        bundles = [bank.command(key, account, **payload) for key, account, payload in commands]
        context = bank.setup_context(timestamp=NOON, profile_id="adviser", realm="branch-1")
        responses = await bank.process_command(*bundles, context=context)
        assert set(responses) == {"account-state"}
        return bank, [response.data for response in responses["account-state"]], [message.data for message in told]

    return asyncio.run(scenario())


class TestTheFourCommands:
    """Result, event, response and message of each, on every design."""

    @each_design
    def test_open_account(self, design: type) -> None:
        """A new account is empty and belongs to its owner; nobody is told of money."""
        bank, responses, messages = done(design, ("open-account", "cy", {"owner": "Cyrus"}))
        assert bank.balances() == {"ana": 100_00, "ben": 5_00, "cy": 0}
        assert bank.statemgr.committed("account", "cy").owner == "Cyrus"
        assert (responses, messages) == ([AccountState(account="cy", balance=0)], [])
        (event,) = bank.event_log
        assert (event.event, event.args) == ("account-opened", {"owner": "Cyrus"})
        assert event.data == {"account": "cy", "owner": "Cyrus"}

    @each_design
    def test_deposit_money(self, design: type) -> None:
        """The cents are added, and the message counts them as coming."""
        bank, responses, messages = done(design, ("deposit-money", "ana", {"amount": 1_50}))
        assert bank.balances() == {"ana": 101_50, "ben": 5_00}
        assert responses == [AccountState(account="ana", balance=101_50)]
        assert messages == [MoneyMoved(account="ana", amount=1_50)]
        (event,) = bank.event_log
        assert (event.event, event.args) == ("money-deposited", {"amount": 1_50})
        assert event.data == {"account": "ana", "amount": 1_50, "balance": 101_50}

    @each_design
    @pytest.mark.parametrize("amount", [1, 100_00], ids=["a cent", "all of it"])
    def test_withdraw_money(self, design: type, amount: int) -> None:
        """The cents are taken, down to the last one, and the message counts them as going."""
        bank, responses, messages = done(design, ("withdraw-money", "ana", {"amount": amount}))
        assert bank.balances() == {"ana": 100_00 - amount, "ben": 5_00}
        assert responses == [AccountState(account="ana", balance=100_00 - amount)]
        assert messages == [MoneyMoved(account="ana", amount=-amount)]
        (event,) = bank.event_log
        assert (event.event, event.args) == ("money-withdrawn", {"amount": amount})
        assert event.data == {"account": "ana", "amount": amount, "balance": 100_00 - amount}

    @each_design
    def test_transfer_money(self, design: type) -> None:
        """One account loses what the other gains; both are told of, in one event."""
        bank, responses, messages = done(design, ("transfer-money", "ana", {"to": "ben", "amount": 30_00}))
        assert bank.balances() == {"ana": 70_00, "ben": 35_00}
        assert responses == [AccountState(account="ana", balance=70_00)]
        assert messages == [MoneyMoved(account="ana", amount=-30_00), MoneyMoved(account="ben", amount=30_00)]
        (event,) = bank.event_log
        assert (event.event, event.args) == ("money-transferred", {"to": "ben", "amount": 30_00})
        assert event.data == {"account": "ana", "amount": 30_00, "balance": 70_00, "to": "ben", "to_balance": 35_00}

    @each_design
    def test_all_four_in_one_call(self, design: type) -> None:
        """Each sees what the ones before it have done."""
        bank, responses, _ = done(
            design,
            ("open-account", "cy", {"owner": "Cyrus"}),
            ("deposit-money", "cy", {"amount": 10}),
            ("transfer-money", "cy", {"to": "ana", "amount": 9}),
            ("withdraw-money", "cy", {"amount": 1}),
        )
        assert bank.balances() == {"ana": 100_09, "ben": 5_00, "cy": 0}
        assert [state.balance for state in responses] == [0, 10, 1, 0]
        assert bank.statemgr.committed("account", "cy")._etag == "account/cy@1"

    @each_design
    @in_a_loop
    async def test_a_message_names_the_account_of_its_command(self, design: type) -> None:
        """A transfer tells of two accounts; both messages come from the account that pays."""
        bank, told = await Bank.opened(design, ana=5, ben=0), []
        bank.subscribe("money-moved", told.append)
        await bank.process_command(bank.command("transfer-money", "ana", to="ben", amount=5))
        sender = (AggregateRoot("account", "ana"), "bank", "bank-1")
        assert [(message.aggroot, message.domain, message.src_cmd) for message in told] == [sender, sender]


class TestAuditFields:
    """Who made and who changed an account, and when: the context's time and profile."""

    @each_design
    def test_a_new_account_names_who_opened_it(self, design: type) -> None:
        """Time, profile and realm come from the context; nobody has changed it yet."""
        bank, _, _ = done(design, ("open-account", "cy", {"owner": "Cyrus"}))
        cy = bank.statemgr.committed("account", "cy")
        assert (cy._created, cy._creator, cy._realm) == (NOON, "adviser", "branch-1")
        assert (cy._updated, cy._updater) == (None, None)

    @each_design
    def test_a_changed_account_names_who_changed_it(self, design: type) -> None:
        """A transfer marks both accounts; who opened them stays as it was."""
        bank, _, _ = done(design, ("transfer-money", "ana", {"to": "ben", "amount": 1}))
        for account in bank.statemgr.all("account"):
            assert (account._updated, account._updater) == (NOON, "adviser")
            assert (account._created, account._creator) == (None, None)


class TestPayloads:
    """The payloads are pydantic models: strict, closed and frozen."""

    @pytest.mark.parametrize("kind", [OpenAccountData, AmountData, TransferData])
    def test_a_payload_is_closed_and_frozen(self, kind: type) -> None:
        """Nothing can be added to it, and nothing changed in it."""
        assert kind.model_config == {"extra": "forbid", "frozen": True}

    def test_an_amount_is_a_whole_number_of_cents(self) -> None:
        """Not a float, not a text, not a bool, although Python would take them for numbers."""
        assert AmountData(amount=5).amount == 5
        for amount in (5.0, "5", True):
            with pytest.raises(ValidationError):
                AmountData(amount=amount)

    @in_a_loop
    async def test_a_payload_may_come_as_its_model(self) -> None:
        """Who has the model need not take it apart."""
        bank = await Bank.opened(ana=0)
        await bank.process_command(bank.create_command("deposit-money", "account", "ana", AmountData(amount=5)))
        assert bank.balances() == {"ana": 5}


class TestTheBank:
    """How notebooks make a bank and look at it."""

    def test_opened_makes_accounts_and_forgets_how(self) -> None:
        """The accounts are in their first version and have owners; calls are counted, and events logged, from now."""
        bank = asyncio.run(Bank.opened(LegacyAggregate, ben=5, ana=0))
        accounts = [(a.identifier, a.owner, a.balance, a._etag) for a in bank.statemgr.all("account")]
        assert accounts == [("ana", "Ana", 0, "account/ana@1"), ("ben", "Ben", 5, "account/ben@1")]
        assert (bank.statemgr.calls, bank.event_log) == ({}, [])
        assert isinstance(bank.aggregate, LegacyAggregate)

    @in_a_loop
    async def test_the_balances_are_the_committed_ones_by_name(self) -> None:
        """An account that was closed is not among them."""
        bank = await Bank.opened(zoe=1, ana=2, ben=3)
        await bank.statemgr.invalidate(await bank.statemgr.fetch("account", "ben"))
        assert list(bank.balances().items()) == [("ana", 2), ("zoe", 1)]

    def test_a_command_is_about_an_account(self) -> None:
        """`command` fills in the domain and the resource, and takes the payload as keywords."""
        assert Bank().command("deposit-money", "ana", amount=5) == CommandBundle(
            "bank", "deposit-money", 0, "account", "ana", {"amount": 5}
        )

    def test_a_context_is_trusted_unless_it_says_otherwise(self) -> None:
        """Notebooks need no etags, until they ask for If-Match with `source=None`."""
        bank = Bank()
        assert bank.setup_context().source == "course"
        assert bank.setup_context(source=None).source is None

    @each_design
    @in_a_loop
    async def test_depositing_gives_what_command_aggregate_takes(self, design: type) -> None:
        """A command can be opened by hand; its context says whose deposit it is."""
        bank = await Bank.opened(design, ana=0)
        context, bundle, kind = bank.depositing("ana", 5)
        assert (context.name, bundle.aggroot.identifier, kind.Meta.key) == ("ana's deposit", "ana", "deposit-money")
        async with bank.aggregate.command_aggregate(context, bundle, kind) as proxy:
            assert await proxy.deposit(amount=5) == {"account": "ana", "amount": 5, "balance": 5}
            assert [event.event for event in bank.aggregate.consume_events()] == ["money-deposited"]
        assert bank.balances() == {"ana": 5}

    @in_a_loop
    async def test_two_banks_share_nothing(self) -> None:
        """Each has its own store, log and aggregate."""
        mine, yours = await Bank.opened(ana=0), await Bank.opened(ana=0)
        await mine.process_command(mine.command("deposit-money", "ana", amount=5))
        assert (yours.balances(), yours.event_log) == ({"ana": 0}, [])
