"""Bad input, on every design: the right error, a text that helps, and a bank that is as it was before."""

import asyncio
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from gates import bank_that
from helpers import end_of, in_a_loop

from fluvius_demo import Bank, IsolatedAggregate, LegacyAggregate, MigratedAggregate
from fluvius_demo.errors import (
    BadRequestError,
    ConflictError,
    DemoError,
    ForbiddenError,
    InsufficientFundsError,
    NotFoundError,
    PreconditionFailedError,
)
from fluvius_demo.records import CommandBundle

each_design = pytest.mark.parametrize("design", [LegacyAggregate, MigratedAggregate, IsolatedAggregate])
CODES = {
    BadRequestError: "bad-request",
    ConflictError: "conflict",
    ForbiddenError: "forbidden",
    InsufficientFundsError: "insufficient-funds",
    NotFoundError: "not-found",
    PreconditionFailedError: "precondition-failed",
}


class Case(NamedTuple):
    """A command that is refused, the error's type, its text, and whether the command had been opened by then."""

    send: Callable[[Bank], CommandBundle]
    kind: type[DemoError]
    text: str
    opened: bool = True


def account(key: str, name: Any, **payload: Any) -> Callable[[Bank], CommandBundle]:
    """Return how to make a command on an account."""
    return lambda bank: bank.command(key, name, **payload)


def shaped(payload: Any) -> Callable[[Bank], CommandBundle]:
    """Return how to make a deposit with any payload."""
    return lambda bank: bank.create_command("deposit-money", "account", "ana", payload)


def untrusted(headers: dict[str, str]) -> Callable[[Bank], CommandBundle]:
    """Return how to make a deposit with these headers from a caller of whom If-Match is asked."""
    return lambda bank: bank.command(
        "deposit-money", "ana", amount=1, context=bank.setup_context(source=None, headers=headers)
    )


COMMANDS = "deposit-money, open-account, transfer-money, withdraw-money"
GONE = "there is no such account. To solve this, create the account first or check its name."
CASES: dict[str, Case] = {
    "unknown command": Case(
        account("close-account", "ana"),
        NotFoundError,
        f"process 'close-account' on account 'ana': there is no such command. To solve this, use one of: {COMMANDS}.",
        opened=False,
    ),
    "command on another resource": Case(
        lambda bank: bank.create_command("deposit-money", "branch", "ana", {"amount": 1}),
        ForbiddenError,
        "process 'deposit-money' on branch 'ana': it is not allowed on the resource 'branch'. "
        "To solve this, send it to one of: account.",
        opened=False,
    ),
    "unknown account": Case(account("deposit-money", "zoe", amount=1), NotFoundError, f"fetch account 'zoe': {GONE}"),
    "transfer to an unknown account": Case(
        account("transfer-money", "ana", to="zoe", amount=1), NotFoundError, f"fetch account 'zoe': {GONE}"
    ),
    "transfer from an unknown account": Case(
        account("transfer-money", "zoe", to="ana", amount=1), NotFoundError, f"fetch account 'zoe': {GONE}"
    ),
    "transfer to itself": Case(
        account("transfer-money", "ana", to="ana", amount=1),
        BadRequestError,
        "transfer 1 cent to 'ana' from 'ana': that is the same account. To solve this, name another account.",
    ),
    "deposit of nothing": Case(
        account("deposit-money", "ana", amount=0),
        BadRequestError,
        "deposit 0 cents to 'ana': the amount is not positive. To solve this, name at least 1 cent.",
    ),
    "negative withdrawal": Case(
        account("withdraw-money", "ana", amount=-5),
        BadRequestError,
        "withdraw -5 cents from 'ana': the amount is not positive. To solve this, name at least 1 cent.",
    ),
    "negative transfer": Case(
        account("transfer-money", "ana", to="ben", amount=-5),
        BadRequestError,
        "transfer -5 cents to 'ben' from 'ana': the amount is not positive. To solve this, name at least 1 cent.",
    ),
    "withdrawal of too much": Case(
        account("withdraw-money", "ana", amount=1001),
        InsufficientFundsError,
        "withdraw 1001 cents from 'ana': it holds 1000 cents. To solve this, name at most 1000 or deposit first.",
    ),
    "transfer of too much": Case(
        account("transfer-money", "ana", to="ben", amount=1001),
        InsufficientFundsError,
        "transfer 1001 cents to 'ben' from 'ana': it holds 1000 cents. "
        "To solve this, name at most 1000 or deposit first.",
    ),
    "account that exists": Case(
        account("open-account", "ana", owner="Anabel"),
        ConflictError,
        "insert account 'ana': it exists already. To solve this, choose another name or update it.",
    ),
    "no If-Match": Case(
        untrusted({}),
        BadRequestError,
        "run a command on account 'ana': the header if-match is required, and missing. "
        "To solve this, send the etag that you loaded, such as account/ana@1.",
    ),
    "stale If-Match": Case(
        untrusted({"If-Match": "account/ana@0"}),
        PreconditionFailedError,
        "run a command on account 'ana': If-Match names account/ana@0, but it is account/ana@1. "
        "To solve this, load it again and repeat.",
    ),
}
INTEGER = "amount: Input should be a valid integer"
MAPPING = "payload: Input should be a valid dictionary or instance of AmountData"
SHAPES: dict[str, tuple[Callable[[Bank], CommandBundle], str, str]] = {
    **{
        f"amount {amount!r}": (shaped({"amount": amount}), INTEGER, "amount: int")
        for amount in (1.0, 1.5, float("nan"), True, "1", "many", b"1", None, [1], {"cents": 1})
    },
    "no amount": (shaped({}), "amount: Field required", "amount: int"),
    "no payload": (shaped(None), "amount: Field required", "amount: int"),
    "one field more": (shaped({"amount": 1, "memo": ""}), "memo: Extra inputs are not permitted", "amount: int"),
    **{f"payload {payload!r}": (shaped(payload), MAPPING, "amount: int") for payload in ([], "amount", 1, True)},
    "owner who is a number": (
        account("open-account", "cy", owner=5),
        "owner: Input should be a valid string",
        "owner: str",
    ),
    "no owner": (account("open-account", "cy"), "owner: Field required", "owner: str"),
    "no target": (account("transfer-money", "ana", amount=1), "to: Field required", "to: str, amount: int"),
    "target that is None": (
        account("transfer-money", "ana", to=None, amount=1),
        "to: Input should be a valid string",
        "to: str, amount: int",
    ),
}


