"""The open exercise: is every letter right, whoever else is written to? By behaviour alone; any cure is as good."""

import asyncio
from collections.abc import Mapping
from contextvars import Context
from dataclasses import replace
from typing import Any

from fluvius_demo.lessons.exercises import beliefs_later as later
from fluvius_demo.lessons.exercises.beliefs import SUM_BEFORE_THE_AWAIT
from fluvius_demo.lessons.exercises.bookings import CUSTOMERS, Judge, alone_trial, how_it_ended, scene
from fluvius_demo.lessons.exercises.checked import Belief, Found, Trial
from fluvius_demo.lessons.exercises.hall import Failing, Post
from fluvius_demo.lessons.exercises.orders import has_to_wait, in_every_order, with_cancellations, with_errors
from fluvius_demo.lessons.exercises.usable import usable
from fluvius_demo.lessons.interleave import End, Scene
from fluvius_demo.lessons.outcomes import Finding, compared

NEWS = {"Mia": "doors open at seven", "Noah": "the play is sold out"}
MORE_NEWS = "the bar is open"
RIGHT = {"Mia": f"Mia reads “Dear Mia: {NEWS['Mia']}”", "Noah": f"Noah reads “Lieber Noah: {NEWS['Noah']}”"}
COUNTED = "letters are counted as sent"
TO_BOTH = {"A": ("Mia", NEWS["Mia"]), "B": ("Noah", NEWS["Noah"])}
TO_MIA = {"A": ("Mia", NEWS["Mia"]), "B": ("Mia", MORE_NEWS)}
LETTERS = {"A": "a letter to Mia", "B": "another one to her"}
A_LOCK = "Noah's letter waits until Mia's is delivered: that is a lock. It is right, and it is slow where the post is."
Letters = Mapping[str, tuple[str, str]]


def check_open(answer: Any) -> Found:
    """Write two letters in every order, with an error or a cancellation on the way, and from two instances.

    Raises BadRequestError where this is no class on which one letter works.
    """

    async def one(design: type) -> str:
        post = Post()
        await made(design, post).notify(*TO_BOTH["A"])
        return delivered(post, "Mia")

    design = usable(answer, ("notify",), "one letter", one, RIGHT["Mia"])
    two = in_every_order("letters to Mia and Noah at the same time", lambda: letters(design, TO_BOTH), CUSTOMERS)
    same = in_every_order("two letters to Mia at the same time", lambda: letters(design, TO_MIA), LETTERS)
    calls = "an error at each call to the post for Mia's letter, which is then sent again"
    error = with_errors(
        calls, lambda failing: letters(design, TO_BOTH, again=True, failing=failing), CUSTOMERS, ("Mia", "English")
    )
    awaits = "a cancellation at each await of Mia's letter, which is then sent again"
    cancel = with_cancellations(awaits, lambda: letters(design, TO_BOTH, again=True), CUSTOMERS)
    inside = alone_trial(
        "another instance writes while a letter is being written", "; ".join(RIGHT.values()), lambda: inside_of(design)
    )
    found = Found((two, same, error, cancel, inside), _belief(two, same, error, cancel, inside))
    waits = found.passed and has_to_wait(lambda: letters(design, TO_BOTH))
    return replace(found, remark=A_LOCK) if waits else found


def made(design: type, post: Post) -> Any:
    """Return a new notifier. What its `__init__` sets in a Context stays there."""
    return Context().run(design, post)


def delivered(post: Post, member: str, *, once: bool = False) -> str:
    """Return what this member reads, in words; with `once`, the same letter twice counts once."""
    letters = [f"“{letter}”" for reader, letter in post.delivered if reader == member]
    return f"{member} reads {' and '.join(sorted(set(letters) if once else letters)) or 'nothing'}"


def letters(design: type, sent: Letters, *, again: bool = False, failing: Failing | None = None) -> Scene:
    """Return a scene of letters by one instance. With `again`, the first is sent again where something interrupts it.

    Then it may arrive twice; else each arrives once, and is counted.
    """
    post = Post(failing) if failing else Post()
    notifier = made(design, post)

    async def until_sent(member: str, news: str) -> None:
        try:
            await notifier.notify(member, news)
        except (Exception, asyncio.CancelledError):  # a fault comes once
            await notifier.notify(member, news)

    def judge(member: str) -> Judge:
        hoped = Post()
        hoped.delivered = [(to, f"{'Lieber' if to == 'Noah' else 'Dear'} {to}: {news}") for to, news in sent.values()]
        wanted = delivered(hoped, member)

        def judged(end: End) -> Finding:
            if end.stuck or end.error is not None:
                return how_it_ended(wanted, end)
            return compared(wanted, delivered(post, member, once=again))

        return judged

    def counted() -> Finding:
        return compared(f"{len(sent)} {COUNTED}", f"{getattr(notifier, 'sent', 'no')} {COUNTED}")

    commands = {
        name: until_sent(*letter) if again and name == "A" else notifier.notify(*letter)
        for name, letter in sent.items()
    }
    judges = {name: judge(member) for name, (member, _) in sent.items()}
    return scene(commands, judges, None if again else counted)


class ForwardingPost(Post):
    """A post that has another instance write to Noah, whenever it is asked for a greeting."""

    def __init__(self, other: Any) -> None:
        super().__init__()
        self.other = other

    async def greeting_in(self, language: str) -> str:
        """Return the first word of a letter, when the other one has written."""
        await self.other.notify(*TO_BOTH["B"])
        return await super().greeting_in(language)


async def inside_of(design: type) -> str:
    """Have one instance write to Mia, and another one to Noah while that is done; return what both read."""
    noahs = Post()
    mias = ForwardingPost(made(design, noahs))
    await made(design, mias).notify(*TO_BOTH["A"])
    return f"{delivered(mias, 'Mia')}; {delivered(noahs, 'Noah')}"


def _belief(two: Trial, same: Trial, error: Trial, cancel: Trial, inside: Trial) -> Belief | None:
    for trial in (two, same):
        if COUNTED in trial.finding.seen and not trial.passed:
            return SUM_BEFORE_THE_AWAIT if trial.failing < trial.orders else None
        if not trial.passed:
            return later.REFUSES if trial.finding.outcome == "refused" else later.STILL_SHARED
    if "stuck" in (error.finding.outcome, cancel.finding.outcome):
        return later.LOCKED_FOR_EVER
    return later.NOT_GIVEN_BACK if not inside.passed else None
