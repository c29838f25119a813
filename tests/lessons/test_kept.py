"""The same state, kept by somebody else: every one keeps commands apart, and leaves nothing behind."""

import asyncio
import gc
import weakref
from collections.abc import Awaitable, Callable
from contextvars import Context, copy_context
from typing import Any

import pytest
from structlog.contextvars import bound_contextvars, get_contextvars

from fluvius_demo.aggregate import Aggregate
from fluvius_demo.banking import Bank
from fluvius_demo.errors import InsufficientFundsError, NotFoundError, OutsideCommandError, UnconsumedEventsError
from fluvius_demo.lessons.interleave import explore
from fluvius_demo.lessons.kept import (
    KEPT,
    AsgirefAggregate,
    CopyOnWriteAggregate,
    KeptAggregate,
    PerInstanceAggregate,
    Six,
    SixResetsAggregate,
    StructlogAggregate,
    WerkzeugAggregate,
)
from fluvius_demo.lessons.programs import PROGRAMS
from fluvius_demo.lessons.report import Report, faults_of
from fluvius_demo.records import DomainContext

each_design = pytest.mark.parametrize("design", [design.aggregate for design in KEPT.values()], ids=list(KEPT))
SIX = ["context", "command", "aggroot", "rootobj", "_cmdmeta", "_evt_queue"]


def each_name(what: str, *expected: Any) -> pytest.MarkDecorator:
    """Give a test each name in the table, and what it is to expect of that design."""
    return pytest.mark.parametrize(("name", what), list(zip(KEPT, expected, strict=True)))


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


class InOneAttribute(KeptAggregate):
    """A design that does not keep commands apart: one attribute for all."""

    def _put(self, six: Six) -> None:
        self._six = six

    def _get(self, name: str) -> Any:
        return getattr(self._six, name)

    def _take_away(self, put: None) -> None:
        vars(self).pop("_six", None)


def explored(design: type[Aggregate], **how: Any) -> Report:
    """Run two deposits in every order."""
    return explore(PROGRAMS["two deposits"].make(design, probe="fault" in how), **how)


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


class TestTheTable:
    """Six designs, each under its own name."""

    def test_the_six_stand_in_their_order(self) -> None:
        """Tables and figures go by it."""
        assert [(name, design.name, design.aggregate) for name, design in KEPT.items()] == [
            (name, name, aggregate)
            for name, aggregate in (
                ("one variable per instance", PerInstanceAggregate),
                ("six variables, six resets", SixResetsAggregate),
                ("copy on write", CopyOnWriteAggregate),
                ("werkzeug Local", WerkzeugAggregate),
                ("asgiref Local", AsgirefAggregate),
                ("structlog bound_contextvars", StructlogAggregate),
            )
        ]

    @pytest.mark.parametrize("name", KEPT)
    def test_each_says_what_it_does(self, name: str) -> None:
        """In some words."""
        assert len(KEPT[name].idea) > 20


class TestEveryOrder:
    """Two deposits that overlap, five steps each."""

    @each_design
    def test_every_order_is_correct(self, design: type[Aggregate]) -> None:
        """Not one is wrong, stuck or refused, and all end with the same books."""
        report = explored(design)
        assert (report.exhaustive, report.tally, len(report.stories)) == (True, {"correct": 252}, 1)

    @pytest.mark.parametrize("kind", ["cancel", "error"])
    @each_design
    def test_a_fault_at_any_await_harms_nobody_else(self, design: type[Aggregate], kind: str) -> None:
        """Four awaits of the first command: the second one and one more afterwards are correct."""
        faults = [fault for fault in faults_of(explored(design), [kind]) if fault.command == "A"]
        assert len(faults) == 4
        for fault in faults:
            report = explored(design, fault=fault)
            assert (report.exhaustive, set(report.tally)) == (True, {"correct"})

    def test_one_attribute_for_all_would_be_found_out(self) -> None:
        """In most orders."""
        report = explored(InOneAttribute)
        assert report.tally["correct"] < 100


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

    @each_name("left", 0, 0, 0, 1, 1, 6)
    def test_a_token_takes_the_variable_away_too(self, name: str, left: int) -> None:
        """Without one it stays in the Context, set to nothing."""

        async def scenario(bank: Bank) -> int:
            before = len(copy_context())
            async with bank.aggregate.command_aggregate(*bank.depositing("ana", 1_00)):
                pass
            return len(copy_context()) - before

        assert with_a_bank(KEPT[name].aggregate, scenario) == left

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


