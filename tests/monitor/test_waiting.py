"""The open commands: which, for how long, and where each waits."""

import asyncio
import gc
import threading
from collections.abc import Awaitable, Callable
from contextvars import Context
from typing import Any

import pytest
from gates import Hold, bank_that, started
from helpers import end_of, in_a_loop, made, needs, opening

from fluvius_demo import Bank, IsolatedAggregate
from fluvius_demo.errors import ForbiddenError
from fluvius_demo.monitor.waiting import OpenCommands, Waiting, where_is
from fluvius_demo.monitor.watched import WatchedFrame, Watcher, Who, watch

TO_THE_PROCESSOR = "process_command → _run → records_of → "


class Clock:
    """Shows the seconds that a test sets."""

    now = 0.0

    def __call__(self) -> float:
        """Return them."""
        return self.now


async def where(work: Callable[[asyncio.Event], Awaitable[Any]]) -> str:
    """Return where a task is that has gone as far in this work as it can, until the event is set; then end it."""
    over = asyncio.Event()
    task = asyncio.create_task(work(over))
    for _ in range(5):
        await asyncio.sleep(0)
    try:
        return where_is(task)
    finally:
        over.set()
        task.cancel()
        await end_of(task)


class TestWhichAreOpen:
    """From the start to the end, however that comes."""

    @in_a_loop
    async def test_the_oldest_first_with_their_seconds(self) -> None:
        """By the clock that was handed in."""
        bank, clock = await Bank.opened(ana=100, ben=100), Clock()
        open_commands = OpenCommands(clock)
        first, second = Hold("first", operation="update"), Hold("second", operation="update")

        async def gate(call: Any) -> None:
            await first(call)
            await second(call)

        bank.statemgr.gate = gate
        with watch(bank.aggregate, open_commands):
            tasks = [started(bank, bank.command("deposit-money", "ana", amount=1), name="first")]
            await first.reached.wait()
            clock.now = 2.0
            tasks.append(started(bank, bank.command("withdraw-money", "ben", amount=1), name="second"))
            await second.reached.wait()
            clock.now = 5.0
            assert [waiting[:2] for waiting in open_commands.now()] == [
                (Who("bank-1", "deposit-money", "account/ana", None), 5.0),
                (Who("bank-2", "withdraw-money", "account/ben", None), 3.0),
            ]
            assert [waiting.who.id for waiting in open_commands.longer_than(3.0)] == ["bank-1"]
            assert open_commands.longer_than(5.0) == []
            first.go.set()
            await tasks[0]
            assert [waiting.who.id for waiting in open_commands.now()] == ["bank-2"]
            second.go.set()
            await tasks[1]
        assert open_commands.now() == []
        assert not open_commands._asked

    @in_a_loop
    async def test_one_that_does_not_open_is_forgotten(self) -> None:
        """Refused by another watcher, or without its object."""
        open_commands = OpenCommands()

        class Refuses(Watcher):
            def asked(self, frame: WatchedFrame) -> None:
                if frame.who.root == "account/ana":
                    raise ForbiddenError("open it", "no", "go")

        bank, errors = await Bank.opened(ana=100), []
        with watch(bank.aggregate, open_commands, Refuses()):
            for account in ("ana", "nobody"):
                errors.append(await end_of(bank.process_command(bank.command("deposit-money", account, amount=1))))
        assert [type(error).__name__ for error in errors] == ["ForbiddenError", "NotFoundError"]
        assert not open_commands._asked

    @in_a_loop
    async def test_one_that_is_cancelled_is_forgotten(self) -> None:
        """In the body, and while it waits for its object."""
        for operation in ("fetch", "update"):
            bank, open_commands = await Bank.opened(ana=100), OpenCommands()
            bank.statemgr.gate = hold = Hold("held", operation=operation)
            with watch(bank.aggregate, open_commands):
                task = started(bank, bank.command("deposit-money", "ana", amount=1))
                await hold.reached.wait()
                assert len(open_commands.now()) == 1
                task.cancel()
                await end_of(task)
            assert not open_commands._asked

    @in_a_loop
    async def test_nothing_is_kept_of_many(self) -> None:
        """After a thousand commands there is nothing."""
        bank, open_commands = await Bank.opened(ana=0), OpenCommands()
        with watch(bank.aggregate, open_commands):
            for _ in range(1_000):
                await bank.process_command(bank.command("deposit-money", "ana", amount=1))
        assert not open_commands._asked

    @in_a_loop
    async def test_one_that_nobody_can_end_drops_out(self) -> None:
        """Its block was left without an end; as long as something has its frame, it is open, and its task has ended."""
        aggregate, open_commands = made(IsolatedAggregate), OpenCommands(Clock())

        async def leaves_it_open() -> Any:
            block = aggregate.command_aggregate(*opening("a"))
            await block.__aenter__()
            return block

        with watch(aggregate, open_commands):
            task = asyncio.create_task(leaves_it_open())
            block = await task
            who = Who("?", "write-note", "note/a", None)
            assert open_commands.now() == [Waiting(who, 0.0, "its task has ended")]
            del task
            await asyncio.sleep(0)
            assert open_commands.now() == [Waiting(who, 0.0, "its task is gone")]
            del block
            gc.collect()
        assert open_commands.now() == []

    def test_without_a_loop(self) -> None:
        """A command that is driven by hand has no task."""
        aggregate, open_commands = made(IsolatedAggregate), OpenCommands(Clock())

        def by_hand() -> None:
            block = aggregate.command_aggregate(*opening("a", new=True))
            with pytest.raises(StopIteration):
                block.__aenter__().send(None)
            who = Who("?", "write-note", "note/a", None)
            assert open_commands.now() == [Waiting(who, 0.0, "its task is gone")]
            with pytest.raises(StopIteration):
                block.__aexit__(None, None, None).send(None)
            assert open_commands.now() == []

        with watch(aggregate, open_commands):
            Context().run(by_hand)


