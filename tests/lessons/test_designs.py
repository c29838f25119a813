"""The designs compared: the three that people try first, and the table of all six."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from fluvius_demo.aggregate import Aggregate
from fluvius_demo.banking import Bank
from fluvius_demo.isolated import IsolatedAggregate
from fluvius_demo.legacy import LegacyAggregate
from fluvius_demo.lessons.designs import DESIGNS, LockedAggregate, OnePerCommandAggregate, UnguardedAggregate
from fluvius_demo.lessons.turns import Body, Turn, alone, play
from fluvius_demo.migrated import MigratedAggregate

Scenario = Callable[[Bank], Awaitable[Any]]


def with_a_bank(design: type[Aggregate], scenario: Scenario) -> Any:
    """Run the scenario on a fresh bank with two empty accounts."""

    async def run() -> Any:
        return await scenario(await Bank.opened(design, ana=0, ben=0))

    return asyncio.run(run())


def holding(bank: Bank, account: str, told: list[str]) -> Body:
    """Return a body that opens a command in its first turn, says whose it is, and closes it in its second."""

    async def body(turn: Turn) -> None:
        await turn("open")
        async with bank.aggregate.command_aggregate(*bank.depositing(account, 1_00)) as proxy:
            told.append(f"{account} is in")
            await turn("close")
            told.append(f"{account} sees {proxy.get_aggroot().identifier}")

    return body


async def failing(bank: Bank, error: BaseException) -> None:
    """Open a command and raise in it."""
    async with bank.aggregate.command_aggregate(*bank.depositing("ana", 1_00)):
        raise error


async def pays_in(bank: Bank, account: str) -> dict[str, int]:
    """Send a deposit of 100 cents and return the balances."""
    await bank.process_command(bank.command("deposit-money", account, amount=1_00))
    return bank.balances()


class TestTheTable:
    """Six designs, from the worst to the best, each under its own name."""

    def test_the_six_stand_in_their_order(self) -> None:
        """Tables and figures go by it."""
        assert {name: design.aggregate for name, design in DESIGNS.items()} == {
            "unguarded": UnguardedAggregate,
            "legacy": LegacyAggregate,
            "locked": LockedAggregate,
            "one per command": OnePerCommandAggregate,
            "migrated": MigratedAggregate,
            "isolated": IsolatedAggregate,
        }
        assert list(DESIGNS) == ["unguarded", "legacy", "locked", "one per command", "migrated", "isolated"]

    @pytest.mark.parametrize("name", DESIGNS)
    def test_each_says_what_it_does(self, name: str) -> None:
        """Under the name that it has in the table."""
        assert DESIGNS[name].name == name
        assert len(DESIGNS[name].idea) > 20

    @pytest.mark.parametrize("name", DESIGNS)
    def test_each_takes_one_deposit_after_the_other(self, name: str) -> None:
        """Commands that do not overlap are correct on every design."""

        async def scenario(bank: Bank) -> dict[str, int]:
            await pays_in(bank, "ana")
            await pays_in(bank, "ana")
            return await pays_in(bank, "ben")

        assert with_a_bank(DESIGNS[name].aggregate, scenario) == {"ana": 2_00, "ben": 1_00}

    def test_one_design_alone_makes_an_instance_for_each_command(self) -> None:
        """The others share one."""
        assert [name for name, design in DESIGNS.items() if design.aggregate.per_command] == ["one per command"]


class TestUnguarded:
    """The legacy class without its guard."""

    def test_the_second_command_overwrites_the_first(self) -> None:
        """Nobody is refused, and the first one sees the second one's account."""
        told: list[str] = []

        async def scenario(bank: Bank) -> None:
            await play({name: holding(bank, name, told) for name in ("ana", "ben")}, ["ana", "ben", "ana"])

        with_a_bank(UnguardedAggregate, scenario)
        assert told[:3] == ["ana is in", "ben is in", "ana sees ben"]

    def test_the_guard_is_all_that_is_gone(self) -> None:
        """What the class defines itself is the opening, and that hands on to the legacy one."""
        own = [name for name in vars(UnguardedAggregate) if not name.startswith(("__", "_abc_", "_actions"))]
        assert own == ["command_aggregate"]
        assert "super().command_aggregate(" in inspect.getsource(UnguardedAggregate.command_aggregate)


class TestLocked:
    """One command at a time; the others queue."""

    def test_commands_queue_in_the_order_in_which_they_came(self) -> None:
        """Each sees its own account."""
        told: list[str] = []

        async def scenario(bank: Bank) -> None:
            await play({name: holding(bank, name, told) for name in ("ana", "ben")}, ["ben", "ana", "ana", "ben"])

        with_a_bank(LockedAggregate, scenario)
        assert told == ["ben is in", "ben sees ben", "ana is in", "ana sees ana"]

    @pytest.mark.parametrize("error", [ValueError("a bug"), asyncio.CancelledError()])
    def test_a_command_that_failed_locks_nobody_out(self, error: BaseException) -> None:
        """On the legacy class it would."""

        async def scenario(bank: Bank) -> tuple[BaseException | None, dict[str, int]]:
            return (await alone(failing(bank, error))).error, await pays_in(bank, "ben")

        assert with_a_bank(LockedAggregate, scenario) == (error, {"ana": 0, "ben": 1_00})
        with pytest.raises(RuntimeError, match=r"^Overlapping context: unnamed$"):
            with_a_bank(LegacyAggregate, scenario)

    def test_a_command_that_gives_up_waiting_leaves_the_one_that_runs_alone(self) -> None:
        """It never had the lock, so it has nothing to tidy up."""
        told: list[str] = []

        async def scenario(bank: Bank) -> list[bool]:
            gate = asyncio.Event()

            async def runs() -> None:
                async with bank.aggregate.command_aggregate(*bank.depositing("ana", 1_00)):
                    await gate.wait()
                    told.append(bank.aggregate.context.name)

            running, waiting = asyncio.create_task(runs()), asyncio.create_task(pays_in(bank, "ben"))
            for _ in range(10):
                await asyncio.sleep(0)
            waiting.cancel()
            await asyncio.wait([waiting])
            gate.set()
            await running
            return [waiting.cancelled(), await pays_in(bank, "ben") == {"ana": 0, "ben": 1_00}]

        assert with_a_bank(LockedAggregate, scenario) == [True, True]
        assert told == ["ana's deposit"]

    def test_each_instance_has_a_lock_of_its_own(self) -> None:
        """Two banks do not wait for each other."""

        async def scenario(bank: Bank) -> dict[str, int]:
            other = await Bank.opened(LockedAggregate, cem=0)
            async with bank.aggregate.command_aggregate(*bank.depositing("ana", 1_00)):
                lane = await alone(pays_in(other, "cem"))
            return lane.result

        assert with_a_bank(LockedAggregate, scenario) == {"cem": 1_00}


class TestOnePerCommand:
    """Nothing is shared."""

    def test_each_command_has_its_own_instance(self) -> None:
        """The bank's own aggregate is a new one whenever it is asked for."""

        async def scenario(bank: Bank) -> tuple[bool, Any]:
            mine = bank.aggregate
            async with mine.command_aggregate(*bank.depositing("ana", 1_00)):
                return mine is bank.aggregate, bank.aggregate.context

        assert with_a_bank(OnePerCommandAggregate, scenario) == (False, None)
