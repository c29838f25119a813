"""Whatever a learner hands over, the answer is a kind text, and never a traceback."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Self

import pytest

from fluvius_demo.errors import BadRequestError
from fluvius_demo.lessons.exercises import BoxOffice, Hall, beliefs, check, solution
from fluvius_demo.lessons.exercises.solutions.two_instances import MyOffice
from fluvius_demo.lessons.exercises.steps import OFFICE_STEPS


class WithoutTake:
    """An office with a method missing."""

    booking = ticket = print


class FailsAtOnce(MyOffice):
    """An office that cannot be made."""

    def __init__(self, hall: Hall) -> None:
        raise ValueError("no evening")


class GoesRound(MyOffice):
    """An office that never gets on."""

    async def take(self, seat: str) -> None:
        """Go round in a loop."""
        while True:  # noqa: ASYNC110
            await asyncio.sleep(0)


class Waits(MyOffice):
    """An office that waits for nobody."""

    async def take(self, seat: str) -> None:
        """Wait for ever."""
        await asyncio.Event().wait()


class InAThread(MyOffice):
    """An office that cannot be stepped."""

    async def take(self, seat: str) -> None:
        """Leave the loop."""
        await asyncio.to_thread(print)


class TakesNothing(MyOffice):
    """An office whose tickets stay empty."""

    async def take(self, seat: str) -> None:
        """Do nothing."""


class Leaves(MyOffice):
    """An office that ends the program."""

    async def take(self, seat: str) -> None:
        """End the program."""
        raise SystemExit


class NoTicket(MyOffice):
    """An office with a ticket of another shape."""

    def ticket(self) -> Any:
        """Return no ticket."""
        return "C5"


BAD: dict[str, tuple[Any, str]] = {
    "a number": (5, "Cannot check this answer: it is 5, and not a class. To solve this, hand over the class itself"),
    "nothing": (None, "it is None, and not a class"),
    "a name": ("MyOffice", "it is 'MyOffice', and not a class"),
    "a function": (lambda: None, "it is a plain function, and not a class"),
    "an object": (BoxOffice(Hall()), "it is an object of the class BoxOffice, and not a class"),
    "a method missing": (WithoutTake, "Cannot check WithoutTake: it has no take. To solve this, give it booking,"),
    "an error": (FailsAtOnce, "one booking, with nobody else around, ends with ValueError: no evening"),
    "a loop": (GoesRound, "one booking cannot be run step by step: it has not ended after 10000 steps"),
    "a wait": (Waits, "one booking, with nobody else around, waits for ever. To solve this, make that work first."),
    "a thread": (InAThread, "cannot be run step by step: threads, processes, sockets and signals decide"),
    "an empty ticket": (TakesNothing, "gives “no seat for Mia, on Mia's card; the takings are 0”, and should give “C5"),
    "another ticket": (NoTicket, "one booking, with nobody else around, ends with TypeError"),
    "an exit": (Leaves, "ends with SystemExit"),
}


@pytest.mark.parametrize("step", [step.name for step in OFFICE_STEPS])
@pytest.mark.parametrize(("answer", "said"), BAD.values(), ids=BAD)
def test_an_answer_that_cannot_be_checked(step: str, answer: Any, said: str) -> None:
    """It is said what was attempted, what is wrong, and what to do; and it is not passed."""
    found = check(step, answer)
    assert not found.passed
    assert said in found.cannot
    assert found.cannot.startswith("Cannot check ")
    assert ". To solve this, " in found.cannot
    assert found.cannot.partition(":")[0] in repr(found)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("customer", "it is 'customer', and not a set of names"),
        (3, "it is 3, and not a set of names"),
        ({"customer": 1}, "it is an object of the class dict, and not a set of names"),
        ([1], "it is an object of the class list, and not a set of names"),
        ({"booking"}, "'booking' is a method. To solve this, use some of hall, takings, customer, card, seats."),
        ({"clients"}, "a box office has no attribute 'clients'. To solve this, use some of hall, takings, customer"),
    ],
)
def test_names_that_are_none(answer: Any, said: str) -> None:
    """Step 1 wants a set of texts."""
    assert said in check("find the shared state", answer).cannot


async def a_test_of_nothing() -> None:
    """A test without an argument."""


async def a_test(office_class: type) -> None:
    """A test that can be called too early."""


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (3, "it is 3, and not an async function"),
        (len, "it is an object of the class builtin_function_or_method"),
        (lambda office_class: None, "it is a plain function, and not an async function"),
        (a_test_of_nothing, "it cannot be called with a class"),
    ],
)
def test_a_test_that_is_none(answer: Any, said: str) -> None:
    """Step 2 wants an async function that is given a class."""
    assert said in check("reproduce the failure", answer).cannot


def test_a_test_that_was_called() -> None:
    """It is closed, so nobody complains that it was never awaited."""
    assert "it was called already" in check("reproduce the failure", a_test(BoxOffice)).cannot


def test_a_step_that_there_is_not() -> None:
    """A name that is misspelt is the one error that is raised: the notebook's author wrote it."""
    for call in (lambda: check("reset", MyOffice), lambda: solution("reset")):
        with pytest.raises(BadRequestError, match=r"there is no such step. To solve this, use one of: find the"):
            call()


class AsksAgainAndAgain(BoxOffice):
    """A lock of the learner's own make: whoever comes second goes round until the first is gone."""

    @asynccontextmanager
    async def booking(self, customer: str) -> AsyncIterator[Self]:
        """Book for a customer, as soon as nobody else is booking."""
        while self.customer is not None:  # noqa: ASYNC110
            await asyncio.sleep(0)
        async with super().booking(customer):
            yield self


def test_a_search_that_is_given_up() -> None:
    """There are endlessly many orders: it says so, and names what it looks like."""
    found = check("one context variable", AsksAgainAndAgain)
    assert found.found.belief == beliefs.A_LOCK
    assert "there are more that were not run" in " ".join(repr(found).split())


class Remembers(MyOffice):
    """It goes another way each time, for it counts its customers for ever."""

    customers: list[str] = []

    async def take(self, seat: str) -> None:
        """Take a seat, and wait once more for each customer so far, up to four."""
        self.customers.append(seat)
        for _ in self.customers[:4]:
            await super().take(seat)
            self.running().seats[1:] = []


def test_what_outlives_a_run_is_found() -> None:
    """Orders that cannot be repeated are no proof, and a check says why."""
    Remembers.customers.clear()
    found = check("one context variable", Remembers)
    assert not found.passed
    assert "chance, a clock, or something of the run before decides" in repr(found)
