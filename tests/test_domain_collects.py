"""What a call of `process_command` brings about: responses, events, activities, messages, each call its own."""

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest
from gates import Hold, bank_that, started
from helpers import in_a_loop

from fluvius_demo import Bank, IsolatedAggregate, LegacyAggregate, MigratedAggregate
from fluvius_demo.errors import BadRequestError
from fluvius_demo.records import MessageRecord

each_design = pytest.mark.parametrize("design", [LegacyAggregate, MigratedAggregate, IsolatedAggregate])


async def one_of_each(self: Any, aggregate: Any, statemgr: Any, payload: Any) -> AsyncIterator[Any]:
    """Make two responses, a message, an activity and an event."""
    account = aggregate.get_aggroot().identifier
    yield aggregate.create_response({"account": account})
    yield aggregate.create_response({"account": account}, _type="account-state")
    yield aggregate.create_message("money-moved", {"account": account, "amount": 5})
    yield aggregate.create_activity(f"{account} came by")
    await aggregate.deposit(amount=5)


class TestWhatIsCollected:
    """Every record goes where it belongs, and names the command that it came from."""

    @each_design
    @in_a_loop
    async def test_responses_come_by_type_and_the_rest_is_logged(self, design: type) -> None:
        """Two commands in one call: each record is stamped with its own command's id."""
        bank, told = await bank_that(one_of_each).opened(design, ana=0, ben=0), []
        bank.subscribe("money-moved", told.append)
        responses = await bank.process_command(bank.command("do", "ana"), bank.command("do", "ben"))
        expected = [("bank-1", "ana"), ("bank-2", "ben")]
        assert {
            kind: [(response.src_cmd, response.data.account) for response in found] for kind, found in responses.items()
        } == {"default-response": expected, "account-state": expected}
        assert [(event.src_cmd, event.data["account"]) for event in bank.event_log] == expected
        assert [(activity.src_cmd, activity.identifier) for activity in bank.activity_log] == expected
        assert [(message.src_cmd, message.data.account) for message in told] == expected

    @each_design
    def test_a_call_without_commands_brings_about_nothing(self, design: type) -> None:
        """It is no error to ask for nothing."""
        bank = Bank(design)
        assert asyncio.run(bank.process_command()) == {}
        assert (bank.event_log, bank.activity_log) == ([], [])

    @in_a_loop
    async def test_the_logs_follow_the_order_of_the_commits(self) -> None:
        """A call that began earlier and commits later comes later."""
        bank = await Bank.opened(ana=0, ben=0)
        gate = bank.statemgr.gate = Hold("held", operation="commit")
        first = started(bank, bank.command("deposit-money", "ana", amount=1))
        await gate.reached.wait()
        await started(bank, bank.command("deposit-money", "ben", amount=2), name="other")
        gate.go.set()
        await first
        assert [event.src_cmd for event in bank.event_log] == ["bank-2", "bank-1"]

    @in_a_loop
    async def test_a_record_that_is_none_fails_the_call(self) -> None:
        """A processor that returns plain data reads what to return, and nothing of the call remains."""

        async def process(self: Any, aggregate: Any, statemgr: Any, payload: Any) -> Any:
            return await aggregate.deposit(amount=5)

        bank = await bank_that(process).opened(ana=0)
        for number in (1, 2):
            with pytest.raises(BadRequestError) as caught:
                await bank.process_command(bank.command("do", "ana"))
            assert caught.value.attempted == f"collect what command bank-{number} returned"
            assert (bank.balances(), bank.event_log) == ({"ana": 0}, [])


