"""The isolated aggregate, rule by rule: who finds which command, and which one may be opened where.

What a command hands on stands in test_isolated_inherited.py, enter and exit in test_frame.py.
"""

import asyncio
import copy
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from helpers import NOTHING, each_use, in_a_loop, made, needs, opening, run

from fluvius_demo import IsolatedAggregate
from fluvius_demo.errors import NestedCommandError, OutsideCommandError
from fluvius_demo.frame import current

NESTED = (
    "Cannot open 'write-note' on note 'b': 'write-note' on note 'a' is still open here. "
    "To solve this, end it first, call its actions directly, or start a task for the second command."
)


class TestOutsideOfACommand:
    """Where no command is open, everything raises, in tasks and in threads."""

    @each_use
    def test_every_use_is_refused(self, use: Callable[[Any], Any], attempted: str) -> None:
        """The document's sentence first, then what was attempted, what is missing and what to do."""
        with pytest.raises(OutsideCommandError) as raised:
            use(made(IsolatedAggregate))
        assert str(raised.value) == (
            f"Aggregate context is not initialized. Cannot {attempted}: no command of this aggregate is open in this "
            "Context. To solve this, call this inside of 'async with aggregate.command_aggregate(…)'; "
            "for a thread, use asyncio.to_thread."
        )

    @needs("threads")
    @in_a_loop
    async def test_an_executor_job_is_refused_loudly(self) -> None:
        """run_in_executor carries no Context: the job raises, and no event goes astray."""
        aggregate, loop = made(IsolatedAggregate), asyncio.get_running_loop()
        with ThreadPoolExecutor(1) as pool:
            async with aggregate.command_aggregate(*opening("a")):
                with pytest.raises(OutsideCommandError):
                    await loop.run_in_executor(pool, aggregate.create_event, "astray", {}, None)
                assert aggregate.consume_events() == []

    @in_a_loop
    async def test_after_the_exit_the_task_sees_nothing(self) -> None:
        """Not the ended command, but none: for this Context it is as if it had never been."""
        aggregate = made(IsolatedAggregate)
        await run(aggregate)
        assert (current.get(), aggregate.get_context_state()) == (None, NOTHING)
        with pytest.raises(OutsideCommandError, match="not initialized"):
            _ = aggregate.context


class TestLookupByOwner:
    """Each instance finds its own command and never another's."""

    @pytest.mark.parametrize("kind", ["another instance", "an instance of a subclass", "a copy"])
    @in_a_loop
    async def test_nobody_else_finds_it(self, kind: str) -> None:
        """Neither another instance nor one of a subclass nor a copy sees or takes anything of the command."""
        aggregate = made(IsolatedAggregate)
        other = {
            "another instance": lambda: type(aggregate)(aggregate),
            "an instance of a subclass": lambda: type("Sub", (type(aggregate),), {})(aggregate),
            "a copy": lambda: copy.copy(aggregate),
        }[kind]()
        async with aggregate.command_aggregate(*opening("a")):
            aggregate.create_event("mine", {}, None)
            assert other.get_context_state() == NOTHING
            with pytest.raises(OutsideCommandError):
                other.consume_events()
            assert len(aggregate.consume_events()) == 1

    @in_a_loop
    async def test_a_copy_works_for_its_own_commands(self) -> None:
        """Also where the original has run commands before: what those share is not copied."""
        aggregate = made(IsolatedAggregate)
        await run(aggregate)
        other = copy.copy(aggregate)
        async with aggregate.command_aggregate(*opening("a")), other.command_aggregate(*opening("b")) as proxy:
            await proxy.write(text="22")
            assert (proxy.get_context().name, len(other.consume_events())) == ("for b", 1)
            assert (aggregate.context.name, aggregate.consume_events()) == ("for a", [])

    @in_a_loop
    async def test_open_at_once_each_finds_its_own(self) -> None:
        """Three commands of three aggregates in one task: whatever lies on top, each works for its own."""
        first, second, third = (made(IsolatedAggregate) for _ in "123")
        async with first.command_aggregate(*opening("a")), second.command_aggregate(*opening("b")):
            await second.write(text="22")
            async with third.command_aggregate(*opening("c")):
                for aggregate, length in ((first, 1), (third, 3), (second, 22)):
                    await aggregate.write(text="x" * length)
                names = [aggregate.context.name for aggregate in (first, second, third)]
                assert names == ["for a", "for b", "for c"]
                assert [event.data.length for event in third.consume_events()] == [3]
            assert [event.data.length for event in second.consume_events()] == [2, 22]
            assert [event.data.length for event in first.consume_events()] == [1]


