"""`check("reset by token", MyOffice)`: the one call of notebook 07. It never raises because of the learner's code."""

import inspect
from contextvars import copy_context
from dataclasses import dataclass, replace
from html import escape
from importlib import import_module
from typing import Any

from fluvius_demo.errors import BadRequestError
from fluvius_demo.lessons.exercises import solutions
from fluvius_demo.lessons.exercises.bookings import CUSTOMERS, two_at_once
from fluvius_demo.lessons.exercises.checked import Belief, Checked, DrawnOrder, Found, Step, Trial
from fluvius_demo.lessons.exercises.orders import SAME_EACH_TIME, drawn
from fluvius_demo.lessons.exercises.quiet import quiet
from fluvius_demo.lessons.exercises.steps import OFFICE_STEPS, STEPS
from fluvius_demo.lessons.outcomes import Finding

SOLVED_IN = dict(
    zip(
        STEPS,
        ("shared_state", "failing_test", "one_variable", "reset_by_token", "survive_errors", "late_children",
         "two_instances", "open_exercise"),
        strict=True,
    )
)  # fmt: skip


def check(step: str, answer: Any) -> Checked:
    """Return what became of the learner's answer to this step. Raises BadRequestError where there is no such step.

    Whatever the answer does is part of the result. Nothing that it sets stays in this Context.
    """
    known = _step(step)
    with quiet() as heard:
        checked = _checked(known, answer)
    if heard.first:
        print(heard.first, end="")
    return checked


def _checked(step: Step, answer: Any) -> Checked:
    try:
        return Checked(step, copy_context().run(_found, step, answer))
    except BadRequestError as error:
        return Checked(step, cannot=str(error))
    except (Exception, SystemExit) as error:
        said = Finding.of_error("", error).seen.removesuffix(".")
        return Checked(step, cannot=f"Cannot check this: it ends with {said}. To solve this, make that work first.")


def _found(step: Step, answer: Any) -> Found:
    found = _steady(step.check(answer), answer)
    if step in OFFICE_STEPS:
        for earlier in OFFICE_STEPS[: OFFICE_STEPS.index(step)]:
            before = _steady(earlier.check(answer), answer)
            if not before.passed:  # then what fails here tells about that step
                return Found((_not_yet(earlier, before.belief), *found.trials))
    return found


def _steady(found: Found, answer: Any) -> Found:
    """Return what was found; without a belief, where the runs tell nothing for sure. Raises BadRequestError."""
    if any("is bound to a different event loop" in trial.finding.seen for trial in found.trials):
        wrong, remedy = "its lock is made outside of the class, and serves one loop", "make it in `__init__`"
        raise BadRequestError(f"check {answer.__name__}", wrong, remedy)
    if any(trial.finding.expected == SAME_EACH_TIME and not trial.passed for trial in found.trials):
        return replace(found, belief=None)
    return found


def _not_yet(earlier: Step, belief: Belief | None) -> Trial:
    hoped = f"step {earlier.number} is passed, for this one builds on it"
    seen = "it is not passed" + (f": it looks like {belief.name}" if belief else "")
    return Trial(f"step {earlier.number}, {earlier.name}", Finding("wrong", hoped, seen))


def _step(name: str) -> Step:
    if name not in STEPS:
        raise BadRequestError(f"find the step {name!r}", "there is no such step", f"use one of: {', '.join(STEPS)}")
    return STEPS[name]


@dataclass(frozen=True)
class Source:
    """Python source, shown as it is written."""

    text: str

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return f'<pre style="white-space:pre-wrap">{escape(self.text, quote=False)}</pre>'


def two_bookings(design: type, schedule: str) -> DrawnOrder:
    """Let Mia (A) and Noah (B) book at one office of this class, step by step: "AABBAB". Raises ScheduleError."""
    return drawn(two_at_once(design), schedule, CUSTOMERS)


def solution(step: str) -> Source:
    """Return one way to solve a step, as source that can be put into its cell. Raises BadRequestError."""
    module = import_module(f"{solutions.__name__}.{SOLVED_IN[_step(step).name]}")
    return Source(inspect.getsource(module).removeprefix(f'"""{module.__doc__}"""').strip())
