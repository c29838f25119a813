"""Closing empties the frame: a kept task, timer or Context pins nothing, and ended frames do not chain."""

import asyncio
import gc
import weakref
from collections.abc import Callable
from contextvars import copy_context
from typing import Any

import pytest
from helpers import Desk, Note, end_of, in_a_loop, made, opening

from fluvius_demo import IsolatedAggregate
from fluvius_demo.frame import current
from fluvius_demo.records import CommandBundle, DomainContext
from fluvius_demo.transaction import Write

LINKS = 1000


class HeldContext(DomainContext):
    """A context that can be held weakly."""


class HeldBundle(CommandBundle):
    """A bundle that can be held weakly."""


async def nothing() -> None:
    """Do nothing; whatever this is started with keeps no more than its Context."""


async def finished_task() -> asyncio.Task[None]:
    """Return a task that is done."""
    task = asyncio.create_task(nothing())
    await task
    return task


async def cancelled_task() -> asyncio.Task[Any]:
    """Return a task that was cancelled in its wait; no traceback of the command hangs on it."""
    task = asyncio.create_task(asyncio.Event().wait())
    await asyncio.sleep(0)
    task.cancel()
    await end_of(task)
    return task


async def armed_timer() -> asyncio.TimerHandle:
    """Return a timer that is not due for an hour."""
    return asyncio.get_running_loop().call_later(3600, int)


async def kept_context() -> Any:
    """Return a copy of the Context."""
    return copy_context()


async def kept_frame() -> Any:
    """Return the frame itself, as a block that is kept in a variable."""
    return current.get()


KEPT = [finished_task, cancelled_task, armed_timer, kept_context, kept_frame]


class TestFreed:
    """What a command held is freed with its end, whatever still holds its Context."""

    @pytest.mark.parametrize("keep", KEPT)
    @pytest.mark.parametrize("end", ["well", "by an error", "in another Context"])
    @in_a_loop
    async def test_everything_is_freed(self, keep: Callable[[], Any], end: str) -> None:
        """Context, bundle, root object and the aggregate itself are alive in the command, and gone afterwards."""
        kept, weak = await command_that_ends(keep, end)
        await asyncio.sleep(0)  # until its next turn the loop holds what woke this task, and so the last error
        gc.collect()
        assert {name: ref() for name, ref in weak.items()} == dict.fromkeys(weak)
        assert kept is not None

    @in_a_loop
    async def test_events_that_nobody_took_are_freed(self) -> None:
        """An error in the body leaves them in the queue; they go with it."""
        aggregate = made(IsolatedAggregate)

        async def failing() -> tuple[Any, Any]:
            data = HeldContext()
            try:
                async with aggregate.command_aggregate(*opening()):
                    aggregate.create_event("undeclared", {}, data)
                    frame = current.get()
                    raise LookupError
            except LookupError:
                return frame, weakref.ref(data)

        frame, weak = await failing()
        gc.collect()
        assert (frame.closed, weak()) == (True, None)


async def command_that_ends(keep: Callable[[], Any], end: str) -> tuple[Any, dict[str, weakref.ref]]:
    """Run a command, keep something that it started, and return that with weak references to what it held."""
    desk = Desk()
    desk.statemgr.write({("note", "own"): Write("insert", Note(identifier="own"))})
    aggregate, (context, bundle, meta) = made(IsolatedAggregate, desk=desk), opening("own")
    context = HeldContext(source=context.source)
    bundle = HeldBundle("desk", bundle.command, 0, "note", "own")
    block = aggregate.command_aggregate(context, bundle, meta)
    del desk
    error = LookupError() if end == "by an error" else None

    async def body() -> tuple[Any, dict[str, weakref.ref]]:
        await block.__aenter__()
        held = {"context": context, "bundle": bundle, "rootobj": aggregate.rootobj, "aggregate": aggregate}
        frame = current.get()
        assert [frame.context, frame.command, frame.rootobj, frame.aggregate] == list(held.values())
        kept = await keep()
        if end != "in another Context":
            await block.__aexit__(error and LookupError, error, None)
        return kept, {name: weakref.ref(value) for name, value in held.items()}

    if end == "in another Context":
        found = await asyncio.create_task(body())
        await end_of(block.__aexit__(None, None, None))
        return found
    return await body()


def ancestors() -> int:
    """Return how many frames this Context's frame can be followed back to."""
    count, frame = 0, current.get()
    while frame is not None:
        count, frame = count + 1, frame.parent
    return count


class Relay:
    """Commands whose tasks start commands, one after the other; it notes how long each one's chain of frames is."""

    def __init__(self, *aggregates: Any, overlap: bool) -> None:
        self.aggregates, self.overlap = aggregates, overlap
        self.lengths: list[int] = []
        self.done = asyncio.Event()

    async def link(self, left: int, before: asyncio.Event, opened: asyncio.Event) -> None:
        """Open a command; before or after the one before has ended."""
        if not self.overlap:
            await before.wait()
        aggregate = self.aggregates[left % len(self.aggregates)]
        ended, next_opened = asyncio.Event(), asyncio.Event()
        async with aggregate.command_aggregate(*opening()):
            opened.set()
            await before.wait()
            self.lengths.append(ancestors())
            if left:
                self.next = asyncio.create_task(self.link(left - 1, ended, next_opened))
                if self.overlap:
                    await next_opened.wait()
        self.lengths.append(ancestors())
        ended.set()
        if not left:
            self.done.set()

    async def run(self) -> int:
        """Run all links and return the longest chain."""
        first = asyncio.Event()
        first.set()
        self.next = asyncio.create_task(self.link(LINKS, first, asyncio.Event()))
        await self.done.wait()
        assert len(self.lengths) == 2 * (LINKS + 1)
        return max(self.lengths)


class TestEndedFramesDoNotChain:
    """A thousand commands, each started by a task of the one before: the way back stays short."""

    @pytest.mark.parametrize("overlap", [False, True], ids=["after the end", "while it is open"])
    @pytest.mark.parametrize("count", [1, 2], ids=["one aggregate", "two in turn"])
    @in_a_loop
    async def test_the_chain_is_bounded(self, overlap: bool, count: int) -> None:
        """Whether the next command opens before or after the end of the one that has started it."""
        relay = Relay(*(made(IsolatedAggregate) for _ in range(count)), overlap=overlap)
        assert await relay.run() <= 3

    @pytest.mark.parametrize("overlap", [False, True], ids=["after the end", "while it is open"])
    @pytest.mark.parametrize("count", [1, 2], ids=["one aggregate", "two in turn"])
    @pytest.mark.parametrize("outer", ["another aggregate", "one of them"])
    @in_a_loop
    async def test_nor_inside_of_a_command_that_stays_open(self, overlap: bool, count: int, outer: str) -> None:
        """A long command in which commands start commands does not collect their frames."""
        aggregates = [made(IsolatedAggregate) for _ in range(count)]
        long = aggregates[0] if outer == "one of them" else made(IsolatedAggregate)
        async with long.command_aggregate(*opening("b")):
            assert await Relay(*aggregates, overlap=overlap).run() <= 5

    @in_a_loop
    async def test_open_frames_are_kept(self) -> None:
        """Only what has ended is dropped: three open commands are a chain of three."""
        first, second, third = (made(IsolatedAggregate).command_aggregate(*opening()) for _ in "123")
        async with first, second, third:
            assert ancestors() == 3
