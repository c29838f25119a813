"""The ways to keep the six: every one keeps commands apart; and what each of them does not refuse, or keeps longer."""

import asyncio
import gc
import weakref
from contextvars import Context, copy_context
from typing import Any

import pytest
from structlog.contextvars import bound_contextvars, get_contextvars
from test_kept import SIX, each_design, refused, with_a_bank

from fluvius_demo.aggregate import Aggregate
from fluvius_demo.banking import Bank
from fluvius_demo.lessons.interleave import explore
from fluvius_demo.lessons.keepers import (
    KEPT,
    AsgirefAggregate,
    CopyOnWriteAggregate,
    PerInstanceAggregate,
    SixResetsAggregate,
    StructlogAggregate,
    WerkzeugAggregate,
)
from fluvius_demo.lessons.kept import KeptAggregate, Six
from fluvius_demo.lessons.programs import PROGRAMS
from fluvius_demo.lessons.report import Report, faults_of


def each_name(what: str, *expected: Any) -> pytest.MarkDecorator:
    """Give a test each name in the table, and what it is to expect of that design."""
    return pytest.mark.parametrize(("name", what), list(zip(KEPT, expected, strict=True)))


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


class TestTokens:
    """What a token is good for."""

    @each_name("left", 0, 0, 0, 1, 1, 6)
    def test_a_token_takes_the_variable_away_too(self, name: str, left: int) -> None:
        """Without one it stays in the Context, set to nothing."""

        async def scenario(bank: Bank) -> int:
            before = len(copy_context())
            async with bank.aggregate.command_aggregate(*bank.depositing("ana", 1_00)):
                pass
            return len(copy_context()) - before

        assert with_a_bank(KEPT[name].aggregate, scenario) == left


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
