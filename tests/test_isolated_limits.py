"""What the isolated aggregate does not guard against: facts to know, each with the way out in its docstring."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from helpers import NOTHING, OPEN, Opening, in_a_loop, made, opening

from fluvius_demo import IsolatedAggregate
from fluvius_demo.records import DomainContext


class TestAProxyIsNotBoundToItsCommand:
    """A proxy, a coroutine or a generator works for the command of whoever runs it."""

    @in_a_loop
    async def test_a_proxy_that_is_handed_over(self) -> None:
        """Used inside of another command, it acts for that one, silently. Do not hand proxies to other commands."""
        aggregate, handed = made(IsolatedAggregate), asyncio.Queue()

        async def other() -> list[str]:
            async with aggregate.command_aggregate(*opening("b")):
                proxy = await handed.get()
                await proxy.write(text="meant for a")
                return [event.data.note for event in aggregate.consume_events()]

        task = asyncio.create_task(other())
        async with aggregate.command_aggregate(*opening("a")) as proxy:
            handed.put_nowait(proxy)
            assert await task == ["b"]

    @in_a_loop
    async def test_a_generator_that_is_kept(self) -> None:
        """Begun in one command and stepped in the next, it acts for the next. Exhaust generators in their command."""
        aggregate = made(IsolatedAggregate)

        async def process(proxy: Any) -> AsyncIterator[str]:
            while True:
                yield await proxy.touch()

        async with aggregate.command_aggregate(*opening("a")) as proxy:
            kept = process(proxy)
            assert await anext(kept) == "a"
        async with aggregate.command_aggregate(*opening("b")):
            assert await anext(kept) == "b"

    @in_a_loop
    async def test_a_generator_shows_its_command_to_its_consumer(self) -> None:
        """Between two steps the consumer works for the generator's command. Never yield inside of a command."""
        aggregate = made(IsolatedAggregate)

        async def steps() -> AsyncIterator[None]:
            async with aggregate.command_aggregate(*opening("a")):
                yield

        async for _ in steps():
            assert aggregate.context.name == "for a"
        assert aggregate.get_context_state() == NOTHING


class Nosy:
    """A mixin whose hooks look at `self` and not at their arguments."""

    def __init__(self, domain: Any) -> None:
        super().__init__(domain)
        self.seen: list[tuple[str, str]] = []

    async def before_command(self: Any, context: DomainContext, *_args: Any) -> None:
        """Note whose hook this is, and whose command `self` shows."""
        self.seen.append((context.name, self.context.name if self.get_context_state() == OPEN else "none"))

    after_command = before_command


class TestHooksOfAChildsCommand:
    """Hooks run while their command is not set; so `self` shows the command that the child has inherited."""

    @in_a_loop
    async def test_self_is_the_parents_command(self) -> None:
        """In both hooks of the child's command, `self.context` is the parent's. Use the arguments."""
        aggregate = made(IsolatedAggregate, Nosy)

        async def command(args: Opening) -> None:
            async with aggregate.command_aggregate(*args):
                pass

        async with aggregate.command_aggregate(*opening("a")):
            await asyncio.create_task(command(opening("b")))
        assert aggregate.seen == [("for a", "none"), ("for b", "for a"), ("for b", "for a"), ("for a", "none")]


class TestClearContextInsideOfAnotherCommand:
    """What is hidden below another aggregate's command is back when that one ends."""

    @in_a_loop
    async def test_it_hides_until_the_inner_command_ends(self) -> None:
        """The exit of the inner command puts back what was there at its enter."""
        outer, inner = made(IsolatedAggregate), made(IsolatedAggregate)
        async with outer.command_aggregate(*opening("a")):
            async with inner.command_aggregate(*opening("b")):
                outer.clear_context()
                assert outer.get_context_state() == NOTHING
            assert outer.get_context_state() == OPEN


class TestResponsesNeedNoCommand:
    """create_response reads nothing of the running command."""

    @in_a_loop
    async def test_it_works_before_and_after(self) -> None:
        """Alone among the create_ methods it does not raise outside of a command."""
        aggregate = made(IsolatedAggregate)
        response = aggregate.create_response({"note": "a"})
        async with aggregate.command_aggregate(*opening()) as proxy:
            pass
        assert proxy.create_response({"note": "a"}) == response
