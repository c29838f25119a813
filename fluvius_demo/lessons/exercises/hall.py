"""What the exercises' classes call and wait for: a theatre's hall, and the post. Each call takes any time."""

import asyncio
from collections.abc import Awaitable, Callable

PRICE, CHEAP = 30, 20


class NoAnswerError(Exception):
    """The hall, or the post, does not answer."""


class Failing:
    """A fault: of the calls that one command and its tasks make, the one with this `number` gets no answer.

    `struck`: whether that call was made. For the checks alone, whose loop knows whose step it is.
    """

    def __init__(self, number: int, whose: str = "A") -> None:
        self.number, self.whose = number, whose
        self.calls, self.struck = 0, False

    async def __call__(self) -> None:
        """Wait as a call does. Raises NoAnswerError if it is the call that fails."""
        self.calls += asyncio.get_running_loop().running[:1] == self.whose  # type: ignore[attr-defined]
        fails = not self.struck and self.calls == self.number
        self.struck |= fails
        await asyncio.sleep(0)
        if fails:
            raise NoAnswerError


async def _at_once() -> None:
    await asyncio.sleep(0)


class Hall:
    """The hall of a theatre: it knows the customers' cards and the prices of its seats."""

    def __init__(self, answers: Callable[[], Awaitable[None]] = _at_once) -> None:
        self._answers = answers

    def __repr__(self) -> str:
        return "the hall"

    async def card_of(self, customer: str) -> str:
        """Return the card that this customer pays with."""
        await self._answers()
        return f"{customer}'s card"

    async def price_of(self, seat: str) -> int:
        """Return what a seat costs: PRICE in the first rows, A to D, else CHEAP."""
        await self._answers()
        return PRICE if seat[:1] in "ABCD" else CHEAP


class Post:
    """The post of a theatre's club: it knows who reads which language, and delivers letters.

    `delivered`: to whom, and what, in the order in which it was delivered.
    """

    GREETINGS = {"English": "Dear", "German": "Lieber"}

    def __init__(self, answers: Callable[[], Awaitable[None]] = _at_once) -> None:
        self._answers = answers
        self.delivered: list[tuple[str, str]] = []

    async def language_of(self, member: str) -> str:
        """Return the language that this member reads: German for Noah, English for all others."""
        await self._answers()
        return "German" if member == "Noah" else "English"

    async def greeting_in(self, language: str) -> str:
        """Return the first word of a letter. Raises KeyError for a language that is not known."""
        await self._answers()
        return self.GREETINGS[language]

    async def deliver(self, member: str, letter: str) -> None:
        """Deliver a letter."""
        await self._answers()
        self.delivered.append((member, letter))