class TestWhatIsNotRefused:
    """What IsolatedAggregate refuses or keeps apart, and these do not."""

    @each_name("back", True, True, True, False, False, True)
    def test_a_command_inside_of_a_command(self, name: str, back: bool) -> None:
        """It hides the outer one; at its end that is back, but for the two Locals. The outer one ends well anyway."""

        async def scenario(bank: Bank) -> None:
            aggregate = bank.aggregate
            async with aggregate.command_aggregate(*bank.depositing("ana", 1_00)):
                async with aggregate.command_aggregate(*bank.depositing("ben", 1_00)):
                    assert aggregate.context.name == "ben's deposit"
                if back:
                    assert (aggregate.context.name, aggregate.rootobj.identifier) == ("ana's deposit", "ana")
                else:
                    assert all(refused(aggregate, name) for name in SIX)
            assert all(refused(aggregate, name) for name in SIX)

        with_a_bank(KEPT[name].aggregate, scenario)

    @each_design
    def test_a_child_that_outlives_the_command_goes_on(self, design: type[Aggregate]) -> None:
        """It reads the ended command, and nobody is told of its event."""

        async def scenario(bank: Bank) -> str:
            ended = asyncio.Event()

            async def late() -> str:
                await ended.wait()
                bank.aggregate.create_event("lost", {}, None)
                return bank.aggregate.context.name

            async with bank.aggregate.command_aggregate(*bank.depositing("ana", 1_00)):
                child = asyncio.create_task(late())
            ended.set()
            return await child

        assert with_a_bank(design, scenario) == "ana's deposit"

    @each_name("shared", False, True, True, True, True, True)
    def test_instances_share_the_six(self, name: str, shared: bool) -> None:
        """Unless each has a variable of its own."""

        async def scenario(bank: Bank) -> bool:
            other = type(bank.aggregate)(bank)
            async with bank.aggregate.command_aggregate(*bank.depositing("ana", 1_00)):
                return not refused(other)

        assert with_a_bank(KEPT[name].aggregate, scenario) is shared

    @each_name("told", True, True, True, False, False, False)
    def test_a_command_that_ends_in_another_context(self, name: str, told: bool) -> None:
        """It stays where it was opened; who has a token is told by a ValueError, the others are not."""

        async def scenario(bank: Bank) -> bool:
            block = bank.aggregate.command_aggregate(*bank.depositing("ana", 1_00))
            await block.__aenter__()
            moved = asyncio.create_task(block.__aexit__(None, None, None))
            ends = await asyncio.gather(moved, return_exceptions=True)
            assert bank.aggregate.context.name == "ana's deposit"
            return isinstance(ends[0], ValueError)

        assert with_a_bank(KEPT[name].aggregate, scenario) is told


class TestPerInstance:
    """One variable for each instance: what copies the Context keeps them all."""

    @pytest.mark.parametrize(("design", "kept"), [(PerInstanceAggregate, 3), (CopyOnWriteAggregate, 1)])
    def test_a_copied_context_grows_by_each(self, design: type[Aggregate], kept: int) -> None:
        """Three commands open, each on an instance of its own: three variables, where one for all is one."""

        async def scenario(bank: Bank) -> int:
            before = len(copy_context())
            one, two, three = (type(bank.aggregate)(bank) for _ in range(3))
            async with (
                one.command_aggregate(*bank.depositing("ana", 1_00)),
                two.command_aggregate(*bank.depositing("ben", 1_00)),
                three.command_aggregate(*bank.depositing("cem", 1_00)),
            ):
                return len(copy_context()) - before

        assert with_a_bank(design, scenario) == kept

    def test_a_copied_context_keeps_the_instance(self) -> None:
        """Long after its command has ended."""

        async def scenario(bank: Bank) -> tuple[weakref.ref, Context]:
            async with bank.aggregate.command_aggregate(*bank.depositing("ana", 1_00)):
                return weakref.ref(bank.aggregate), copy_context()

        held, copied = with_a_bank(PerInstanceAggregate, scenario)
        gc.collect()
        assert held() is not None
        del copied
        gc.collect()
        assert held() is None


class TestStructlog:
    """The names are the whole program's."""

    def test_other_names_are_left_alone(self) -> None:
        """A log's own stay bound; the six come and go."""

        async def scenario(bank: Bank) -> None:
            with bound_contextvars(request="17"):
                async with bank.aggregate.command_aggregate(*bank.depositing("ana", 1_00)):
                    six = {"context", "command", "meta", "aggroot", "rootobj", "events"}
                    assert get_contextvars().keys() == {"request", *six}
                assert get_contextvars() == {"request": "17"}

        with_a_bank(StructlogAggregate, scenario)


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