class TestMessages:
    """Others are told once the call is committed."""

    @each_design
    @in_a_loop
    async def test_messages_come_after_the_commit(self, design: type) -> None:
        """A handler finds the books, the event log and the activity log as the call leaves them."""
        bank, found = await bank_that(one_of_each).opened(design, ana=0), []
        bank.subscribe(
            "money-moved", lambda _: found.append((bank.balances(), len(bank.event_log), len(bank.activity_log)))
        )
        await bank.process_command(bank.command("do", "ana"))
        assert found == [({"ana": 5}, 1, 1)]

    @in_a_loop
    async def test_a_handler_runs_outside_of_the_call(self) -> None:
        """A task that it starts is in nobody's name: it makes a call of its own, and its own writes count at once."""
        bank, tasks = await Bank.opened(ana=0, ben=0), []

        async def bonus() -> None:
            await bank.process_command(bank.command("deposit-money", "ben", amount=1))
            await bank.statemgr.update(bank.statemgr.committed("account", "ben"), owner="Benedict")

        def handler(message: MessageRecord) -> None:
            if message.data.account == "ana":
                tasks.append(asyncio.create_task(bonus()))

        bank.subscribe("money-moved", handler)
        await bank.process_command(bank.command("deposit-money", "ana", amount=5))
        await tasks[0]
        assert bank.balances() == {"ana": 5, "ben": 1}
        assert bank.statemgr.committed("account", "ben").owner == "Benedict"

    @each_design
    def test_a_failing_handler_fails_neither_the_call_nor_the_others(
        self, design: type, caplog: pytest.LogCaptureFixture
    ) -> None:
        """The call is committed: its error is logged with its traceback, and every other handler is still called."""

        def broken(message: MessageRecord) -> None:
            raise KeyError("lost")

        async def scenario() -> None:
            bank, told = await Bank.opened(design, ana=0, ben=0), []
            for handler in (broken, lambda message: told.append(message.data.amount)):
                bank.subscribe("money-moved", handler)
            responses = await bank.process_command(bank.command("deposit-money", "ana", amount=5))
            assert responses["account-state"][0].data.balance == 5
            await bank.process_command(bank.command("deposit-money", "ben", amount=7))
            assert told == [5, 7]

        with caplog.at_level(logging.ERROR, logger="fluvius_demo.domain"):
            asyncio.run(scenario())
        assert len(caplog.records) == 2
        assert caplog.messages[0].startswith(f"The handler {broken!r} failed on MessageRecord(message='money-moved'")
        assert caplog.messages[0].endswith("To solve this, mend the handler.")
        assert caplog.records[0].exc_info[0] is KeyError

    @in_a_loop
    async def test_a_message_goes_to_those_who_asked_for_it(self) -> None:
        """Handlers of other keys are not called, and handlers of one key in the order in which they asked."""
        bank, told = await Bank.opened(ana=0), []
        bank.subscribe("account-closed", lambda _: told.append("wrong"))
        bank.subscribe("money-moved", lambda _: told.append("first"))
        bank.subscribe("money-moved", lambda _: told.append("second"))
        await bank.process_command(bank.command("deposit-money", "ana", amount=5))
        assert told == ["first", "second"]


class TestCallsThatOverlap:
    """Nothing is collected on the domain (P29): each call gets its own, whoever is quicker."""

    @pytest.mark.parametrize("last", ["ana", "ben"])
    @pytest.mark.parametrize("design", [MigratedAggregate, IsolatedAggregate])
    @in_a_loop
    async def test_each_call_gets_its_own(self, design: type, last: str) -> None:
        """Both are in the middle of their processor, half of it yielded, when the other one goes on."""
        inside = {"ana": asyncio.Event(), "ben": asyncio.Event()}
        go = {"ana": asyncio.Event(), "ben": asyncio.Event()}

        async def process(self: Any, aggregate: Any, statemgr: Any, payload: Any) -> AsyncIterator[Any]:
            account = aggregate.get_aggroot().identifier
            for half in ("first", "second"):
                yield aggregate.create_response({"account": aggregate.get_aggroot().identifier})
                yield aggregate.create_message(
                    "money-moved", {"account": aggregate.get_aggroot().identifier, "amount": 5}
                )
                yield aggregate.create_activity(f"{half} half")
                await aggregate.deposit(amount=5)
                inside[account].set()
                await go[account].wait()

        bank, told = await bank_that(process).opened(design, ana=0, ben=0), []
        bank.subscribe("money-moved", lambda message: told.append((message.src_cmd, message.data.account)))
        tasks = {name: started(bank, bank.command("do", name)) for name in ("ana", "ben")}
        for event in inside.values():
            await event.wait()
        assert (bank.event_log, bank.activity_log, told) == ([], [], [])
        order = sorted(tasks, key=lambda name: name == last)
        for name in order:
            go[name].set()
            responses = await tasks[name]
            assert list(responses) == ["default-response"]
            assert [response.data.account for response in responses["default-response"]] == [name, name]
        expected = [(f"bank-{['ana', 'ben'].index(name) + 1}", name) for name in order for _ in range(2)]
        assert told == expected
        assert [(event.src_cmd, event.data["account"]) for event in bank.event_log] == expected
        assert [(activity.src_cmd, activity.identifier) for activity in bank.activity_log] == expected
        assert bank.balances() == {"ana": 10, "ben": 10}


def test_an_async_handler_is_refused() -> None:
    """It would never be awaited: after a commit nothing is."""

    async def handler(message: Any) -> None:
        raise AssertionError("never called")

    bank = Bank()
    with pytest.raises(BadRequestError) as caught:
        bank.subscribe("money-moved", handler)
    assert str(caught.value) == (
        "Cannot subscribe to 'money-moved': the handler is async. To solve this, pass a plain function, "
        "which may start a task."
    )
