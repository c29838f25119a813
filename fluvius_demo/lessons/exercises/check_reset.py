"""Step 4: the end of a booking gives back what was there before it."""

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
    seen,
    two_at_once,
    usable_office,
    words,
)
from fluvius_demo.lessons.exercises.checked import Belief, Found, Trial
from fluvius_demo.lessons.exercises.orders import in_every_order


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
    back = nested_trial("after a booking inside of Mia's booking, hers is back", design, books_for_noah_too)
    return Found((two, after, back), _belief(two, after, back))


async def books_for_noah_too(office: Any, inner: Any, told: Told) -> str:
    """Book for Mia, and while that is open, for Noah; return Mia's ticket."""
    async with office.booking("Mia"):
        await office.take("C5")
        async with inner.booking("Noah"):
            told.noted["inner"] = "open"
            await inner.take("D1")
        return words(office.ticket())


def _belief(two: Trial, after: Trial, back: Trial) -> Belief | None:
    if not after.passed:
        return beliefs.NEVER_RESET
    if not two.passed:
        return beliefs.TOKEN_ON_SELF if "oken" in two.finding.seen else None
    return beliefs.SET_NONE if not back.passed else None
