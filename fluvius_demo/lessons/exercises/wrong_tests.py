"""Wrong answers to step 2 that look right: tests that say nothing about the bug, or do not say it each time."""

import asyncio
from contextlib import suppress
from typing import Any

from fluvius_demo.lessons.exercises.hall import Hall

Ticket = dict[str, Any]


async def books(office: Any, customer: str, seat: str) -> Ticket:
    """Book a seat, and return the ticket."""
    async with office.booking(customer):
        await office.take(seat)
        return office.ticket()


async def never_overlaps(office_class: type) -> None:
    """Mia books, and then Noah."""
    office = office_class(Hall())
    for customer in ("Mia", "Noah"):
        assert (await books(office, customer, "C5"))["customer"] == customer


async def looks_at_attributes(office_class: type) -> None:
    """A mended class keeps no customer on self."""
    assert not hasattr(office_class(Hall()), "customer")


async def looks_outside(office_class: type) -> None:
    """A mended class has no ticket where no booking is open."""
    try:
        office_class(Hall()).ticket()
    except RuntimeError:
        return
    raise AssertionError


async def always_fails(office_class: type) -> None:
    """The card is none that the hall gives."""
    office = office_class(Hall())
    assert (await books(office, "Mia", "C5"))["card"] == "Mia"


async def only_the_guard(office_class: type) -> None:
    """Noah books while Mia's booking is open, and nobody looks at a ticket."""
    office = office_class(Hall())
    async with office.booking("Mia"):
        await asyncio.create_task(books(office, "Noah", "D1"))


async def upside_down(office_class: type) -> None:
    """It passes where Noah is refused, or where Mia's ticket is not hers."""
    office = office_class(Hall())
    ticket = {"customer": None}
    with suppress(RuntimeError):
        async with office.booking("Mia"):
            await asyncio.create_task(books(office, "Noah", "D1"))
            ticket = office.ticket()
    assert ticket["customer"] != "Mia"


async def started_together(office_class: type) -> None:
    """They overlap, if the hall is as slow for both."""
    office = office_class(Hall())
    mias, noahs = await asyncio.gather(books(office, "Mia", "C5"), books(office, "Noah", "D1"))
    assert (mias["customer"], noahs["customer"]) == ("Mia", "Noah")


async def sleeps(office_class: type) -> None:
    """Noah books while Mia sleeps, if she sleeps long enough."""
    office = office_class(Hall())
    async with office.booking("Mia"):
        noah = asyncio.create_task(books(office, "Noah", "D1"))
        await asyncio.sleep(0.1)
        await office.take("C5")
        ticket = office.ticket()
    await noah
    assert ticket["seats"] == ["C5"]


async def waits_for_the_refused(office_class: type) -> None:
    """Mia waits until Noah's booking is open, and on the class as it was found it never is."""
    office, noah_is_in = office_class(Hall()), asyncio.Event()

    async def noah() -> None:
        async with office.booking("Noah"):
            noah_is_in.set()

    async with office.booking("Mia"):
        task = asyncio.create_task(noah())
        await noah_is_in.wait()
        await task
        assert office.ticket()["customer"] == "Mia"
