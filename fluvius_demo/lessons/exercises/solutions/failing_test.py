"""Step 2: Noah's whole booking runs while Mia's is open. There is one order only, so nothing is left to chance."""

import asyncio

from fluvius_demo.lessons.exercises.hall import Hall


async def my_test(office_class: type) -> None:
    """Fail unless Mia's seat is on Mia's ticket, although Noah has booked meanwhile."""
    office = office_class(Hall())

    async def noah() -> None:
        async with office.booking("Noah"):
            await office.take("D1")

    async with office.booking("Mia"):
        await asyncio.create_task(noah())
        await office.take("C5")
        ticket = office.ticket()
    assert ticket == {"customer": "Mia", "card": "Mia's card", "seats": ["C5"]}
