"""The open exercise: is every letter right, whoever else is written to? By behaviour alone; any cure is as good."""

import asyncio
from collections.abc import Callable
from contextvars import Context
from dataclasses import replace
from typing import Any

from fluvius_demo.lessons.exercises import beliefs
from fluvius_demo.lessons.exercises.bookings import CUSTOMERS, Judge, alone_trial, how_it_ended, scene
from fluvius_demo.lessons.exercises.checked import Belief, Found, Trial
from fluvius_demo.lessons.exercises.hall import Post
from fluvius_demo.lessons.exercises.orders import has_to_wait, in_every_order, with_faults
from fluvius_demo.lessons.exercises.usable import usable
from fluvius_demo.lessons.interleave import End, Make, Scene
from fluvius_demo.lessons.outcomes import Finding, compared

NEWS = "doors open at seven"
RIGHT = {"Mia": f"Mia reads “Dear Mia: {NEWS}”", "Noah": f"Noah reads “Lieber Noah: {NEWS}”"}
A_LOCK = "Noah's letter waits until Mia's is delivered: that is a lock. It is right, and it is slow where the post is."


def check_open(answer: Any) -> Found:
    """Write two letters in every order, with an error or a cancellation at each await, and from two instances.

    Raises BadRequestError where this is no class on which one letter works.
    """

    async def one(design: type) -> str:
        post = Post()
        await made(design, post).notify("Mia", NEWS)
        return delivered(post, "Mia")

    design = usable(answer, ("notify",), "one letter", one, RIGHT["Mia"])
    two = in_every_order("letters to Mia and Noah at the same time", two_letters(design), CUSTOMERS)
    faults = [
        with_faults(
            f"{what} at each await of Mia's letter, which is then sent again", again(design), CUSTOMERS, kind, "A"
        )
        for kind, what in (("error", "an error"), ("cancel", "a cancellation"))
    ]
    inside = alone_trial(
        "another instance writes while a letter is being written", "; ".join(RIGHT.values()), lambda: inside_of(design)
    )
    trials = (two, *faults, inside)
    found = Found(trials, _belief(two, faults, inside))
    return replace(found, remark=A_LOCK) if found.passed and has_to_wait(two_letters(design)) else found


def made(design: type, post: Post) -> Any:
    """Return a new notifier. What its `__init__` sets in a Context stays there."""
    return Context().run(design, post)


def delivered(post: Post, member: str) -> str:
    """Return what this member reads, in words; the same letter twice counts once."""
    letters = sorted({f"“{letter}”" for reader, letter in post.delivered if reader == member})
    return f"{member} reads {' and '.join(letters) or 'nothing'}"


def _judge(member: str, post: Post) -> Judge:
    def judge(end: End) -> Finding:
        if end.stuck or end.error is not None:
            return how_it_ended(RIGHT[member], end)
        return compared(RIGHT[member], delivered(post, member))

    return judge


def two_letters(design: type) -> Make:
    """Letters to Mia and to Noah, of one instance."""
    return _letters(design, sends_to_mia)


async def sends_to_mia(notifier: Any) -> None:
    """Send Mia's letter."""
    await notifier.notify("Mia", NEWS)


def again(design: type) -> Make:
    """The same, but Mia's is sent again where something has interrupted it."""

    async def until_sent(notifier: Any) -> None:
        try:
            await sends_to_mia(notifier)
        except (Exception, asyncio.CancelledError):  # a fault comes once
            await sends_to_mia(notifier)

    return _letters(design, until_sent)


def _letters(design: type, mias: Callable[[Any], Any]) -> Make:
    def make() -> Scene:
        post = Post()
        notifier = made(design, post)

        async def noahs() -> None:
            await notifier.notify("Noah", NEWS)

        commands = {"A": mias(notifier), "B": noahs()}
        return scene(commands, {name: _judge(CUSTOMERS[name], post) for name in commands})

    return make


class ForwardingPost(Post):
    """A post that has another instance write to Noah, whenever it is asked for a greeting."""

    def __init__(self, other: Any) -> None:
        super().__init__()
        self.other = other

    async def greeting_in(self, language: str) -> str:
        """Return the first word of a letter, when the other one has written."""
        await self.other.notify("Noah", NEWS)
        return await super().greeting_in(language)


async def inside_of(design: type) -> str:
    """Have one instance write to Mia, and another one to Noah while that is done; return what both read."""
    noahs = Post()
    mias = ForwardingPost(made(design, noahs))
    await made(design, mias).notify("Mia", NEWS)
    return f"{delivered(mias, 'Mia')}; {delivered(noahs, 'Noah')}"


def _belief(two: Trial, faults: list[Trial], inside: Trial) -> Belief | None:
    if not two.passed:
        return beliefs.REFUSES if two.finding.outcome == "refused" else beliefs.STILL_SHARED
    if any(trial.finding.outcome == "stuck" for trial in faults):
        return beliefs.LOCKED_FOR_EVER
    return beliefs.NOT_GIVEN_BACK if not inside.passed else None
