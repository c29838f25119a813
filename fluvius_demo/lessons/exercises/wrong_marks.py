"""More wrong answers to steps 5 to 7: what is told, what is marked, and who asks."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, Self

from fluvius_demo.lessons.exercises.hall import Hall, NoAnswerError
from fluvius_demo.lessons.exercises.solutions import late_children, survive_errors
from fluvius_demo.lessons.exercises.solutions import two_instances as finished


class SwallowsCancellationOffice(survive_errors.MyOffice):
    """A booking that is cancelled ends as if nothing had been."""

    @asynccontextmanager
    async def booking(self, customer: str) -> AsyncIterator[Self]:
        """Book for a customer."""
        async with super().booking(customer):
            with suppress(asyncio.CancelledError):
                yield self


class NoCardOffice(survive_errors.MyOffice):
    """Where the hall does not answer, there is no card."""

    @asynccontextmanager
    async def booking(self, customer: str) -> AsyncIterator[Self]:
        """Book for a customer."""
        try:
            card = await self.hall.card_of(customer)
        except NoAnswerError:
            card = "no card"
        token = survive_errors.current.set(survive_errors.Booking(customer, card))
        try:
            yield self
        finally:
            survive_errors.current.reset(token)


class SilentTakeOffice(survive_errors.MyOffice):
    """Where the hall does not answer, no seat is taken, and nobody hears of it."""

    async def take(self, seat: str) -> None:
        """Take a seat, if the hall answers."""
        try:
            await super().take(seat)
        except NoAnswerError:
            return


class AwaitsAtTheEndOffice(survive_errors.MyOffice):
    """The end asks the hall once more, and resets then."""

    @asynccontextmanager
    async def booking(self, customer: str) -> AsyncIterator[Self]:
        """Book for a customer."""
        booking = survive_errors.Booking(customer, await self.hall.card_of(customer))
        token = survive_errors.current.set(booking)
        try:
            yield self
        finally:
            await self.hall.card_of(customer)
            survive_errors.current.reset(token)


class TicketDoesNotAskOffice(late_children.MyOffice):
    """Whether the booking is over, `take` asks alone."""

    def ticket(self) -> dict[str, Any]:
        """Return what the latest booking has so far."""
        return {**vars(late_children.current.get())}


class TakeDoesNotAskOffice(late_children.MyOffice):
    """Whether the booking is over, `ticket` asks alone."""

    async def take(self, seat: str) -> None:
        """Take a seat for the latest booking."""
        price = await self.hall.price_of(seat)
        late_children.current.get().seats.append(seat)
        self.takings += price


class GoodEndOffice(late_children.MyOffice):
    """The mark is set behind the yield."""

    @asynccontextmanager
    async def booking(self, customer: str) -> AsyncIterator[Self]:
        """Book for a customer."""
        booking = late_children.Booking(customer, await self.hall.card_of(customer))
        token = late_children.current.set(booking)
        try:
            yield self
            booking.closed = True
        finally:
            late_children.current.reset(token)


class CountingOffice(survive_errors.MyOffice):
    """The office counts how many bookings are open."""

    def __init__(self, hall: Hall) -> None:
        super().__init__(hall)
        self.open = 0

    @asynccontextmanager
    async def booking(self, customer: str) -> AsyncIterator[Self]:
        """Book for a customer."""
        async with super().booking(customer):
            self.open += 1
            try:
                yield self
            finally:
                self.open -= 1

    async def take(self, seat: str) -> None:
        """Take a seat. Raises RuntimeError where no booking is open."""
        price = await self.hall.price_of(seat)
        self.ticket()
        survive_errors.current.get().seats.append(seat)
        self.takings += price

    def ticket(self) -> dict[str, Any]:
        """Return what the booking has so far. Raises RuntimeError where none is open."""
        if not self.open:
            raise RuntimeError("No booking is open here.")
        return super().ticket()


class PaidBeforeOffice(late_children.MyOffice):
    """The price is added before the seat is refused."""

    async def take(self, seat: str) -> None:
        """Take a seat for the customer who is booking."""
        price = await self.hall.price_of(seat)
        self.takings += price
        self.running().seats.append(seat)


class OuterOnSelfOffice(finished.MyOffice):
    """The office keeps the booking that was open around its own."""

    @asynccontextmanager
    async def booking(self, customer: str) -> AsyncIterator[Self]:
        """Book for a customer."""
        self.outer = finished.current.get()
        async with super().booking(customer):
            yield self

    def running(self) -> finished.Booking:
        """Return this office's open booking. Raises RuntimeError where there is none."""
        booking = finished.current.get()
        while booking is not None and booking.office is not self:
            booking = booking.office.outer
        if booking is None or booking.closed:
            raise RuntimeError("No booking of this office is open here.")
        return booking


class AnyBookingOffice(finished.MyOffice):
    """An office that has no booking takes another one's."""

    def running(self) -> finished.Booking:
        """Return this office's open booking, else any that is open. Raises RuntimeError where there is none."""
        try:
            return super().running()
        except RuntimeError:
            booking = finished.current.get()
            if booking is None or booking.closed:
                raise
            return booking
