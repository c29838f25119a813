"""Usage: which of the running command's properties are read where."""

import asyncio
import copy
from typing import Any

import pytest
from helpers import end_of, in_a_loop, made, needs, opening

from fluvius_demo import Bank, IsolatedAggregate, LegacyAggregate
from fluvius_demo.errors import OutsideCommandError
from fluvius_demo.monitor.usage import PROPERTIES, Usage, usage

HERE = __name__


def by_function(used: Usage) -> dict[tuple[str, str], int]:
    """Return the counts without the lines, which change whenever somebody edits the file."""
    counts: dict[tuple[str, str], int] = {}
    for place, times in used.reads.items():
        key = (place.name, place.function.removeprefix("fluvius_demo."))
        counts[key] = counts.get(key, 0) + times
    return counts


class TestWhatIsRecorded:
    """Reads, with their places."""

    @in_a_loop
    async def test_a_deposit(self) -> None:
        """The domain's code is named, and not the aggregate's own modules, by way of which it reads."""
        bank = await Bank.opened(ana=0)
        with usage(bank.aggregate) as used:
            await bank.process_command(bank.command("deposit-money", "ana", amount=5))
        assert by_function(used) == {
            ("_events", "domain:Domain._run"): 1,
            ("aggroot", "banking:BankActions._change"): 1,
            ("aggroot", "banking:DepositMoney._process"): 1,
            ("aggroot", "banking:_told"): 1,
            ("consume_events", "domain:Domain._run"): 1,
            ("context", "banking:BankActions._change"): 1,
            ("create_event", "banking:DepositMoney._process"): 1,
        }

    @pytest.mark.parametrize("name", sorted(PROPERTIES))
    @in_a_loop
    async def test_each_property_is_recorded_where_it_is_read(self, name: str) -> None:
        """In a function of ours, with its line; and the value is what it is without a recording."""
        aggregate = made(IsolatedAggregate)

        def read() -> Any:
            return getattr(aggregate, name)

        async with aggregate.command_aggregate(*opening("a")):
            before = read()
            with usage(aggregate) as used:
                assert read() == before
                assert read() == before
        ((place, times),) = used.reads.items()
        assert (place.name, place.function.rpartition(".")[2], times) == (name, "read", 2)
        assert place.function.startswith(f"{HERE}:")
        assert place.line == read.__code__.co_firstlineno + 1

    @in_a_loop
    async def test_a_read_by_way_of_the_proxy_is_recorded_too(self) -> None:
        """The proxy has methods of the same instance."""
        aggregate = made(IsolatedAggregate)
        async with aggregate.command_aggregate(*opening("a")) as proxy:
            with usage(aggregate) as used:
                proxy.get_rootobj()
        assert [place.name for place in used.reads] == ["rootobj"]

    @in_a_loop
    async def test_child_tasks_are_recorded(self) -> None:
        """Where an action is a task's first function, that is the place: nobody of the domain called it."""
        bank = await Bank.opened(ana=0)
        async with bank.aggregate.command_aggregate(*bank.depositing("ana", 5)) as proxy:
            with usage(bank.aggregate) as used:
                await asyncio.create_task(proxy.deposit(amount=5))
            bank.aggregate.consume_events()
        assert by_function(used) == {
            ("aggroot", "aggregate:action.<locals>.decorate.<locals>.run"): 1,
            ("aggroot", "banking:BankActions._change"): 1,
            ("context", "banking:BankActions._change"): 1,
            ("create_event", "aggregate:action.<locals>.decorate.<locals>.run"): 1,
        }

    @needs("threads")
    @in_a_loop
    async def test_threads_are_recorded(self) -> None:
        """They read what the command's task would read."""
        aggregate = made(IsolatedAggregate)

        def in_a_thread() -> str:
            return aggregate.aggroot.identifier

        async with aggregate.command_aggregate(*opening("a")):
            with usage(aggregate) as used:
                assert await asyncio.to_thread(in_a_thread) == "a"
        assert [place.function.rpartition(".")[2] for place in used.reads] == ["in_a_thread"]

    @in_a_loop
    async def test_a_comprehension_is_its_function(self) -> None:
        """It is a function of its own on Python 3.11 and none on later ones: the place is the same on all."""
        aggregate = made(IsolatedAggregate)

        def names() -> list[str]:
            return [aggregate.aggroot.identifier for _ in range(3)]

        async with aggregate.command_aggregate(*opening("a")):
            with usage(aggregate) as used:
                names()
        assert [(place.function.rpartition(".")[2], times) for place, times in used.reads.items()] == [("names", 3)]

    def test_a_read_that_is_refused_is_recorded(self) -> None:
        """Who reads without a command is worth knowing."""
        aggregate = made(IsolatedAggregate)
        with usage(aggregate) as used, pytest.raises(OutsideCommandError):
            _ = aggregate.context
        assert [place.name for place in used.reads] == ["context"]


