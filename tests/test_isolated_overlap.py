"""Many commands of one isolated aggregate at once: in child tasks, in strangers, in threads; none meets another."""

import asyncio
import threading
from contextvars import copy_context
from typing import Any

import pytest
from helpers import NOTHING, OPEN, end_of, in_a_loop, made, needs, opening, run

from fluvius_demo import IsolatedAggregate
from fluvius_demo.errors import CommandEndedError, NestedCommandError, OutsideCommandError
from fluvius_demo.frame import current


class TestAChildsOwnCommand:
    """A child that opens a command gets a frame of its own, with the parent linked, and leaves the parent's alone."""

    @in_a_loop
    async def test_both_work_at_once(self) -> None:
        """Reads and events go to the command of the task that makes them; after its own, the child is the parent's."""
        aggregate, opened, go = made(IsolatedAggregate), asyncio.Event(), asyncio.Event()

        async def child(parent: Any) -> None:
            assert aggregate.context.name == "for a"
            async with aggregate.command_aggregate(*opening("b")):
                assert current.get().parent is parent
                await aggregate.write(text="of the child")
                opened.set()
                await go.wait()
                assert aggregate.context.name == "for b"
                assert [event.data.note for event in aggregate.consume_events()] == ["b"]
            assert current.get() is parent
            await aggregate.write(text="for the parent")

        async with aggregate.command_aggregate(*opening("a")):
            frame = current.get()
            task = asyncio.create_task(child(frame))
            await opened.wait()
            assert (current.get(), aggregate.context.name, aggregate.consume_events()) == (frame, "for a", [])
            go.set()
            await task
            assert [event.args for event in aggregate.consume_events()] == [{"text": "for the parent"}]

    @in_a_loop
    async def test_it_may_outlive_the_parent(self) -> None:
        """The parent's end does not reach it; after its own end, its task is refused as the parent's late child."""
        aggregate, opened, go = made(IsolatedAggregate), asyncio.Event(), asyncio.Event()

        async def child() -> None:
            async with aggregate.command_aggregate(*opening("b")):
                opened.set()
                await go.wait()
                assert aggregate.get_context_state() == OPEN
                assert aggregate.context.name == "for b"
            with pytest.raises(CommandEndedError):
                _ = aggregate.context

        async with aggregate.command_aggregate(*opening("a")):
            task = asyncio.create_task(child())
            await opened.wait()
        go.set()
        await task

    @in_a_loop
    async def test_a_late_child_may_open_its_own(self) -> None:
        """A worker that a command started serves later commands, if it opens one for each."""
        aggregate, ended = made(IsolatedAggregate), asyncio.Event()

        async def worker() -> list[str]:
            await ended.wait()
            return [await run(aggregate, note) for note in "bc"]

        async with aggregate.command_aggregate(*opening("a")):
            task = asyncio.create_task(worker())
        ended.set()
        assert await task == ["for b", "for c"]

    @in_a_loop
    async def test_a_nested_one_is_refused_in_the_child_as_well(self) -> None:
        """Its own Context, its own rule: one command of this aggregate at a time."""
        aggregate = made(IsolatedAggregate)

        async def child() -> None:
            async with aggregate.command_aggregate(*opening("b")):
                with pytest.raises(NestedCommandError):
                    await run(aggregate, "c")
                assert aggregate.context.name == "for b"

        async with aggregate.command_aggregate(*opening("a")):
            await asyncio.create_task(child())

    @pytest.mark.parametrize("between", [0, 1, 5])
    @in_a_loop
    async def test_a_grandchild_does_not_start_to_act_for_the_outer_command(self, between: int) -> None:
        """It was started by the inner command. When that ends, it is refused, though the outer one is still open."""
        aggregate, others = made(IsolatedAggregate), [made(IsolatedAggregate) for _ in range(between)]
        ended, tasks = asyncio.Event(), []

        async def grandchild() -> None:
            await ended.wait()
            with pytest.raises(CommandEndedError):
                _ = aggregate.context
            with pytest.raises(CommandEndedError):
                await aggregate.write(text="crossed")
            for other in others:  # more frames on top do not make it forget
                async with other.command_aggregate(*opening("c")):
                    with pytest.raises(OutsideCommandError):
                        aggregate.create_event("crossed", {}, None)

        async def child() -> None:
            async with aggregate.command_aggregate(*opening("b")):
                tasks.append(asyncio.create_task(grandchild()))

        async with aggregate.command_aggregate(*opening("a")):
            await asyncio.create_task(child())
            ended.set()
            await tasks[0]
            assert aggregate.consume_events() == []

    @in_a_loop
    async def test_a_child_of_an_inner_command_of_another_aggregate_still_works_for_the_outer_one(self) -> None:
        """When the inner one ends, the child is late for that one alone."""
        outer, inner, ended = made(IsolatedAggregate), made(IsolatedAggregate), asyncio.Event()

        async def child() -> str:
            await ended.wait()
            with pytest.raises(CommandEndedError):
                _ = inner.context
            return outer.context.name

        async with outer.command_aggregate(*opening("a")):
            async with inner.command_aggregate(*opening("b")):
                task = asyncio.create_task(child())
            ended.set()
            assert await task == "for a"


