"""A check keeps to itself what a thousand runs print, log and complain of, and shows what one run prints."""

import asyncio
import builtins
import logging
import random
import sys
import threading
import time
import warnings
from contextvars import ContextVar
from typing import Any

import pytest
from helpers import needs

from fluvius_demo.errors import NotSteppableError
from fluvius_demo.lessons.exercises import Hall, check
from fluvius_demo.lessons.exercises.quiet import quiet
from fluvius_demo.lessons.exercises.solutions.failing_test import my_test
from fluvius_demo.lessons.exercises.solutions.two_instances import MyOffice
from fluvius_demo.lessons.exercises.wrong_places import LockedOffice


class Prints(MyOffice):
    """An office with a print and a log line."""

    async def take(self, seat: str) -> None:
        """Take a seat, and tell of it."""
        print("takes", seat)
        logging.warning("takes %s", seat)
        await super().take(seat)


class Sleeps(MyOffice):
    """An office that holds up the loop."""

    async def take(self, seat: str) -> None:
        """Take a seat, when everybody has slept."""
        time.sleep(5)  # noqa: ASYNC251


class Asks(MyOffice):
    """An office that asks whoever sits there."""

    async def take(self, seat: str) -> None:
        """Take a seat that is asked for."""
        await super().take(input("seat? "))  # noqa: ASYNC250


class Forgets(MyOffice):
    """An office with an `await` too few."""

    async def take(self, seat: str) -> None:
        """Take a seat, and add no price."""
        self.takings += self.hall.price_of(seat)


class SetsTooSoon(MyOffice):
    """An office that sets its variable where it is made."""

    made: ContextVar[Any] = ContextVar("made")

    def __init__(self, hall: Hall) -> None:
        super().__init__(hall)
        self.made.set([])

    def ticket(self) -> dict[str, Any]:
        """Return what lies in a Context that is no longer there."""
        return self.made.get()


class Throws(MyOffice):
    """An office that throws a coin."""

    coin = random.Random(0)

    async def take(self, seat: str) -> None:
        """Take a seat, now and then by a way round."""
        if self.coin.random() < 0.5:
            await self.hall.card_of("nobody")
        await super().take(seat)


class SharedLock(LockedOffice):
    """An office with a lock that all have."""

    all_have = asyncio.Lock()

    def __init__(self, hall: Hall) -> None:
        super().__init__(hall)
        self.lock = self.all_have


def test_one_run_is_heard(capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
    """What the lone booking prints, once, however many orders are run; log lines are for a log."""
    assert check("keep two instances apart", Prints).passed
    assert capsys.readouterr().out == "takes C5\n"
    assert caplog.records == []


def test_a_test_is_heard(capsys: pytest.CaptureFixture[str]) -> None:
    """What it prints in one run on the office as it was found."""

    async def test(office_class: type) -> None:
        print("begins")
        await my_test(office_class)

    assert check("reproduce the failure", test).passed
    assert capsys.readouterr().out == "begins\n"


@pytest.mark.parametrize(
    ("office", "said"),
    [
        (Sleeps, "time.sleep holds up everybody. To solve this, `await asyncio.sleep(…)`."),
        (Asks, "nobody is there to answer input. To solve this, hand it over as an argument."),
        (SetsTooSoon, "finds nothing in its context variable. To solve this, set it where the work begins"),
    ],
)
def test_what_is_no_good_in_a_check_is_told_kindly(office: type, said: str) -> None:
    """Nobody waits, and nobody is asked."""
    assert said in check("one context variable", office).cannot


def test_a_forgotten_await_leaves_no_warning() -> None:
    """The coroutine dies inside, where it may complain."""
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        assert "TypeError" in check("one context variable", Forgets).cannot
    assert heard == []


def test_all_is_as_before() -> None:
    """Also where something is raised."""
    before = time.sleep, builtins.input, sys.stdout, logging.root.manager.disable
    with pytest.raises(ZeroDivisionError), quiet():
        raise ZeroDivisionError
    assert (time.sleep, builtins.input, sys.stdout, logging.root.manager.disable) == before


@needs("threads")
def test_other_threads_may_sleep() -> None:
    """It is this thread alone whose loop would be held up."""
    told: list[Any] = []
    with quiet():
        thread = threading.Thread(target=lambda: told.append(time.sleep(0)))
        thread.start()
        thread.join()
        with pytest.raises(NotSteppableError, match=r"time\.sleep holds up everybody"):
            time.sleep(0)
    assert told == [None]


def test_chance_is_no_belief() -> None:
    """Where the same order does not go the same way, nothing is said of what somebody may have thought."""
    found = check("one context variable", Throws)
    assert not found.passed
    assert found.found.belief is None
    assert "chance, a clock, or something of the run before decides" in repr(found)


def test_a_lock_that_is_made_outside() -> None:
    """It serves one loop, and each run has its own."""
    assert check("one context variable", SharedLock).cannot == (
        "Cannot check SharedLock: its lock is made outside of the class, and serves one loop. To solve this, make it "
        "in `__init__`."
    )
