"""The migrated aggregate: what the migration gains, and each of its faults as a fact."""

import asyncio
import contextvars
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from helpers import NOTHING, OPEN, end_of, in_a_loop, made, needs, opening

from fluvius_demo import MigratedAggregate
from fluvius_demo.errors import OutsideCommandError


@pytest.fixture(autouse=True)
def _drained() -> Iterator[None]:
    """Empty the queue that everybody shares, for it outlives every test."""
    default = contextvars.Context().run(MigratedAggregate._evt_queue_var.get)
    default.queue.clear()
    yield
    default.queue.clear()


async def run(aggregate: Any, identifier: str = "a", **more: Any) -> str:
    """Run a command and return whose it was."""
    async with aggregate.command_aggregate(*opening(identifier, **more)):
        return aggregate.context.name


class TestWhatIsGained:
    """Commands in different tasks do not see each other."""

    @in_a_loop
    async def test_a_hundred_overlapping_commands_are_all_correct(self) -> None:
        """All are open at once; then each still has its own context, root, object, meta and events."""
        aggregate, everybody = made(MigratedAggregate), asyncio.Barrier(100)

        async def command(number: int) -> None:
            note = "abc"[number % 3]
            context, bundle, meta = opening(note, name=f"context{number}")
            async with aggregate.command_aggregate(context, bundle, meta) as proxy:
                await everybody.wait()
                await proxy.write(text="x" * number)
                await everybody.wait()
                assert aggregate.context is context
                assert aggregate.command is bundle
                assert (aggregate.aggroot.identifier, aggregate.rootobj.identifier) == (note, note)
                events = [(event.data.note, event.data.length) for event in aggregate.consume_events()]
                assert events == [(note, number)]
                await everybody.wait()

        await asyncio.gather(*(command(number) for number in range(100)))

    @pytest.mark.parametrize(
        "more", [{"source": None}, {"source": None, "headers": {"if-match": "note/a@0"}}, {"domain_sid": "hq"}]
    )
    @in_a_loop
    async def test_an_error_does_not_lock_it(self, more: dict[str, Any]) -> None:
        """A refused If-Match, a missing object: the next command runs, in the same task and in another."""
        aggregate = made(MigratedAggregate)
        assert isinstance(await end_of(run(aggregate, **more)), Exception)
        assert await run(aggregate, "b") == "for b"
        assert await asyncio.create_task(run(aggregate, "c")) == "for c"

    @in_a_loop
    async def test_a_timeout_does_not_lock_it(self) -> None:
        """Nor does a body that is cancelled."""
        aggregate = made(MigratedAggregate)
        with pytest.raises(TimeoutError):
            async with aggregate.command_aggregate(*opening("a")), asyncio.timeout(0):
                await asyncio.Event().wait()
        assert await run(aggregate, "b") == "for b"


class TestOutsideOfACommand:
    """Where no command was ever opened, the properties raise; create_event does not."""

    @pytest.mark.parametrize(
        ("name", "variable"), [("context", "context"), ("command", "command"), ("aggroot", "aggroot")]
    )
    def test_the_properties_raise(self, name: str, variable: str) -> None:
        """The document's sentence first, then what was attempted and what to do."""
        with pytest.raises(OutsideCommandError) as raised:
            getattr(made(MigratedAggregate), name)
        assert str(raised.value) == (
            f"Aggregate context is not initialized. Cannot read {variable!r}: no command was opened in this Context. "
            "To solve this, call this inside of a command."
        )

    def test_the_root_object_raises_too(self) -> None:
        """It may be None in a command; so it is the context that is asked for."""
        with pytest.raises(RuntimeError, match=r"^Aggregate context is not initialized\. Cannot read 'context': "):
            _ = made(MigratedAggregate).rootobj

    def test_create_event_does_not_raise(self) -> None:
        """Fault: the event goes into the default queue, and nobody is told."""
        aggregate = made(MigratedAggregate)
        event = aggregate.create_event("lost", {}, None)
        assert aggregate.get_context_state() == {**NOTHING, "evt_queue_size": 1}
        assert aggregate.consume_events() == [event]


