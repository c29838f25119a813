"""Metadata, and what a command inside of a command inherits: its context, its command, its metadata, and no more."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from helpers import in_a_loop, made, opening

from fluvius_demo import IsolatedAggregate
from fluvius_demo.errors import CommandEndedError, OutsideCommandError
from fluvius_demo.frame import Inherited, current


class TestMetadata:
    """Key-values on the running command."""

    @in_a_loop
    async def test_a_command_begins_with_none_and_keeps_what_it_is_given(self) -> None:
        """The later value of a key counts."""
        aggregate = made(IsolatedAggregate)
        async with aggregate.command_aggregate(*opening("a")):
            assert aggregate.metadata == {}
            aggregate.annotate(request="r-1", shard=3)
            aggregate.annotate(shard=4)
            assert aggregate.metadata == {"request": "r-1", "shard": 4}

    @in_a_loop
    async def test_it_can_be_read_and_not_written(self) -> None:
        """A mapping that one could write would be shared by all that have inherited it."""
        aggregate = made(IsolatedAggregate)
        async with aggregate.command_aggregate(*opening("a")):
            aggregate.annotate(request="r-1")
            with pytest.raises(TypeError):
                aggregate.metadata["request"] = "r-2"
            assert aggregate.metadata == {"request": "r-1"}

    @in_a_loop
    async def test_a_child_task_works_for_the_command_here_too(self) -> None:
        """It has the same command, and so the same metadata, while that is open."""
        aggregate = made(IsolatedAggregate)

        async def child() -> None:
            aggregate.annotate(by="child")

        async with aggregate.command_aggregate(*opening("a")):
            await asyncio.create_task(child())
            assert aggregate.metadata == {"by": "child"}

    @pytest.mark.parametrize("use", [lambda a: a.annotate(x=1), lambda a: a.metadata, lambda a: a.inherited])
    @in_a_loop
    async def test_without_a_command_it_is_refused(self, use: Callable[[Any], Any]) -> None:
        """As everything is that belongs to a command: outside of one, and after its end."""
        aggregate, gate = made(IsolatedAggregate), asyncio.Event()

        async def late() -> None:
            await gate.wait()
            use(aggregate)

        with pytest.raises(OutsideCommandError):
            use(aggregate)
        async with aggregate.command_aggregate(*opening("a")):
            child = asyncio.create_task(late())
        gate.set()
        with pytest.raises(CommandEndedError):
            await child

    @in_a_loop
    async def test_the_next_command_begins_with_none_again(self) -> None:
        """Nothing is left of the one before, in the same task."""
        aggregate = made(IsolatedAggregate)
        async with aggregate.command_aggregate(*opening("a")):
            aggregate.annotate(request="r-1")
        async with aggregate.command_aggregate(*opening("b")):
            assert aggregate.metadata == {}


class TestInherited:
    """What a command sees of the one around it."""

    @in_a_loop
    async def test_it_is_the_context_the_command_and_the_metadata(self) -> None:
        """Named one by one, and the fields are all there is: no object, no events."""
        outer, inner = made(IsolatedAggregate), made(IsolatedAggregate)
        around = opening("a")
        async with outer.command_aggregate(*around):
            outer.annotate(request="r-1")
            async with inner.command_aggregate(*opening("b")):
                assert inner.inherited == Inherited(around[0], around[1], {"request": "r-1"})
                assert inner.metadata == {"request": "r-1"}
            assert outer.inherited is None
        assert Inherited._fields == ("context", "command", "metadata")

    @in_a_loop
    async def test_what_is_added_inside_stays_inside(self) -> None:
        """The outer command, and the next one inside of it, have what the outer one had."""
        outer, inner = made(IsolatedAggregate), made(IsolatedAggregate)
        async with outer.command_aggregate(*opening("a")):
            outer.annotate(request="r-1")
            async with inner.command_aggregate(*opening("b")):
                inner.annotate(request="mine", extra=True)
            assert outer.metadata == {"request": "r-1"}
            async with inner.command_aggregate(*opening("c")):
                assert inner.metadata == {"request": "r-1"}

    @in_a_loop
    async def test_a_childs_own_command_keeps_what_it_got_when_the_outer_one_ends(self) -> None:
        """It has been carried over; of the ended command itself nothing is seen any more."""
        aggregate, gate, ready = made(IsolatedAggregate), asyncio.Event(), asyncio.Event()

        async def child() -> tuple[bool, Any, Any]:
            async with aggregate.command_aggregate(*opening("b")):
                seen = aggregate.inherited is not None
                ready.set()
                await gate.wait()
                return seen, aggregate.inherited, dict(aggregate.metadata)

        async with aggregate.command_aggregate(*opening("a")):
            aggregate.annotate(request="r-1")
            task = asyncio.create_task(child())
            await ready.wait()
        gate.set()
        assert await task == (True, None, {"request": "r-1"})

    @in_a_loop
    async def test_a_late_childs_command_inherits_nothing(self) -> None:
        """Where the command around it had ended before, there is no command around it."""
        aggregate, gate = made(IsolatedAggregate), asyncio.Event()

        async def child() -> tuple[Any, Any]:
            await gate.wait()
            async with aggregate.command_aggregate(*opening("b")):
                return aggregate.inherited, dict(aggregate.metadata)

        async with aggregate.command_aggregate(*opening("a")):
            aggregate.annotate(request="r-1")
            task = asyncio.create_task(child())
        gate.set()
        assert await task == (None, {})

    @in_a_loop
    async def test_a_thread_that_is_late_by_a_hair_inherits_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The outer command ends while it is read: what is seen of it then may be half of it."""
        outer, inner = made(IsolatedAggregate), made(IsolatedAggregate)

        def ends_meanwhile(*seen: Any) -> Inherited:
            frames[0].close()
            return Inherited(*seen)

        monkeypatch.setattr("fluvius_demo.isolated.Inherited", ends_meanwhile)
        block = outer.command_aggregate(*opening("a"))
        await block.__aenter__()
        frames = [current.get()]
        async with inner.command_aggregate(*opening("b")):
            assert inner.inherited is None
