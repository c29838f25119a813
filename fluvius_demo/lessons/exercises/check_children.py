"""Step 6: tasks of a booking work for it while it is open, and are refused once it has ended."""

import asyncio
from typing import Any

from fluvius_demo.lessons.exercises import beliefs
from fluvius_demo.lessons.exercises import beliefs_later as later
from fluvius_demo.lessons.exercises.bookings import (
    CUSTOMERS,
    NO_BOOKING,
    TAKINGS,
    Judge,
    Told,
    alone_trial,
    books,
    how_it_ended,
    opened,
    right,
    scene,
    seen,
    takings,
    ticket_judge,
    usable_office,
    words,
)
from fluvius_demo.lessons.exercises.check_errors import NoSuchRowError
from fluvius_demo.lessons.exercises.check_variable import family
from fluvius_demo.lessons.exercises.checked import Belief, Found, Trial
from fluvius_demo.lessons.exercises.hall import PRICE
from fluvius_demo.lessons.exercises.orders import in_every_order
from fluvius_demo.lessons.interleave import End, Make, Scene
from fluvius_demo.lessons.outcomes import Finding

HOPED = "C7 is on Mia's ticket, or refused"
TOO_LATE = f"{NO_BOOKING}, and a seat is refused"
DROPPED = "dropped without a word"


def check_children(answer: Any) -> Found:
    """Let a task of Mia's booking take a seat in every order, before her booking ends, across its end, and after it.

    Raises BadRequestError where this is no class on which one booking works.
    """
    design = usable_office(answer)
    late = in_every_order("a task that Mia's booking does not wait for", late_friend(design), CUSTOMERS)
    both = in_every_order("two tasks that it waits for, by gather", family(design), CUSTOMERS)
    after = alone_trial("a task that begins after its end", TOO_LATE, lambda: begins_afterwards(opened(design)))
    bad = alone_trial("the same, after an error or a cancellation", TOO_LATE, lambda: after_a_bad_end(design))
    hoped = f"C7 is refused; {right('Noah', 'D1')}"
    busy = alone_trial(
        "a task that begins in the next booking of the same code", hoped, lambda: begins_in_the_next(opened(design))
    )
    return Found((late, both, after, bad, busy), _belief(late, both, after, bad, busy))


def late_friend(design: type) -> Make:
    """A task of Mia's booking takes C7, and her booking does not wait for it; Noah books meanwhile."""

    def make() -> Scene:
        office, told, tasks = opened(design), Told(), []

        async def mia() -> None:
            async with office.booking("Mia"):
                tasks.append(asyncio.create_task(takes(office, "C7", told)))
                await office.take("C5")
                told.keep("Mia", office.ticket())

        judges = {"A": _judge(told, tasks), "B": ticket_judge("Noah", right("Noah", "D1"), told)}
        commands = {"A": mia(), "B": books(office, "Noah", "D1", told)}
        return scene(commands, judges, lambda: takings(office, told))

    return make


async def takes(office: Any, seat: str, told: Told) -> None:
    """Take a seat, and note whether that was refused."""
    try:
        await office.take(seat)
    except Exception:
        told.noted[seat] = "refused"
    else:
        told.noted[seat] = "taken"


def _judge(told: Told, tasks: list[asyncio.Task]) -> Judge:
    def judge(end: End) -> Finding:
        if "Mia" not in told.tickets:
            return how_it_ended(HOPED, end)
        ticket = told.tickets["Mia"]
        fate = "refused" if tasks[0].cancelled() else told.noted.get("C7")  # to cancel it is to refuse it
        if fate is None:
            return Finding("stuck", HOPED, "the task waits for ever")
        if fate == "taken" and "C7" not in ticket:
            whose = "Noah's" if "C7" in told.tickets.get("Noah", "") else "nobody's"
            return Finding("wrong", HOPED, f"C7 was taken, and is on {whose} ticket")
        hers = right("Mia", "C5", "C7") if fate == "taken" else right("Mia", "C5")
        return Finding("correct", HOPED, HOPED) if ticket == hers else Finding("wrong", HOPED, ticket)

    return judge


async def begins_afterwards(office: Any, interruption: BaseException | None = None) -> str:
    """Return what a task of Mia's booking sees and may do that begins its work when the booking has ended.

    `interruption`: what ends it, else it comes to its good end.
    """
    ended, told, kept = asyncio.Event(), Told(), []

    async def friend() -> str:
        await ended.wait()
        sees = seen(office)
        await takes(office, "C7", told)
        return sees

    try:
        async with office.booking("Mia"):
            task = asyncio.create_task(friend())
            await office.take("C5")
            if interruption is not None:
                raise interruption
    except (Exception, asyncio.CancelledError) as error:
        if interruption is None:
            raise
        kept.append(error)  # as a log would, and with it all that its frames hold
    ended.set()
    await asyncio.wait([task])
    if task.cancelled():
        return TOO_LATE
    fate = DROPPED if told.noted["C7"] == "taken" and office.takings == PRICE else told.noted["C7"]
    return f"{task.result()}, and a seat is {fate}"


async def after_a_bad_end(design: type) -> str:
    """Return the same for an error and a cancellation: the first thing that is not as it should be."""
    for interruption, what in ((NoSuchRowError(), "an error"), (asyncio.CancelledError(), "a cancellation")):
        found = await begins_afterwards(opened(design), interruption)
        if found != TOO_LATE:
            return f"after {what}, {found}"
    return TOO_LATE


async def begins_in_the_next(office: Any) -> str:
    """Return what becomes of a seat that a task of Mia's booking takes while the same code has Noah's open."""
    ended, told = asyncio.Event(), Told()

    async def friend() -> None:
        await ended.wait()
        await takes(office, "C7", told)

    async with office.booking("Mia"):
        task = asyncio.create_task(friend())
    async with office.booking("Noah"):
        ended.set()
        await asyncio.wait([task])
        await office.take("D1")
        fate = "refused" if task.cancelled() else told.noted["C7"]
        return f"C7 is {fate}; {words(office.ticket())}"


def _belief(late: Trial, both: Trial, after: Trial, bad: Trial, busy: Trial) -> Belief | None:
    if not both.passed:
        return later.OWN_TASK_ONLY if both.finding.outcome == "refused" else beliefs.FROZEN_COPY
    if not after.passed:
        sees, _, seat = after.finding.seen.partition(", and a seat is ")
        if seat == DROPPED:
            return later.QUIETLY_DROPPED
        return later.ONE_METHOD_ONLY if (sees == NO_BOOKING) != (seat == "refused") else later.NO_FLAG
    if not bad.passed:
        return later.GOOD_END_ONLY
    if not busy.passed:
        return later.MARK_ON_SELF
    if TAKINGS in late.finding.seen:
        return later.PAID_BEFORE
    return later.BEFORE_THE_AWAIT if late.finding.outcome == "wrong" else None
