"""Step 5: a booking that is interrupted leaves nothing behind, wherever it is and whatever it is."""

import asyncio
from contextlib import suppress
from typing import Any

from fluvius_demo.lessons.exercises import beliefs
from fluvius_demo.lessons.exercises.bookings import (
    CUSTOMERS,
    NO_BOOKING,
    Told,
    books,
    how_it_ended,
    nested_trial,
    opened,
    right,
    scene,
    seen,
    ticket_judge,
    usable_office,
    words,
)
from fluvius_demo.lessons.exercises.checked import Belief, Found, Trial
from fluvius_demo.lessons.exercises.orders import with_faults
from fluvius_demo.lessons.interleave import End, Make, Scene
from fluvius_demo.lessons.outcomes import Finding, compared

SWALLOWED = "nobody was told of the error"


def check_errors(answer: Any) -> Found:
    """Interrupt Mia's booking by an error and by a cancellation, at each await, in every order with Noah's.

    Raises BadRequestError where this is no class on which one booking works.
    """
    design = usable_office(answer)
    make = interrupted(design)
    error = with_faults("an error at each await of Mia's booking", make, CUSTOMERS, "error", "A")
    cancel = with_faults("a cancellation at each await of Mia's booking", make, CUSTOMERS, "cancel", "A")
    within = nested_trial("an error in a booking inside of hers", design, noahs_fails)
    return Found((error, cancel, within), _belief(error, cancel, within))


def interrupted(design: type) -> Make:
    """Mia looks what is open for her when her booking is over, however that came; Noah books meanwhile."""

    def make() -> Scene:
        office, told = opened(design), Told()

        async def mia() -> str:
            with suppress(Exception, asyncio.CancelledError):
                await books(office, "Mia", "C5", told)
            return seen(office)

        def judge(end: End) -> Finding:
            return compared(NO_BOOKING, end.result) if end.result else how_it_ended(NO_BOOKING, end)

        noah = ticket_judge("Noah", right("Noah", "D1"), told, whole=True)
        return scene({"A": mia(), "B": books(office, "Noah", "D1", told)}, {"A": judge, "B": noah})

    return make


async def noahs_fails(office: Any, inner: Any, told: Told) -> str:
    """Book for Mia; a booking for Noah inside of it fails, and that is dealt with; return Mia's ticket."""
    async with office.booking("Mia"):
        try:
            async with inner.booking("Noah"):
                told.noted["inner"] = "open"
                raise NoSuchRowError
        except NoSuchRowError:
            told.noted["error"] = "was told"
        await office.take("C5")
        return words(office.ticket()) if "error" in told.noted else SWALLOWED


class NoSuchRowError(Exception):
    """Noah has asked for a row that the hall does not have."""


def _belief(error: Trial, cancel: Trial, within: Trial) -> Belief | None:
    if within.finding.seen == SWALLOWED:
        return beliefs.SWALLOWED
    if error.passed:
        return beliefs.ONLY_EXCEPTIONS if not cancel.passed else None
    return beliefs.SET_TOO_EARLY if within.passed else beliefs.NO_FINALLY
