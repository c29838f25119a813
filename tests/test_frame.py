"""The command frame: how a block is entered and left, in which order, and what is never hidden by what."""

import asyncio
import contextvars
import warnings
from typing import Any

import pytest
from helpers import NOTHING, OPEN, end_of, in_a_loop, made, opening, run

from fluvius_demo import IsolatedAggregate
from fluvius_demo.errors import CommandEndedError, MovedCommandError, NestedCommandError, UnconsumedEventsError
from fluvius_demo.frame import current

MOVED = (
    "Cannot end 'write-note' on note 'a': it was opened in another Context, which still holds it (as ended). "
    "To solve this, open and end a command in one task; do not yield inside of it."
)
ENTERED = (
    "Cannot open a command: this block was entered before. To solve this, call command_aggregate() for each command."
)


class Hooked:
    """A mixin whose hooks and store do as the test says; each notes what is set while it runs."""

    place, act = "", None

    def __init__(self, domain: Any) -> None:
        super().__init__(domain)
        self.seen: list[tuple[str, Any]] = []
        self.statemgr.gate = self.fetching

    async def at(self, place: str) -> None:
        """Note this place; act, if it is the one."""
        self.seen.append((place, current.get()))
        if place == self.place:
            await self.act()

    async def fetching(self, _call: Any) -> None:
        """Be on the way to the store."""
        await self.at("fetch")

    async def before_command(self, *_args: Any) -> None:
        """Be in the hook."""
        await self.at("before")

    async def after_command(self, *_args: Any) -> None:
        """Be in the hook."""
        await self.at("after")


async def fail() -> None:
    """Raise."""
    raise LookupError("on purpose")


async def be_cancelled() -> None:
    """Have the running task cancelled, and wait for it."""
    asyncio.current_task().cancel()
    await asyncio.Event().wait()


async def with_events_left(aggregate: Any, error: BaseException | None = None) -> None:
    """Leave two events in the queue, and perhaps fail."""
    async with aggregate.command_aggregate(*opening("a")):
        aggregate.create_event("left", {}, None)
        aggregate.create_event("left", {}, None)
        if error is not None:
            raise error


each_trouble = pytest.mark.parametrize(
    ("act", "kind"), [(fail, LookupError), (be_cancelled, asyncio.CancelledError)], ids=["fails", "is cancelled"]
)


def hooked(place: str = "", act: Any = None) -> Any:
    """Return an aggregate on which this happens at this place."""
    aggregate = made(IsolatedAggregate, Hooked)
    aggregate.place, aggregate.act = place, act
    return aggregate


class TestEnter:
    """Every await and check comes first, the set last."""

    @in_a_loop
    async def test_nothing_is_set_until_the_body(self) -> None:
        """While the object is fetched and before_command runs, and again in after_command, there is no frame."""
        aggregate = hooked()
        async with aggregate.command_aggregate(*opening("a")):
            assert aggregate.get_context_state() == OPEN
        assert aggregate.seen == [("fetch", None), ("before", None), ("after", None)]

    @pytest.mark.parametrize("place", ["fetch", "before"])
    @each_trouble
    @in_a_loop
    async def test_what_goes_wrong_before_the_body_leaves_nothing(self, place: str, act: Any, kind: Any) -> None:
        """The error comes out as it is, an outer command is untouched, and the next command opens as usual."""
        aggregate, outer = hooked(place, act), made(IsolatedAggregate)

        async def scenario() -> None:
            async with outer.command_aggregate(*opening("c")):
                frame = current.get()
                with pytest.raises(kind):
                    await run(aggregate, "a")
                assert current.get() is frame
                assert (aggregate.get_context_state(), outer.context.name) == (NOTHING, "for c")
                aggregate.place = ""
                assert await run(aggregate, "b") == "for b"
            assert current.get() is None

        await asyncio.create_task(scenario())

    @in_a_loop
    async def test_two_tasks_in_one_context_cannot_both_get_in(self) -> None:
        """Both had nothing in their way when they began; the later one finds the other's command and is refused."""
        both = asyncio.Barrier(2)
        aggregate = hooked("before", both.wait)

        async def command(note: str) -> str:
            async with aggregate.command_aggregate(*opening(note)):
                await asyncio.sleep(0)
                return aggregate.context.name

        shared = contextvars.copy_context()
        tasks = [asyncio.create_task(command(note), context=shared) for note in "ab"]
        results = await asyncio.gather(*tasks, return_exceptions=True)
        assert sorted(type(result).__name__ for result in results) == ["NestedCommandError", "str"]
        assert shared.run(current.get) is None


