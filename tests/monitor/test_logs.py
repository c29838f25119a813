"""Every log record says which command it comes from, whoever emits it."""

import asyncio
import contextvars
import logging
import queue
from logging.handlers import QueueHandler, QueueListener
from typing import Any

import pytest
from gates import started
from helpers import in_a_loop, made, needs, opening
from kept_logs import NOTHING, Kept, keeping, open_bank, someone, stamps

from fluvius_demo import Bank, IsolatedAggregate
from fluvius_demo.frame import CommandFrame, current
from fluvius_demo.monitor.logs import CommandFilter, stamp
from fluvius_demo.monitor.watched import Watcher, watch

kept = pytest.fixture(keeping)


class TestTheStamp:
    """Which command a record is said to come from."""

    @in_a_loop
    async def test_it_is_the_running_command(self, kept: Kept) -> None:
        """A logger that knows nothing of commands has them on its records all the same."""
        bank = await open_bank()
        async with bank.aggregate.command_aggregate(*bank.depositing("ana", 5)):
            someone.info("hello")
        assert kept.lines == ["bank-1 deposit-money account/ana parent=- (open) hello"]

    @in_a_loop
    async def test_outside_of_commands_it_is_dashes(self, kept: Kept) -> None:
        """So one format serves all records; after a command's end as well."""
        someone.info("before")
        aggregate = made(IsolatedAggregate)
        async with aggregate.command_aggregate(*opening("a")):
            pass
        someone.info("after")
        assert kept.lines == ["- - - parent=- (-) before", "- - - parent=- (-) after"]
        assert stamps(kept.records[0]) == NOTHING

    @pytest.mark.parametrize("watchers", [(), (Watcher(),)], ids=["plain", "watched"])
    @in_a_loop
    async def test_a_command_inside_names_the_one_around_it(self, kept: Kept, watchers: tuple[Watcher, ...]) -> None:
        """Of any aggregate; and after the inner one's end the outer one is the running one again."""
        bank, other = await open_bank(), await open_bank()
        with watch(bank.aggregate, *watchers), watch(other.aggregate, *watchers):
            async with bank.aggregate.command_aggregate(*bank.depositing("ana", 5)):
                inner = other.opening(other.command("withdraw-money", "ben", amount=1))
                async with other.aggregate.command_aggregate(*inner):
                    someone.info("inside")
                someone.info("outside")
        assert kept.lines == [
            "bank-1 withdraw-money account/ben parent=bank-1 (open) inside",
            "bank-1 deposit-money account/ana parent=- (open) outside",
        ]

    @in_a_loop
    async def test_two_overlapping_commands_do_not_mix(self, kept: Kept) -> None:
        """Each step of either logs, and the steps alternate: a call of ana, a call of ben, and so on."""
        bank = await open_bank()
        turn = {"ana": asyncio.Event(), "ben": asyncio.Event()}
        turn["ana"].set()

        async def alternate(call: Any) -> None:
            name = asyncio.current_task().get_name()
            await turn[name].wait()
            turn[name].clear()
            someone.info("%s %s", name, call.operation)
            turn["ben" if name == "ana" else "ana"].set()

        bank.statemgr.gate = alternate
        calls = [
            started(bank, bank.command(f"{what}-money", name, amount=5), name=name)
            for what, name in (("deposit", "ana"), ("withdraw", "ben"))
        ]
        await asyncio.gather(*calls)
        assert [line for line in kept.lines if "(open)" in line] == [
            f"bank-{number} {key}-money account/{name} parent=- (open) {name} {operation}"
            for operation in ("fetch", "update")
            for number, key, name in ((1, "deposit", "ana"), (2, "withdraw", "ben"))
        ]
        assert [line for line in kept.lines if "(-)" in line] == [
            f"- - - parent=- (-) {name} {operation}" for operation in ("fetch", "commit") for name in ("ana", "ben")
        ]

    @in_a_loop
    async def test_child_tasks_and_callbacks_are_the_commands_too(self, kept: Kept) -> None:
        """They work for it."""
        bank, called = await open_bank(), asyncio.Event()

        async def child() -> None:
            someone.info("child")

        def callback() -> None:
            someone.info("callback")
            called.set()

        async with bank.aggregate.command_aggregate(*bank.depositing("ana", 5)):
            await asyncio.create_task(child())
            asyncio.get_running_loop().call_soon(callback)
            await called.wait()
        assert [stamps(record)["command_id"] for record in kept.records] == ["bank-1", "bank-1"]

    @needs("threads")
    @in_a_loop
    async def test_to_thread_is_the_commands_too(self, kept: Kept) -> None:
        """The thread has a copy of the Context."""
        bank = await open_bank()
        async with bank.aggregate.command_aggregate(*bank.depositing("ana", 5)):
            await asyncio.to_thread(someone.info, "thread")
        assert kept.lines == ["bank-1 deposit-money account/ana parent=- (open) thread"]

    @in_a_loop
    async def test_the_metadata_is_a_dict_of_the_records_own(self, kept: Kept) -> None:
        """What is added later is not on it, and changing it changes no command."""
        bank = await open_bank()
        async with bank.aggregate.command_aggregate(*bank.depositing("ana", 5)):
            someone.info("none")
            bank.aggregate.annotate(request="r-1")
            someone.info("one")
            bank.aggregate.annotate(shard=3)
            kept.records[1].command_metadata.clear()
            assert bank.aggregate.metadata == {"request": "r-1", "shard": 3}
            someone.info("two")
        assert [record.command_metadata for record in kept.records] == [{}, {}, {"request": "r-1", "shard": 3}]

    @in_a_loop
    async def test_a_hidden_command_is_none(self, kept: Kept) -> None:
        """clear_context() hides the command from what comes after it in this Context: from its log, too."""
        bank = await open_bank()

        async def hide() -> None:
            bank.aggregate.clear_context()
            someone.info("hidden")

        async with bank.aggregate.command_aggregate(*bank.depositing("ana", 5)):
            await asyncio.create_task(hide())
            someone.info("here")
        assert kept.lines == [
            "- - - parent=- (-) hidden",
            "bank-1 deposit-money account/ana parent=- (open) here",
        ]


