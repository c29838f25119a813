"""All wrong answers that look right: for which step each is given, and the belief that its check is to name."""

from typing import Any, NamedTuple

from fluvius_demo.lessons.exercises import beliefs, wrong_ends, wrong_letters, wrong_places, wrong_tests
from fluvius_demo.lessons.exercises import beliefs_later as later
from fluvius_demo.lessons.exercises.box_office import BoxOffice
from fluvius_demo.lessons.exercises.checked import Belief
from fluvius_demo.lessons.exercises.notifier import Notifier
from fluvius_demo.lessons.exercises.solutions import late_children, one_variable, reset_by_token, survive_errors


class WrongAnswer(NamedTuple):
    """An answer, the step that it is given to, and what it shows that somebody believes."""

    step: str
    belief: Belief
    answer: Any


WRONG_ANSWERS: tuple[WrongAnswer, ...] = (
    WrongAnswer("reproduce the failure", beliefs.NEVER_OVERLAPS, wrong_tests.never_overlaps),
    WrongAnswer("reproduce the failure", beliefs.ALWAYS_FAILS, wrong_tests.always_fails),
    WrongAnswer("reproduce the failure", beliefs.ONLY_THE_GUARD, wrong_tests.only_the_guard),
    WrongAnswer("reproduce the failure", beliefs.UPSIDE_DOWN, wrong_tests.upside_down),
    WrongAnswer("reproduce the failure", beliefs.LEFT_TO_CHANCE, wrong_tests.started_together),
    WrongAnswer("reproduce the failure", beliefs.LEFT_TO_CHANCE, wrong_tests.sleeps),
    WrongAnswer("reproduce the failure", beliefs.WAITS_FOR_THE_REFUSED, wrong_tests.waits_for_the_refused),
    WrongAnswer("one context variable", beliefs.STILL_ON_SELF, BoxOffice),
    WrongAnswer("one context variable", beliefs.A_LOCK, wrong_places.LockedOffice),
    WrongAnswer("one context variable", beliefs.BY_TASK, wrong_places.ByTaskOffice),
    WrongAnswer("one context variable", beliefs.ONE_FOR_ALL, wrong_places.ThreadLocalOffice),
    WrongAnswer("one context variable", beliefs.ONE_FOR_ALL, wrong_places.MutableDefaultOffice),
    WrongAnswer("one context variable", beliefs.SHARED_OBJECT, wrong_places.SharedObjectOffice),
    WrongAnswer("one context variable", beliefs.SEVERAL_VARIABLES, wrong_places.SeveralVariablesOffice),
    WrongAnswer("one context variable", beliefs.FROZEN_COPY, wrong_places.FrozenCopyOffice),
    WrongAnswer("one context variable", later.OWN_TASK_ONLY, wrong_ends.OwnTaskOffice),
    WrongAnswer("reset by token", beliefs.SET_NONE, one_variable.MyOffice),
    WrongAnswer("reset by token", beliefs.NEVER_RESET, wrong_ends.NeverResetOffice),
    WrongAnswer("reset by token", beliefs.TOKEN_ON_SELF, wrong_ends.TokenOnSelfOffice),
    WrongAnswer("survive errors", beliefs.NO_FINALLY, reset_by_token.MyOffice),
    WrongAnswer("survive errors", beliefs.ONLY_EXCEPTIONS, wrong_ends.OnlyExceptionsOffice),
    WrongAnswer("survive errors", beliefs.SET_TOO_EARLY, wrong_ends.SetTooEarlyOffice),
    WrongAnswer("survive errors", beliefs.SWALLOWED, wrong_ends.SwallowingOffice),
    WrongAnswer("stop late children", later.NO_FLAG, survive_errors.MyOffice),
    WrongAnswer("stop late children", later.BEFORE_THE_AWAIT, wrong_ends.AskedBeforeOffice),
    WrongAnswer("stop late children", later.QUIETLY_DROPPED, wrong_ends.QuietOffice),
    WrongAnswer("keep two instances apart", later.NO_OWNER, late_children.MyOffice),
    WrongAnswer("keep two instances apart", later.ONLY_THE_INNERMOST, wrong_ends.InnermostOffice),
    WrongAnswer("keep two instances apart", later.PER_INSTANCE, wrong_ends.PerInstanceOffice),
    WrongAnswer("open exercise", later.STILL_SHARED, Notifier),
    WrongAnswer("open exercise", later.REFUSES, wrong_letters.GuardedNotifier),
    WrongAnswer("open exercise", later.LOCKED_FOR_EVER, wrong_letters.LockWithoutFinally),
    WrongAnswer("open exercise", later.NOT_GIVEN_BACK, wrong_letters.NeverResetNotifier),
)
