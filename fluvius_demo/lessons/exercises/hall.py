"""What the exercises' classes call and wait for: a theatre's hall, and the post. Each call takes any time."""

import asyncio
from collections.abc import Awaitable, Callable, Collection

PRICE, CHEAP = 30, 20


class NoAnswerError(Exception):
    """The hall, or the post, does not answer."""


class Failing:
    """A fault: of the calls `about` somebody or something, the one with this `number` gets no answer.

    `struck`: whether that call was made.
    """

    def __init__(self, number: int, about: Collection[str]) -> None:
        self.number, self.about = number, about
        self.calls, self.struck = 0, False

    async def __call__(self, about: str) -> None:
        """Wait as a call does. Raises NoAnswerError if it is the call that fails."""
        self.calls += about in self.about
        fails = not self.struck and self.calls == self.number
        self.struck |= fails
        await asyncio.sleep(0)
        if fails:
            raise NoAnswerError


async def _any_time(_about: str) -> None:
    await asyncio.sleep(0)


class Hall:
    """The hall of a theatre: it knows the customers' cards and the prices of its seats."""

    def __init__(self, answers: Callable[[str], Awaitable[None]] = _any_time) -> None:
        self._answers = answers

    def __repr__(self) -> str:
        return "the hall"

    async def card_of(self, customer: str) -> str:
        """Return the card that this customer pays with."""
        await self._answers(customer)
        return f"{customer}'s card"

    async def price_of(self, seat: str) -> int:
        """Return what a seat costs: PRICE in the first rows, A to D, else CHEAP."""
        await self._answers(seat)
        return PRICE if seat[:1] in "ABCD" else CHEAP


class Post:
    """The post of a theatre's club: it knows who reads which language, and delivers letters.

    `delivered`: to whom, and what, in the order in which it was delivered.
    """

    GREETINGS = {"English": "Dear", "German": "Lieber"}

    def __init__(self, answers: Callable[[str], Awaitable[None]] = _any_time) -> None:
        self._answers = answers
        self.delivered: list[tuple[str, str]] = []

    async def language_of(self, member: str) -> str:
        """Return the language that this member reads: German for Noah, English for all others."""
        await self._answers(member)
        return "German" if member == "Noah" else "English"

    async def greeting_in(self, language: str) -> str:
        """Return the first word of a letter. Raises KeyError for a language that is not known."""
        await self._answers(language)
        return self.GREETINGS[language]

    async def deliver(self, member: str, letter: str) -> None:
        """Deliver a letter."""
        await self._answers(member)
        self.delivered.append((member, letter))
