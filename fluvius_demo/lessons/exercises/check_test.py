"""Step 2: is the learner's test a good one? In every order, on a broken, an unguarded, a mended class."""

from collections.abc import Callable
from inspect import iscoroutine, iscoroutinefunction
from typing import Any

from fluvius_demo.errors import BadRequestError
from fluvius_demo.lessons.exercises import beliefs
from fluvius_demo.lessons.exercises.box_office import BoxOffice, UnguardedOffice
from fluvius_demo.lessons.exercises.checked import Belief, Found, Trial
from fluvius_demo.lessons.exercises.hall import Hall
from fluvius_demo.lessons.exercises.orders import in_every_order
from fluvius_demo.lessons.exercises.quiet import first_run_is_over
from fluvius_demo.lessons.exercises.solutions.two_instances import MyOffice
from fluvius_demo.lessons.exercises.usable import alone, told
from fluvius_demo.lessons.interleave import Make
from fluvius_demo.lessons.outcomes import Finding
from fluvius_demo.lessons.scene import End, Scene, Verdict


class OtherwiseMended(MyOffice):
    """It has kept its attributes, which are never set any more, and its ticket says None where no booking is open."""

    def __init__(self, hall: Hall) -> None:
        super().__init__(hall)
        self.customer, self.card, self.seats = None, None, []

    def ticket(self) -> dict[str, Any]:
        """Return what the open booking has so far; nothing where there is none."""
        try:
            return super().ticket()
        except RuntimeError:
            return {"customer": None, "card": None, "seats": []}


ON: dict[str, tuple[type, str]] = {
    "on the box office as it was found": (BoxOffice, "fails"),
    "on the same without its guard": (UnguardedOffice, "fails"),
    "on a mended one": (MyOffice, "passes"),
    "on one that is mended in another way": (OtherwiseMended, "passes"),
}


def check_test(answer: Any) -> Found:
    """Run the learner's test. Raises BadRequestError where it is no `async def` that takes a class."""
    if iscoroutine(answer):
        answer.close()
    if not iscoroutinefunction(answer):
        given = "it was called already" if iscoroutine(answer) else f"it is {told(answer)}"
        remedy = "write `async def my_test(office_class)`, and hand it over without brackets"
        raise BadRequestError("check this test", f"{given}, and not an async function", remedy)
    try:
        answer(BoxOffice).close()
    except TypeError as error:
        remedy = "let it have one argument: the class that it is to test"
        raise BadRequestError("check this test", f"it cannot be called with a class ({error})", remedy) from None
    alone(lambda: answer(BoxOffice))
    first_run_is_over()  # what it has printed is shown
    trials = tuple(
        in_every_order(f"it {hoped} {where}, in every order", _make(answer, design, hoped), {"A": "the test"})
        for where, (design, hoped) in ON.items()
    )
    return Found(trials, _belief(*trials))


def _make(test: Callable[[type], Any], design: type, hoped: str) -> Make:
    def judge(end: End) -> Finding:
        if end.stuck:
            return Finding("stuck", f"it {hoped}", "it waits for ever")
        outcome = "correct" if (end.error is not None) == (hoped == "fails") else "wrong"
        if outcome == "correct":
            return Finding(outcome, f"it {hoped}", f"it {hoped}")
        said = f": {Finding.of_error('', end.error).seen}" if end.error is not None else ""
        return Finding(outcome, f"it {hoped}", f"it {'fails' if said else 'passes'}{said}")

    return lambda: Scene({"A": test(design)}, lambda ends: Verdict((("A", judge(ends["A"])),)))


def _belief(found: Trial, unguarded: Trial, mended: Trial, other: Trial) -> Belief | None:
    trials = (found, unguarded, mended, other)
    if all(trial.passed for trial in trials):
        return None
    if any(trial.finding.outcome == "stuck" for trial in trials):
        if mended.finding.outcome == "stuck":
            return None  # it hangs for a reason of its own
        return beliefs.WAITS_FOR_THE_REFUSED
    if any(0 < trial.failing < trial.orders for trial in trials):
        return beliefs.LEFT_TO_CHANCE
    if found.passed and unguarded.passed and mended.passed:
        return beliefs.HOW_IT_IS_MENDED
    if found.passed and unguarded.passed:
        return beliefs.ALWAYS_FAILS
    if not mended.passed:
        return beliefs.UPSIDE_DOWN
    return beliefs.ONLY_THE_GUARD if found.passed else beliefs.NEVER_OVERLAPS
