"""The two debug methods of the isolated aggregate."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from helpers import NOTHING, OPEN, each_use, end_of, in_a_loop, made, opening, run

from fluvius_demo import IsolatedAggregate
from fluvius_demo.errors import OutsideCommandError, UnconsumedEventsError
from fluvius_demo.frame import current


class TestClearContext:
    """clear_context hides this aggregate's command from the rest of this Context; nobody else notices."""

    @each_use
    @in_a_loop
    async def test_a_hidden_command_cannot_be_used(self, use: Callable[[Any], Any], attempted: str) -> None:
        """Reading, writing, consuming and acting are refused; the command itself can end well."""
        aggregate = made(IsolatedAggregate)
        async with aggregate.command_aggregate(*opening("a")):
            aggregate.clear_context()
            aggregate.clear_context()  # once more changes nothing
            assert aggregate.get_context_state() == NOTHING
            with pytest.raises(OutsideCommandError, match=f"Cannot {attempted}: "):
                use(aggregate)
        assert current.get() is None

    @in_a_loop
    async def test_only_this_context_and_only_this_aggregate(self) -> None:
        """The task that opened it still sees it when a child hides it, and so does another aggregate's command."""
        aggregate, other = made(IsolatedAggregate), made(IsolatedAggregate)

        async def child() -> str:
            aggregate.clear_context()
            assert (aggregate.get_context_state(), other.get_context_state()) == (NOTHING, OPEN)
            return await run(aggregate, "c")

        async with other.command_aggregate(*opening("b")), aggregate.command_aggregate(*opening("a")):
            assert await asyncio.create_task(child()) == "for c"
            assert aggregate.get_context_state() == OPEN
            other.clear_context()
            assert (aggregate.get_context_state(), other.get_context_state()) == (OPEN, NOTHING)

    @in_a_loop
    async def test_events_of_a_hidden_command_are_not_forgotten(self) -> None:
        """What it has emitted must still be consumed, or the exit says so."""
        aggregate = made(IsolatedAggregate)

        async def forgetful() -> None:
            async with aggregate.command_aggregate(*opening("a")):
                aggregate.create_event("left", {}, None)
                aggregate.clear_context()

        assert isinstance(await end_of(forgetful()), UnconsumedEventsError)

    def test_without_a_command_it_does_nothing(self) -> None:
        """It neither raises nor leaves a trace."""
        made(IsolatedAggregate).clear_context()
        assert current.get() is None


class TestContextState:
    """get_context_state shows what is open here, and never raises."""

    @in_a_loop
    async def test_it_has_five_keys(self) -> None:
        """Before, inside with and without object and events, in a child that is late, and after."""
        aggregate, ended = made(IsolatedAggregate), asyncio.Event()

        async def late() -> dict[str, Any]:
            await ended.wait()
            return aggregate.get_context_state()

        assert aggregate.get_context_state() == NOTHING
        async with aggregate.command_aggregate(*opening("a")):
            assert aggregate.get_context_state() == OPEN
        async with aggregate.command_aggregate(*opening("n", new=True)):
            child = asyncio.create_task(late())
            aggregate.create_event("e", {}, None)
            assert aggregate.get_context_state() == {**OPEN, "has_rootobj": False, "evt_queue_size": 1}
            aggregate.consume_events()
        ended.set()
        assert [await child, aggregate.get_context_state()] == [NOTHING] * 2

    @in_a_loop
    async def test_a_thread_that_looks_while_the_command_ends_gets_an_answer(self) -> None:
        """The events may be gone when the flag has been read already: then there are none."""
        aggregate = made(IsolatedAggregate)
        await aggregate.command_aggregate(*opening("a")).__aenter__()
        current.get().events = None
        assert aggregate.get_context_state() == OPEN