class TestLateRecords:
    """Code that outlives its command logs, too."""

    @staticmethod
    async def late(bank: Bank, *watchers: Watcher) -> None:
        """Start a task in a command, and let it log once the command has ended."""
        gate = asyncio.Event()

        async def child() -> None:
            await gate.wait()
            someone.info("late")

        with watch(bank.aggregate, *watchers):
            async with bank.aggregate.command_aggregate(*bank.depositing("ana", 5)):
                bank.aggregate.annotate(request="r-1")
                task = asyncio.create_task(child())
        gate.set()
        await task

    @in_a_loop
    async def test_a_watched_command_is_named_and_said_to_have_ended(self, kept: Kept) -> None:
        """Its name is text, and stays; its metadata has gone with it."""
        await self.late(await open_bank(), Watcher())
        assert kept.lines == ["bank-1 deposit-money account/ana parent=- (ended) late"]
        assert kept.records[0].command_metadata == {}

    @in_a_loop
    async def test_of_a_plain_one_only_the_end_is_known(self, kept: Kept) -> None:
        """Its frame is empty."""
        bank, gate = await open_bank(), asyncio.Event()

        async def child() -> None:
            await gate.wait()
            someone.info("late")

        async with bank.aggregate.command_aggregate(*bank.depositing("ana", 5)):
            task = asyncio.create_task(child())
        gate.set()
        await task
        assert kept.lines == ["- - - parent=- (ended) late"]

    @in_a_loop
    async def test_an_ended_command_inside_of_an_open_one_is_not_taken_for_it(self, kept: Kept) -> None:
        """Late code of the inner command says that it comes from the inner one."""
        bank, other, gate = await open_bank(), await open_bank(), asyncio.Event()

        async def child() -> None:
            await gate.wait()
            someone.info("late")

        with watch(other.aggregate, Watcher()):
            async with bank.aggregate.command_aggregate(*bank.depositing("ana", 5)):
                async with other.aggregate.command_aggregate(*other.depositing("ben", 5)):
                    task = asyncio.create_task(child())
                gate.set()
                await task
        assert kept.lines == ["bank-1 deposit-money account/ben parent=bank-1 (ended) late"]


class TestTheFilter:
    """How it behaves as a filter."""

    @in_a_loop
    async def test_a_loggers_filter_does_not_see_its_childrens_records(self, kept: Kept) -> None:
        """Which is why it goes on a handler."""
        kept.filters.clear()
        kept.setFormatter(None)
        parent = logging.getLogger("someone.elses")
        parent.addFilter(only := CommandFilter())
        try:
            someone.info("from below")
            parent.warning("its own")
        finally:
            parent.removeFilter(only)
        assert ["command_id" in vars(record) for record in kept.records] == [False, True]

    @needs("threads")
    @in_a_loop
    async def test_a_queue_handler_keeps_the_stamp_for_the_other_thread(self, kept: Kept) -> None:
        """Stamped where it was emitted, the record is not stamped again where it is written."""
        bank, records = await open_bank(), queue.SimpleQueue()
        logging.getLogger().removeHandler(kept)
        sender = QueueHandler(records)
        sender.addFilter(CommandFilter())
        someone.addHandler(sender)
        listener = QueueListener(records, kept)
        listener.start()
        try:
            async with bank.aggregate.command_aggregate(*bank.depositing("ana", 5)):
                bank.aggregate.annotate(request="r-1")
                someone.info("hello")
        finally:
            someone.removeHandler(sender)
            listener.stop()
        assert kept.lines == ["bank-1 deposit-money account/ana parent=- (open) hello"]
        assert kept.records[0].command_metadata == {"request": "r-1"}

    @in_a_loop
    async def test_what_a_record_brings_along_stays(self, kept: Kept) -> None:
        """Another library may call something `parent`, too: nothing of its is lost."""
        bank = await open_bank()
        async with bank.aggregate.command_aggregate(*bank.depositing("ana", 5)):
            someone.info("hello", extra={"parent": "process 7"})
        assert kept.lines == ["bank-1 deposit-money account/ana parent=process 7 (open) hello"]

    @pytest.mark.parametrize("broken", [None, object(), 7], ids=["emptied", "no command", "a number"])
    def test_it_never_raises(self, broken: Any) -> None:
        """Whatever stands where the command should: it may just be ending in another thread."""

        def log() -> bool:
            frame = CommandFrame.__new__(CommandFrame)
            frame.command, frame.parent, frame.token, frame.metadata = broken, None, None, None
            frame.closed, frame.entered = False, True
            current.set(frame)
            return CommandFilter().filter(record)

        record = logging.LogRecord("x", logging.INFO, "x", 1, "hello", (), None)
        assert contextvars.Context().run(log)
        assert stamps(record) == {**NOTHING, "command_state": "open"}

    @in_a_loop
    async def test_a_stamp_holds_nothing_of_the_command(self) -> None:
        """A handler may keep records for ever: in a stamp there is text alone."""
        bank = await open_bank()
        async with bank.aggregate.command_aggregate(*bank.depositing("ana", 5)):
            stamp(fields := {}, current.get())
        assert fields.pop("command_metadata") == {}
        assert {type(value) for value in fields.values()} == {str}
