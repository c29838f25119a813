"""Step 3: the running booking in one context variable."""

import asyncio
from contextvars import ContextVar, copy_context
from typing import Any

from fluvius_demo.lessons.exercises import beliefs
from fluvius_demo.lessons.exercises.bookings import (
    CUSTOMERS,
    Told,
    opened,
    right,
    scene,
    ticket_judge,
    two_at_once,
    usable_office,
    words,
)
from fluvius_demo.lessons.exercises.checked import Belief, Found, Trial
from fluvius_demo.lessons.exercises.orders import has_to_wait, in_every_order
from fluvius_demo.lessons.exercises.usable import alone
from fluvius_demo.lessons.interleave import Make, Scene
from fluvius_demo.lessons.outcomes import compared

_UNSET = object()


def check_variable(answer: Any) -> Found:
    """Look for one context variable, and whether the tickets are right; how a booking ends is the next step's matter.

    Raises BadRequestError where this is no class on which one booking works.
    """
    design = usable_office(answer)
    two = in_every_order("Mia and Noah book at the same time", two_at_once(design), CUSTOMERS)
    both = in_every_order("Mia takes two seats at once, by gather", family(design), CUSTOMERS)
    waits = has_to_wait(two_at_once(design))
    hoped = "Noah's booking ends while Mia's waits for the hall"
    free = Trial("nobody waits for the other", compared(hoped, "Noah's booking waits for Mia's" if waits else hoped))
    count = len(alone(lambda: variables_of(opened(design))).result or ())
    one = Trial("one context variable holds the booking", compared("1 variable is set", _said(count)))
    return Found((two, free, both, one), beliefs.A_LOCK if waits else _belief(design, two, both, count))


def _said(count: int) -> str:
    return f"{count} variables are set" if count > 1 else f"{count or 'no'} variable is set"


async def variables_of(office: Any) -> set[ContextVar[Any]]:
    """Return the context variables that hold something else in a booking at this office than around it."""
    before = copy_context()
    async with office.booking("Mia"):
        await office.take("C5")
        return {variable for variable, value in copy_context().items() if before.get(variable, _UNSET) is not value}


def family(design: type) -> Make:
    """Mia takes two seats in two tasks that her booking waits for."""

    def make() -> Scene:
        office, told = opened(design), Told()

        async def both() -> None:
            async with office.booking("Mia"):
                await asyncio.gather(office.take("C5"), office.take("C6"))
                told.tickets["Mia"] = words(office.ticket())

        return scene({"A": both()}, {"A": ticket_judge("Mia", right("Mia", "C5", "C6"), told)})

    return make


def _belief(design: type, two: Trial, both: Trial, count: int) -> Belief | None:
    if not two.passed and count == 0:
        return beliefs.STILL_ON_SELF if changes_itself(design) else beliefs.ONE_FOR_ALL
    if not two.passed:
        return None if "Overlapping" in two.finding.seen else beliefs.SHARED_OBJECT
    if both.finding.outcome == "refused":
        return beliefs.BY_TASK if count == 0 else beliefs.OWN_TASK_ONLY
    if both.finding.outcome == "wrong":
        return beliefs.FROZEN_COPY
    return beliefs.SEVERAL_VARIABLES if count > 1 else None


def changes_itself(design: type) -> bool:
    """Return whether an attribute of the office is another one in a booking than before it."""

    async def look() -> bool:
        office = opened(design)
        before = {name: repr(value) for name, value in vars(office).items()}
        async with office.booking("Mia"):
            return before != {name: repr(value) for name, value in vars(office).items()}

    return bool(alone(look).result)
