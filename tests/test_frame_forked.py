"""A process that is forked inside of a command has a copy of it, which belongs to nobody (P23)."""

import os
from collections.abc import Callable

import pytest
from helpers import in_a_loop, made, needs, opening

from fluvius_demo import IsolatedAggregate
from fluvius_demo.errors import CommandEndedError
from fluvius_demo.frame import current

pytestmark = [
    needs("processes"),
    pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork"),
    pytest.mark.filterwarnings("ignore:This process:DeprecationWarning"),
]


def told_by_a_fork(work: Callable[[], object]) -> str:
    """Return what `work` returns or raises in a forked process, as text."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writer, str(work()).encode())
        except Exception as error:
            os.write(writer, f"{type(error).__name__}: {error}".encode())
        finally:
            os._exit(0)
    os.close(writer)
    with open(reader) as said:
        text = said.read()
    os.waitpid(child, 0)
    return text


class TestInTheChild:
    """Whatever it would do for the command, nobody would ever see."""

    @in_a_loop
    async def test_an_event_is_refused_and_the_text_says_why(self) -> None:
        """Before, it went into the copy, silently."""
        aggregate = made(IsolatedAggregate)
        async with aggregate.command_aggregate(*opening("a")):
            assert told_by_a_fork(lambda: aggregate.create_event("lost", {}, None)) == (
                "CommandEndedError: Aggregate context has ended. Cannot create an event: the command that this code "
                "works for has ended, or stays with the process that this one was forked from. To solve this, await "
                "the work inside of the command, or open a command for it."
            )

    @in_a_loop
    async def test_no_command_is_seen_whatever_is_around(self) -> None:
        """The commands around it are copies, too."""
        outer, inner = made(IsolatedAggregate), made(IsolatedAggregate)
        async with outer.command_aggregate(*opening("a")), inner.command_aggregate(*opening("b")):
            for aggregate in (outer, inner):
                assert "'has_command': False" in told_by_a_fork(aggregate.get_context_state)

    @in_a_loop
    async def test_it_can_leave_the_block(self) -> None:
        """Its copy is closed once more, and there is no other error."""
        aggregate = made(IsolatedAggregate)
        block = aggregate.command_aggregate(*opening("a"))
        await block.__aenter__()
        assert told_by_a_fork(lambda: (current.get().close(), current.get().closed)) == "(0, True)"
        await block.__aexit__(None, None, None)


class TestInTheParent:
    """It notices nothing."""

    @in_a_loop
    async def test_the_command_is_as_open_as_before(self) -> None:
        """The copy is closed, not this one; and a command that has really ended is still told in the usual words."""
        aggregate = made(IsolatedAggregate)
        async with aggregate.command_aggregate(*opening("a")):
            told_by_a_fork(aggregate.get_context_state)
            aggregate.create_event("kept", {}, None)
            assert [event.event for event in aggregate.consume_events()] == ["kept"]
            frame = current.get()
        token = current.set(frame)
        try:
            with pytest.raises(CommandEndedError, match=r"this code works for has ended\. To solve"):
                aggregate.create_event("late", {}, None)
        finally:
            current.reset(token)
