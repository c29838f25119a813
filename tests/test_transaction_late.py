"""Work that a command starts and does not wait for, and calls inside of calls."""

import asyncio
from contextlib import suppress
from typing import Any

import pytest
from gates import Hold, bank_that, started
from helpers import end_of, in_a_loop

from fluvius_demo import Bank, IsolatedAggregate, MigratedAggregate, action
from fluvius_demo.banking import Account
from fluvius_demo.errors import CommandEndedError, CommandStateError, NestedCommandError, TransactionEndedError
from fluvius_demo.statemgr import StoreCall

each_design = pytest.mark.parametrize("design", [MigratedAggregate, IsolatedAggregate])


class TestLateWork:
    """A task that a command started and that outlives the call."""

    @pytest.mark.parametrize(
        ("design", "kind", "text"),
        [
            (
                IsolatedAggregate,
                CommandEndedError,
                "Aggregate context has ended. Cannot read 'aggroot': the command that this code works for has ended. "
                "To solve this, await the work inside of the command, or open a command for it.",
            ),
            (
                MigratedAggregate,  # it still sees the command (P08), so that only its store can refuse it
                TransactionEndedError,
                "Cannot run an action: the call of process_command that started this code has ended, and its "
                "transaction with it. To solve this, await the work inside of the command, or make a new call for it.",
            ),
        ],
    )
    @in_a_loop
    async def test_a_late_action_is_refused(self, design: type, kind: type, text: str) -> None:
        """It writes nothing and logs nothing, and reads why."""
        ended, tasks = asyncio.Event(), []

        async def process(self: Any, aggregate: Any, statemgr: Any, payload: Any) -> None:
            async def late() -> None:
                await ended.wait()
                await aggregate.deposit(amount=5)

            tasks.append(asyncio.create_task(late()))

        bank = await bank_that(process).opened(design, ana=0)
        await bank.process_command(bank.command("do", "ana"))
        ended.set()
        error = await end_of(tasks[0])
        assert (type(error), str(error)) == (kind, text)
        assert (bank.balances(), bank.event_log) == ({"ana": 0}, [])

    @each_design
    @in_a_loop
    async def test_a_late_task_may_make_a_call_of_its_own(self, design: type) -> None:
        """What it asks for anew is done in its own name, while nothing of the ended call comes back."""
        ended, tasks = asyncio.Event(), []

        async def process(self: Any, aggregate: Any, statemgr: Any, payload: Bank) -> None:
            async def late() -> None:
                await ended.wait()
                await payload.process_command(payload.command("deposit-money", "ben", amount=5))

            tasks.append(asyncio.create_task(late()))
            await aggregate.deposit(amount=1)

        bank = await bank_that(process).opened(design, ana=0, ben=0)
        await bank.process_command(bank.create_command("do", "account", "ana", bank))
        ended.set()
        await tasks[0]
        assert bank.balances() == {"ana": 1, "ben": 5}
        assert [(event.src_cmd, event.args) for event in bank.event_log] == [
            ("bank-1", {"amount": 1}),
            ("bank-2", {"amount": 5}),
        ]


class TestHalfDoneWork:
    """An action is done as a whole, with its event, or not at all: on IsolatedAggregate the books balance."""

    @pytest.mark.parametrize("let_go", ["while the call commits", "after the call"])
    @pytest.mark.parametrize("place", [1, 2, 3, 4])
    @in_a_loop
    async def test_an_action_that_nobody_awaits_leaves_no_half_of_itself(self, place: int, let_go: str) -> None:
        """The command ends while a transfer is at its `place`-th call to the store: neither money nor event is lost."""
        hold, tasks = Hold("late", place), []

        async def process(self: Any, aggregate: Any, statemgr: Any, payload: Any) -> None:
            tasks.append(asyncio.create_task(aggregate.transfer(to="ben", amount=300), name="late"))
            await hold.reached.wait()

        async def gate(call: StoreCall) -> None:
            if call.operation == "commit" and let_go == "while the call commits":
                hold.go.set()
                await asyncio.wait(tasks)
            await hold(call)

        bank = await bank_that(process).opened(IsolatedAggregate, ana=1000, ben=0)
        bank.statemgr.gate = gate
        with suppress(CommandStateError):  # whether the call itself is refused is not the matter here
            await bank.process_command(bank.command("do", "ana"))
        hold.go.set()
        assert isinstance(await end_of(tasks[0]), CommandStateError)
        assert (bank.balances(), bank.event_log) == ({"ana": 1000, "ben": 0}, [])

    @pytest.mark.parametrize("place", [1, 2, 3, 4])
    @in_a_loop
    async def test_an_action_whose_error_is_forgiven_leaves_no_half_of_itself(self, place: int) -> None:
        """A handler that goes on after a transfer has timed out commits what else it did, and none of the transfer."""
        hold = Hold("held", place + 1)  # the command itself fetches its root first

        async def process(self: Any, aggregate: Any, statemgr: Any, payload: Any) -> None:
            with suppress(TimeoutError):
                async with asyncio.timeout(None) as limit:
                    strike = asyncio.create_task(hold.reached.wait())
                    strike.add_done_callback(lambda _: limit.reschedule(asyncio.get_running_loop().time()))
                    await aggregate.transfer(to="ben", amount=300)
            await aggregate.deposit(amount=5)

        bank = await bank_that(process).opened(IsolatedAggregate, ana=1000, ben=0)
        bank.statemgr.gate = hold
        await started(bank, bank.command("do", "ana"))
        assert [event.event for event in bank.event_log] == ["money-deposited"]
        assert bank.balances() == {"ana": 1005, "ben": 0}


