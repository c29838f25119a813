"""The legacy aggregate: one command at a time, and none at all after the first error."""

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import Context
from typing import Any

import pytest
from helpers import end_of, in_a_loop, made, opening

from fluvius_demo import LegacyAggregate
from fluvius_demo.errors import BadRequestError, NotFoundError, PreconditionFailedError, UnconsumedEventsError


async def run(aggregate: Any, identifier: str = "b", **more: Any) -> str:
    """Run a command and return whose it was."""
    async with aggregate.command_aggregate(*opening(identifier, **more)):
        return aggregate.context.name


async def overlap(aggregate: Any) -> str:
    """Return what a command in a fresh task and Context ends with, as text."""
    return repr(await end_of(asyncio.create_task(run(aggregate), context=Context())))


REFUSED = "RuntimeError('Overlapping context: for b')"


class TestOverlappingCommands:
    """While a command runs, every other one is refused, whoever sends it."""

    @in_a_loop
    async def test_a_second_command_is_refused_by_the_exact_text(self) -> None:
        """The text names the context of the command that is refused, not of the one in its way."""
        aggregate = made(LegacyAggregate)
        async with aggregate.command_aggregate(*opening("a")):
            with pytest.raises(RuntimeError) as nested:
                await run(aggregate)
            assert str(nested.value) == "Overlapping context: for b"
            assert await overlap(aggregate) == REFUSED

    @in_a_loop
    async def test_the_first_command_does_not_notice(self) -> None:
        """It keeps its state and its events, ends well, and lets the next one in."""
        aggregate = made(LegacyAggregate)
        async with aggregate.command_aggregate(*opening("a")) as proxy:
            await proxy.write(text="hi")
            assert await overlap(aggregate) == REFUSED
            assert (aggregate.context.name, aggregate.rootobj.identifier) == ("for a", "a")
            assert [event.data.note for event in aggregate.consume_events()] == ["a"]
        assert await overlap(aggregate) == "'for b'"

    @in_a_loop
    async def test_a_command_that_waits_for_the_store_is_in_the_way_too(self) -> None:
        """The variables are set before the first await, so there is no gap to slip through."""
        aggregate, reached, go = made(LegacyAggregate), asyncio.Event(), asyncio.Event()

        async def gate(_call: Any) -> None:
            reached.set()
            await go.wait()

        aggregate.statemgr.gate = gate
        first = asyncio.create_task(run(aggregate, "a"))
        await reached.wait()
        assert await overlap(aggregate) == REFUSED
        go.set()
        assert await first == "for a"

    @in_a_loop
    async def test_another_instance_runs_its_own_command(self) -> None:
        """The variables belong to the instance."""
        one, other = made(LegacyAggregate), made(LegacyAggregate)
        async with one.command_aggregate(*opening("a")):
            assert await run(other) == "for b"
            assert one.context.name == "for a"

    @in_a_loop
    async def test_any_task_sees_the_running_command(self) -> None:
        """A task that the command knows nothing of reads, and would change, its state."""
        aggregate = made(LegacyAggregate)

        async def stranger() -> str:
            aggregate.create_event("from-a-stranger", {}, None)
            return aggregate.context.name

        async with aggregate.command_aggregate(*opening("a")):
            assert await asyncio.create_task(stranger(), context=Context()) == "for a"
            assert [event.event for event in aggregate.consume_events()] == ["from-a-stranger"]


class TestOutsideOfACommand:
    """Before the first command and after a good one the properties are None."""

    @in_a_loop
    async def test_the_properties_are_none(self) -> None:
        """Nothing says that something is missing; the first attribute of None does, without saying why."""
        aggregate = made(LegacyAggregate)
        for _ in ("before", "after"):
            seen = [aggregate.context, aggregate.command, aggregate.aggroot, aggregate.rootobj, aggregate._cmdmeta]
            assert seen == [None] * 5
            with pytest.raises(AttributeError, match="'NoneType' object has no attribute 'resource'"):
                await aggregate.touch()
            await run(aggregate)


async def with_an_error(aggregate: Any) -> None:
    """Fail in the body."""
    async with aggregate.command_aggregate(*opening("a")):
        raise LookupError("in the body")


async def with_leftover_events(aggregate: Any) -> None:
    """End without taking the events."""
    async with aggregate.command_aggregate(*opening("a")):
        aggregate.create_event("left", {}, None)


async def with_a_timeout(aggregate: Any) -> None:
    """Run out of time in the body."""
    async with aggregate.command_aggregate(*opening("a")), asyncio.timeout(0):
        await asyncio.Event().wait()


async def with_wait_for(aggregate: Any) -> None:
    """Have the caller's patience end while the body waits."""
    opened = asyncio.Event()

    async def body() -> None:
        async with aggregate.command_aggregate(*opening("a")):
            opened.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(body())
    await opened.wait()
    await asyncio.wait_for(task, 0)


async def with_a_cancellation(aggregate: Any) -> None:
    """Be cancelled in the body."""
    async with aggregate.command_aggregate(*opening("a")):
        asyncio.current_task().cancel()
        await asyncio.Event().wait()


async def with_a_cancelled_fetch(aggregate: Any) -> None:
    """Be cancelled on the way to the store, before the body."""
    asyncio.current_task().cancel()
    await run(aggregate, "a")


async def with_a_missing_object(aggregate: Any) -> None:
    """Ask for an object that is not there."""
    await run(aggregate, "z")


async def with_a_missing_header(aggregate: Any) -> None:
    """Be refused for want of an If-Match header."""
    await run(aggregate, "a", source=None)


async def with_a_stale_etag(aggregate: Any) -> None:
    """Be refused for another version."""
    await run(aggregate, "a", source=None, headers={"if-match": "note/a@0"})


async def with_a_failing_hook(aggregate: Any) -> None:
    """Fail in before_command."""

    async def fail(*_args: Any) -> None:
        raise LookupError("in the hook")

    aggregate.before_command = fail
    await run(aggregate, "a")


ENDINGS: list[tuple[Callable[[Any], Awaitable[None]], type[BaseException]]] = [
    (with_an_error, LookupError),
    (with_leftover_events, UnconsumedEventsError),
    (with_a_timeout, TimeoutError),
    (with_wait_for, TimeoutError),
    (with_a_cancellation, asyncio.CancelledError),
    (with_a_cancelled_fetch, asyncio.CancelledError),
    (with_a_missing_object, NotFoundError),
    (with_a_missing_header, BadRequestError),
    (with_a_stale_etag, PreconditionFailedError),
    (with_a_failing_hook, LookupError),
]


class TestLockedForEver:
    """There is no try/finally: a command that does not end well locks the aggregate, in every task."""

    @pytest.mark.parametrize(("ending", "kind"), ENDINGS, ids=[ending.__name__ for ending, _ in ENDINGS])
    @in_a_loop
    async def test_every_later_command_is_refused(self, ending: Any, kind: type[BaseException]) -> None:
        """The error itself comes out as it is; from then on each command is told of an overlap that is not there."""
        aggregate = made(LegacyAggregate)
        assert type(await end_of(asyncio.create_task(ending(aggregate)))) is kind
        assert [await overlap(aggregate) for _ in range(3)] == [REFUSED] * 3

    @in_a_loop
    async def test_a_good_end_does_not_lock(self) -> None:
        """What the test above would show of an aggregate that is not locked."""
        aggregate = made(LegacyAggregate)
        await run(aggregate, "a")
        assert await overlap(aggregate) == "'for b'"