class TestThreads:
    """Each thread with its own event loop runs commands of its own."""

    @needs("threads")
    def test_commands_in_threads_do_not_meet(self) -> None:
        """Eight threads are inside of their commands at once, on one aggregate; each keeps its own events."""
        aggregate, everybody = made(IsolatedAggregate), threading.Barrier(8, timeout=60)
        seen: dict[int, Any] = {}

        async def command(number: int) -> None:
            async with aggregate.command_aggregate(*opening("abc"[number % 3], name=f"context{number}")):
                everybody.wait()
                await aggregate.write(text="x" * number)
                everybody.wait()
                lengths = [event.data.length for event in aggregate.consume_events()]
                seen[number] = (aggregate.context.name, lengths)
                everybody.wait()

        threads = [threading.Thread(target=asyncio.run, args=(command(number),)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert seen == {number: (f"context{number}", [number]) for number in range(8)}

    @needs("threads")
    @in_a_loop
    async def test_a_loop_in_a_thread_opens_its_own(self) -> None:
        """to_thread carries the command into the thread; a command that is opened there is its own."""
        aggregate = made(IsolatedAggregate)
        async with aggregate.command_aggregate(*opening("a")):
            assert await asyncio.to_thread(lambda: asyncio.run(run(aggregate, "b"))) == "for b"
            assert aggregate.context.name == "for a"

    @in_a_loop
    async def test_a_thread_does_not_stumble_over_a_check_in_another(self) -> None:
        """While one thread looks whether a command was opened in its Context, the token is used for a moment."""
        aggregate = made(IsolatedAggregate)
        async with aggregate.command_aggregate(*opening("a")):
            frame, inherited = current.get(), copy_context()
            current.reset(frame.token)  # as between the two lines of CommandFrame.opened_here
            seen = await end_of(asyncio.create_task(run(aggregate, "b"), context=inherited))
            frame.token = current.set(frame)
        assert seen == "for b"


class TestAThousandCommands:
    """Overlapping in tasks, each with a child, on two aggregates."""

    @in_a_loop
    async def test_no_event_crosses(self) -> None:
        """All are open at once; each finds exactly the events that it and its child have made, and nothing is left."""
        pair, count = (made(IsolatedAggregate), made(IsolatedAggregate)), 1000
        everybody = asyncio.Barrier(count)

        async def child(aggregate: Any, number: int) -> None:
            await asyncio.sleep(0)
            aggregate.create_event("of-the-child", {"number": number}, None)

        async def command(number: int) -> None:
            aggregate, other = pair[number % 2], pair[1 - number % 2]
            context, bundle, meta = opening("abc"[number % 3], name=f"context{number}")
            async with aggregate.command_aggregate(context, bundle, meta) as proxy:
                await everybody.wait()
                task = asyncio.create_task(child(aggregate, number))
                await proxy.write(text="x" * number)
                await everybody.wait()
                await task
                assert aggregate.context is context
                assert aggregate.command is bundle
                assert other.get_context_state() == NOTHING
                events = {event.event: event for event in aggregate.consume_events()}
                assert events["note-written"].data.length == number
                assert events["of-the-child"].args == {"number": number}
                assert len(events) == 2

        await asyncio.gather(*(command(number) for number in range(count)))
        assert current.get() is None
