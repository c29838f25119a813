"""Step 5: a booking that is interrupted leaves nothing behind, wherever it is and whatever it is."""

import asyncio
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
from fluvius_demo.lessons.exercises.hall import Failing, Hall
from fluvius_demo.lessons.exercises.orders import with_cancellations, with_errors
from fluvius_demo.lessons.interleave import End, Scene
from fluvius_demo.lessons.outcomes import Finding, compared

SWALLOWED = "nobody was told"
AT_ITS_END = "its end was interrupted"


def check_errors(answer: Any) -> Found:
    """Interrupt Mia's booking by an error at each call, by a cancellation at each await, in every order with Noah's.

    Raises BadRequestError where this is no class on which one booking works.
    """
    design = usable_office(answer)
    calls = "an error at each of Mia's calls to the hall"
    error = with_errors(calls, lambda failing: interrupted(design, failing), CUSTOMERS, ("Mia", "C5"))
    awaits = "a cancellation at each await of Mia's booking"
    cancel = with_cancellations(awaits, lambda: interrupted(design), CUSTOMERS)
    within = nested_trial("an error in a booking inside of hers", design, noahs_fails)
    return Found((error, cancel, within), _belief(error, cancel, within))


def interrupted(design: type, failing: Failing | None = None) -> Scene:
    """Mia looks what is open for her when her booking is over, however that came; Noah books meanwhile.

    She must be told of what comes, unless she has her ticket all the same.
    """
    office, told = opened(design, Hall(failing) if failing else None), Told()

    async def mia() -> str:
        try:
            await books(office, "Mia", "C5", told)
        except (Exception, asyncio.CancelledError):
            told.noted["error"] = "was told"
        found, has_ticket = seen(office), "Mia" in told.tickets
        if found != NO_BOOKING:
            return f"{found}: {AT_ITS_END}" if has_ticket and "error" in told.noted else found
        struck = failing.struck if failing else asyncio.current_task().cancelling()
        fine = not struck or "error" in told.noted or told.tickets.get("Mia") == right("Mia", "C5")
        return found if fine else f"{found}, and {SWALLOWED}"

    def judge(end: End) -> Finding:
        return compared(NO_BOOKING, end.result) if end.result else how_it_ended(NO_BOOKING, end)

    noah = ticket_judge("Noah", right("Noah", "D1"), told, whole=True)
    return scene({"A": mia(), "B": books(office, "Noah", "D1", told)}, {"A": judge, "B": noah})


async def noahs_fails(office: Any, inner: Any, told: Told) -> str:
    """Book for Mia; a booking for Noah inside of it fails, and that is dealt with; return Mia's ticket."""
    async with office.booking("Mia"):
        try:
            async with inner.booking("Noah"):
                told.noted["inner"] = "open"
                raise NoSuchRowError
        except Exception:  # wrapped in another one, it was told as well
            told.noted["error"] = "was told"
        await office.take("C5")
        return words(office.ticket()) if "error" in told.noted else SWALLOWED


class NoSuchRowError(Exception):
    """Noah has asked for a row that the hall does not have."""


def _belief(error: Trial, cancel: Trial, within: Trial) -> Belief | None:
    said = [trial.finding.seen for trial in (error, cancel, within)]
    if any(SWALLOWED in seen for seen in said):
        return beliefs.SWALLOWED
    if any(AT_ITS_END in seen for seen in said):
        return beliefs.AWAIT_BEFORE_THE_RESET
    if error.passed:
        return beliefs.ONLY_EXCEPTIONS if not cancel.passed else None
    return beliefs.SET_TOO_EARLY if within.passed else beliefs.NO_FINALLY
