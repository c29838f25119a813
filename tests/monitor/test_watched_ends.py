"""How a watched command ends: its outcome, and what a watcher that fails does to it, which is nothing."""

import asyncio
import logging
from typing import Any

import pytest
from gates import Hold, bank_that, started
from heard import Heard, deposit
from helpers import end_of, in_a_loop, made, opening, run

from fluvius_demo import Bank, IsolatedAggregate
from fluvius_demo.errors import InsufficientFundsError, NestedCommandError, UnconsumedEventsError
from fluvius_demo.monitor.watched import Ended, WatchedFrame, Watcher, outcome_of, watch

MONITOR = "fluvius_demo.monitor.watched"


class Refusing(Watcher):
    """Refuses every command."""

    def asked(self, frame: WatchedFrame) -> None:
        """Refuse."""
        raise ValueError("not today")


class Failing(Watcher):
    """Fails at everything but being asked."""

    def opened(self, frame: WatchedFrame) -> None:
        """Fail."""
        raise ValueError("broken")

    annotated = ended = opened


class TestOutcomes:
    """What became of a command: ok, refused, failed, cancelled."""

    @pytest.mark.parametrize(
        ("error", "outcome"),
        [
            (None, "ok"),
            (InsufficientFundsError("a", "b", "c"), "refused"),
            (ValueError(), "failed"),
            (asyncio.CancelledError(), "cancelled"),
            (GeneratorExit(), "cancelled"),
        ],
        ids=["none", "ours", "another", "cancellation", "closed generator"],
    )
    def test_it_follows_from_the_error(self, error: BaseException | None, outcome: Ended) -> None:
        """One of this package's errors is a refusal; what is no Exception is a way to stop."""
        assert outcome_of(error) == outcome

    @in_a_loop
    async def test_each_is_told_with_the_name_of_the_error(self) -> None:
        """Of an open command; the caller gets the error that it would get without watchers."""
        heard, raised = Heard(), []

        class Names(Watcher):
            def ended(self, frame: WatchedFrame, outcome: Ended, seconds: float | None) -> None:
                raised.append(frame.raised)

        async def process(command: Any, aggregate: Any, statemgr: Any, payload: str) -> None:
            if payload == "refuse":
                await aggregate.withdraw(amount=1)
            if payload == "fail":
                raise ValueError("broken")

        bank = await bank_that(process).opened(ana=0)
        with watch(bank.aggregate, heard, Names()):
            ends = [
                await end_of(bank.process_command(bank.create_command("do", "account", "ana", payload)))
                for payload in ("go", "refuse", "fail")
            ]
        assert [call[2:] for call in heard.calls if call[0] == "ended"] == [
            ("ok", True),
            ("refused", True),
            ("failed", True),
        ]
        assert raised == [None, "InsufficientFundsError", "ValueError"]
        assert [type(end) for end in ends] == [dict, InsufficientFundsError, ValueError]

    @in_a_loop
    async def test_a_cancelled_command_has_ended(self) -> None:
        """While it is open, and while its object is being fetched: then it has not opened."""
        for operation, at_end in (("update", ("cancelled", True)), ("fetch", ("cancelled", False))):
            bank, heard = await Bank.opened(ana=0), Heard()
            hold = bank.statemgr.gate = Hold("held", operation=operation)
            with watch(bank.aggregate, heard):
                task = started(bank, bank.command("deposit-money", "ana", amount=5))
                await hold.reached.wait()
                task.cancel()
                assert type(await end_of(task)) is asyncio.CancelledError
            assert heard.calls[-1] == ("ended", "bank-1", *at_end)

    @in_a_loop
    async def test_a_command_that_its_own_end_refuses_is_refused(self) -> None:
        """Its body went well, and then there were events that nobody took."""
        aggregate, heard = made(IsolatedAggregate), Heard()

        async def forget() -> None:
            async with aggregate.command_aggregate(*opening("a")) as proxy:
                await proxy.write(text="hi")

        with watch(aggregate, heard):
            assert type(await end_of(forget())) is UnconsumedEventsError
        assert heard.calls[-1] == ("ended", "?", "refused", True)

    @in_a_loop
    async def test_one_whose_object_is_missing_has_not_opened(self) -> None:
        """It was asked for, and ended."""
        bank, heard = await Bank.opened(ana=0), Heard()
        with watch(bank.aggregate, heard):
            await deposit(bank, "zoe")
        assert heard.calls == [("asked", "bank-1"), ("ended", "bank-1", "refused", False)]

    @in_a_loop
    async def test_a_block_that_is_entered_again_is_no_other_command(self) -> None:
        """It is refused as ever, open or ended, and what was told of the command stays true."""
        aggregate, heard = made(IsolatedAggregate), Heard()
        with watch(aggregate, heard):
            block = aggregate.command_aggregate(*opening("a"))
            async with block:
                assert type(await end_of(block.__aenter__())) is NestedCommandError
            assert type(await end_of(block.__aenter__())) is NestedCommandError
        assert heard.calls == [("asked", "?"), ("opened", "?"), ("ended", "?", "ok", True)]

    @in_a_loop
    async def test_a_nested_command_that_is_refused_leaves_the_open_one_alone(self) -> None:
        """It was asked for, and did not open."""
        aggregate, heard = made(IsolatedAggregate), Heard()

        async def nest() -> None:
            async with aggregate.command_aggregate(*opening("a")):
                await run(aggregate, "b")

        with watch(aggregate, heard):
            assert type(await end_of(nest())) is NestedCommandError
        assert [call[0] for call in heard.calls] == ["asked", "opened", "asked", "ended", "ended"]
        assert [call[2:] for call in heard.calls if call[0] == "ended"] == [("refused", False), ("refused", True)]


class TestWatchersThatFail:
    """A watcher may refuse a command when it is asked, and never after that."""

    @in_a_loop
    async def test_refused_by_a_watcher_nothing_begins(self) -> None:
        """The store is not asked for the object, and the caller gets the watcher's error."""
        bank, first, last = await Bank.opened(ana=0), Heard(), Heard()
        with watch(bank.aggregate, first, Refusing(), last):
            refusal = await deposit(bank)
        assert repr(refusal) == "ValueError('not today')"
        assert bank.statemgr.calls == {}
        assert first.calls == [("asked", "bank-1"), ("ended", "bank-1", "failed", False)]
        assert last.calls == [("ended", "bank-1", "failed", False)]

    @in_a_loop
    async def test_any_other_failure_is_logged_and_the_command_goes_on(self, caplog: pytest.LogCaptureFixture) -> None:
        """The watchers after it are told, too; the log says which one to mend, and where."""
        bank, heard = await Bank.opened(ana=0), Heard()
        with watch(bank.aggregate, Failing(), heard), caplog.at_level(logging.ERROR, logger=MONITOR):
            async with bank.aggregate.command_aggregate(*bank.depositing("ana", 5)):
                bank.aggregate.annotate(request="r-1")
        assert [call[0] for call in heard.calls] == ["asked", "opened", "annotated", "ended"]
        assert [record.args[1] for record in caplog.records] == ["opened", "annotated", "ended"]
        assert "To solve this, mend its method opened." in caplog.text
        assert "ValueError: broken" in caplog.text

    @in_a_loop
    async def test_a_failing_watcher_hides_no_error_of_the_command(self, caplog: pytest.LogCaptureFixture) -> None:
        """The caller gets the command's own."""
        bank = await Bank.opened(ana=0)
        with watch(bank.aggregate, Failing()):
            assert type(await deposit(bank, amount=-1)).__name__ == "BadRequestError"
        assert len(caplog.records) == 2
