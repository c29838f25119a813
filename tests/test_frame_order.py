"""Blocks that overlap in one Context, and generators that hold a command: loud at worst, never mixed."""

import asyncio
import gc
import warnings
from collections.abc import AsyncIterator
from contextvars import copy_context
from typing import Any

import pytest
from helpers import NOTHING, end_of, in_a_loop, made, opening, run

from fluvius_demo import IsolatedAggregate, action
from fluvius_demo.errors import CommandEndedError, MovedCommandError, NestedCommandError, OutsideCommandError


def seen_by(aggregate: Any) -> Any:
    """Return whose command this code works for, or the refusal."""
    try:
        return aggregate.context.name
    except OutsideCommandError as error:
        return type(error)


class Quiet:
    """A mixin with an action that goes to the store and tells nobody."""

    @action()
    async def fetch(self: Any) -> None:
        """Go to the store."""
        await self.statemgr.fetch("note", "a")


class Held:
    """A command in a task of its own that is told when to look and when to end."""

    def __init__(self, aggregate: Any, note: str, context: Any) -> None:
        self.aggregate, self.note = aggregate, note
        self.opened, self.look, self.looked, self.end = (asyncio.Event() for _ in range(4))
        self.seen: Any = None
        self.task = asyncio.create_task(self.run(), context=context)

    async def run(self) -> None:
        """Open the command, look whose it is, and emit an event for it; if that fails, keep the refusal."""
        async with self.aggregate.command_aggregate(*opening(self.note)):
            self.opened.set()
            await self.look.wait()
            self.seen = seen_by(self.aggregate)
            if isinstance(self.seen, str):
                self.aggregate.create_event("of", {"note": self.note}, None)
                assert [event.args["note"] for event in self.aggregate.consume_events()] == [self.note]
            self.looked.set()
            await self.end.wait()

    async def ended(self) -> None:
        """Let it end, and wait for that."""
        self.look.set()
        self.end.set()
        await self.task


class TestOneContextForTwoTasks:
    """`create_task(context=shared)`: two tasks of one Context are as one task that does two things at once."""

    @in_a_loop
    async def test_a_second_command_of_the_same_aggregate_is_refused(self) -> None:
        """The Context counts, not the task; the first command goes on."""
        aggregate, shared = made(IsolatedAggregate), copy_context()
        first = Held(aggregate, "a", shared)
        await first.opened.wait()
        with pytest.raises(NestedCommandError, match="'write-note' on note 'a' is still open here"):
            await asyncio.create_task(run(aggregate, "b"), context=shared)
        await first.ended()
        assert first.seen == "for a"
        assert await asyncio.create_task(run(aggregate, "b"), context=shared) == "for b"

    @in_a_loop
    async def test_ends_out_of_order_do_not_mix(self) -> None:
        """The elder command ends first: the younger one sees its own or nothing, and what was ended stays ended."""
        one, other, shared = made(IsolatedAggregate), made(IsolatedAggregate), copy_context()
        elder = Held(one, "a", shared)
        await elder.opened.wait()
        younger = Held(other, "b", shared)
        await younger.opened.wait()
        await elder.ended()
        younger.look.set()
        await younger.looked.wait()
        assert younger.seen == "for b"
        await younger.ended()
        assert shared.run(one.get_context_state) == shared.run(other.get_context_state) == NOTHING
        assert await asyncio.create_task(run(one, "c"), context=shared) == "for c"

    @in_a_loop
    async def test_a_command_that_an_elder_one_has_uncovered_is_not_mixed_with_the_next(self) -> None:
        """The elder one ended, the younger one is open: a third of the younger's aggregate must not take its place."""
        one, other, shared = made(IsolatedAggregate), made(IsolatedAggregate), copy_context()
        elder = Held(one, "a", shared)
        await elder.opened.wait()
        younger = Held(other, "b", shared)
        await younger.opened.wait()
        await elder.ended()
        with pytest.raises(NestedCommandError, match="'write-note' on note 'b' is still open here"):
            await asyncio.create_task(run(other, "c"), context=shared)
        await younger.ended()
        assert younger.seen == "for b"

    @pytest.mark.parametrize("emits", [True, False], ids=["with an event", "without"])
    @in_a_loop
    async def test_an_action_does_not_end_in_the_next_command(self, emits: bool) -> None:
        """A task without a command works for the other's. Its action is late: it is no part of the next command."""
        aggregate, shared, reached, go = (
            made(IsolatedAggregate, Quiet),
            copy_context(),
            asyncio.Event(),
            asyncio.Event(),
        )

        async def gate(_call: Any) -> None:
            reached.set()
            await go.wait()

        async def commands() -> tuple[str, list[Any]]:
            async with aggregate.command_aggregate(*opening("a")):
                aggregate.statemgr.gate = gate
                work = aggregate.write(text="of a") if emits else aggregate.fetch()
                action = asyncio.create_task(work, context=shared)
                await reached.wait()
                aggregate.statemgr.gate = None
            async with aggregate.command_aggregate(*opening("b")):
                go.set()
                return str(await end_of(action)), aggregate.consume_events()

        assert await asyncio.create_task(commands(), context=shared) == (
            "Aggregate context has ended. Cannot end an action: the command that this code works for has ended. "
            "To solve this, await the work inside of the command, or open a command for it.",
            [],
        )


