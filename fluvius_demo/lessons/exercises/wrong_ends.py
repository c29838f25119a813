"""Wrong answers to steps 4 to 7 that look right: each passes the steps before, and falls into one thing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from contextvars import ContextVar
from typing import Any, Self

from fluvius_demo.lessons.exercises.hall import Hall
from fluvius_demo.lessons.exercises.solutions import late_children, one_variable, reset_by_token, survive_errors
from fluvius_demo.lessons.exercises.solutions import two_instances as finished


class NeverResetOffice(one_variable.MyOffice):
    """The end leaves everything as it is."""

    @asynccontextmanager
    async def booking(self, customer: str) -> AsyncIterator[Self]:
        """Book for a customer."""
        one_variable.current.set(one_variable.Booking(customer, await self.hall.card_of(customer)))
        yield self


class TokenOnSelfOffice(reset_by_token.MyOffice):
    """The office keeps the token."""

    @asynccontextmanager
    async def booking(self, customer: str) -> AsyncIterator[Self]:
        """Book for a customer."""
        booking = reset_by_token.Booking(customer, await self.hall.card_of(customer))
        self.token = reset_by_token.current.set(booking)
        yield self
        reset_by_token.current.reset(self.token)


class OnlyExceptionsOffice(survive_errors.MyOffice):
    """An `except Exception` instead of a `finally`."""

    @asynccontextmanager
    async def booking(self, customer: str) -> AsyncIterator[Self]:
        """Book for a customer."""
        token = survive_errors.current.set(survive_errors.Booking(customer, await self.hall.card_of(customer)))
        try:
            yield self
        except Exception:
            survive_errors.current.reset(token)
            raise
        survive_errors.current.reset(token)


class SetTooEarlyOffice(survive_errors.MyOffice):
    """What is set is set before the hall answers, and before the `try`."""

    @asynccontextmanager
    async def booking(self, customer: str) -> AsyncIterator[Self]:
        """Book for a customer."""
        booking = survive_errors.Booking(customer, "no card yet")
        token = survive_errors.current.set(booking)
        booking.card = await self.hall.card_of(customer)
        try:
            yield self
        finally:
            survive_errors.current.reset(token)


class SwallowingOffice(survive_errors.MyOffice):
    """The end comes in any case, and the error goes no further."""

    @asynccontextmanager
    async def booking(self, customer: str) -> AsyncIterator[Self]:
        """Book for a customer."""
        token = survive_errors.current.set(survive_errors.Booking(customer, await self.hall.card_of(customer)))
        with suppress(BaseException):
            yield self
        survive_errors.current.reset(token)


class AskedBeforeOffice(late_children.MyOffice):
    """Whether the booking is open is asked before the hall answers."""

    async def take(self, seat: str) -> None:
        """Take a seat for the customer who is booking."""
        booking = self.running()
        price = await self.hall.price_of(seat)
        booking.seats.append(seat)
        self.takings += price


class QuietOffice(late_children.MyOffice):
    """A seat that is taken too late is dropped without a word."""

    async def take(self, seat: str) -> None:
        """Take a seat, unless it is too late."""
        price = await self.hall.price_of(seat)
        if not late_children.current.get().closed:
            self.running().seats.append(seat)
            self.takings += price


class OwnTaskOffice(late_children.MyOffice):
    """Only the task that has opened a booking may use it."""

    @asynccontextmanager
    async def booking(self, customer: str) -> AsyncIterator[Self]:
        """Book for a customer."""
        async with super().booking(customer):
            late_children.current.get().task = asyncio.current_task()
            yield self

    def running(self) -> late_children.Booking:
        """Return the open booking of this very task. Raises RuntimeError where there is none."""
        booking = super().running()
        if booking.task is not asyncio.current_task():
            raise RuntimeError("This is another task's booking.")
        return booking


class InnermostOffice(finished.MyOffice):
    """A booking of another office hides the one around it."""

    def running(self) -> finished.Booking:
        """Return the open booking, if it is the innermost one. Raises RuntimeError."""
        booking = finished.current.get()
        if booking is None or booking.closed or booking.office is not self:
            raise RuntimeError("No booking of this office is open here.")
        return booking


class PerInstanceOffice(finished.MyOffice):
    """A context variable for each office."""

    def __init__(self, hall: Hall) -> None:
        super().__init__(hall)
        self.current: ContextVar[Any] = ContextVar("booking", default=None)

    @asynccontextmanager
    async def booking(self, customer: str) -> AsyncIterator[Self]:
        """Book for a customer."""
        booking = finished.Booking(self, customer, await self.hall.card_of(customer))
        token = self.current.set(booking)
        try:
            yield self
        finally:
            booking.closed = True
            self.current.reset(token)

    def running(self) -> finished.Booking:
        """Return this office's open booking. Raises RuntimeError where there is none."""
        booking = self.current.get()
        if booking is None or booking.closed:
            raise RuntimeError("No booking of this office is open here.")
        return booking
