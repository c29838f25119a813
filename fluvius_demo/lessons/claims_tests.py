"""C07 to C09, and C31: tests that drive one shared aggregate, as a test runner runs them.

`asyncio.run` gives each test a Context of its own. One `asyncio.Runner` for several tests, which is what a shared loop
comes to, gives all of them the same Context; so does everything that is not async.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextvars import Context
from typing import Any

from fluvius_demo.aggregate import Aggregate
from fluvius_demo.banking import Bank
from fluvius_demo.legacy import LegacyAggregate
from fluvius_demo.lessons.claims_threads import NO_THREADS, THREADS, in_threads
from fluvius_demo.lessons.claims_trials import NOTHING, apart, whose
from fluvius_demo.lessons.claims_verdict import Part, check
from fluvius_demo.lessons.outcomes import Finding, compared
from fluvius_demo.lessons.overlap import overlap
from fluvius_demo.lessons.trial import deposited

FOUR = ("ana", "ben", "cleo", "dan")
OWN, SHARED = "in a Context for each test, as of asyncio.run", "in one asyncio.Runner for all tests"

Test = Callable[[], Awaitable[Any]]


async def last_of(tests: Iterable[tuple[Test, Context]]) -> Any:
    """Run tests one after the other, each in its Context; return what the last one returns, or its error."""
    ended: Any = None
    for test, context in tests:
        ended = await asyncio.create_task(_kept(test), context=context)
    return ended


async def _kept(test: Test) -> Any:
    try:
        return await test()
    except Exception as error:  # a test that fails is followed by the next one
        return error


async def after_a_failed_test(
    design: type[Aggregate], *, first: Context, last: Context, reset: Context | None
) -> Finding:
    """Return what a test sees before it opens a command, after one that failed in its command; its deposit must work.

    Each of the two runs in the Context that is given. With `reset`, clear_context is called in that one in between.
    """
    bank = await Bank.opened(design, ana=0, ben=0)
    aggregate: Any = bank.aggregate

    async def fails() -> None:
        async with aggregate.command_aggregate(*bank.depositing("ana", 1_00)):
            raise AssertionError

    async def clears() -> None:
        aggregate.clear_context()

    async def passes() -> str:
        seen = whose(aggregate)
        await deposited(bank, "ben", 1_00)
        return seen

    between = [] if reset is None else [(clears, reset)]
    ended = await last_of([(fails, first), *between, (passes, last)])
    if isinstance(ended, Exception):
        return Finding.of_error(NOTHING, ended)
    return compared(NOTHING, ended)


@check("C07", remedy="open commands in the body of an async test that has a task and a Context of its own")
async def own_context_for_a_test(design: type[Aggregate]) -> list[Part]:
    """What does a test see of the one before it that failed?"""
    one = Context()
    return [
        Part(OWN, await after_a_failed_test(design, first=Context(), last=Context(), reset=None)),
        Part(SHARED, await after_a_failed_test(design, first=one, last=one, reset=None), limits=True),
    ]


@check("C08", remedy="reset by the token in a finally, and give the queue no default")
async def no_reset_between_tests(design: type[Aggregate]) -> list[Part]:
    """The same without any reset in between; and an event that a test has created outside of a command."""
    one = Context()
    return [
        Part(SHARED, await after_a_failed_test(design, first=one, last=one, reset=None)),
        Part("for a test's event outside of a command, with a Context for each test", apart(design)),
    ]


@check("C31", remedy="call it in the test itself, not in a fixture that has a Context of its own")
async def clear_resets(design: type[Aggregate]) -> list[Part]:
    """The document's remedy against the above, called in the tests' own Context and in another one."""
    one, another = Context(), Context()
    return [
        Part(
            "when it is called in the Context of the tests",
            await after_a_failed_test(design, first=one, last=one, reset=one),
        ),
        Part(
            "when it is called in a fixture's own Context",
            await after_a_failed_test(design, first=another, last=another, reset=Context()),
            limits=True,
        ),
    ]


@check("C09", remedy="give each test its own aggregate")
async def parallel_tests(design: type[Aggregate]) -> list[Part]:
    """Four tests of one shared aggregate, all in a command at the same time: how many pass, and on the legacy class?

    In processes there is nothing to compare: they share nothing, on any design.
    """
    parts = [_more("in four tasks", await _in_tasks(design), await _in_tasks(LegacyAggregate))]
    if not THREADS:
        return [*parts, Part("in four threads", NO_THREADS, limits=True)]
    return [*parts, _more("in four threads", await _in_threads(design), await _in_threads(LegacyAggregate))]


async def _in_tasks(design: type[Aggregate]) -> int:
    run = await overlap(design, {name: (name, 1_00) for name in FOUR}, FOUR * 3)
    return run.tally.get("correct", 0)


async def _in_threads(design: type[Aggregate]) -> int:
    _, *tests = in_threads(await Bank.opened(design, **dict.fromkeys(FOUR, 0)), FOUR)
    return tests.count("own")


def _more(tried: str, passed: int, on_legacy: int) -> Part:
    told = f"{passed} of 4 pass, on legacy {on_legacy}"
    if passed > on_legacy:
        return Part(f"{tried} ({told})", compared("more", "more"))
    return Part(tried, compared("more than on legacy", told))