class TestTheBlock:
    """Nothing is changed for others, nor afterwards."""

    def test_afterwards_the_class_is_what_it_was(self) -> None:
        """Also where the block ends with an error."""
        aggregate = made(IsolatedAggregate)
        own = type(aggregate)
        with pytest.raises(ValueError, match="broken"), usage(aggregate):
            raise ValueError("broken")
        assert type(aggregate) is own
        assert vars(own).get("__getattribute__") is None

    def test_inside_it_the_class_looks_like_the_own_one(self) -> None:
        """It is a subclass with the same name and the same actions."""
        aggregate = made(IsolatedAggregate)
        own = type(aggregate)
        with usage(aggregate):
            kind = type(aggregate)
            assert isinstance(aggregate, own)
            assert (kind.__name__, kind.__qualname__, kind.__module__) == (
                own.__name__,
                own.__qualname__,
                own.__module__,
            )
            assert kind._actions == own._actions

    def test_who_registers_subclasses_does_not_see_it(self) -> None:
        """A class may do so in __init_subclass__."""
        seen = []

        class Registering:
            def __init_subclass__(cls) -> None:
                super().__init_subclass__()
                seen.append(cls.__name__)

        aggregate = made(IsolatedAggregate, Registering)
        with usage(aggregate):
            pass
        assert seen == ["Notes"]

    @in_a_loop
    async def test_another_aggregate_of_the_class_is_not_recorded(self) -> None:
        """One instance has another class for a while, not the class another method."""
        aggregate = made(IsolatedAggregate)
        other = type(aggregate)(aggregate)
        with usage(aggregate) as used:
            async with other.command_aggregate(*opening("a")):
                assert other.aggroot.identifier == "a"
        assert used.reads == {}

    def test_a_copy_is_not_recorded(self) -> None:
        """It is of the aggregate's own class, and stays so after the block."""
        aggregate = made(IsolatedAggregate)
        own = type(aggregate)
        with usage(aggregate) as used:
            twin = copy.copy(aggregate)
            assert type(twin) is own
            with pytest.raises(OutsideCommandError):
                _ = twin.context
        assert used.reads == {}

    def test_blocks_may_lie_inside_of_each_other(self) -> None:
        """Each records what happens inside of it."""
        aggregate = made(IsolatedAggregate)
        own = type(aggregate)
        with usage(aggregate) as outer:
            with usage(aggregate) as inner:
                assert aggregate.get_context_state()["has_context"] is False
                with pytest.raises(OutsideCommandError):
                    _ = aggregate.context
            with pytest.raises(OutsideCommandError):
                _ = aggregate.command
        assert [place.name for place in outer.reads] == ["command", "context"]
        assert [place.name for place in inner.reads] == ["context"]
        assert type(aggregate) is own

    @in_a_loop
    async def test_blocks_may_overlap(self) -> None:
        """The first one to begin is the first one to end here, as in two tasks; all is put back with the last one."""
        aggregate = made(IsolatedAggregate)
        own, first, second = type(aggregate), usage(aggregate), usage(aggregate)
        one = first.__enter__()
        two = second.__enter__()
        first.__exit__(None, None, None)
        assert type(await end_of(aggregate.touch())) is OutsideCommandError
        second.__exit__(None, None, None)
        assert (len(one.reads), len(two.reads)) == (0, 1)
        assert type(aggregate) is own

    def test_another_design_is_refused(self) -> None:
        """Its error says what to do."""
        with pytest.raises(TypeError) as refused, usage(made(LegacyAggregate)):
            pass
        assert str(refused.value) == (
            "Cannot record the usage of Notes: only an IsolatedAggregate is recorded. "
            "To solve this, make the domain with that design."
        )


class TestTheTable:
    """The reads as text."""

    @in_a_loop
    async def test_it_is_sorted_and_the_same_on_every_run(self) -> None:
        """Two banks, the same text; a second call adds to the counts alone."""

        async def table(calls: int) -> list[str]:
            bank = await Bank.opened(ana=0)
            with usage(bank.aggregate) as used:
                for _ in range(calls):
                    await bank.process_command(bank.command("deposit-money", "ana", amount=5))
            return used.table().splitlines()

        once, again, twice = await table(1), await table(1), await table(2)
        assert once == again == [once[0], *sorted(once[1:])]
        assert once[0].split() == ["read", "where", "line", "times"]
        assert [line.split()[:3] for line in once] == [line.split()[:3] for line in twice]
        assert {line.split()[3] for line in twice[1:]} == {"2"}

    def test_without_reads_it_is_the_heading(self) -> None:
        """Nothing was read: that is an answer, too."""
        assert Usage().table() == "read  where  line  times"