async def steps(aggregate: Any, note: str) -> AsyncIterator[Any]:
    """Yield inside of a command, which nobody should do: first the opened name, then whatever is seen next time."""
    async with aggregate.command_aggregate(*opening(note)):
        yield seen_by(aggregate)
        yield seen_by(aggregate)


class TestGeneratorsThatHoldACommand:
    """An async generator runs in the Context of whoever steps it (P14)."""

    @in_a_loop
    async def test_stepped_from_two_tasks_it_is_loud(self) -> None:
        """The second task's step is refused, its close raises, and the first task's command is over."""
        aggregate = made(IsolatedAggregate)
        generator, stepped, closed = steps(aggregate, "a"), asyncio.Event(), asyncio.Event()

        async def first() -> Any:
            assert await anext(generator) == "for a"
            stepped.set()
            await closed.wait()
            return seen_by(aggregate)

        task = asyncio.create_task(first())
        await stepped.wait()
        assert await anext(generator) is OutsideCommandError
        with pytest.raises(MovedCommandError):
            await anext(generator)
        closed.set()
        assert await task is CommandEndedError

    @in_a_loop
    async def test_closed_from_another_task_it_warns(self) -> None:
        """aclose brings GeneratorExit, which is kept: so it can only warn."""
        generator = steps(made(IsolatedAggregate), "a")
        assert await asyncio.create_task(anext(generator)) == "for a"
        with pytest.warns(RuntimeWarning, match="opened in another Context"):
            await generator.aclose()

    @in_a_loop
    async def test_dropped_it_warns_and_its_command_is_over(self) -> None:
        """The loop closes a generator that was collected in a task of its own (P15); the Context is free again."""
        aggregate = made(IsolatedAggregate)
        with warnings.catch_warnings(record=True) as seen:
            warnings.simplefilter("always")
            async for name in steps(aggregate, "a"):
                assert name == "for a"
                break
            gc.collect()
            for _ in range(3):  # the closing task is made by one turn of the loop and runs in the next
                await asyncio.sleep(0)
        assert [warning.category for warning in seen if "another Context" in str(warning.message)] == [RuntimeWarning]
        assert aggregate.get_context_state() == NOTHING
        assert await run(aggregate, "b") == "for b"

    @in_a_loop
    async def test_interleaved_in_one_task_two_are_not_mixed(self) -> None:
        """Two generators on two aggregates, closed out of order: each sees its own or nothing."""
        one, other = made(IsolatedAggregate), made(IsolatedAggregate)
        elder, younger = steps(one, "a"), steps(other, "b")
        assert [await anext(elder), await anext(younger)] == ["for a", "for b"]
        await elder.aclose()
        assert await anext(younger) == "for b"
        await younger.aclose()
        assert (one.get_context_state(), other.get_context_state()) == (NOTHING, NOTHING)

    @in_a_loop
    async def test_kept_beyond_a_block_it_does_not_act_for_the_next_command(self) -> None:
        """Begun inside of another aggregate's block and stepped in a later command of its own: refused, not mixed."""
        one, other = made(IsolatedAggregate), made(IsolatedAggregate)
        kept = steps(other, "b")
        async with one.command_aggregate(*opening("a")):
            assert await anext(kept) == "for b"
        with pytest.raises(NestedCommandError, match="'write-note' on note 'b' is still open here"):
            await run(other, "c")
        assert await anext(kept) == "for b"
        await kept.aclose()
        assert await run(other, "c") == "for c"

    @in_a_loop
    async def test_a_command_below_one_that_was_moved_away_is_not_uncovered(self) -> None:
        """The top one was closed elsewhere, then the lowest one ends: the one between them is still in its place."""
        low, middle, top = (made(IsolatedAggregate) for _ in "123")
        generators = [steps(low, "a"), steps(middle, "b"), steps(top, "c")]
        assert [await anext(generator) for generator in generators] == ["for a", "for b", "for c"]
        with pytest.warns(RuntimeWarning, match="opened in another Context"):
            await asyncio.create_task(generators[2].aclose())
        await generators[0].aclose()
        assert await anext(generators[1]) == "for b"
        with pytest.raises(NestedCommandError):
            await run(middle, "c")
        await generators[1].aclose()
