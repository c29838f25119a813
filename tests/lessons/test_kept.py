"""The block that a command runs in, however the six are kept: it gives a command its own, and leaves nothing behind."""

import asyncio
import gc
import weakref
from collections.abc import Awaitable, Callable
from contextvars import Context, copy_context
from typing import Any

import pytest

from fluvius_demo.aggregate import Aggregate
from fluvius_demo.banking import Bank
from fluvius_demo.errors import InsufficientFundsError, NotFoundError, OutsideCommandError, UnconsumedEventsError
from fluvius_demo.lessons.keepers import KEPT
from fluvius_demo.records import DomainContext

each_design = pytest.mark.parametrize("design", [design.aggregate for design in KEPT.values()], ids=list(KEPT))
SIX = ["context", "command", "aggroot", "rootobj", "_cmdmeta", "_events"]


def with_a_bank(design: type[Aggregate], scenario: Callable[[Bank], Awaitable[Any]]) -> Any:
    """Run the scenario on a fresh bank with three empty accounts."""

    async def run() -> Any:
        return await scenario(await Bank.opened(design, ana=0, ben=0, cem=0))

    return asyncio.run(run())


def refused(aggregate: Any, name: str = "context") -> bool:
    """Return whether reading one of the six is refused here."""
    try:
        getattr(aggregate, name)
    except OutsideCommandError:
        return True
    return False


class Held(DomainContext):
    """A context that can be held weakly."""


async def returns(aggregate: Any) -> None:
    """End well."""


async def fails(aggregate: Any) -> None:
    """End with an error, and with an event that nobody has taken."""
    aggregate.create_event("left", {}, None)
    raise ValueError("a bug")


async def is_cancelled(aggregate: Any) -> None:
    """End by a cancellation."""
    asyncio.current_task().cancel()
    await asyncio.sleep(0)


async def forgets_an_event(aggregate: Any) -> None:
    """End well, but for an event that nobody has taken."""
    aggregate.create_event("left", {}, None)


ENDINGS = [
    (returns, type(None)),
    (fails, ValueError),
    (is_cancelled, asyncio.CancelledError),
    (forgets_an_event, UnconsumedEventsError),
]


class TestNothingIsLeft:
    """However a command ends, its Context is as if it had never been."""

    @pytest.mark.parametrize(("ending", "error"), ENDINGS, ids=[ending.__name__ for ending, _ in ENDINGS])
    @each_design
    def test_the_context_lets_go_of_everything(
        self, design: type[Aggregate], ending: Callable[[Any], Awaitable[None]], error: type
    ) -> None:
        """What the command was given is gone, and reading is refused, in the very Context that it ran in."""
        own: Context = Context()
        held: list[weakref.ref] = []

        async def scenario(bank: Bank) -> None:
            aggregate = bank.aggregate

            async def command() -> None:
                context = Held(source="test")
                held.append(weakref.ref(context))
                async with aggregate.command_aggregate(context, *bank.depositing("ana", 1_00)[1:]):
                    assert aggregate.context is context
                    await ending(aggregate)

            task = asyncio.create_task(command(), context=own)
            assert [type(end) for end in await asyncio.gather(task, return_exceptions=True)] == [error]
            assert all(own.run(refused, aggregate, name) for name in SIX)

        with_a_bank(design, scenario)
        gc.collect()
        assert held[0]() is None

    @each_design
    def test_what_fails_to_open_was_never_there(self, design: type[Aggregate]) -> None:
        """The account does not exist; nothing was kept before that was known."""

        async def scenario(bank: Bank) -> None:
            before = len(copy_context())
            with pytest.raises(NotFoundError):
                async with bank.aggregate.command_aggregate(*bank.depositing("nobody", 1_00)):
                    pass
            assert len(copy_context()) == before

        with_a_bank(design, scenario)

    @each_design
    def test_outside_of_a_command_the_package_refuses(self, design: type[Aggregate]) -> None:
        """By its own error, whatever the library raises."""
        aggregate = Bank(design).aggregate
        assert all(refused(aggregate, name) for name in SIX)
        with pytest.raises(OutsideCommandError) as raised:
            _ = aggregate.rootobj
        assert str(raised.value) == (
            "Aggregate context is not initialized. Cannot read 'rootobj': no command is open in this Context. "
            "To solve this, call this inside of a command."
        )


