"""Step 1: which attributes hold the running booking? Those that a booking sets, and that its end sets back."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from fluvius_demo.errors import BadRequestError
from fluvius_demo.lessons.exercises.bookings import opened
from fluvius_demo.lessons.exercises.box_office import BoxOffice
from fluvius_demo.lessons.exercises.checked import Found, Trial
from fluvius_demo.lessons.exercises.usable import alone, told
from fluvius_demo.lessons.outcomes import Finding


class Watched(NamedTuple):
    """What an attribute held before a booking, in it, and after its end, in words."""

    before: str
    inside: str
    after: str

    @property
    def is_set_back(self) -> bool:
        """Whether the booking has set it, and its end has set it back."""
        return self.inside != self.before == self.after

    def __str__(self) -> str:
        if self.before == self.inside == self.after:
            return f"always {self.before}: no booking changes it"
        told = f"{self.before} before a booking, {self.inside} in it, {self.after} afterwards"
        return told if self.is_set_back else f"{told}: it is not set back, for it is about the whole evening"


def watched(design: type = BoxOffice) -> dict[str, Watched]:
    """Run one booking and return what became of each attribute."""

    async def run() -> list[dict[str, str]]:
        office = opened(design)
        looks = [_look(office)]
        async with office.booking("Mia"):
            await office.take("C5")
            looks.append(_look(office))
        return [*looks, _look(office)]

    before, inside, after = alone(run).result
    return {name: Watched(before.get(name, "nothing"), inside[name], after[name]) for name in inside}


def _look(office: Any) -> dict[str, str]:
    return {name: repr(value) for name, value in vars(office).items()}


def check_state(answer: Any) -> Found:
    """Compare the learner's set of names with what a run shows. Raises BadRequestError where it is no such set."""
    named, seen = names(answer), watched()
    if unknown := sorted(named - seen.keys()):
        is_method = callable(getattr(BoxOffice, unknown[0], None))
        wrong = f"{unknown[0]!r} is a method" if is_method else f"a box office has no attribute {unknown[0]!r}"
        raise BadRequestError("check these names", wrong, f"use some of {', '.join(seen)}")
    shared = {name for name, watch in seen.items() if watch.is_set_back}
    trials = [Trial(f"{name} holds the running booking", _of(seen[name])) for name in seen if name in named]
    count = f"{len(shared & named)} of them" + ("" if shared <= named else ", and there are more")
    missing = Finding("correct" if shared <= named else "wrong", "each that is about one booking", count)
    return Found((*trials, Trial("all of them are named", missing)))


def _of(watch: Watched) -> Finding:
    outcome = "correct" if watch.is_set_back else "wrong"
    return Finding(outcome, "that a booking sets it, and its end sets it back", str(watch))


def names(answer: Any) -> set[str]:
    """Return the names that the learner gave, without `self.`. Raises BadRequestError where these are no names."""
    if isinstance(answer, Iterable) and not isinstance(answer, (str, bytes, dict)):
        given = list(answer)
        if all(isinstance(name, str) for name in given):
            return {name.strip().removeprefix("self.") for name in given}
    raise BadRequestError(
        "check these names",
        f"it is {told(answer)}, and not a set of names",
        'write a set of texts, such as {"hall", "takings"}',
    )
