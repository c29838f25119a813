"""Rules on a command's context: all that is wrong is said at once, and nothing has begun."""

from contextvars import copy_context
from typing import Annotated, Any, Self

import pytest
from helpers import in_a_loop
from pydantic import BaseModel, Field, model_validator

from fluvius_demo import Bank
from fluvius_demo.errors import BadRequestError
from fluvius_demo.frame import current
from fluvius_demo.monitor.validation import Checked
from fluvius_demo.monitor.watched import WatchedFrame, Watcher, watch


class Rules(BaseModel):
    """Two rules."""

    realm: str
    profile_id: Annotated[str, Field(pattern="^p-")]


class Heard(Watcher):
    """Notes what it hears."""

    def __init__(self) -> None:
        self.said: list[Any] = []

    def asked(self, frame: WatchedFrame) -> None:
        """Note that."""
        self.said.append("asked")

    def opened(self, frame: WatchedFrame) -> None:
        """Note that, and which metadata there is."""
        self.said.append("opened")

    def ended(self, frame: WatchedFrame, outcome: str, seconds: float | None) -> None:
        """Note the outcome, and the error."""
        self.said.append((outcome, frame.raised, seconds is not None))


REFUSED = ("refused", "BadRequestError", False)
TWO = (
    "Cannot open 'deposit-money' on account 'ana': its context breaks 2 rules (realm: Input should be a valid string; "
    "profile_id: String should match pattern '^p-'). "
    "To solve this, send it with a context that has {realm: str, profile_id: str}."
)


async def deposit(bank: Bank, **context: Any) -> None:
    """Deposit a cent in a context with these fields."""
    await bank.process_command(bank.command("deposit-money", "ana", amount=1), context=bank.setup_context(**context))


class TestTheRules:
    """What is refused, and with which words."""

    @in_a_loop
    async def test_a_context_that_keeps_them_may_begin(self) -> None:
        """The command runs as without them."""
        bank = await Bank.opened(ana=0)
        with watch(bank.aggregate, Checked(Rules)):
            await deposit(bank, realm="north", profile_id="p-1")
        assert bank.balances() == {"ana": 1}

    @in_a_loop
    async def test_all_that_is_wrong_is_said_at_once(self) -> None:
        """Each with the name of its field."""
        bank = await Bank.opened(ana=0)
        with watch(bank.aggregate, Checked(Rules)), pytest.raises(BadRequestError) as refused:
            await deposit(bank, profile_id="x-1")
        assert str(refused.value) == TWO
        assert (refused.value.code, refused.value.__cause__) == ("bad-request", None)

    @in_a_loop
    async def test_one_alone_is_one(self) -> None:
        """What is right is not named."""
        bank = await Bank.opened(ana=0)
        with watch(bank.aggregate, Checked(Rules)), pytest.raises(BadRequestError) as refused:
            await deposit(bank, profile_id="p-1")
        assert refused.value.wrong == "its context breaks 1 rule (realm: Input should be a valid string)"

    @in_a_loop
    async def test_a_rule_about_several_fields_is_about_the_context(self) -> None:
        """It has no field's name."""

        class Together(BaseModel):
            user_id: str | None
            source: str | None

            @model_validator(mode="after")
            def one_of_them(self) -> Self:
                if (self.user_id is None) == (self.source is None):
                    raise ValueError("name a user or a source")
                return self

        bank = await Bank.opened(ana=0)
        with watch(bank.aggregate, Checked(Together)):
            await deposit(bank)
            with pytest.raises(BadRequestError) as refused:
                await deposit(bank, user_id="u-1")
        assert refused.value.wrong == "its context breaks 1 rule (context: Value error, name a user or a source)"

    @in_a_loop
    async def test_a_field_that_no_context_has_is_missing(self) -> None:
        """A rule that nobody can keep is noticed by the first command."""

        class Wrong(BaseModel):
            relam: str

        bank = await Bank.opened(ana=0)
        with watch(bank.aggregate, Checked(Wrong)), pytest.raises(BadRequestError, match=r"relam: Field required"):
            await deposit(bank, realm="north")


class TestNothingHasBegun:
    """Of a command that is refused so."""

    @in_a_loop
    async def test_no_fetch_no_variable_no_command(self) -> None:
        """Nor a hook; and the next command finds all as it was."""
        bank = await Bank.opened(ana=0)
        hooks: list[str] = []

        async def before_command(*_of: Any) -> None:
            hooks.append("before")

        bank.aggregate.before_command = before_command
        before = dict(copy_context())
        with watch(bank.aggregate, Checked(Rules)), pytest.raises(BadRequestError):
            async with bank.aggregate.command_aggregate(*bank.depositing("ana", 1)):
                hooks.append("body")
        assert (bank.statemgr.calls, hooks) == ({}, [])
        assert (current.get(), dict(copy_context())) == (None, before)
        await deposit(bank)
        assert (bank.balances(), hooks) == ({"ana": 1}, ["before"])

    @in_a_loop
    async def test_the_call_has_written_nothing(self) -> None:
        """Neither has the command before it, in the same call."""
        bank = await Bank.opened(ana=0)
        good = bank.setup_context(realm="north", profile_id="p-1")
        first, second = (bank.command("deposit-money", "ana", amount=1, context=each) for each in (good, None))
        with watch(bank.aggregate, Checked(Rules)), pytest.raises(BadRequestError):
            await bank.process_command(first, second)
        assert (bank.balances(), bank.event_log) == ({"ana": 0}, [])

    @in_a_loop
    async def test_it_has_ended_as_refused_for_all_watchers(self) -> None:
        """Those before were asked, those after were not; none has seen it open."""
        bank, before, after = await Bank.opened(ana=0), Heard(), Heard()
        with watch(bank.aggregate, before, Checked(Rules), after), pytest.raises(BadRequestError):
            await deposit(bank)
        assert (before.said, after.said) == (["asked", REFUSED], [REFUSED])

    @in_a_loop
    async def test_the_metrics_count_it(self) -> None:
        """As refused, before the rules or after them; nothing is in flight."""
        pytest.importorskip("prometheus_client")
        from fluvius_demo.monitor.metrics import Metrics

        bank, before, after = await Bank.opened(ana=0), Metrics(), Metrics()
        with watch(bank.aggregate, before, Checked(Rules), after), pytest.raises(BadRequestError):
            await deposit(bank)
        for metrics in (before, after):
            in_flight = metrics.registry.get_sample_value("fluvius_commands_in_flight", {"key": "deposit-money"})
            assert (metrics.counts(), in_flight) == ({("deposit-money", "refused"): 1}, 0)

    @in_a_loop
    async def test_a_command_inside_is_checked_with_its_own_context(self) -> None:
        """The one around it stays open, and ends well."""
        bank, other = await Bank.opened(ana=0), await Bank.opened(ben=0)
        with watch(other.aggregate, Checked(Rules)):
            async with bank.aggregate.command_aggregate(*bank.depositing("ana", 1)):
                with pytest.raises(BadRequestError):
                    await other.process_command(other.command("deposit-money", "ben", amount=1))
                assert bank.aggregate.command.identifier == "ana"
        assert other.statemgr.calls == {}
