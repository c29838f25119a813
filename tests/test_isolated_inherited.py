"""What a command's tasks, threads and callbacks inherit: they work for it while it is open, and are refused after."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from helpers import each_use, end_of, in_a_loop, made, needs, opening

from fluvius_demo import IsolatedAggregate
from fluvius_demo.errors import CommandEndedError, CommandStateError
from fluvius_demo.frame import CommandFrame, current

Work = Callable[[], Any]
needs_eager_tasks = pytest.mark.skipif(sys.version_info < (3, 12), reason="eager tasks are new in Python 3.12")


def attempt(work: Work) -> Any:
    """Return the result of the work, or its error."""
    try:
        return work()
    except CommandStateError as error:
        return error


async def when(go: asyncio.Event, work: Work) -> Any:
    """Wait, then try the work."""
    await go.wait()
    return attempt(work)


def in_a_task(go: asyncio.Event, work: Work) -> Awaitable[Any]:
    """Start a plain task."""
    return asyncio.create_task(when(go, work))


def in_an_eager_task(go: asyncio.Event, work: Work) -> Awaitable[Any]:
    """Start a task that runs to its first await before create_task returns."""
    return asyncio.eager_task_factory(asyncio.get_running_loop(), when(go, work))


def in_gather(go: asyncio.Event, work: Work) -> Awaitable[Any]:
    """Let gather make the task; its result is a list of one."""
    return asyncio.gather(when(go, work))


def in_wait_for(go: asyncio.Event, work: Work) -> Awaitable[Any]:
    """A task around wait_for, which on Python 3.11 makes one more."""
    return asyncio.create_task(asyncio.wait_for(when(go, work), 60))


def in_a_grandchild(go: asyncio.Event, work: Work) -> Awaitable[Any]:
    """A task that starts the task."""

    async def child() -> Any:
        return await asyncio.create_task(when(go, work))

    return asyncio.create_task(child())


def in_a_thread(go: asyncio.Event, work: Work) -> Awaitable[Any]:
    """A thread that waits for the event in the loop, then works by itself."""
    loop = asyncio.get_running_loop()

    def wait_and_work() -> Any:
        asyncio.run_coroutine_threadsafe(go.wait(), loop).result()
        return attempt(work)

    return asyncio.create_task(asyncio.to_thread(wait_and_work))


def by_call_soon(go: asyncio.Event, work: Work) -> Awaitable[Any]:
    """A callback of the next turn of the loop: before that turn nobody has to wait for it."""
    loop, done = asyncio.get_running_loop(), asyncio.get_running_loop().create_future()
    loop.call_soon(lambda: done.set_result(attempt(work)))
    return done


def by_call_later(go: asyncio.Event, work: Work) -> Awaitable[Any]:
    """A timer that is due at once."""
    loop, done = asyncio.get_running_loop(), asyncio.get_running_loop().create_future()
    loop.call_later(0, lambda: done.set_result(attempt(work)))
    return done


WAYS = [in_a_task, in_gather, in_wait_for, in_a_grandchild, by_call_soon, by_call_later]
NOT_EVERYWHERE = [
    pytest.param(in_an_eager_task, marks=needs_eager_tasks),
    pytest.param(in_a_thread, marks=needs("threads")),
]
each_way = pytest.mark.parametrize("way", [*WAYS, *NOT_EVERYWHERE])


class TestWhileItIsOpen:
    """All that a command starts works for it: a gather inside of a handler is ordinary code."""

    @each_way
    @in_a_loop
    async def test_it_reads_and_writes_for_the_command(self, way: Any) -> None:
        """It reads the command's context, and its event is the command's."""
        aggregate, go = made(IsolatedAggregate), asyncio.Event()
        async with aggregate.command_aggregate(*opening("a")):
            work = way(go, lambda: (aggregate.create_event("e", {}, None), aggregate.context.name))
            go.set()
            done = await work
            assert (done[0] if way is in_gather else done)[1] == "for a"
            assert len(aggregate.consume_events()) == 1

    @in_a_loop
    async def test_actions_in_a_gather_all_count(self) -> None:
        """Ten actions at once: ten events, all the command's."""
        aggregate = made(IsolatedAggregate)
        async with aggregate.command_aggregate(*opening("a")) as proxy:
            await asyncio.gather(*(proxy.write(text="x" * length) for length in range(10)))
            assert sorted(event.data.length for event in aggregate.consume_events()) == list(range(10))


class TestAfterTheEnd:
    """What outlives its command is refused: nothing is read, written or lost silently."""

    @each_use
    @each_way
    @in_a_loop
    async def test_every_use_is_refused(self, way: Any, use: Callable[[Any], Any], attempted: str) -> None:
        """By the exact text, even while its old task already runs the next command, which notices nothing."""
        aggregate, go = made(IsolatedAggregate), asyncio.Event()
        async with aggregate.command_aggregate(*opening("a")):
            work = way(go, lambda: use(aggregate))
        async with aggregate.command_aggregate(*opening("b")):
            go.set()
            error = await work
            assert aggregate.consume_events() == []
        error = error[0] if way is in_gather else error
        assert (type(error), str(error)) == (
            CommandEndedError,
            f"Aggregate context has ended. Cannot {attempted}: the command that this code works for has ended. "
            "To solve this, await the work inside of the command, or open a command for it.",
        )

    @in_a_loop
    async def test_an_action_that_is_late_with_its_event_is_refused(self) -> None:
        """It began in time, and its body ran, but its event finds the command ended."""
        aggregate, reached, go = made(IsolatedAggregate), asyncio.Event(), asyncio.Event()

        async def gate(_call: Any) -> None:
            reached.set()
            await go.wait()

        async with aggregate.command_aggregate(*opening("a")):
            aggregate.statemgr.gate = gate
            late = asyncio.create_task(aggregate.write(text="late"))
            await reached.wait()
        go.set()
        assert isinstance(await end_of(late), CommandEndedError)

    @pytest.mark.parametrize("use", ["context", "command", "aggroot", "rootobj", "_cmdmeta", "metadata"])
    @in_a_loop
    async def test_a_thread_that_is_late_by_a_hair_reads_no_none(self, use: str) -> None:
        """A command that ends between finding its frame and reading it: refused, and not None."""
        read = {"_cmdmeta": "meta"}.get(use, use)

        class HairFrame(CommandFrame):
            """Ends right after it was found, as another thread may have it."""

            __slots__ = ()

            def __getattribute__(self, name: str) -> Any:
                if name == read and object.__getattribute__(self, "token"):
                    object.__getattribute__(self, "close")()
                return object.__getattribute__(self, name)

        class Hair(IsolatedAggregate):
            """Has such frames."""

            def command_aggregate(self, *args: Any) -> CommandFrame:
                return HairFrame(self, *args)

        aggregate = made(Hair)
        await aggregate.command_aggregate(*opening("a")).__aenter__()
        with pytest.raises(CommandEndedError):
            getattr(aggregate, use)

    @in_a_loop
    async def test_a_thread_that_is_late_by_a_hair_loses_no_event_silently(self) -> None:
        """A command that ends while its event is made: refused, and not lost."""

        class Hair(IsolatedAggregate):
            """Ends the command right after its frame was found, as another thread may."""

            def _event(self, *args: Any) -> Any:
                current.get().close()
                return super()._event(*args)

        aggregate = made(Hair)
        await aggregate.command_aggregate(*opening("a")).__aenter__()
        with pytest.raises(CommandEndedError, match=r"^Aggregate context has ended\. Cannot create an event: "):
            aggregate.create_event("late", {}, None)
