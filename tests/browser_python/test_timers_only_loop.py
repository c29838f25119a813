"""The loop of the tests in the browser's Python, on any Python."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest
from timers_only_loop import TimersOnlyLoop


def run(work: Coroutine[Any, Any, Any]) -> Any:
    """Run the coroutine on such a loop, in debug mode."""
    with asyncio.Runner(debug=True, loop_factory=TimersOnlyLoop) as runner:
        return runner.run(work)


def test_timers_run_when_they_are_due() -> None:
    """In the order of their times, and none too early."""

    async def scenario() -> tuple[list[str], bool]:
        loop, seen = asyncio.get_running_loop(), list[str]()
        begin = loop.time()
        loop.call_later(0.02, seen.append, "late")
        loop.call_later(0.01, seen.append, "early")
        loop.call_soon_threadsafe(seen.append, "at once")
        await asyncio.sleep(0.03)
        return seen, loop.time() - begin >= 0.03 - 0.001

    assert run(scenario()) == (["at once", "early", "late"], True)


def test_a_timeout_ends_what_never_ends() -> None:
    """Also where only a timer is left."""

    async def scenario() -> None:
        async with asyncio.timeout(0.01):
            await asyncio.Event().wait()

    with pytest.raises(TimeoutError):
        run(scenario())


def test_a_deadlock_is_an_error() -> None:
    """And the task that waits is cancelled, as when `asyncio.run` is interrupted."""
    seen = []

    async def scenario() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            seen.append("cleaned up")

    with pytest.raises(RuntimeError, match="Deadlock: no task can go on, and no timer is set"):
        run(scenario())
    assert seen == ["cleaned up"]