class TestWhereACommandWaits:
    """The whole way from the call to what is awaited."""

    @in_a_loop
    async def test_behind_a_lock(self) -> None:
        """With the line that takes it."""
        lock, arrived, open_commands = asyncio.Lock(), asyncio.Event(), OpenCommands(Clock())

        async def change(_self: Any, _aggregate: Any, _statemgr: Any, _payload: Any) -> None:
            arrived.set()
            async with lock:
                pass

        bank = await bank_that(change).opened(ana=100)
        async with lock:
            with watch(bank.aggregate, open_commands):
                task = started(bank, bank.command("do", "ana"))
                await arrived.wait()
                [waiting] = open_commands.now()
        assert waiting.where == (f"{TO_THE_PROCESSOR}change → Lock.acquire, waiting for a Lock, at: async with lock:")
        await task

    @pytest.mark.parametrize(
        ("place", "way"),
        [
            (
                1,
                "process_command → _run → WatchedFrame.__aenter__ → CommandFrame.__aenter__ → fetch_command_rootobj → ",
            ),
            (2, f"{TO_THE_PROCESSOR}_process → deposit → _change → "),
        ],
    )
    @in_a_loop
    async def test_behind_a_gate_of_the_store(self, place: int, way: str) -> None:
        """While it waits for its object, to be opened, and in an action of its body."""
        bank, open_commands = await Bank.opened(ana=100), OpenCommands(Clock())
        bank.statemgr.gate = hold = Hold("held", place)
        with watch(bank.aggregate, open_commands):
            task = started(bank, bank.command("deposit-money", "ana", amount=1))
            await hold.reached.wait()
            [waiting] = open_commands.now()
            hold.go.set()
            await task
        assert waiting.where == (
            f"{way}fetch → call → Hold.__call__ → Event.wait, waiting for an Event, at: await self.go.wait()"
        )

    @in_a_loop
    async def test_one_that_runs(self) -> None:
        """It looks itself: the stack instead, without the monitor."""
        open_commands, seen = OpenCommands(Clock()), []

        async def look(_self: Any, _aggregate: Any, _statemgr: Any, _payload: Any) -> None:
            seen.extend(open_commands.now())

        bank = await bank_that(look).opened(ana=100)
        with watch(bank.aggregate, open_commands):
            await asyncio.create_task(bank.process_command(bank.command("do", "ana")))
        assert [waiting.where for waiting in seen] == [
            f"{TO_THE_PROCESSOR}look, running, at: seen.extend(open_commands.now())"
        ]


