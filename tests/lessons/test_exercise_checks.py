"""The checks of notebook 07: not yet on the hand-out, passed on the solutions, and each wrong answer is named."""

from collections.abc import Iterator
from contextvars import ContextVar, copy_context
from importlib import import_module
from typing import Any

import pytest

from fluvius_demo.lessons.exercises import (
    BoxOffice,
    Notifier,
    UnguardedOffice,
    beliefs,
    beliefs_later,
    check,
    solutions,
)
from fluvius_demo.lessons.exercises.check import SOLVED_IN
from fluvius_demo.lessons.exercises.check_state import watched
from fluvius_demo.lessons.exercises.checked import Belief
from fluvius_demo.lessons.exercises.steps import OFFICE_STEPS, STEPS
from fluvius_demo.lessons.exercises.wrong_answers import WRONG_ANSWERS, WrongAnswer
from fluvius_demo.lessons.exercises.wrong_letters import ContextNotifier, LockedNotifier, LockWithoutFinally
from fluvius_demo.lessons.exercises.wrong_tests import never_overlaps

HANDED_OUT: dict[str, Any] = {
    **dict.fromkeys(STEPS, BoxOffice),
    "find the shared state": set(),
    "reproduce the failure": never_overlaps,
    "open exercise": Notifier,
}
ANSWERS = ("MyOffice", "MyNotifier", "my_test", "shared")
each_step = pytest.mark.parametrize("step", STEPS)


def named(wrong: WrongAnswer) -> str:
    """Return a wrong answer's step and name."""
    return f"{wrong.step}-{wrong.answer.__qualname__}"


each_wrong = pytest.mark.parametrize("wrong", WRONG_ANSWERS, ids=named)


def solved(step: str) -> Any:
    """Return the answer in the solution of a step."""
    module = import_module(f"{solutions.__name__}.{SOLVED_IN[step]}")
    return next(value for name, value in vars(module).items() if name in ANSWERS)


def all_beliefs() -> list[Belief]:
    """Return each belief that there is."""
    return [one for module in (beliefs, beliefs_later) for one in vars(module).values() if isinstance(one, Belief)]


@each_step
def test_the_hand_out_is_not_yet(step: str) -> None:
    """As it is handed out, each step is still to be done, and it could be tried."""
    found = check(step, HANDED_OUT[step])
    assert not found.passed
    assert not found.cannot


@each_step
def test_the_solution_passes(step: str) -> None:
    """With what its solution has, each step is passed; and nothing is said against it."""
    found = check(step, solved(step))
    assert found.passed
    assert (found.cannot, found.found.belief, found.picture) == ("", None, None)


@pytest.mark.parametrize("number", range(len(OFFICE_STEPS)), ids=lambda number: OFFICE_STEPS[number].name)
def test_the_solutions_are_a_staircase(number: int) -> None:
    """The solution of a step passes the steps up to this one, and none behind it: each check repeats those before."""
    answer = solved(OFFICE_STEPS[number].name)
    assert [check(step.name, answer).passed for step in OFFICE_STEPS[number : number + 2]] in ([True, False], [True])


@each_wrong
def test_a_wrong_answer_is_caught_and_named(wrong: WrongAnswer) -> None:
    """By the check that it is meant for, with evidence and the belief behind it; the same is said each time."""
    found = check(wrong.step, wrong.answer)
    assert repr(found) == repr(check(wrong.step, wrong.answer))  # no address, no time, nothing of the run before
    assert not found.passed
    assert found.found.belief == wrong.belief
    failed = [trial.finding for trial in found.found.trials if not trial.passed]
    assert all(finding.expected != finding.seen for finding in failed)


@pytest.mark.parametrize(
    "wrong", [wrong for wrong in WRONG_ANSWERS if STEPS[wrong.step] in OFFICE_STEPS[1:]], ids=named
)
def test_a_wrong_answer_passes_what_comes_before(wrong: WrongAnswer) -> None:
    """So it is this step alone that it fails; the check of the one before repeats those that come still earlier."""
    assert check(OFFICE_STEPS[OFFICE_STEPS.index(STEPS[wrong.step]) - 1].name, wrong.answer).passed


def test_every_belief_is_shown_by_a_wrong_answer() -> None:
    """None is written down that no answer leads to."""
    assert {wrong.belief.name for wrong in WRONG_ANSWERS} == {belief.name for belief in all_beliefs()}


@each_step
def test_nothing_stays_in_the_context(step: str) -> None:
    """Whatever an answer sets is gone when its check is over."""
    before = dict(copy_context().items())
    check(step, solved(step))
    assert dict(copy_context().items()) == before


def test_nothing_of_a_strange_answer_stays_either() -> None:
    """One that runs code while its names are read."""
    set_by_it: ContextVar[bool] = ContextVar("set_by_it", default=False)

    def names() -> Iterator[str]:
        set_by_it.set(True)
        yield "customer"

    assert len(check("find the shared state", names()).found.trials) == 2
    assert not set_by_it.get()


@pytest.mark.parametrize("step", [step.name for step in OFFICE_STEPS[1:]])
def test_a_step_that_builds_on_another_one_says_so(step: str) -> None:
    """Whoever changes something that was passed is told at the next check, whichever that is."""
    first, *_ = check(step, BoxOffice).found.trials
    assert first.name == "step 3, one context variable"
    assert first.finding.seen == f"it is not passed: it looks like {beliefs.STILL_ON_SELF.name}"


class TestTheSharedState:
    """Step 1 computes what is right from a run."""

    def test_a_run_shows_what_is_set_back(self) -> None:
        """These three, on the class with its guard and without it."""
        for office in (BoxOffice, UnguardedOffice):
            assert {name for name, seen in watched(office).items() if seen.is_set_back} == {"customer", "card", "seats"}

    def test_on_another_class_it_is_something_else(self) -> None:
        """On a class that sets nothing back nothing would be right."""
        assert not any(seen.is_set_back for seen in watched(solved("keep two instances apart")).values())

    def test_each_name_is_judged_by_what_was_seen(self) -> None:
        """What is about the evening is told apart from what is never changed."""
        trials = check("find the shared state", ["self.customer", "takings", "hall"]).found.trials
        seen = {trial.name.split()[0]: (trial.passed, trial.finding.seen) for trial in trials}
        assert seen["customer"] == (True, "None before a booking, 'Mia' in it, None afterwards")
        assert seen["hall"] == (False, "always the hall: no booking changes it")
        assert seen["takings"][0] is False
        assert seen["takings"][1].startswith("0 before a booking, 30 in it, 30 afterwards: it is not set back")
        assert seen["all"] == (False, "1 of them, and there are more")


class TestTheOpenExercise:
    """Any cure is as good, and what it costs is said."""

    def test_a_context_variable_is_one(self) -> None:
        """One that is reset by its token."""
        found = check("open exercise", ContextNotifier)
        assert (found.passed, found.found.remark) == (True, "")

    def test_a_lock_is_one_with_a_remark(self) -> None:
        """It is right; that Noah has to wait is said beside it."""
        found = check("open exercise", LockedNotifier)
        assert found.passed
        assert check("open exercise", LockWithoutFinally).found.remark == "", "nothing good is said of what fails"
        assert "that is a lock" in found.found.remark
        assert "that is a lock" in " ".join(repr(found).split())