class TestItsOwnEvents:
    """Commands that are open at the same time."""

    @each_design
    def test_each_takes_its_own(self, design: type[Aggregate]) -> None:
        """All three have emitted before the first one takes."""

        async def scenario(bank: Bank) -> list[Any]:
            aggregate, all_done = bank.aggregate, asyncio.Barrier(3)

            async def command(name: str) -> tuple[Any, ...]:
                async with aggregate.command_aggregate(*bank.depositing(name, 1_00)) as proxy:
                    await proxy.deposit(amount=1_00)
                    await all_done.wait()
                    events = [event.data["account"] for event in aggregate.consume_events()]
                    return aggregate.context.name, aggregate.rootobj.identifier, aggregate.command.identifier, events

            return await asyncio.gather(*map(command, bank.balances()))

        assert with_a_bank(design, scenario) == [
            (f"{name}'s deposit", name, name, [name]) for name in ("ana", "ben", "cem")
        ]

    @each_design
    def test_they_wait_until_they_are_taken(self, design: type[Aggregate]) -> None:
        """Their number is known, the oldest is taken first, and none is taken twice."""

        async def scenario(bank: Bank) -> list[Any]:
            aggregate = bank.aggregate
            async with aggregate.command_aggregate(*bank.depositing("ana", 1_00)):
                made = [aggregate.create_event(name, {}, None) for name in ("first", "second")]
                assert (aggregate._waiting_events, aggregate._events) == (2, made)
                taken = aggregate.consume_events()
                assert (aggregate._waiting_events, aggregate.consume_events()) == (0, [])
                return [event.event for event in taken]

        assert with_a_bank(design, scenario) == ["first", "second"]

    @each_design
    def test_a_child_task_works_for_the_command(self, design: type[Aggregate]) -> None:
        """What it emits while the command is open is among the command's events."""

        async def scenario(bank: Bank) -> list[Any]:
            async with bank.aggregate.command_aggregate(*bank.depositing("ana", 1_00)) as proxy:
                await asyncio.create_task(proxy.deposit(amount=1_00))
                return [event.data["amount"] for event in bank.aggregate.consume_events()]

        assert with_a_bank(design, scenario) == [1_00]

    @each_design
    def test_after_command_runs_after_a_success_alone(self, design: type[Aggregate]) -> None:
        """And is given what it needs, since the command is closed."""
        told: list[tuple[str, bool]] = []

        class Telling(design):
            async def after_command(self, context: DomainContext, *args: Any) -> None:
                told.append((context.name, refused(self)))

        async def scenario(bank: Bank) -> None:
            async def command(name: str, ending: Callable[[Any], Awaitable[None]]) -> None:
                async with bank.aggregate.command_aggregate(*bank.depositing(name, 1_00)):
                    await ending(bank.aggregate)

            for name, ending in (("ana", fails), ("ben", returns), ("cem", forgets_an_event)):
                await asyncio.gather(command(name, ending), return_exceptions=True)

        with_a_bank(Telling, scenario)
        assert told == [("ben's deposit", True)]


class TestInTheBank:
    """Commands as they are sent."""

    @each_design
    def test_overlapping_commands_move_the_money(self, design: type[Aggregate]) -> None:
        """Three deposits at once, then a withdrawal that is refused, then a transfer."""

        async def scenario(bank: Bank) -> None:
            await asyncio.gather(
                *(bank.process_command(bank.command("deposit-money", name, amount=2_00)) for name in bank.balances())
            )
            with pytest.raises(InsufficientFundsError):
                await bank.process_command(bank.command("withdraw-money", "ana", amount=99_00))
            told = await bank.process_command(bank.command("transfer-money", "ben", to="ana", amount=50))
            assert bank.balances() == {"ana": 2_50, "ben": 1_50, "cem": 2_00}
            assert [response.data.account for response in told["account-state"]] == ["ben"]
            assert [event.data["account"] for event in bank.event_log[3:]] == ["ben"]
            assert sorted(event.data["account"] for event in bank.event_log[:3]) == ["ana", "ben", "cem"]

        with_a_bank(design, scenario)