class TestWhereATaskIs:
    """What can be awaited."""

    @in_a_loop
    async def test_what_asyncio_offers(self) -> None:
        """By the class of it, whatever a Python makes it of."""
        loop, started_tasks = asyncio.get_running_loop(), []

        async def queue(_over: asyncio.Event) -> None:
            await asyncio.Queue().get()

        async def sleeping(_over: asyncio.Event) -> None:
            await asyncio.sleep(3600)

        async def future(_over: asyncio.Event) -> None:
            await loop.create_future()

        async def gathered(over: asyncio.Event) -> None:
            await asyncio.gather(over.wait(), over.wait())

        async def one_task(over: asyncio.Event) -> None:
            started_tasks.append(asyncio.create_task(queue(over)))
            await started_tasks[0]

        async def group(over: asyncio.Event) -> None:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(over.wait())

        async def condition(_over: asyncio.Event) -> None:
            condition = asyncio.Condition()
            async with condition:
                await condition.wait()

        works = [queue, sleeping, future, gathered, one_task, group, condition]
        assert [await where(work) for work in works] == [
            "queue → Queue.get, waiting for a Queue, at: await asyncio.Queue().get()",
            "sleeping → sleep, waiting for a timer, at: await asyncio.sleep(3600)",
            "future, waiting for a Future, at: await loop.create_future()",
            "gathered, waiting for gathered tasks, at: await asyncio.gather(over.wait(), over.wait())",
            "one_task, waiting for a task in queue, at: await started_tasks[0]",
            "group → TaskGroup.__aexit__, waiting for a TaskGroup, at: async with asyncio.TaskGroup() as tasks:",
            "condition → Condition.wait, waiting for a Condition, at: await condition.wait()",
        ]

    @in_a_loop
    async def test_through_generators(self) -> None:
        """Asynchronous ones, and an awaitable of one's own; one that gives way comes again at once."""

        class Turn:
            def __await__(self) -> Any:
                while True:
                    yield

        async def numbers(over: asyncio.Event) -> Any:
            yield 1
            await over.wait()

        async def reads(over: asyncio.Event) -> None:
            async for _ in numbers(over):
                pass

        async def gives_way(_over: asyncio.Event) -> None:
            await Turn()

        assert await where(reads) == "reads → numbers → Event.wait, waiting for an Event, at: await over.wait()"
        assert await where(gives_way) == "gives_way → Turn.__await__, waiting for its next turn, at: yield"

    @in_a_loop
    async def test_code_without_a_source(self) -> None:
        """There is no line to show."""
        names: dict[str, Any] = {}
        exec("async def made(over):\n    await over.wait()", names)
        assert await where(names["made"]) == "made → Event.wait, waiting for an Event"

    @needs("threads")
    def test_a_loop_that_is_blocked_in_another_thread(self) -> None:
        """The stack of that thread."""
        blocked, over, tasks = threading.Event(), threading.Event(), []

        async def blocks() -> None:
            tasks.append(asyncio.current_task())
            blocked.set(), over.wait()

        thread = threading.Thread(target=lambda: asyncio.run(blocks()))
        thread.start()
        blocked.wait()
        found = where_is(tasks[0])
        over.set()
        thread.join()
        # The thread may be on its way from the one to the other.
        called = found.removeprefix("blocks → ").removesuffix("running, at: blocked.set(), over.wait()")
        assert called in ("Event.set, ", "Event.wait, ") or found.startswith("blocks, running")
