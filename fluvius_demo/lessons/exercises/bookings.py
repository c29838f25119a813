"""What customers do at a box office, and how it is told: what the checks of several steps share."""

from collections.abc import Callable, Coroutine, Mapping
from contextvars import Context
from dataclasses import dataclass, field
from typing import Any

from fluvius_demo.lessons.exercises.checked import Trial
from fluvius_demo.lessons.exercises.hall import Hall
from fluvius_demo.lessons.exercises.orders import in_every_order
from fluvius_demo.lessons.exercises.usable import usable
from fluvius_demo.lessons.interleave import End, Make, Scene, Verdict
from fluvius_demo.lessons.outcomes import Finding, compared

CUSTOMERS = {"A": "Mia", "B": "Noah"}
NO_BOOKING = "no booking is open"
Judge = Callable[[End], Finding]


@dataclass
class Told:
    """What came of the visits: the `tickets` by customer, in words, and what somebody has `noted`."""

    tickets: dict[str, str] = field(default_factory=dict)
    noted: dict[str, str] = field(default_factory=dict)


def usable_office(answer: Any) -> type:
    """Return the class, if one booking alone works on it. Raises BadRequestError."""

    async def one(design: type) -> str:
        told = Told()
        await books(opened(design), "Mia", "C5", told)
        return told.tickets["Mia"]

    return usable(answer, ("booking", "take", "ticket"), "one booking", one, right("Mia", "C5"))


def opened(design: type) -> Any:
    """Return a new office. What its `__init__` sets in a Context stays there, and reaches no booking."""
    return Context().run(design, Hall())


def words(ticket: Any) -> str:
    """Return a ticket in words: "C5 for Mia, on Mia's card". Raises whatever a ticket of another shape raises."""
    seats = " and ".join(sorted(ticket["seats"])) or "no seat"
    return f"{seats} for {ticket['customer']}, on {ticket['card']}"


def right(customer: str, *seats: str) -> str:
    """Return what the ticket of this customer should be, in words."""
    return words({"customer": customer, "card": f"{customer}'s card", "seats": seats})


def seen(office: Any) -> str:
    """Return whose booking is open, as seen from here; an office that refuses to say has none open."""
    try:
        customer = office.ticket()["customer"]
    except Exception:  # as loud as it can be
        return NO_BOOKING
    return f"{customer}'s booking is open" if customer else NO_BOOKING


async def books(office: Any, customer: str, seat: str, told: Told) -> None:
    """Book a seat: three steps on the office as it was found, which awaits the hall twice."""
    async with office.booking(customer):
        await office.take(seat)
        told.tickets[customer] = words(office.ticket())


def ticket_judge(customer: str, hoped: str, told: Told, *, whole: bool = False) -> Judge:
    """Return a judge of a customer's ticket. With `whole` the booking must also have ended without an error."""

    def judge(end: End) -> Finding:
        if customer not in told.tickets or (whole and end.error is not None):
            return how_it_ended(hoped, end)
        return compared(hoped, told.tickets[customer])

    return judge


def how_it_ended(hoped: str, end: End) -> Finding:
    """Return the finding for a command that has not given what was hoped: stuck, refused, or wrong."""
    if end.stuck:
        return Finding("stuck", hoped, "it waits for ever")
    if end.error is None:
        return Finding("wrong", hoped, str(end.result))
    found = Finding.of_error(hoped, end.error)
    # A task tells of itself in words that differ on each run.
    return Finding("refused", hoped, type(end.error).__name__) if "<Task " in found.seen else found


def scene(commands: Mapping[str, Coroutine[Any, Any, Any]], judges: Mapping[str, Judge]) -> Scene:
    """Return a scene in which each command has a judge of its own, who is given its End."""
    return Scene(dict(commands), lambda ends: Verdict(tuple((name, judges[name](end)) for name, end in ends.items())))


def two_at_once(design: type, *, whole: bool = False) -> Make:
    """Mia and Noah book at one office; with `whole`, their bookings must also end without an error."""

    def make() -> Scene:
        office, told = opened(design), Told()
        commands = {"A": books(office, "Mia", "C5", told), "B": books(office, "Noah", "D1", told)}
        mia = ticket_judge("Mia", right("Mia", "C5"), told, whole=whole)
        return scene(commands, {"A": mia, "B": ticket_judge("Noah", right("Noah", "D1"), told, whole=whole)})

    return make


def alone_trial(name: str, hoped: str, work: Callable[[], Coroutine[Any, Any, str]]) -> Trial:
    """Run this alone, with nobody else around, and compare what it returns with what was hoped."""

    def judge(end: End) -> Finding:
        return how_it_ended(hoped, end) if end.stuck or end.error is not None else compared(hoped, end.result)

    return in_every_order(name, lambda: scene({"A": work()}, {"A": judge}), CUSTOMERS)


def nested_trial(name: str, design: type, work: Callable[[Any, Any, Told], Coroutine[Any, Any, str]]) -> Trial:
    """Run `work(office, inner office, told)`, which opens a booking inside of Mia's, and returns her ticket with C5.

    Both at one office; a class may refuse that, and then at two. `work` notes "inner" once the inner one is open.
    """
    hoped, told = right("Mia", "C5"), Told()

    def at_one() -> Coroutine[Any, Any, str]:
        office = opened(design)
        return work(office, office, told)

    found = alone_trial(name, hoped, at_one)
    if found.finding.outcome == "refused" and "inner" not in told.noted:
        return alone_trial(name, hoped, lambda: work(opened(design), opened(design), Told()))
    return found
