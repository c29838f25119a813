"""A call that is stopped anywhere leaves nothing, hinders nobody, and can be made again."""

import asyncio
from typing import Any

import pytest
from gates import Hold, started
from helpers import end_of, in_a_loop

from fluvius_demo import Bank, IsolatedAggregate, LegacyAggregate, MigratedAggregate
from fluvius_demo.records import CommandBundle
from fluvius_demo.statemgr import StoreCall

CALLS = 9  # to the store: 3 by the deposit, 5 by the transfer, the commit
ENDS: dict[str, type[BaseException]] = {
    "cancelled at the gate": asyncio.CancelledError,
    "cancelled on its way back": asyncio.CancelledError,
    "timed out": TimeoutError,
    "the store fails": OSError,
}


class Strike(Hold):
    """A gate that holds the task "held", and then has its call end as told."""

    def __init__(self, place: int, end: str) -> None:
        super().__init__("held", place)
        self.end = end

    async def __call__(self, call: StoreCall) -> None:
        """Stop here and be struck, if this is the call."""
        there = self.reached.is_set()
        await super().__call__(call)
        if self.reached.is_set() and not there:
            if self.end == "cancelled on its way back":
                asyncio.current_task().cancel()  # felt at the next await, in the store itself
            if self.end == "the store fails":
                raise OSError("the store is away")


def a_call(bank: Bank) -> tuple[CommandBundle, ...]:
    """Return two commands that write twice to one account and once to another."""
    return (
        bank.command("deposit-money", "ana", amount=100),
        bank.command("transfer-money", "ana", to="ben", amount=300),
    )


async def struck(bank: Bank, place: int, end: str) -> Any:
    """Run the call until its `place`-th call to the store, end it there, and return how it ended."""
    gate = bank.statemgr.gate = Strike(place, end)
    limit = asyncio.timeout(None)

    async def held() -> None:
        async with limit:
            await bank.process_command(*a_call(bank))

    task = asyncio.create_task(held(), name="held")
    await gate.reached.wait()
    if end == "cancelled at the gate":
        task.cancel()
    elif end == "timed out":
        limit.reschedule(asyncio.get_running_loop().time())
    else:
        gate.go.set()
    return await end_of(task)


class TestStoppedAnywhere:
    """Cancelled, timed out or left by its store, at every call to the store in turn, the commit included."""

    @in_a_loop
    async def test_no_place_is_left_out(self) -> None:
        """The call goes to the store exactly so often; its last visit is the commit."""
        bank = await Bank.opened(ana=1000, ben=0)
        await bank.process_command(*a_call(bank))
        assert bank.statemgr.calls == {"fetch": 5, "update": 3, "commit": 1}
        assert sum(bank.statemgr.calls.values()) == CALLS

    @pytest.mark.parametrize("place", range(1, CALLS + 1))
    @pytest.mark.parametrize("end", ENDS)
    @pytest.mark.parametrize("design", [MigratedAggregate, IsolatedAggregate])
    @in_a_loop
    async def test_nothing_remains_and_the_call_beside_it_succeeds(self, design: type, end: str, place: int) -> None:
        """No write, no event, no message; a deposit that runs before, during and after it is not touched."""
        bank, told = await Bank.opened(design, ana=1000, ben=0, cy=0), []
        bank.subscribe("money-moved", lambda message: told.append((message.data.account, message.data.amount)))
        beside = Hold("beside", operation="commit")
        bank.statemgr.gate = beside
        other = started(bank, bank.command("deposit-money", "cy", amount=50), name="beside")
        await beside.reached.wait()
        assert isinstance(await struck(bank, place, end), ENDS[end])
        beside.go.set()
        await other
        assert bank.balances() == {"ana": 1000, "ben": 0, "cy": 50}
        assert [event.event for event in bank.event_log] == ["money-deposited"]
        assert told == [("cy", 50)]
        etags = [account._etag for account in bank.statemgr.all("account")]
        assert etags == ["account/ana@1", "account/ben@1", "account/cy@2"]

        await bank.process_command(*a_call(bank))  # in this very task, on this very aggregate
        assert bank.balances() == {"ana": 800, "ben": 300, "cy": 50}
        assert [event.event for event in bank.event_log[1:]] == ["money-deposited", "money-transferred"]

    @pytest.mark.parametrize("place", range(1, CALLS + 1))
    @pytest.mark.parametrize("end", ENDS)
    @in_a_loop
    async def test_the_legacy_class_writes_nothing_either_but_refuses_all_that_follows(
        self, end: str, place: int
    ) -> None:
        """The transaction is not its fault; that it has no `try/finally` is (P21). At the commit no command is open."""
        bank = await Bank.opened(LegacyAggregate, ana=1000, ben=0)
        assert isinstance(await struck(bank, place, end), ENDS[end])
        assert (bank.balances(), bank.event_log) == ({"ana": 1000, "ben": 0}, [])
        if place == CALLS:
            await bank.process_command(*a_call(bank))
            return
        with pytest.raises(RuntimeError, match=r"^Overlapping context: unnamed$"):
            await bank.process_command(*a_call(bank))

    @pytest.mark.parametrize("place", range(1, CALLS + 1))
    @in_a_loop
    async def test_a_command_that_is_struck_leaves_no_trace_in_its_task(self, place: int) -> None:
        """The task that caught the error is outside of any command and any call: its next write is applied at once."""
        bank = await Bank.opened(IsolatedAggregate, ana=1000, ben=0)
        gate = bank.statemgr.gate = Strike(place, "the store fails")
        gate.go.set()

        async def held() -> None:
            with pytest.raises(OSError, match="away"):
                await bank.process_command(*a_call(bank))
            assert not any(bank.aggregate.get_context_state().values())
            await bank.statemgr.update(bank.statemgr.committed("account", "ana"), balance=7)

        await asyncio.create_task(held(), name="held")
        assert bank.balances() == {"ana": 7, "ben": 0}

    @pytest.mark.parametrize("design", [MigratedAggregate, IsolatedAggregate])
    def test_cancelled_at_any_turn_of_the_loop_it_is_done_or_undone(self, design: type) -> None:
        """Wherever it waits, at the store or not: it returns and all is there, or it is cancelled and nothing is."""

        async def scenario(turns: int) -> bool:
            bank, told = await Bank.opened(design, ana=1000, ben=0), []
            bank.subscribe("money-moved", told.append)
            task = started(bank, *a_call(bank))
            for _ in range(turns):
                await asyncio.sleep(0)
            task.cancel()
            done = not isinstance(await end_of(task), asyncio.CancelledError)
            assert bank.balances() == ({"ana": 800, "ben": 300} if done else {"ana": 1000, "ben": 0})
            assert (len(bank.event_log), len(told)) == ((2, 3) if done else (0, 0))
            return done

        outcomes = [asyncio.run(scenario(turns)) for turns in range(CALLS + 3)]
        assert outcomes == sorted(outcomes)
        assert set(outcomes) == {False, True}
