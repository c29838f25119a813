"""Running one scenario on one design so that nothing is left behind, whatever the design does."""

import asyncio
import warnings
from collections.abc import Awaitable
from contextlib import suppress
from contextvars import Context
from typing import Any, TypeVar

from fluvius_demo.aggregate import Aggregate
from fluvius_demo.banking import Bank
from fluvius_demo.lessons.outcomes import Finding
from fluvius_demo.lessons.pitfalls.pitfall import Limit, Pitfall

T = TypeVar("T")

# Nothing here takes a hundredth of this. It is for a learner's class that waits where none of ours does.
SECONDS = 20


async def judged(pitfall: Pitfall, design: type[Aggregate]) -> Finding:
    """Run a pitfall on a design, in a fresh task and Context.

    Afterwards its tasks are gone, the default queue that commands may share is empty, and the loop reports its errors
    to whom it did before. An error that the scenario did not expect counts as *refused*: it is loud.
    """
    return await clean(pitfall.test(design), design)


async def judged_limit(limit: Limit, design: type[Aggregate], *, remedied: bool) -> Finding:
    """Run what remains of a pitfall on a design, without its remedy or with it; it leaves nothing behind, either."""
    return await clean(limit.test(design, remedied), design)


async def clean(test: Awaitable[T], design: type[Aggregate]) -> T | Finding:
    """Run a test that may do to this loop and to this design's shared queue what it likes; see `judged`."""
    loop, others = asyncio.get_running_loop(), asyncio.all_tasks()
    handler = loop.get_exception_handler()
    # What a task or a generator reports to the loop is part of many scenarios: those look at it, nobody else needs to.
    loop.set_exception_handler(lambda _loop, _report: None)
    _emptied(design)
    try:
        return await asyncio.create_task(_in_time(test), context=Context())
    finally:
        left = asyncio.all_tasks() - others
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        _emptied(design)
        loop.set_exception_handler(handler)


async def _in_time(test: Awaitable[T]) -> T | Finding:
    limit = asyncio.timeout(SECONDS)
    try:
        async with limit:
            # Filters may belong to the Context, and so are set here. A command that ends elsewhere, while an error is
            # on its way, warns; the scenario judges what comes of it.
            with warnings.catch_warnings():
                warnings.filterwarnings("ignore", "Cannot end ", RuntimeWarning)
                return await test
    except Exception as error:
        if limit.expired():
            return Finding("stuck", "that the scenario ends", f"it has not ended after {SECONDS} s")
        return Finding.of_error("that the scenario runs", error)


def _emptied(design: type[Aggregate]) -> None:
    """Take what lies in a queue that everybody shares who has opened no command."""

    def take() -> Any:
        with suppress(Exception):  # a design without such a queue refuses, as it should
            Bank(design).aggregate.consume_events()

    Context().run(take)
