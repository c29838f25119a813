"""Step 3: the running booking in one context variable."""

import asyncio
import threading
from contextvars import ContextVar, copy_context
from typing import Any

from fluvius_demo.lessons.exercises import beliefs
from fluvius_demo.lessons.exercises.beliefs_later import OWN_TASK_ONLY
from fluvius_demo.lessons.exercises.bookings import (
    CUSTOMERS,
    TAKINGS,
    Told,
    opened,
    right,
    scene,
    takings,
    ticket_judge,
    twice_at_once,
    two_at_once,
    usable_office,
)
from fluvius_demo.lessons.exercises.checked import Belief, Found, Trial
from fluvius_demo.lessons.exercises.orders import has_to_wait, in_every_order
from fluvius_demo.lessons.exercises.usable import alone
from fluvius_demo.lessons.interleave import Make, Scene
from fluvius_demo.lessons.outcomes import compared

AGAIN = {"A": "Mia", "B": "Mia again"}
_UNSET = object()


def check_variable(answer: Any) -> Found:
    """Look for one context variable, and whether the tickets are right; how a booking ends is the next step's matter.

    Raises BadRequestError where this is no class on which one booking works.
    """
    design = usable_office(answer)
    two = in_every_order("Mia and Noah book at the same time", two_at_once(design), CUSTOMERS)
    twice = in_every_order("Mia books twice at the same time, and then once more", twice_at_once(design), AGAIN)
    both = in_every_order("Mia takes two seats at once, by gather", family(design), CUSTOMERS)
    waits = has_to_wait(two_at_once(design))
    hoped = "Noah's booking ends while Mia's waits for the hall"
    free = Trial("nobody waits for the other", compared(hoped, "Noah's booking waits for Mia's" if waits else hoped))
    count = len(alone(lambda: variables_of(opened(design))).result or ())
    one = Trial("one context variable holds the booking", compared("1 variable is set", _said(count)))
    trials = (two, twice, free, both, one)
    return Found(trials, beliefs.A_LOCK if waits else _belief(design, two, twice, both, count))


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
                told.keep("Mia", office.ticket())

        mia = ticket_judge("Mia", right("Mia", "C5", "C6"), told)
        return scene({"A": both()}, {"A": mia}, lambda: takings(office, told))

    return make


def _belief(design: type, two: Trial, twice: Trial, both: Trial, count: int) -> Belief | None:
    if any(TAKINGS in trial.finding.seen for trial in (two, twice, both)):
        return beliefs.SUM_BEFORE_THE_AWAIT
    if not two.passed:
        if changes_itself(design):
            return beliefs.STILL_ON_SELF
        if count == 0:
            return beliefs.ONE_FOR_ALL
        return None if "Overlapping" in two.finding.seen else beliefs.SHARED_OBJECT
    if not twice.passed:
        return beliefs.BY_CUSTOMER
    if both.finding.outcome == "refused":
        return beliefs.BY_TASK if count == 0 else OWN_TASK_ONLY
    if both.finding.outcome == "wrong":
        return beliefs.FROZEN_COPY
    return beliefs.SEVERAL_VARIABLES if count > 1 else None


def changes_itself(design: type) -> bool:
    """Return whether an attribute of the office is another one in a booking than before it, or has another inside.

    The takings are about the evening. What a context variable holds as well is another belief's matter.
    """

    async def look() -> bool:
        office = opened(design)
        before = _inside(office)
        async with office.booking("Mia"):
            await office.take("C5")
            held = {id(value) for value in copy_context().values()}
            changed = {name for name, what in _inside(office).items() if before.get(name) != what}
            return any(id(getattr(office, name)) not in held for name in changed)

    return bool(alone(look).result)


def _inside(office: Any) -> dict[str, tuple[str, str]]:
    """Return each attribute in words, with what an object there has; what lies in a variable is not in the office."""
    return {
        name: (repr(value), repr(getattr(value, "__dict__", "")))
        for name, value in vars(office).items()
        if name not in ("hall", "takings") and not isinstance(value, (threading.local, ContextVar))
    }
