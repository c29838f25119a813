"""A judge whom no design harms: whatever a test does to the loop is undone."""

import asyncio
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable
from contextvars import Context, ContextVar, copy_context
from typing import Any

import pytest
from quiet import quietly

from fluvius_demo.aggregate import Aggregate
from fluvius_demo.isolated import IsolatedAggregate
from fluvius_demo.lessons.pitfalls.judge import clean
from fluvius_demo.migrated import MigratedAggregate

Test = Callable[[], Awaitable[Any]]

VARIABLE: ContextVar[str] = ContextVar("variable")


def judged(test: Test, design: type[Aggregate] = IsolatedAggregate) -> Any:
    """Return what the judge makes of it; fail where anything is left: a task, a complaint, a handler, a filter."""

    async def scenario() -> Any:
        loop, before = asyncio.get_running_loop(), (dict(copy_context().items()), [*warnings.filters])
        handler = loop.get_exception_handler()
        found = await clean(test(), design)
        assert loop.get_exception_handler() is handler
        assert (dict(copy_context().items()), [*warnings.filters]) == before
        assert asyncio.all_tasks() == {asyncio.current_task()}
        return found

    return quietly(scenario())


async def fine() -> str:
    """Do nothing."""
    return "fine"


async def for_ever() -> None:
    """Wait for nobody."""
    await asyncio.Event().wait()


async def waits_whenever_it_is_cancelled() -> None:
    """Wait once more as it ends."""
    try:
        await for_ever()
    finally:
        await for_ever()


async def starts_another() -> None:
    """Have the work done by somebody else as it ends."""
    try:
        await for_ever()
    finally:
        VARIABLE.set(f"kept: {asyncio.create_task(waits_whenever_it_is_cancelled())}")


async def fails_as_it_ends() -> None:
    """Raise, where nobody looks."""
    try:
        await for_ever()
    finally:
        raise RuntimeError("nobody reads this")


class TestWhatATestDoesToTheLoop:
    """Is undone."""

    def test_its_result_is_returned(self) -> None:
        """As it is, where all is well."""
        assert judged(fine) == "fine"

    def test_a_handler_and_filters_and_variables(self) -> None:
        """They are as before."""

        async def test() -> None:
            asyncio.get_running_loop().set_exception_handler(print)
            warnings.simplefilter("ignore")
            VARIABLE.set("left")

        assert judged(test) is None

    def test_a_handler_that_is_none(self) -> None:
        """Is none afterwards."""

        async def scenario() -> None:
            await clean(fine(), IsolatedAggregate)
            assert asyncio.get_running_loop().get_exception_handler() is None

        asyncio.run(scenario())

    @pytest.mark.parametrize("work", [for_ever, waits_whenever_it_is_cancelled, starts_another, fails_as_it_ends])
    def test_tasks(self, work: Callable[[], Any]) -> None:
        """However they end."""

        async def test() -> str:
            kept.append(asyncio.create_task(work(), context=Context()))
            await asyncio.sleep(0)
            return "fine"

        kept: list[asyncio.Task] = []
        assert judged(test) == "fine"
        assert kept[0].done()

    def test_what_others_start_meanwhile_goes_on(self) -> None:
        """A notebook's kernel has a task in this loop for each cell that waits: cancelled, it would hang."""

        async def scenario() -> bool:
            kept: list[asyncio.Task] = []
            asyncio.get_running_loop().call_soon(lambda: kept.append(asyncio.create_task(for_ever())))
            await clean(two_rounds(), IsolatedAggregate)
            goes_on = not kept[0].done()
            kept[0].cancel()
            await asyncio.gather(*kept, return_exceptions=True)
            return goes_on

        async def two_rounds() -> None:
            await asyncio.sleep(0)
            await asyncio.sleep(0)

        assert asyncio.run(scenario())

    def test_a_task_that_has_not_begun(self) -> None:
        """Never does."""

        async def test() -> str:
            kept.append(asyncio.create_task(for_ever()))
            return "fine"

        kept: list[asyncio.Task] = []
        assert judged(test) == "fine"
        assert kept[0].cancelled()

    def test_a_generator_that_is_dropped_with_the_test(self) -> None:
        """The loop closes it in a task of its own, which is over, too."""

        async def steps() -> AsyncIterator[None]:
            try:
                yield
            finally:
                await asyncio.sleep(0)
                closed.append(True)

        async def test() -> str:
            generator = steps()
            await anext(generator)
            return "fine"

        closed: list[bool] = []
        assert judged(test) == "fine"
        assert closed == [True]

    def test_events_in_the_queue_that_all_share(self) -> None:
        """They are taken, before and afterwards."""

        def shared() -> int:
            return Context().run(MigratedAggregate._evt_queue_var.get).qsize()

        async def test() -> int:
            found = shared()
            Context().run(MigratedAggregate._evt_queue_var.get).put("stray")
            return found

        Context().run(MigratedAggregate._evt_queue_var.get).put("of somebody else")
        assert judged(test, MigratedAggregate) == 0
        assert shared() == 0
