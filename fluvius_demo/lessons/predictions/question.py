"""A question before a run. No choice is marked as the right one: each says what would be seen, and the run decides."""

from dataclasses import dataclass
from string import ascii_lowercase
from typing import Any

from fluvius_demo.errors import BadRequestError


@dataclass(frozen=True)
class Choice:
    """One thing that a learner may expect. `code` in backticks is shown as code.

    - `seen`: what the run shows where this is what happens, in the shape in which the notebook hands it to `happened`.
    - `belief`: which belief leads to this choice, in “quotes”, and where it fails; where the choice came true, why.
    """

    text: str
    seen: Any
    belief: str


@dataclass(frozen=True)
class Question:
    """A question with two to four choices. The notebook asks for it by `name`; `section` is where to look again.

    Raises ValueError where the choices are too few, too many, or two of them expect the same.
    """

    name: str
    section: str
    text: str
    choices: tuple[Choice, ...]

    def __post_init__(self) -> None:
        expected = [choice.seen for choice in self.choices]
        if not 2 <= len(expected) <= 4 or any(one in expected[:place] for place, one in enumerate(expected)):
            raise ValueError(
                f"Cannot ask {self.name!r}: it takes two to four choices, no two of which expect the same."
            )

    def came_true(self, seen: Any) -> int:
        """Return the place of the choice that expected this. Raises BadRequestError where none did."""
        for place, choice in enumerate(self.choices):
            if choice.seen == seen:
                return place
        raise BadRequestError(
            f"answer the question {self.name!r}",
            f"the run shows {seen!r}, and its choices expect {', '.join(repr(choice.seen) for choice in self.choices)}",
            "run the cells from the top; if it stays so, the question is wrong: add a choice for this",
        )

    def told(self, place: int) -> str:
        """Return a choice with its letter: "(b) It waits."."""
        return f"({ascii_lowercase[place]}) {self.choices[place].text}"
