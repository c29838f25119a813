"""The example of every notebook: a bank. Accounts, deposits, withdrawals, transfers; money in whole cents."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, StrictInt

from fluvius_demo.aggregate import Aggregate, RestrictedAggregateProxy, action
from fluvius_demo.command import Command
from fluvius_demo.domain import Domain
from fluvius_demo.errors import BadRequestError, InsufficientFundsError
from fluvius_demo.isolated import IsolatedAggregate
from fluvius_demo.recording import DEFAULT_RESPONSE
from fluvius_demo.records import CommandBundle, DomainContext, MessageRecord, Resource, ResponseRecord
from fluvius_demo.statemgr import MemoryStateManager, StateManager

Record = ResponseRecord | MessageRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Account(Resource):
    """An account; `balance` in cents."""

    owner: str
    balance: int = 0


class BankActions:
    """What can be done to the account that the running command is about. Each action returns what it has done."""

    aggroot: Any
    statemgr: StateManager

    @action("account-opened", resources="account")
    async def open_account(self: Aggregate, *, owner: str) -> dict[str, Any]:
        """Store a new account without money."""
        account = await self.init_resource("account", identifier=self.aggroot.identifier, owner=owner)
        await self.statemgr.insert(account)
        return {"account": account.identifier, "owner": owner}

    @action("money-deposited", resources="account")
    async def deposit(self: Aggregate, *, amount: int) -> dict[str, Any]:
        """Add cents."""
        return await self._change(f"deposit {cents(amount)} to", amount, +1)

    @action("money-withdrawn", resources="account")
    async def withdraw(self: Aggregate, *, amount: int) -> dict[str, Any]:
        """Take cents. Raises InsufficientFundsError."""
        return await self._change(f"withdraw {cents(amount)} from", amount, -1)

    @action("money-transferred", resources="account")
    async def transfer(self: Aggregate, *, to: str, amount: int) -> dict[str, Any]:
        """Move cents to another account. Raises InsufficientFundsError, NotFoundError."""
        source = self.aggroot.identifier
        attempted = f"transfer {cents(amount)} to {to!r} from"
        if to == source:
            raise BadRequestError(f"{attempted} {source!r}", "that is the same account", "name another account")
        target = await self.statemgr.fetch("account", to)
        done = await self._change(attempted, amount, -1)
        target = await self.statemgr.update(target, balance=target.balance + amount, **self.audit_updated())
        return {**done, "to": to, "to_balance": target.balance}

    async def _change(self: Aggregate, attempted: str, amount: int, sign: int) -> dict[str, Any]:
        root = self.aggroot
        attempted = f"{attempted} {root.identifier!r}"
        if amount <= 0:
            raise BadRequestError(attempted, "the amount is not positive", "name at least 1 cent")
        account = await self.statemgr.fetch(root.resource, root.identifier)
        balance = account.balance + sign * amount
        if balance < 0:
            remedy = f"name at most {account.balance} or deposit first" if account.balance else "deposit first"
            raise InsufficientFundsError(attempted, f"it holds {cents(account.balance)}", remedy)
        await self.statemgr.update(account, balance=balance, **self.audit_updated())
        return {"account": account.identifier, "amount": amount, "balance": balance}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class OpenAccountData(_Strict):
    """Payload of open-account."""

    owner: str


class AmountData(_Strict):
    """Payload of deposit-money and withdraw-money: cents."""

    amount: StrictInt


class TransferData(_Strict):
    """Payload of transfer-money: cents, and the account that gets them."""

    to: str
    amount: StrictInt


class AccountState(BaseModel):
    """What a response tells: the account after the command, in cents."""

    account: str
    balance: int = 0


class MoneyMoved(BaseModel):
    """What a message tells: how many cents came (positive) or went (negative)."""

    account: str
    amount: int


class Bank(Domain):
    """The bank. `source` of its contexts is set: notebooks are a trusted caller, unless they ask for If-Match."""

    domain_name = "bank"
    Actions = BankActions
    messages = {"money-moved": MoneyMoved}
    responses = {DEFAULT_RESPONSE: AccountState, "account-state": AccountState}

    def __init__(
        self, design: type[Aggregate] = IsolatedAggregate, *, statemgr: MemoryStateManager | None = None
    ) -> None:
        super().__init__(design, statemgr=statemgr or MemoryStateManager({"account": Account}))

    @classmethod
    async def opened(cls, design: type[Aggregate] = IsolatedAggregate, **balances: int) -> Self:
        """Return a bank with these accounts, in cents: `await Bank.opened(LegacyAggregate, ana=0, ben=5000)`."""
        bank = cls(design)
        for name, balance in balances.items():
            await bank.statemgr.insert(Account(identifier=name, owner=name.capitalize(), balance=balance))
        bank.statemgr.calls.clear()
        return bank

    def setup_context(self, **fields: Any) -> DomainContext:
        """Return a context from the trusted source "course"; `source=None` makes If-Match count."""
        return super().setup_context(**{"source": "course", **fields})

    def command(self, key: str, account: str, *, context: DomainContext | None = None, **payload: Any) -> CommandBundle:
        """Return a command on an account: `bank.command("deposit-money", "ana", amount=100)`."""
        return self.create_command(key, "account", account, payload, context=context)

    def depositing(self, account: str, amount: int) -> tuple[DomainContext, CommandBundle, type[Command]]:
        """Return the arguments of `command_aggregate` for a deposit; its context is named after the account."""
        context = self.setup_context(name=f"{account}'s deposit")
        return self.opening(self.command("deposit-money", account, amount=amount), context)

    def balances(self) -> dict[str, int]:
        """Return the committed balances in cents, by account."""
        return {account.identifier: account.balance for account in self.statemgr.all("account")}


class OpenAccount(Bank.Command):
    """Open an account without money."""

    class Meta:
        key = "open-account"
        resources = ("account",)
        new_resource = True

    Data = OpenAccountData

    async def _process(
        self, aggregate: RestrictedAggregateProxy, statemgr: StateManager, payload: OpenAccountData
    ) -> Record:
        done = await aggregate.open_account(owner=payload.owner)
        return aggregate.create_response({"account": done["account"]}, _type="account-state")


class DepositMoney(Bank.Command):
    """Put money into an account."""

    class Meta:
        key = "deposit-money"
        resources = ("account",)

    Data = AmountData

    async def _process(
        self, aggregate: RestrictedAggregateProxy, statemgr: StateManager, payload: AmountData
    ) -> AsyncIterator[Record]:
        done = await aggregate.deposit(amount=payload.amount)
        for record in _told(aggregate, done, +1):
            yield record


class WithdrawMoney(Bank.Command):
    """Take money from an account."""

    class Meta:
        key = "withdraw-money"
        resources = ("account",)

    Data = AmountData

    async def _process(
        self, aggregate: RestrictedAggregateProxy, statemgr: StateManager, payload: AmountData
    ) -> AsyncIterator[Record]:
        done = await aggregate.withdraw(amount=payload.amount)
        for record in _told(aggregate, done, -1):
            yield record


class TransferMoney(Bank.Command):
    """Move money from one account to another."""

    class Meta:
        key = "transfer-money"
        resources = ("account",)

    Data = TransferData

    async def _process(
        self, aggregate: RestrictedAggregateProxy, statemgr: StateManager, payload: TransferData
    ) -> AsyncIterator[Record]:
        done = await aggregate.transfer(to=payload.to, amount=payload.amount)
        for record in _told(aggregate, done, -1):
            yield record
        yield aggregate.create_message("money-moved", {"account": payload.to, "amount": payload.amount})


def _told(aggregate: RestrictedAggregateProxy, done: dict[str, Any], sign: int) -> list[Record]:
    state = {"account": done["account"], "balance": done["balance"]}
    moved = {"account": done["account"], "amount": sign * done["amount"]}
    return [
        aggregate.create_response(state, _type="account-state"),
        aggregate.create_message("money-moved", moved),
    ]


def cents(amount: int) -> str:
    """Return an amount in words: 1 cent, 2 cents."""
    return f"{amount} cent{'' if amount == 1 else 's'}"