class TestExit:
    """Close, reset, and only then await; an error of the body comes before all others."""

    @each_trouble
    @in_a_loop
    async def test_trouble_in_after_command_finds_all_in_order(self, act: Any, kind: Any) -> None:
        """The command has ended for its task and for its children before after_command may fail."""
        aggregate, ended = hooked("after", act), asyncio.Event()

        async def late() -> str:
            await ended.wait()
            return aggregate.context.name

        async def scenario() -> asyncio.Task[str]:
            with pytest.raises(kind):
                async with aggregate.command_aggregate(*opening("a")):
                    child = asyncio.create_task(late())
            assert current.get() is None
            return child

        child = await asyncio.create_task(scenario())
        ended.set()
        assert isinstance(await end_of(child), CommandEndedError)

    @pytest.mark.parametrize("error", [LookupError("first"), asyncio.CancelledError("first")], ids=repr)
    @in_a_loop
    async def test_an_error_in_the_body_is_not_masked_by_leftover_events(self, error: BaseException) -> None:
        """What went wrong first is what comes out, alone; after_command does not run."""
        aggregate = hooked()
        with pytest.raises(type(error)) as raised:
            await with_events_left(aggregate, error)
        assert (raised.value, raised.value.__context__) == (error, None)
        assert (current.get(), [place for place, _ in aggregate.seen]) == (None, ["fetch", "before"])

    @in_a_loop
    async def test_leftover_events_of_a_good_body_are_an_error(self) -> None:
        """The command has ended all the same, and the next one finds a clean queue."""
        aggregate = hooked()
        with pytest.raises(UnconsumedEventsError, match="2 of its events were not taken"):
            await with_events_left(aggregate)
        assert (current.get(), [place for place, _ in aggregate.seen]) == (None, ["fetch", "before"])
        assert await run(aggregate, "b") == "for b"


class TestOneBlockOneCommand:
    """A block cannot be entered twice: its frame holds one command and one token."""

    @pytest.mark.parametrize("when", ["while it is open", "after its end", "after a failed enter"])
    @in_a_loop
    async def test_the_second_enter_is_refused(self, when: str) -> None:
        """By the exact text, and without an effect on the first."""
        aggregate = hooked("before", fail) if when == "after a failed enter" else hooked()
        block = aggregate.command_aggregate(*opening("a"))
        if when == "while it is open":
            async with block:
                with pytest.raises(NestedCommandError) as refused:
                    await asyncio.create_task(block.__aenter__(), context=contextvars.Context())
                assert aggregate.context.name == "for a"
        else:
            await end_of(through(block))
            with pytest.raises(NestedCommandError) as refused:
                await through(block)
        assert str(refused.value) == ENTERED
        assert current.get() is None


async def through(block: Any) -> None:
    """Enter a block and leave it."""
    async with block:
        pass


class TestExitInAnotherContext:
    """A command that is ended in another Context than it was opened in."""

    @in_a_loop
    async def test_it_raises_when_nothing_else_is_wrong(self) -> None:
        """By the exact text; leftover events do not replace it; the frame is closed, and after_command does not run."""
        aggregate = hooked()
        block = aggregate.command_aggregate(*opening("a"))

        async def opener() -> str:
            await block.__aenter__()
            aggregate.create_event("left", {}, None)
            opened.set()
            await ended.wait()
            with pytest.raises(CommandEndedError):
                _ = aggregate.context
            return await run(aggregate, "b")  # what is left behind is in nobody's way

        opened, ended = asyncio.Event(), asyncio.Event()
        task = asyncio.create_task(opener())
        await opened.wait()
        async with aggregate.command_aggregate(*opening("c")):
            with pytest.raises(MovedCommandError) as moved:
                await block.__aexit__(None, None, None)
            assert (str(moved.value), moved.value.__cause__) == (MOVED, None)
            assert aggregate.context.name == "for c"  # whoever ends it keeps what is its own
            assert "after" not in [place for place, _ in aggregate.seen]
        ended.set()
        assert await task == "for b"

    @pytest.mark.parametrize("strict", [False, True], ids=["warnings", "warnings as errors"])
    @pytest.mark.parametrize("kind", [LookupError, asyncio.CancelledError, GeneratorExit])
    @in_a_loop
    async def test_another_error_is_kept_and_gets_a_note(self, kind: type[BaseException], strict: bool) -> None:
        """It warns and lets that error go on, also where warnings are errors."""
        block = made(IsolatedAggregate).command_aggregate(*opening("a"))
        await asyncio.create_task(block.__aenter__())
        error = kind("first")
        with warnings.catch_warnings(record=True) as seen:
            warnings.simplefilter("error" if strict else "always")
            assert not await block.__aexit__(kind, error, None)
        assert error.__notes__ == [MOVED]
        assert [(warning.category, str(warning.message)) for warning in seen] == (
            [] if strict else [(RuntimeWarning, MOVED)]
        )
