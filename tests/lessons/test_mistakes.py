"""The well-known mistakes: each works in the plain case, and is caught by the pitfall that is meant for it."""

import asyncio

import pytest

from fluvius_demo.banking import Bank
from fluvius_demo.errors import UnconsumedEventsError
from fluvius_demo.lessons.designs import DESIGNS
from fluvius_demo.lessons.mistakes import MISTAKES, FrozenCopyAggregate, OneVariableAggregate
from fluvius_demo.lessons.outcomes import Outcome
from fluvius_demo.lessons.overlap import overlap
from fluvius_demo.lessons.scenarios import verdict
from fluvius_demo.lessons.trial import deposited, seen_by
from fluvius_demo.lessons.turns import Lane, alone

each_mistake = pytest.mark.parametrize("name", MISTAKES)
TWO = {"A": ("ana", 100_00), "B": ("ben", 50_00)}

# P02 and P07 stand with the pitfalls of their own groups.
CAUGHT: dict[str, dict[str, Outcome]] = {
    "set None": {"P05": "refused"},
    "no finally": {"P20": "leaked"},
    "token on self": {},
    "variable per instance": {"P22": "leaked"},
    "frozen copy": {},
    "reset hides the error": {"P26": "wrong"},
}


class TestThePlainCase:
    """A mistake that everybody notices at once would not be well known."""

    @each_mistake
    def test_one_deposit_works(self, name: str) -> None:
        """In a task of its own; nothing is seen outside, before or afterwards."""

        async def scenario() -> None:
            bank = await Bank.opened(MISTAKES[name].aggregate, ana=0)
            assert (await alone(deposited(bank, "ana", 1_00))).error is None
            assert bank.balances() == {"ana": 1_00}
            assert seen_by(bank.aggregate) is None

        asyncio.run(scenario())

    @each_mistake
    def test_two_overlapping_deposits_work(self, name: str) -> None:
        """Each in its own task; only the token of the other one is refused, loudly."""
        finding = asyncio.run(overlap(MISTAKES[name].aggregate, TWO, "ABABAB")).finding
        if name == "token on self":
            assert (finding.outcome, finding.seen.partition(":")[0]) == ("refused", "ValueError")
        else:
            assert finding.outcome == "correct"

    @each_mistake
    def test_an_event_that_nobody_takes_is_refused(self, name: str) -> None:
        """As on all designs."""

        async def forget(bank: Bank) -> None:
            async with bank.aggregate.command_aggregate(*bank.depositing("ana", 1_00)) as proxy:
                await proxy.deposit(amount=1_00)

        async def scenario() -> Lane:
            return await alone(forget(await Bank.opened(MISTAKES[name].aggregate, ana=0)))

        assert isinstance(asyncio.run(scenario()).error, UnconsumedEventsError)


class TestTheyAreCaught:
    """By the pitfall that is meant for it."""

    @pytest.mark.parametrize(("name", "id"), [(name, id) for name, found in CAUGHT.items() for id in found])
    def test_the_pitfall_finds_it(self, name: str, id: str) -> None:
        """Where the isolated design does well."""
        assert asyncio.run(verdict(id, MISTAKES[name].aggregate)).outcome == CAUGHT[name][id]
        assert asyncio.run(verdict(id, DESIGNS["isolated"].aggregate)).outcome == "correct"

    @pytest.mark.parametrize("id", ["P03", "P05", "P20", "P21", "P22"])
    def test_the_starting_point_does_well(self, id: str) -> None:
        """So there it is the mistake that is found, and nothing else."""
        assert asyncio.run(verdict(id, OneVariableAggregate)).outcome == "correct"

    def test_no_design_shows_the_damage_of_p22_and_p26(self) -> None:
        """That is what the mistakes are for."""
        for id in ("P22", "P26"):
            outcomes = {asyncio.run(verdict(id, design.aggregate)).outcome for design in DESIGNS.values()}
            assert outcomes == {"correct"}


class TestTheFrozenCopy:
    """What P02 is about."""

    def test_the_event_of_a_child_task_is_lost(self) -> None:
        """The money has moved; the command knows of no event."""

        async def scenario(bank: Bank) -> list[str]:
            async with bank.aggregate.command_aggregate(*bank.depositing("ana", 1_00)) as proxy:
                await asyncio.create_task(proxy.deposit(amount=1_00))
                return [event.event for event in bank.aggregate.consume_events()]

        async def run(design: type[OneVariableAggregate]) -> list[str]:
            return (await alone(scenario(await Bank.opened(design, ana=0)))).result

        assert asyncio.run(run(OneVariableAggregate)) == ["money-deposited"]
        assert asyncio.run(run(FrozenCopyAggregate)) == []


class TestTheRegistry:
    """As DESIGNS."""

    @each_mistake
    def test_each_has_its_name_and_says_its_mistake(self, name: str) -> None:
        """In one line, with the pitfall at its end."""
        design = MISTAKES[name]
        assert design.name == name
        assert design.aggregate.__doc__.splitlines()[0].endswith(("P02.", "P05.", "P07.", "P20.", "P22.", "P26."))
        assert name not in DESIGNS
