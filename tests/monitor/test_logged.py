"""A watched command says when it opens and ends; and structlog's events are stamped as records are."""

import logging
from typing import Any

import pytest
from gates import Hold, started
from helpers import end_of, in_a_loop
from kept_logs import NOTHING, Kept, keeping, open_bank

from fluvius_demo.errors import InsufficientFundsError
from fluvius_demo.monitor.logs import Logged, add_command
from fluvius_demo.monitor.watched import Watcher, watch

kept = pytest.fixture(keeping)


class TestLogged:
    """What a command logs of itself."""

    @in_a_loop
    async def test_it_opens_is_annotated_and_ends(self, kept: Kept) -> None:
        """With the keys, and not the values, in the text; the end is stamped although nothing is left by then."""
        bank = await open_bank()
        with watch(bank.aggregate, Logged()):
            async with bank.aggregate.command_aggregate(*bank.depositing("ana", 5)):
                bank.aggregate.annotate(request="r-1", shard=3)
        assert kept.lines == [
            "bank-1 deposit-money account/ana parent=- (open) opened",
            "bank-1 deposit-money account/ana parent=- (open) annotated: request, shard",
            "bank-1 deposit-money account/ana parent=- (ended) ended: ok",
        ]
        assert {record.name for record in kept.records} == {"fluvius_demo.monitor"}
        assert {record.levelname for record in kept.records} == {"DEBUG"}

    @in_a_loop
    async def test_the_end_has_the_outcome_the_error_the_metadata_and_the_seconds(self, kept: Kept) -> None:
        """As attributes: for structured logs, and for whoever filters by them."""
        bank = await open_bank()

        async def too_much() -> None:
            async with bank.aggregate.command_aggregate(*bank.depositing("ana", 5)) as proxy:
                bank.aggregate.annotate(request="r-1")
                await proxy.withdraw(amount=1000)

        with watch(bank.aggregate, Logged()):
            assert type(await end_of(too_much())) is InsufficientFundsError
        end = kept.records[-1]
        assert kept.lines[-1] == "bank-1 deposit-money account/ana parent=- (ended) ended: refused"
        assert (end.command_outcome, end.command_error) == ("refused", "InsufficientFundsError")
        assert end.command_metadata == {"request": "r-1"}
        assert end.command_seconds >= 0

    @in_a_loop
    async def test_an_inner_commands_end_is_its_own(self, kept: Kept) -> None:
        """By then the outer command is the running one; the record is the inner one's all the same."""
        bank, other = await open_bank(), await open_bank()
        with watch(other.aggregate, Logged()):
            async with bank.aggregate.command_aggregate(*bank.depositing("ana", 5)):
                await other.process_command(other.command("deposit-money", "ben", amount=5))
        assert kept.lines[-1] == "bank-1 deposit-money account/ben parent=bank-1 (ended) ended: ok"

    @in_a_loop
    async def test_one_that_does_not_open_says_so(self, kept: Kept) -> None:
        """Where its object is missing, and where a watcher refuses it; neither has seconds."""

        class Never(Watcher):
            def asked(self, frame: Any) -> None:
                raise ValueError("never")

        bank = await open_bank()
        with watch(bank.aggregate, Logged()):
            await end_of(bank.process_command(bank.command("deposit-money", "zoe", amount=5)))
            with watch(bank.aggregate, Never()):
                await end_of(bank.process_command(bank.command("deposit-money", "ana", amount=5)))
        assert kept.lines == [
            "bank-1 deposit-money account/zoe parent=- (ended) not opened: refused",
            "bank-2 deposit-money account/ana parent=- (ended) not opened: failed",
        ]
        assert [record.command_seconds for record in kept.records] == [None, None]

    @in_a_loop
    async def test_a_cancelled_command_is_logged(self, kept: Kept) -> None:
        """It ends as any other does."""
        bank = await open_bank()
        hold = bank.statemgr.gate = Hold("held", operation="update")
        with watch(bank.aggregate, Logged()):
            task = started(bank, bank.command("deposit-money", "ana", amount=5))
            await hold.reached.wait()
            task.cancel()
            await end_of(task)
        assert kept.lines[-1] == "bank-1 deposit-money account/ana parent=- (ended) ended: cancelled"

    @in_a_loop
    async def test_above_debug_level_nothing_is_made(self, kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
        """One question to the logger, and no record."""
        ours = logging.getLogger("fluvius_demo.monitor")
        ours.setLevel(logging.INFO)
        monkeypatch.setattr(ours, "makeRecord", None)
        bank = await open_bank()
        with watch(bank.aggregate, Logged()):
            async with bank.aggregate.command_aggregate(*bank.depositing("ana", 5)):
                bank.aggregate.annotate(request="r-1")
        assert kept.lines == []

    @in_a_loop
    async def test_it_is_off_until_asked_for(self, kept: Kept) -> None:
        """An unwatched command logs nothing."""
        bank = await open_bank()
        await bank.process_command(bank.command("deposit-money", "ana", amount=5))
        assert kept.lines == []


class TestStructlogsOwnChain:
    """The processor, which needs no structlog: an event is a dict."""

    @in_a_loop
    async def test_an_event_is_stamped(self) -> None:
        """In the same words, and with the same attributes."""
        bank = await open_bank()
        async with bank.aggregate.command_aggregate(*bank.depositing("ana", 5)):
            event = add_command(None, "info", {"event": "hello"})
        assert event == {
            "event": "hello",
            "command_id": "bank-1",
            "command_key": "deposit-money",
            "aggregate_root": "account/ana",
            "parent": "-",
            "command_state": "open",
            "command_metadata": {},
        }
        assert add_command(None, "info", {"event": "hello"}) == {"event": "hello", **NOTHING}