class TestNothingIsReset:
    """Fault: after a command, its task still sees it."""

    @in_a_loop
    async def test_the_command_is_stale_after_the_exit(self) -> None:
        """Every property still shows the ended command, and so does get_context_state."""
        aggregate, (context, bundle, meta) = made(MigratedAggregate), opening("a")
        async with aggregate.command_aggregate(context, bundle, meta):
            pass
        assert aggregate.context is context
        assert (aggregate.command, aggregate.aggroot.identifier, aggregate.rootobj.identifier) == (bundle, "a", "a")
        assert aggregate.get_context_state() == OPEN

    @in_a_loop
    async def test_a_late_event_is_lost_silently(self) -> None:
        """It goes into the ended command's queue; the next command brings a new one."""
        aggregate = made(MigratedAggregate)
        await run(aggregate)
        aggregate.create_event("late", {}, None)
        async with aggregate.command_aggregate(*opening("b")):
            assert aggregate.consume_events() == []

    @in_a_loop
    async def test_a_child_task_outlives_the_command_and_still_acts_for_it(self) -> None:
        """Fault: an action runs for a command that has ended."""
        aggregate, ended = made(MigratedAggregate), asyncio.Event()

        async def late() -> tuple[str, int]:
            await ended.wait()
            await aggregate.write(text="late")
            return aggregate.context.name, aggregate.get_context_state()["evt_queue_size"]

        async with aggregate.command_aggregate(*opening("a")):
            child = asyncio.create_task(late())
        ended.set()
        assert await child == ("for a", 1)

    @in_a_loop
    async def test_a_nested_command_overwrites_the_outer_one(self) -> None:
        """After the inner block the outer one works for the inner command; the outer's events are gone."""
        aggregate = made(MigratedAggregate)
        async with aggregate.command_aggregate(*opening("a")):
            aggregate.create_event("of-the-outer-command", {}, None)
            await run(aggregate, "b")
            assert (aggregate.context.name, aggregate.rootobj.identifier) == ("for b", "b")
            assert aggregate.consume_events() == []


class TestTheVariablesBelongToTheClass:
    """Fault: all instances and subclasses share one command, and one default queue."""

    @in_a_loop
    async def test_a_second_instance_shares_the_command(self) -> None:
        """One never opened a command and sees the other's; opening one overwrites it."""
        one, other = made(MigratedAggregate), made(MigratedAggregate)
        assert type(one) is not type(other)  # each is its own subclass
        async with one.command_aggregate(*opening("a")):
            assert other.context.name == type(one)(one).context.name == "for a"
            await run(other, "b")
            assert one.context.name == "for b"

    @needs("threads")
    @in_a_loop
    async def test_the_default_queue_is_shared_by_threads_tasks_and_instances(self) -> None:
        """What a thread and a task put in, another instance takes out in a third Context."""
        one, other = made(MigratedAggregate), made(MigratedAggregate)
        with ThreadPoolExecutor(1) as pool:
            pool.submit(one.create_event, "from-a-thread", {}, None).result()

        async def emit() -> None:
            one.create_event("from-a-task", {}, None)

        await asyncio.create_task(emit())
        assert [event.event for event in other.consume_events()] == ["from-a-thread", "from-a-task"]

    @needs("threads")
    @in_a_loop
    async def test_run_in_executor_propagates_nothing(self) -> None:
        """An executor job sees no command, and its event goes to everybody's queue; to_thread carries the command."""
        aggregate, loop = made(MigratedAggregate), asyncio.get_running_loop()
        with ThreadPoolExecutor(1) as pool:
            async with aggregate.command_aggregate(*opening("a")):
                state = await loop.run_in_executor(pool, aggregate.get_context_state)
                await loop.run_in_executor(pool, aggregate.create_event, "astray", {}, None)
                assert (state, aggregate.consume_events()) == (NOTHING, [])
                assert await asyncio.to_thread(aggregate.get_context) is aggregate.context
        stray = contextvars.Context().run(aggregate.consume_events)
        assert [event.event for event in stray] == ["astray"]


class TestDebugMethods:
    """clear_context and get_context_state speak of this Context alone."""

    @in_a_loop
    async def test_the_state_has_five_keys(self) -> None:
        """All False and 0 before; then what is there, and how many events wait."""
        aggregate = made(MigratedAggregate)
        assert aggregate.get_context_state() == NOTHING
        async with aggregate.command_aggregate(*opening("n", new=True)):
            aggregate.create_event("undeclared", {}, None)
            assert aggregate.get_context_state() == {**OPEN, "has_rootobj": False, "evt_queue_size": 1}
            aggregate.consume_events()

    @in_a_loop
    async def test_clear_context_clears_all_six_variables(self) -> None:
        """Afterwards the properties raise again, and the next event does not go to everybody's queue."""
        aggregate = made(MigratedAggregate)
        await run(aggregate)
        aggregate.create_event("late", {}, None)
        aggregate.clear_context()
        assert (aggregate.get_context_state(), aggregate._cmdmeta) == (NOTHING, None)
        with pytest.raises(OutsideCommandError):
            _ = aggregate.context
        aggregate.create_event("kept-apart", {}, None)
        assert contextvars.Context().run(aggregate.consume_events) == []

    @in_a_loop
    async def test_clear_context_reaches_this_context_only(self) -> None:
        """What a child clears, its parent still sees; what the parent clears, a child still sees."""
        aggregate, cleared = made(MigratedAggregate), asyncio.Event()

        async def clear() -> None:
            aggregate.clear_context()

        async def look() -> dict[str, Any]:
            await cleared.wait()
            return aggregate.get_context_state()

        async with aggregate.command_aggregate(*opening("a")):
            child = asyncio.create_task(look())
            await asyncio.create_task(clear())
            assert aggregate.get_context_state() == OPEN
            made(MigratedAggregate).clear_context()  # through any instance
            assert aggregate.get_context_state() == NOTHING
            cleared.set()
            assert await child == OPEN
