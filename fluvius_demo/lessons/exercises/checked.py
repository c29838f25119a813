"""What a check has found: what was tried and what came of it, the order that shows it, and what it tells about."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fluvius_demo.lessons.exercises.check_view import checked_html
from fluvius_demo.lessons.exercises.check_words import checked_text, order_lines
from fluvius_demo.lessons.exercises.lanes_svg import order_svg
from fluvius_demo.lessons.outcomes import Finding


@dataclass(frozen=True)
class Move:
    """One step of an order: who took it, how it stopped ("waits in take"), and at which line; none at its end."""

    lane: str
    stop: str
    line: str = ""


@dataclass(frozen=True)
class DrawnOrder:
    """One order of steps, as a picture: who takes part, step by step, and what came of it.

    `fault`: what was injected, in words; `findings`: by lane.
    """

    lanes: tuple[str, ...]
    moves: tuple[Move, ...]
    findings: tuple[tuple[str, Finding], ...]
    fault: str = ""

    def _repr_mimebundle_(self, **_options: Any) -> Mapping[str, str]:
        return {"text/plain": repr(self), "text/html": order_svg(self)}

    def __repr__(self) -> str:
        return "\n".join(order_lines(self))


@dataclass(frozen=True)
class Trial:
    """One thing that was tried on a learner's answer.

    `orders`: how many were run, `failing`: how many of them went wrong; `exhaustive`: whether there are no more.
    """

    name: str
    finding: Finding
    orders: int = 0
    failing: int = 0
    picture: DrawnOrder | None = None
    exhaustive: bool = True

    @property
    def passed(self) -> bool:
        """Whether it came out as it should."""
        return self.finding.outcome == "correct"


@dataclass(frozen=True)
class Belief:
    """A wrong answer that looks right: its name, what one may have thought, and what is so instead."""

    name: str
    thought: str
    instead: str


@dataclass(frozen=True)
class Found:
    """What the check of a step found, before it is told: the trials, the belief behind what failed, and a remark."""

    trials: tuple[Trial, ...]
    belief: Belief | None = None
    remark: str = ""

    @property
    def passed(self) -> bool:
        """Whether all that was tried came out as it should."""
        return all(trial.passed for trial in self.trials)


@dataclass(frozen=True)
class Step:
    """One step of the exercise. `check` is given the learner's answer, and raises BadRequestError for no answer.

    `hints`: three, the third may name the method; `gained`: what the learner has, once it is passed.
    """

    number: int
    name: str
    check: Callable[[Any], Found]
    hints: tuple[str, str, str]
    gained: str

    @property
    def title(self) -> str:
        """The step as it is spoken of: "Step 4, reset by token"."""
        return f"Step {self.number}, {self.name}"


@dataclass(frozen=True)
class Checked:
    """The result of a check. `cannot`: why nothing could be tried. In a notebook it is a page with a picture."""

    step: Step
    found: Found = field(default_factory=lambda: Found(()))
    cannot: str = ""

    @property
    def passed(self) -> bool:
        """Whether all that was tried came out as it should."""
        return not self.cannot and self.found.passed

    @property
    def picture(self) -> DrawnOrder | None:
        """The smallest order of the first trial that failed in an order; None where none did."""
        failed = (trial.picture for trial in self.found.trials if not trial.passed)
        return next((picture for picture in failed if picture), None)

    def _repr_mimebundle_(self, **_options: Any) -> Mapping[str, str]:
        return {"text/plain": repr(self), "text/html": checked_html(self)}

    def __repr__(self) -> str:
        return checked_text(self)
