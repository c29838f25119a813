"""How the checks run every order: what is counted, which order is the smallest, and where a step has stopped."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise
from typing import Any, Self

from fluvius_demo.lessons.exercises import BoxOffice, UnguardedOffice, two_bookings
from fluvius_demo.lessons.exercises.bookings import CUSTOMERS, two_at_once
from fluvius_demo.lessons.exercises.hall import Hall
from fluvius_demo.lessons.exercises.orders import (
    MOST_ORDERS,
    SAMPLES,
    every_order,
    has_to_wait,
    in_every_order,
)
from fluvius_demo.lessons.exercises.solutions.two_instances import MyOffice
from fluvius_demo.lessons.exercises.usable import alone
from fluvius_demo.lessons.exercises.wrong_places import LockedOffice


class WithBlocks(MyOffice):
    """The same, with a block of its own instead of a generator."""

    def booking(self, customer: str) -> Any:
        """Book for a customer."""
        return Block(super().booking(customer))


class Block:
    """An `async with` block around another one."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    async def __aenter__(self) -> Any:
        return await self.inner.__aenter__()

    async def __aexit__(self, *error: Any) -> Any:
        return await self.inner.__aexit__(*error)


class AsksByTask(MyOffice):
    """Each call to the hall is a task of its own."""

    def __init__(self, hall: Hall) -> None:
        super().__init__(hall)
        self.hall = TaskHall(hall)


class TaskHall:
    """A hall that is asked by tasks."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall

    async def card_of(self, customer: str) -> str:
        """Return a card."""
        return await asyncio.create_task(self.hall.card_of(customer))

    async def price_of(self, seat: str) -> int:
        """Return a price."""
        return await asyncio.create_task(self.hall.price_of(seat))


class EndsSlowly(MyOffice):
    """The end of a booking waits, too."""

    @asynccontextmanager
    async def booking(self, customer: str) -> AsyncIterator[Self]:
        """Book for a customer."""
        async with super().booking(customer):
            yield self
            await self.hall.card_of("nobody")


def test_every_order_is_run() -> None:
    """Two bookings of three steps each have 20 orders, of which all are right on a mended class."""
    trial = in_every_order("both", two_at_once(MyOffice), CUSTOMERS)
    assert (trial.orders, trial.failing, trial.passed, trial.picture) == (20, 0, True, None)
    assert trial.exhaustive


def test_the_smallest_order_is_drawn() -> None:
    """The fewest switches, and of those the fewest steps: no other that fails has less."""
    trial = in_every_order("both", two_at_once(UnguardedOffice), CUSTOMERS)
    report = every_order(two_at_once(UnguardedOffice))
    assert trial.failing == sum(story.orders for story in report.stories if story.outcome != "correct")
    least = min(story.switches for story in report.stories if story.outcome != "correct")
    lanes = [move.lane for move in trial.picture.moves]
    assert sum(one != other for one, other in pairwise(lanes)) == least


def test_a_step_stops_in_the_learners_line() -> None:
    """Not in the hall's, not in the check's; within an @asynccontextmanager, and at its end, too."""
    lines = {
        design: [(move.stop, move.line) for move in two_bookings(design, schedule).moves[: len(schedule)]]
        for design, schedule in ((BoxOffice, "AAA"), (WithBlocks, "AAA"), (EndsSlowly, "AAAA"))
    }
    assert lines[BoxOffice] == [
        ("waits in booking", "self.card = await self.hall.card_of(customer)"),
        ("waits in take", "price = await self.hall.price_of(seat)"),
        ("has ended", ""),
    ]
    assert lines[WithBlocks][0] == (
        "waits in booking",
        "booking = Booking(self, customer, await self.hall.card_of(customer))",
    )
    assert lines[EndsSlowly][2] == ("waits in booking", 'await self.hall.card_of("nobody")')


def test_who_has_to_wait_is_seen() -> None:
    """On a class with a lock, and on no other: one whose tasks do the work is none."""
    designs = (LockedOffice, BoxOffice, MyOffice, AsksByTask)
    assert [has_to_wait(two_at_once(design)) for design in designs] == [True, False, False, False]


def test_a_task_that_only_waits_for_the_hall_is_drawn() -> None:
    """None of its lines is the learner's, so there is none to show."""
    moves = two_bookings(AsksByTask, "AA1").moves
    assert [(move.lane, move.stop) for move in moves[:2]] == [
        ("Mia", "waits in card_of"),
        ("Mia's task 1", "waits for an answer"),
    ]


def test_a_long_search_is_stopped() -> None:
    """A class with many awaits has more orders than anybody would wait for."""

    class Slow(MyOffice):
        async def take(self, seat: str) -> None:
            for _ in range(5):
                await self.hall.price_of(seat)
            await super().take(seat)

    trial = in_every_order("both", two_at_once(Slow), CUSTOMERS)
    assert (trial.orders, trial.exhaustive, trial.passed) == (MOST_ORDERS + SAMPLES, False, True)


def test_a_command_alone_ends_in_its_own_context() -> None:
    """What is left open by one that never ends is closed at once, and nobody complains."""

    async def goes_round() -> None:
        office = MyOffice(Hall())
        async with office.booking("Mia"):
            while True:  # noqa: ASYNC110
                await asyncio.sleep(0)

    assert "has not ended" in str(alone(goes_round).error)
