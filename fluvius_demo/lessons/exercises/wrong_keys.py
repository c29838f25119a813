"""More wrong answers to steps 3 and 4: right for Mia and Noah, and wrong for two of Mia's, or for what lies within."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any, Self

from fluvius_demo.lessons.exercises.box_office import UnguardedOffice
from fluvius_demo.lessons.exercises.hall import Hall
from fluvius_demo.lessons.exercises.solutions import one_variable, reset_by_token


class LostSumOffice(one_variable.MyOffice):
    """The takings are read before the hall answers, and written after."""

    async def take(self, seat: str) -> None:
        """Take a seat for the customer who is booking."""
        self.takings += await self.hall.price_of(seat)
        one_variable.current.get().seats.append(seat)


class SeatsOnSelfOffice(one_variable.MyOffice):
    """One attribute was forgotten."""

    def __init__(self, hall: Hall) -> None:
        super().__init__(hall)
        self.seats: list[str] = []

    @asynccontextmanager
    async def booking(self, customer: str) -> AsyncIterator[Self]:
        """Book for a customer."""
        async with super().booking(customer):
            self.seats = one_variable.current.get().seats = []
            yield self

    async def take(self, seat: str) -> None:
        """Take a seat for the customer who was the last to open a booking."""
        price = await self.hall.price_of(seat)
        self.seats.append(seat)
        self.takings += price


class StateObjectOffice(UnguardedOffice):
    """All of it lies in an object, and that lies on self."""

    customer = property(lambda self: self.state.customer, lambda self, value: setattr(self.state, "customer", value))
    card = property(lambda self: self.state.card, lambda self, value: setattr(self.state, "card", value))
    seats = property(lambda self: self.state.seats, lambda self, value: setattr(self.state, "seats", value))

    def __init__(self, hall: Hall) -> None:
        self.state = object.__new__(one_variable.Booking)
        super().__init__(hall)


class ByCustomerOffice(one_variable.MyOffice):
    """The variable holds the customer's name, and the rest lies under it."""

    name: ContextVar[str] = ContextVar("customer", default="")

    def __init__(self, hall: Hall) -> None:
        super().__init__(hall)
        self.bookings: dict[str, Any] = {}

    @asynccontextmanager
    async def booking(self, customer: str) -> AsyncIterator[Self]:
        """Book for a customer."""
        self.bookings[customer] = {"customer": customer, "card": await self.hall.card_of(customer), "seats": []}
        self.name.set(customer)
        yield self
        self.name.set("")

    async def take(self, seat: str) -> None:
        """Take a seat for the customer who is booking."""
        price = await self.hall.price_of(seat)
        self.bookings[self.name.get()]["seats"].append(seat)
        self.takings += price

    def ticket(self) -> dict[str, Any]:
        """Return what the customer's latest booking has so far."""
        return self.bookings[self.name.get()]


class TokenByCustomerOffice(reset_by_token.MyOffice):
    """The office keeps the tokens, by customer."""

    def __init__(self, hall: Hall) -> None:
        super().__init__(hall)
        self.tokens: dict[str, Any] = {}

    @asynccontextmanager
    async def booking(self, customer: str) -> AsyncIterator[Self]:
        """Book for a customer."""
        booking = reset_by_token.Booking(customer, await self.hall.card_of(customer))
        self.tokens[customer] = reset_by_token.current.set(booking)
        yield self
        reset_by_token.current.reset(self.tokens.pop(customer))


class GuardedWithinOffice(reset_by_token.MyOffice):
    """The guard has moved into the variable."""

    @asynccontextmanager
    async def booking(self, customer: str) -> AsyncIterator[Self]:
        """Book for a customer. Raises RuntimeError inside of another booking."""
        if reset_by_token.current.get() is not None:
            raise RuntimeError(f"Overlapping booking: {customer}")
        async with super().booking(customer):
            yield self


class LateLockOffice(reset_by_token.MyOffice):
    """A lock that is taken once the hall has answered."""

    def __init__(self, hall: Hall) -> None:
        super().__init__(hall)
        self.lock = asyncio.Lock()

    @asynccontextmanager
    async def booking(self, customer: str) -> AsyncIterator[Self]:
        """Book for a customer, when nobody else's booking is open."""
        async with super().booking(customer), self.lock:
            yield self


class StackOffice(reset_by_token.MyOffice):
    """The variable holds a list: its last booking is the open one."""

    stack: ContextVar[Any] = ContextVar("stack", default=None)

    @asynccontextmanager
    async def booking(self, customer: str) -> AsyncIterator[Self]:
        """Book for a customer."""
        booking = reset_by_token.Booking(customer, await self.hall.card_of(customer))
        if self.stack.get() is None:
            self.stack.set([])
        stack = self.stack.get()
        stack.append(booking)
        try:
            yield self
        finally:
            stack.pop()

    async def take(self, seat: str) -> None:
        """Take a seat for the booking on top."""
        price = await self.hall.price_of(seat)
        self.stack.get()[-1].seats.append(seat)
        self.takings += price

    def ticket(self) -> dict[str, Any]:
        """Return what the booking on top has so far."""
        return {**vars(self.stack.get()[-1])}
