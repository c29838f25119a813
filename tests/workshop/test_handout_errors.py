"""The texts on the handout are those that are raised, and its picture shows what Python does."""

from __future__ import annotations

import asyncio
import re
from contextvars import Context, ContextVar
from html import unescape

import pytest

from workshop import handout, handout_errors
from workshop.handout_picture import STAIRS, STEPS, WORDS, context_svg

TOLD = handout_errors.told()


def test_the_texts_that_a_reader_meets_are_all_there() -> None:
    """Python's own, the framework's, and those of the isolated class."""
    beginnings = [text.partition(":")[0] for text, _, _ in TOLD]
    assert beginnings == [
        *("RuntimeError", "AttributeError", "LookupError", "ValueError", "RuntimeError"),
        *("OutsideCommandError", "CommandEndedError", "NestedCommandError", "UnconsumedEventsError"),
        "PreconditionFailedError",
    ]
    texts = " ".join(text for text, _, _ in TOLD)
    for part in ("Overlapping context", "was created in a different Context", "All events must be consumed"):
        assert part in texts


@pytest.mark.parametrize("told", TOLD, ids=lambda told: told.text[:24])
def test_each_is_on_the_page(told: handout_errors.Told) -> None:
    """The text, what it means and what to do are on the page, and the text names no address."""
    source = unescape(handout.html())
    assert all(part in source for part in told)
    assert not re.search("0x[0-9a-f]", told.text)
    assert told.means.endswith(".")
    assert told.remedy.endswith(".")


def test_ours_say_themselves_what_to_do() -> None:
    """The advice of our own errors is the one in their text, and so it stays true when that changes."""
    own = [told for told in TOLD if told.text.startswith(("Outside", "CommandEnded", "Nested", "Unconsumed"))]
    assert len(own) == 4
    assert own[1].remedy == "Await the work inside of the command, or open a command for it."
    assert TOLD[-1].remedy.endswith(". Or lock the object."), "what we add to it stands behind"


def test_what_raises_nothing_is_not_printed() -> None:
    """If an error no longer comes, the build fails."""

    async def nothing() -> None:
        pass

    with pytest.raises(AssertionError, match="nothing raises nothing"):
        asyncio.run(handout_errors._told(nothing, "", ""))


def test_the_stairs_are_what_python_does() -> None:
    """Run the four steps as they are written: the values are those in the boxes."""
    current: ContextVar[str | None] = ContextVar("current", default=None)
    scope = {"current": current, "ana": "ana", "ben": "ben"}

    def climbed() -> list[str]:
        seen = [str(current.get())]
        for step in STEPS:
            exec(step, scope)
            seen.append(str(current.get()))
        return seen

    assert Context().run(climbed) == [value for value, _ in STAIRS]


def test_the_picture_is_described() -> None:
    """It is one image, with its words in it."""
    svg = context_svg()
    assert 'role="img"' in svg
    assert WORDS in unescape(re.search("<desc>(.*?)</desc>", svg)[1])
    assert "create_task copies" in svg