class TestWorkBetweenTheCommandAndTheCommit:
    """The command has ended, its call has not: nobody writes in its name any more."""

    @pytest.mark.parametrize("direct", [False, True], ids=["an action without an event", "straight to the store"])
    @in_a_loop
    async def test_what_nobody_awaits_is_not_slipped_into_the_call(self, direct: bool) -> None:
        """A write of the first command's task that reaches the store during the second command is refused."""
        hold, tasks = Hold("late", operation="insert"), []

        class Actions(Bank.Actions):
            @action()  # no event: nothing else would notice that the command has ended
            async def note(self: Any) -> None:
                await self.statemgr.insert(Account(identifier="note", owner="nobody"))

        async def process(self: Any, aggregate: Any, statemgr: Any, payload: Any) -> None:
            work = statemgr.insert(Account(identifier="note", owner="nobody")) if direct else aggregate.note()
            tasks.append(asyncio.create_task(work, name="late"))
            await hold.reached.wait()

        async def later(self: Any, aggregate: Any, statemgr: Any, payload: Any) -> None:
            hold.go.set()
            await asyncio.wait(tasks)

        kind = bank_that(process)
        kind.Actions = Actions
        meta = type("Meta", (), {"key": "later"})
        type("Later", (kind.Command,), {"Meta": meta, "_process": later})
        bank = await kind.opened(IsolatedAggregate, ana=0)
        bank.statemgr.gate = hold
        await end_of(bank.process_command(bank.command("do", "ana"), bank.command("later", "ana")))
        assert isinstance(await end_of(tasks[0]), CommandStateError)
        assert bank.balances() == {"ana": 0}


class TestCallsInsideOfCalls:
    """A call inside of a call is its own transaction."""

    @each_design
    @in_a_loop
    async def test_the_inner_call_stays_though_the_outer_one_fails(self, design: type) -> None:
        """What the inner call has committed is not the outer one's to take back."""

        async def process(self: Any, aggregate: Any, statemgr: Any, payload: Bank) -> None:
            await aggregate.deposit(amount=1)
            await started(payload, payload.command("deposit-money", "ben", amount=5))
            raise KeyError("changed its mind")

        bank = await bank_that(process).opened(design, ana=0, ben=0)
        with pytest.raises(KeyError, match="changed its mind"):
            await bank.process_command(bank.create_command("do", "account", "ana", bank))
        assert bank.balances() == {"ana": 0, "ben": 5}
        assert [event.src_cmd for event in bank.event_log] == ["bank-2"]

    @in_a_loop
    async def test_in_the_same_task_it_is_refused_and_nothing_remains(self) -> None:
        """IsolatedAggregate runs one command in one task: the outer call fails, and the bank works again."""

        async def process(self: Any, aggregate: Any, statemgr: Any, payload: Bank) -> None:
            await aggregate.deposit(amount=1)
            await payload.process_command(payload.command("deposit-money", "ben", amount=5))

        bank = await bank_that(process).opened(IsolatedAggregate, ana=0, ben=0)
        with pytest.raises(NestedCommandError) as caught:
            await bank.process_command(bank.create_command("do", "account", "ana", bank))
        assert str(caught.value) == (
            "Cannot open 'deposit-money' on account 'ben': 'do' on account 'ana' is still open here. To solve "
            "this, end it first, call its actions directly, or start a task for the second command."
        )
        assert (bank.balances(), bank.event_log) == ({"ana": 0, "ben": 0}, [])
        await bank.process_command(bank.command("deposit-money", "ana", amount=2))
        assert bank.balances() == {"ana": 2, "ben": 0}
