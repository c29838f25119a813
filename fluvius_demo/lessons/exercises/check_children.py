"""Step 6: tasks of a booking work for it while it is open, and are refused once it has ended."""

import asyncio
from typing import Any

from fluvius_demo.lessons.exercises import beliefs
from fluvius_demo.lessons.exercises.bookings import (
    CUSTOMERS,
    NO_BOOKING,
    Judge,
    Told,
    alone_trial,
    books,
    how_it_ended,
    opened,
    right,
    scene,
    seen,
    ticket_judge,
    usable_office,
    words,
)
from fluvius_demo.lessons.exercises.check_variable import family
from fluvius_demo.lessons.exercises.checked import Belief, Found, Trial
from fluvius_demo.lessons.exercises.orders import in_every_order
from fluvius_demo.lessons.interleave import End, Make, Scene
from fluvius_demo.lessons.outcomes import Finding

HOPED = "C7 is on Mia's ticket, or refused"
TOO_LATE = f"{NO_BOOKING}, and a seat is refused"


def check_children(answer: Any) -> Found:
    """Let a task of Mia's booking take a seat in every order, before her booking ends, across its end, and after it.

    Raises BadRequestError where this is no class on which one booking works.
    """
    design = usable_office(answer)
    late = in_every_order("a task that Mia's booking does not wait for", late_friend(design), CUSTOMERS)
    both = in_every_order("two tasks that it waits for, by gather", family(design), CUSTOMERS)
    after = alone_trial("a task that begins after its end", TOO_LATE, lambda: begins_afterwards(opened(design)))
    return Found((late, both, after), _belief(late, both, after))


def late_friend(design: type) -> Make:
    """A task of Mia's booking takes C7, and her booking does not wait for it; Noah books meanwhile."""

    def make() -> Scene:
        office, told, tasks = opened(design), Told(), []

        async def mia() -> None:
            async with office.booking("Mia"):
                tasks.append(asyncio.create_task(takes(office, "C7", told)))
                await office.take("C5")
                told.tickets["Mia"] = words(office.ticket())

        judges = {"A": _judge(told), "B": ticket_judge("Noah", right("Noah", "D1"), told)}
        return scene({"A": mia(), "B": books(office, "Noah", "D1", told)}, judges)

    return make


async def takes(office: Any, seat: str, told: Told) -> None:
    """Take a seat, and note whether that was refused."""
    try:
        await office.take(seat)
    except Exception:
        told.noted[seat] = "refused"
    else:
        told.noted[seat] = "taken"


def _judge(told: Told) -> Judge:
    def judge(end: End) -> Finding:
        if "Mia" not in told.tickets:
            return how_it_ended(HOPED, end)
        ticket, fate = told.tickets["Mia"], told.noted.get("C7")
        if fate is None:
            return Finding("stuck", HOPED, "the task waits for ever")
        if fate == "taken" and "C7" not in ticket:
            whose = "Noah's" if "C7" in told.tickets.get("Noah", "") else "nobody's"
            return Finding("wrong", HOPED, f"C7 was taken, and is on {whose} ticket")
        hers = right("Mia", "C5", "C7") if fate == "taken" else right("Mia", "C5")
        return Finding("correct", HOPED, HOPED) if ticket == hers else Finding("wrong", HOPED, ticket)

    return judge


async def begins_afterwards(office: Any) -> str:
    """Return what a task of Mia's booking sees and may do that begins its work when the booking has ended."""
    ended, told = asyncio.Event(), Told()

    async def friend() -> str:
        await ended.wait()
        sees = seen(office)
        await takes(office, "C7", told)
        return sees

    async with office.booking("Mia"):
        task = asyncio.create_task(friend())
        await office.take("C5")
    ended.set()
    return f"{await task}, and a seat is {told.noted['C7']}"


def _belief(late: Trial, both: Trial, after: Trial) -> Belief | None:
    if not both.passed:
        return beliefs.OWN_TASK_ONLY if both.finding.outcome == "refused" else beliefs.FROZEN_COPY
    if late.finding.outcome == "wrong" and after.passed:
        return beliefs.BEFORE_THE_AWAIT
    if not after.passed:
        return beliefs.QUIETLY_DROPPED if after.finding.seen.startswith(NO_BOOKING) else beliefs.NO_FLAG
    return None
