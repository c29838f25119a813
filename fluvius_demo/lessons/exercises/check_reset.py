"""Step 4: the end of a booking gives back what was there before it."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any

from fluvius_demo.lessons.exercises import beliefs
from fluvius_demo.lessons.exercises.bookings import (
    CUSTOMERS,
    NO_BOOKING,
    Told,
    alone_trial,
    books,
    nested_trial,
    opened,
    right,
    seen,
    twice_at_once,
    two_at_once,
    usable_office,
    words,
)
from fluvius_demo.lessons.exercises.check_variable import AGAIN
from fluvius_demo.lessons.exercises.checked import Belief, Found, Trial
from fluvius_demo.lessons.exercises.orders import in_every_order

NOT_WITHIN = "the booking inside is refused"
ALL_THREE = "; ".join((right("Mia", "C5"), right("Noah", "D1"), right("Ada", "E2")))


def check_reset(answer: Any) -> Found:
    """Look at what is there after a booking's end: alone, inside of another one, and while another one is open.

    Raises BadRequestError where this is no class on which one booking works.
    """
    design = usable_office(answer)

    async def looks_afterwards() -> str:
        office = opened(design)
        await books(office, "Mia", "C5", Told())
        return seen(office)

    two = in_every_order(
        "two bookings at the same time end without an error", two_at_once(design, whole=True), CUSTOMERS
    )
    after = alone_trial("after its end, nothing of it is open", NO_BOOKING, looks_afterwards)
    twice = in_every_order("two of Mia's own end without an error", twice_at_once(design, whole=True), AGAIN)
    back = nested_trial("after a booking inside of Mia's booking, hers is back", design, books_for_noah_too)
    tasks = nested_trial("two tasks of her booking each open one for somebody else", design, books_by_tasks, ALL_THREE)
    return Found((two, after, twice, back, tasks), _belief(two, after, twice, back, tasks))


async def books_for_noah_too(office: Any, inner: Any, told: Told) -> str:
    """Book for Mia, and while that is open, for Noah; return Mia's ticket."""
    async with office.booking("Mia"):
        await office.take("C5")
        async with AsyncExitStack() as ending:
            try:
                await ending.enter_async_context(inner.booking("Noah"))
            except Exception as error:
                raise RuntimeError(f"{NOT_WITHIN}: {error}") from error
            told.noted["inner"] = "open"
            await inner.take("D1")
        return words(office.ticket())


async def books_by_tasks(office: Any, inner: Any, told: Told) -> str:
    """Book for Mia, and in two tasks of her booking for Noah and Ada; return all tickets."""

    async def one(customer: str, seat: str) -> None:
        async with inner.booking(customer):
            told.noted["inner"] = "open"
            await inner.take(seat)
            told.keep(customer, inner.ticket())

    async with office.booking("Mia"):
        for failed in await asyncio.gather(one("Noah", "D1"), one("Ada", "E2"), return_exceptions=True):
            if failed is not None:
                raise failed
        await office.take("C5")
        told.keep("Mia", office.ticket())
    return "; ".join(told.tickets[customer] for customer in ("Mia", "Noah", "Ada"))


def _belief(two: Trial, after: Trial, twice: Trial, back: Trial, tasks: Trial) -> Belief | None:
    if not after.passed:
        return beliefs.NEVER_RESET
    if not two.passed:
        return beliefs.TOKEN_ON_SELF if "oken" in two.finding.seen else None
    if not twice.passed:
        return beliefs.BY_CUSTOMER
    if NOT_WITHIN in back.finding.seen:
        return beliefs.GUARDED_WITHIN
    if not back.passed and "oken" not in back.finding.seen:
        return beliefs.A_LOCK if back.finding.outcome == "stuck" else beliefs.SET_NONE
    return beliefs.CHANGED_IN_PLACE if not tasks.passed else None