async def refused(bank: Bank, command: CommandBundle) -> DemoError:
    """Send the command in its own task; return its error, once it is sure that nothing else has changed."""
    told: list[Any] = []
    bank.subscribe("money-moved", told.append)
    before = bank.statemgr.all("account")
    error = await end_of(asyncio.create_task(bank.process_command(command)))
    assert isinstance(error, BaseException)
    assert bank.statemgr.all("account") == before
    assert (bank.event_log, bank.activity_log, told) == ([], [], [])
    return error


def helps(error: DemoError) -> None:
    """Check that the text says what was attempted, what was wrong and what to do."""
    for part in (error.attempted, error.wrong, error.remedy):
        assert part.strip()
        assert part in str(error)


async def works(bank: Bank) -> None:
    """Check that the bank still works and that its books balance."""
    await asyncio.create_task(bank.process_command(bank.command("transfer-money", "ana", to="ben", amount=300)))
    assert bank.balances() == {"ana": 700, "ben": 300}


@each_design
class TestBadInput:
    """Each on a fresh bank."""

    @pytest.mark.parametrize("case", CASES.values(), ids=CASES)
    @in_a_loop
    async def test_the_error_is_exact_and_the_bank_unchanged(self, design: type, case: Case) -> None:
        """Afterwards the bank works; the legacy class does not, where the command had been opened (P21)."""
        bank = await Bank.opened(design, ana=1000, ben=0)
        error = await refused(bank, case.send(bank))
        assert (type(error), str(error)) == (case.kind, f"Cannot {case.text}")
        assert error.code == CODES[case.kind]
        helps(error)
        if design is LegacyAggregate and case.opened:
            with pytest.raises(RuntimeError, match=r"^Overlapping context: unnamed$"):
                await works(bank)
        else:
            await works(bank)

    @pytest.mark.parametrize(("send", "wrong", "shape"), SHAPES.values(), ids=SHAPES)
    @in_a_loop
    async def test_a_payload_of_the_wrong_shape(self, design: type, send: Any, wrong: str, shape: str) -> None:
        """It is refused before the command is opened, so that every design works afterwards."""
        bank = await Bank.opened(design, ana=1000, ben=0)
        command = send(bank)
        error = await refused(bank, command)
        assert (type(error), str(error)) == (
            BadRequestError,
            f"Cannot process {command.command!r} on account {command.identifier!r}: its payload has the wrong "
            f"shape ({wrong}). To solve this, send {{{shape}}}.",
        )
        helps(error)
        await works(bank)

    @in_a_loop
    async def test_an_action_on_another_resource(self, design: type) -> None:
        """A command that is allowed anywhere does not make its actions so: the action refuses by itself."""

        async def process(self: Any, aggregate: Any, statemgr: Any, payload: Any) -> None:
            await aggregate.deposit(amount=5)

        kind = bank_that(process)
        kind._commands["do"].Meta.resources, kind._commands["do"].Meta.new_resource = (), True
        bank = await kind.opened(design, ana=1000)
        error = await refused(bank, bank.create_command("do", "branch", "main"))
        assert (type(error), str(error)) == (
            ForbiddenError,
            "Cannot run the action 'deposit' on branch 'main': it is not allowed on the resource 'branch'. "
            "To solve this, send it to one of: account.",
        )
        helps(error)

    @pytest.mark.parametrize("name", [5, None, ["ana"]])
    @in_a_loop
    async def test_a_name_that_is_no_text(self, design: type, name: Any) -> None:
        """It is the caller's mistake, told in our words, and not an error out of pydantic's or Python's depths."""
        bank = await Bank.opened(design, ana=1000, ben=0)
        error = await refused(bank, bank.command("open-account", name, owner="Zoe"))
        assert type(error) is BadRequestError
        helps(error)
        await works(bank)
