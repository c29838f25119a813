"""Wrong answers to step 3 that look right: other places for a booking than one context variable with one object."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from copy import copy
from typing import Any, Self

from fluvius_demo.lessons.exercises.box_office import BoxOffice
from fluvius_demo.lessons.exercises.hall import Hall
from fluvius_demo.lessons.exercises.solutions import one_variable


class LockedOffice(BoxOffice):
    """A lock around the whole booking."""

    def __init__(self, hall: Hall) -> None:
        super().__init__(hall)
        self.lock = asyncio.Lock()

    @asynccontextmanager
    async def booking(self, customer: str) -> AsyncIterator[Self]:
        """Book for a customer, who waits until nobody else is booking."""
        async with self.lock, super().booking(customer):
            yield self


class _ElsewhereOffice(one_variable.MyOffice):
    """What all of these share: `self.kept` takes the place of the context variable."""

    @asynccontextmanager
    async def booking(self, customer: str) -> AsyncIterator[Self]:
        """Book for a customer, in another place than a context variable."""
        self.put(one_variable.Booking(customer, await self.hall.card_of(customer)))
        yield self
        self.put(None)

    async def take(self, seat: str) -> None:
        """Take a seat for the customer who is booking."""
        price = await self.hall.price_of(seat)
        self.get().seats.append(seat)
        self.takings += price

    def ticket(self) -> dict[str, Any]:
        """Return what the open booking has so far."""
        return {"seats": [], "customer": None, **vars(self.get() or object.__new__(one_variable.Booking))}


class ByTaskOffice(_ElsewhereOffice):
    """A dictionary by task."""

    def __init__(self, hall: Hall) -> None:
        super().__init__(hall)
        self.bookings: dict[Any, Any] = {}

    def put(self, booking: Any) -> None:
        """Keep the booking of the running task."""
        self.bookings[asyncio.current_task()] = booking

    def get(self) -> Any:
        """Return the booking of the running task. Raises KeyError where it has none."""
        return self.bookings[asyncio.current_task()]


class ThreadLocalOffice(_ElsewhereOffice):
    """A thread-local: one for all tasks."""

    def __init__(self, hall: Hall) -> None:
        super().__init__(hall)
        self.local = threading.local()

    def put(self, booking: Any) -> None:
        """Keep the booking of the running thread."""
        self.local.booking = booking

    def get(self) -> Any:
        """Return the booking of the running thread."""
        return self.local.booking


class MutableDefaultOffice(_ElsewhereOffice):
    """The default of a context variable is changed, and never set: one for all."""

    variable: ContextVar[dict[str, Any]] = ContextVar("bookings", default={})  # noqa: B039

    def put(self, booking: Any) -> None:
        """Keep the booking in the default."""
        self.variable.get()["booking"] = booking

    def get(self) -> Any:
        """Return what somebody has put there last."""
        return self.variable.get()["booking"]


class SharedObjectOffice(_ElsewhereOffice):
    """The variable is set, to an object that all bookings change."""

    variable: ContextVar[Any] = ContextVar("shared", default=None)

    def __init__(self, hall: Hall) -> None:
        super().__init__(hall)
        self.shared: dict[str, Any] = {}

    def put(self, booking: Any) -> None:
        """Set the variable to the one dictionary, with the booking in it."""
        self.shared["booking"] = booking
        self.variable.set(self.shared)

    def get(self) -> Any:
        """Return what is in the dictionary of this Context."""
        return self.variable.get()["booking"]


class SeveralVariablesOffice(_ElsewhereOffice):
    """A context variable for each attribute."""

    variables = {name: ContextVar[Any](name, default=None) for name in ("customer", "card", "seats")}

    def put(self, booking: Any) -> None:
        """Set each variable."""
        for name, variable in self.variables.items():
            variable.set(getattr(booking, name, None))

    def get(self) -> Any:
        """Return what the variables hold, as a booking."""
        booking = object.__new__(one_variable.Booking)
        vars(booking).update({name: variable.get() for name, variable in self.variables.items()})
        return booking


class FrozenCopyOffice(one_variable.MyOffice):
    """Each seat makes and sets a new copy of the booking."""

    async def take(self, seat: str) -> None:
        """Take a seat for the customer who is booking."""
        price = await self.hall.price_of(seat)
        booking = copy(one_variable.current.get())
        booking.seats = [*booking.seats, seat]
        one_variable.current.set(booking)
        self.takings += price
