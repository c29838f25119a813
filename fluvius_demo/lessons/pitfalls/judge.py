"""Running one scenario on one design so that nothing is left behind, whatever the design does."""

import asyncio
import warnings
from collections.abc import Awaitable
from contextlib import suppress
from contextvars import Context
from typing import Any

from fluvius_demo.aggregate import Aggregate
from fluvius_demo.banking import Bank
from fluvius_demo.lessons.outcomes import Finding
from fluvius_demo.lessons.pitfalls.pitfall import Limit, Pitfall

# Nothing here takes a hundredth of this. It is for a learner's class that waits where none of ours does.
SECONDS = 20


async def judged(pitfall: Pitfall, design: type[Aggregate]) -> Finding:
    """Run a pitfall on a design, in a fresh task and Context.

    Afterwards its tasks are gone, the default queue that commands may share is empty, and the loop reports its errors
    to whom it did before. An error that the scenario did not expect counts as *refused*: it is loud.
    """
    return await _clean(pitfall.test(design), design)


async def judged_limit(limit: Limit, design: type[Aggregate], *, remedied: bool) -> Finding:
    """Run what remains of a pitfall on a design, without its remedy or with it; it leaves nothing behind, either."""
    return await _clean(limit.test(design, remedied), design)


async def _clean(test: Awaitable[Finding], design: type[Aggregate]) -> Finding:
    loop, others = asyncio.get_running_loop(), asyncio.all_tasks()
    handler = loop.get_exception_handler()
    # What a task or a generator reports to the loop is part of many scenarios: those look at it, nobody else needs to.
    loop.set_exception_handler(lambda _loop, _report: None)
    _emptied(design)
    try:
        with warnings.catch_warnings():
            # A command that ends elsewhere, while an error is on its way, warns. The scenario judges what comes of it.
            warnings.filterwarnings("ignore", "Cannot end ", RuntimeWarning)
            return await asyncio.create_task(_in_time(test), context=Context())
    finally:
        left = asyncio.all_tasks() - others
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        _emptied(design)
        loop.set_exception_handler(handler)


async def _in_time(test: Awaitable[Finding]) -> Finding:
    limit = asyncio.timeout(SECONDS)
    try:
        async with limit:
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
