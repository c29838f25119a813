"""What the exercises' classes call and wait for: a theatre's hall, and the post. Each call takes any time."""

import asyncio


class Hall:
    """The hall of a theatre: it knows the customers' cards and the prices of its seats."""

    def __repr__(self) -> str:
        return "the hall"

    async def card_of(self, customer: str) -> str:
        """Return the card that this customer pays with."""
        await asyncio.sleep(0)
        return f"{customer}'s card"

    async def price_of(self, seat: str) -> int:
        """Return what a seat costs: 30 in the first rows, A to D, else 20."""
        await asyncio.sleep(0)
        return 30 if seat[:1] in "ABCD" else 20


class Post:
    """The post of a theatre's club: it knows who reads which language, and delivers letters.

    `delivered`: to whom, and what, in the order in which it was delivered.
    """

    GREETINGS = {"English": "Dear", "German": "Lieber"}

    def __init__(self) -> None:
        self.delivered: list[tuple[str, str]] = []

    async def language_of(self, member: str) -> str:
        """Return the language that this member reads: German for Noah, English for all others."""
        await asyncio.sleep(0)
        return "German" if member == "Noah" else "English"

    async def greeting_in(self, language: str) -> str:
        """Return the first word of a letter. Raises KeyError for a language that is not known."""
        await asyncio.sleep(0)
        return self.GREETINGS[language]

    async def deliver(self, member: str, letter: str) -> None:
        """Deliver a letter."""
        await asyncio.sleep(0)
        self.delivered.append((member, letter))