class TestNestedOtherAggregate:
    """A command inside of another aggregate's command has that one as its parent."""

    @in_a_loop
    async def test_the_frame_links_to_its_parent(self) -> None:
        """The document's "context inheritance": the inner frame knows the outer one, and is not known by it."""
        outer, inner = made(IsolatedAggregate), made(IsolatedAggregate)
        async with outer.command_aggregate(*opening("a")):
            frame = current.get()
            async with inner.command_aggregate(*opening("b")):
                assert current.get().parent is frame
                assert frame.parent is None
                assert outer.context.name == "for a"
            assert current.get() is frame
            assert outer.context.name == "for a"

    @in_a_loop
    async def test_the_outer_one_is_back_after_an_error_too(self) -> None:
        """An inner command that fails leaves the outer one as it was."""
        outer, inner = made(IsolatedAggregate), made(IsolatedAggregate)
        async with outer.command_aggregate(*opening("a")):
            frame = current.get()
            with pytest.raises(LookupError):
                async with inner.command_aggregate(*opening("b")):
                    raise LookupError
            assert (current.get(), inner.get_context_state()) == (frame, NOTHING)


class TestNestedSameAggregate:
    """A second command of the same aggregate is refused where the first was opened."""

    @pytest.mark.parametrize("attempts", [1, 2, 5])
    @pytest.mark.parametrize("covered", [False, True], ids=["on top", "below another aggregate's"])
    @in_a_loop
    async def test_it_is_refused_and_the_outer_one_untouched(self, attempts: int, covered: bool) -> None:
        """However often it is tried, and whatever lies on top: the text is exact, and the outer command goes on."""
        aggregate, other = made(IsolatedAggregate), made(IsolatedAggregate)

        async def attempt() -> None:
            calls, top = aggregate.statemgr.calls.copy(), current.get()
            for _ in range(attempts):
                with pytest.raises(NestedCommandError) as refused:
                    await run(aggregate)
                assert str(refused.value) == NESTED
            assert (aggregate.statemgr.calls, current.get()) == (calls, top)

        async with aggregate.command_aggregate(*opening("a")):
            await aggregate.write(text="x")
            frame = current.get()
            if covered:
                async with other.command_aggregate(*opening("c")):
                    await attempt()
                    assert (other.context.name, aggregate.context.name) == ("for c", "for a")
            else:
                await attempt()
            assert current.get() is frame
            await aggregate.write(text="xx")
            assert [event.data.length for event in aggregate.consume_events()] == [1, 2]
        assert current.get() is None
        assert await run(aggregate) == "for b"

    @in_a_loop
    async def test_another_task_runs_its_own_command(self) -> None:
        """It is neither refused nor mixed up, whether the first command's task started it or somebody else did."""
        aggregate, go = made(IsolatedAggregate), asyncio.Event()

        async def stranger() -> str:
            await go.wait()
            assert current.get() is None
            return await run(aggregate, "c")

        task = asyncio.create_task(stranger())
        async with aggregate.command_aggregate(*opening("a")):
            go.set()
            assert await asyncio.gather(task, run(aggregate, "b")) == ["for c", "for b"]
            assert aggregate.context.name == "for a"
