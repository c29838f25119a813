"""What customers do at a box office, and how it is told: what the checks of several steps share."""

import re
from collections.abc import Callable, Coroutine, Mapping
from contextlib import nullcontext, suppress
from contextvars import Context
from dataclasses import dataclass, field
from typing import Any

from fluvius_demo.lessons.exercises.checked import Trial
from fluvius_demo.lessons.exercises.hall import CHEAP, PRICE, Hall
from fluvius_demo.lessons.exercises.orders import in_every_order
from fluvius_demo.lessons.exercises.usable import usable
from fluvius_demo.lessons.interleave import End, Make, Scene, Verdict
from fluvius_demo.lessons.outcomes import Finding, compared

CUSTOMERS = {"A": "Mia", "B": "Noah"}
TAKINGS = "the takings are"
NO_BOOKING = "no booking is open"
Judge = Callable[[End], Finding]


@dataclass
class Told:
    """What came of the visits: the `tickets` by customer, in words, their `seats`, and what somebody has `noted`."""

    tickets: dict[str, str] = field(default_factory=dict)
    seats: list[str] = field(default_factory=list)
    noted: dict[str, str] = field(default_factory=dict)

    def keep(self, whose: str, ticket: Any) -> None:
        """Keep a ticket. Raises whatever a ticket of another shape raises."""
        self.tickets[whose] = words(ticket)
        self.seats += ticket["seats"]


def usable_office(answer: Any) -> type:
    """Return the class, if one booking alone works on it. Raises BadRequestError."""

    async def one(design: type) -> str:
        told = Told()
        office = opened(design)
        await books(office, "Mia", "C5", told)
        return f"{told.tickets['Mia']}; {takings(office, told).seen}"

    hoped = f"{right('Mia', 'C5')}; {TAKINGS} {PRICE}"
    return usable(answer, ("booking", "take", "ticket"), "one booking", one, hoped)


def opened(design: type, hall: Hall | None = None) -> Any:
    """Return a new office. What its `__init__` sets in a Context stays there, and reaches no booking."""
    return Context().run(design, hall or Hall())


def takings(office: Any, told: Told) -> Finding:
    """Compare the office's takings with what the seats on the tickets cost."""
    cost = sum(PRICE if seat[0] in "ABCD" else CHEAP for seat in told.seats)
    return compared(f"{TAKINGS} {cost}", f"{TAKINGS} {getattr(office, 'takings', 'gone')}")


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


async def books(office: Any, customer: str, seat: str, told: Told, whose: str = "") -> None:
    """Book a seat: three steps on the office as it was found, which awaits the hall twice.

    The ticket is kept under the customer's name, or as `whose` it is.
    """
    async with office.booking(customer):
        await office.take(seat)
        told.keep(whose or customer, office.ticket())


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
    # A task tells of itself in words, and has a name, that differ on each run.
    said = type(end.error).__name__ if "<Task " in found.seen else re.sub(r"Task-\d+", "Task-…", found.seen)
    return Finding("refused", hoped, said)


def scene(
    commands: Mapping[str, Coroutine[Any, Any, Any]],
    judges: Mapping[str, Judge],
    sums: Callable[[], Finding] | None = None,
) -> Scene:
    """Return a scene in which each command has a judge of its own, who is given its End.

    `sums` has a word only where all commands come out as they should, and then only against: it falls to the first.
    """

    def judge(ends: Mapping[str, End]) -> Verdict:
        findings = {name: judges[name](end) for name, end in ends.items()}
        if sums is not None and all(finding.outcome == "correct" for finding in findings.values()):
            first = next(iter(findings))
            counted = sums()
            findings[first] = findings[first] if counted.outcome == "correct" else counted
        return Verdict(tuple(findings.items()))

    return Scene(dict(commands), judge)


def two_at_once(design: type, *, whole: bool = False) -> Make:
    """Mia and Noah book at one office; with `whole`, their bookings must also end without an error."""

    def make() -> Scene:
        office, told = opened(design), Told()
        commands = {"A": books(office, "Mia", "C5", told), "B": books(office, "Noah", "D1", told)}
        mia = ticket_judge("Mia", right("Mia", "C5"), told, whole=whole)
        noah = ticket_judge("Noah", right("Noah", "D1"), told, whole=whole)
        return scene(commands, {"A": mia, "B": noah}, lambda: takings(office, told))

    return make


def twice_at_once(design: type, *, whole: bool = False) -> Make:
    """Mia books two seats one after the other, and at the same time a third: her name does not tell them apart."""

    def make() -> Scene:
        office, told = opened(design), Told()

        async def one_after_the_other() -> None:
            for seat, which in (("C5", "first"), ("E6", "then")):
                with nullcontext() if whole else suppress(Exception):  # how it ends is another matter
                    await books(office, "Mia", seat, told, which)
            told.tickets["both"] = "; then ".join(told.tickets.get(which, "no ticket") for which in ("first", "then"))

        commands = {"A": one_after_the_other(), "B": books(office, "Mia", "D1", told, "other")}
        both = ticket_judge("both", f"{right('Mia', 'C5')}; then {right('Mia', 'E6')}", told, whole=whole)
        other = ticket_judge("other", right("Mia", "D1"), told, whole=whole)
        return scene(commands, {"A": both, "B": other}, lambda: takings(office, told))

    return make


def alone_trial(name: str, hoped: str, work: Callable[[], Coroutine[Any, Any, str]]) -> Trial:
    """Run this alone, with nobody else around, and compare what it returns with what was hoped."""

    def judge(end: End) -> Finding:
        return how_it_ended(hoped, end) if end.stuck or end.error is not None else compared(hoped, end.result)

    return in_every_order(name, lambda: scene({"A": work()}, {"A": judge}), CUSTOMERS)


def nested_trial(
    name: str, design: type, work: Callable[[Any, Any, Told], Coroutine[Any, Any, str]], hoped: str = right("Mia", "C5")
) -> Trial:
    """Run `work(office, inner office, told)`, which opens a booking inside of Mia's, and returns what is hoped.

    Both at one office; a class may refuse that, and then at two. `work` notes "inner" once the inner one is open.
    """
    told = Told()

    def at_one() -> Coroutine[Any, Any, str]:
        office = opened(design)
        return work(office, office, told)

    found = alone_trial(name, hoped, at_one)
    if found.finding.outcome == "refused" and "inner" not in told.noted:
        return alone_trial(name, hoped, lambda: work(opened(design), opened(design), Told()))
    return found
