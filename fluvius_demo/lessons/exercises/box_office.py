"""The class that notebook 07 migrates, as it was found, and the same without its guard."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Self

from fluvius_demo.lessons.exercises.hall import Hall


class BoxOffice:
    """A theatre's box office: it opens a booking, takes seats for it, and draws up the ticket."""

    def __init__(self, hall: Hall) -> None:
        self.hall, self.takings = hall, 0
        self.customer, self.card, self.seats = None, None, []

    @asynccontextmanager
    async def booking(self, customer: str) -> AsyncIterator[Self]:
        """Book for a customer. Raises RuntimeError while another booking is open."""
        if self.customer is not None:
            raise RuntimeError(f"Overlapping booking: {customer}")
        self.customer, self.seats = customer, []
        self.card = await self.hall.card_of(customer)
        yield self
        self.customer, self.card, self.seats = None, None, []

    async def take(self, seat: str) -> None:
        """Take a seat for the customer who is booking."""
        price = await self.hall.price_of(seat)
        self.seats.append(seat)
        self.takings += price

    def ticket(self) -> dict[str, Any]:
        """Return what the open booking has so far."""
        return {"customer": self.customer, "card": self.card, "seats": list(self.seats)}


class UnguardedOffice(BoxOffice):
    """The same without its guard: nobody is refused any more, and that is worse."""

    @asynccontextmanager
    async def booking(self, customer: str) -> AsyncIterator[Self]:
        """Book for a customer, whoever else is booking."""
        self.customer, self.seats = customer, []
        self.card = await self.hall.card_of(customer)
        yield self
        self.customer, self.card, self.seats = None, None, []
