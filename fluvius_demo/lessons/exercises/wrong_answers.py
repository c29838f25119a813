"""All wrong answers that look right: for which step each is given, and the belief that its check is to name."""

from typing import Any, NamedTuple

from fluvius_demo.lessons.exercises import (
    beliefs,
    wrong_ends,
    wrong_keys,
    wrong_letters,
    wrong_marks,
    wrong_places,
    wrong_tests,
)
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
    WrongAnswer("reproduce the failure", beliefs.HOW_IT_IS_MENDED, wrong_tests.looks_at_attributes),
    WrongAnswer("reproduce the failure", beliefs.HOW_IT_IS_MENDED, wrong_tests.looks_outside),
    WrongAnswer("one context variable", beliefs.STILL_ON_SELF, BoxOffice),
    WrongAnswer("one context variable", beliefs.A_LOCK, wrong_places.LockedOffice),
    WrongAnswer("one context variable", beliefs.BY_TASK, wrong_places.ByTaskOffice),
    WrongAnswer("one context variable", beliefs.ONE_FOR_ALL, wrong_places.ThreadLocalOffice),
    WrongAnswer("one context variable", beliefs.ONE_FOR_ALL, wrong_places.MutableDefaultOffice),
    WrongAnswer("one context variable", beliefs.SHARED_OBJECT, wrong_places.SharedObjectOffice),
    WrongAnswer("one context variable", beliefs.SEVERAL_VARIABLES, wrong_places.SeveralVariablesOffice),
    WrongAnswer("one context variable", beliefs.FROZEN_COPY, wrong_places.FrozenCopyOffice),
    WrongAnswer("one context variable", later.OWN_TASK_ONLY, wrong_ends.OwnTaskOffice),
    WrongAnswer("one context variable", beliefs.SUM_BEFORE_THE_AWAIT, wrong_keys.LostSumOffice),
    WrongAnswer("one context variable", beliefs.STILL_ON_SELF, wrong_keys.SeatsOnSelfOffice),
    WrongAnswer("one context variable", beliefs.STILL_ON_SELF, wrong_keys.StateObjectOffice),
    WrongAnswer("one context variable", beliefs.BY_CUSTOMER, wrong_keys.ByCustomerOffice),
    WrongAnswer("reset by token", beliefs.SET_NONE, one_variable.MyOffice),
    WrongAnswer("reset by token", beliefs.NEVER_RESET, wrong_ends.NeverResetOffice),
    WrongAnswer("reset by token", beliefs.TOKEN_ON_SELF, wrong_ends.TokenOnSelfOffice),
    WrongAnswer("reset by token", beliefs.BY_CUSTOMER, wrong_keys.TokenByCustomerOffice),
    WrongAnswer("reset by token", beliefs.GUARDED_WITHIN, wrong_keys.GuardedWithinOffice),
    WrongAnswer("reset by token", beliefs.A_LOCK, wrong_keys.LateLockOffice),
    WrongAnswer("reset by token", beliefs.CHANGED_IN_PLACE, wrong_keys.StackOffice),
    WrongAnswer("survive errors", beliefs.NO_FINALLY, reset_by_token.MyOffice),
    WrongAnswer("survive errors", beliefs.ONLY_EXCEPTIONS, wrong_ends.OnlyExceptionsOffice),
    WrongAnswer("survive errors", beliefs.SET_TOO_EARLY, wrong_ends.SetTooEarlyOffice),
    WrongAnswer("survive errors", beliefs.SWALLOWED, wrong_ends.SwallowingOffice),
    WrongAnswer("survive errors", beliefs.SWALLOWED, wrong_marks.SwallowsCancellationOffice),
    WrongAnswer("survive errors", beliefs.SWALLOWED, wrong_marks.NoCardOffice),
    WrongAnswer("survive errors", beliefs.SWALLOWED, wrong_marks.SilentTakeOffice),
    WrongAnswer("survive errors", beliefs.AWAIT_BEFORE_THE_RESET, wrong_marks.AwaitsAtTheEndOffice),
    WrongAnswer("stop late children", later.NO_FLAG, survive_errors.MyOffice),
    WrongAnswer("stop late children", later.BEFORE_THE_AWAIT, wrong_ends.AskedBeforeOffice),
    WrongAnswer("stop late children", later.QUIETLY_DROPPED, wrong_ends.QuietOffice),
    WrongAnswer("stop late children", later.ONE_METHOD_ONLY, wrong_marks.TicketDoesNotAskOffice),
    WrongAnswer("stop late children", later.ONE_METHOD_ONLY, wrong_marks.TakeDoesNotAskOffice),
    WrongAnswer("stop late children", later.GOOD_END_ONLY, wrong_marks.GoodEndOffice),
    WrongAnswer("stop late children", later.MARK_ON_SELF, wrong_marks.CountingOffice),
    WrongAnswer("stop late children", later.PAID_BEFORE, wrong_marks.PaidBeforeOffice),
    WrongAnswer("keep two instances apart", later.NO_OWNER, late_children.MyOffice),
    WrongAnswer("keep two instances apart", later.ONLY_THE_INNERMOST, wrong_ends.InnermostOffice),
    WrongAnswer("keep two instances apart", later.PER_INSTANCE, wrong_ends.PerInstanceOffice),
    WrongAnswer("keep two instances apart", later.OUTER_ON_SELF, wrong_marks.OuterOnSelfOffice),
    WrongAnswer("keep two instances apart", later.NO_OWNER, wrong_marks.AnyBookingOffice),
    WrongAnswer("open exercise", later.STILL_SHARED, Notifier),
    WrongAnswer("open exercise", later.STILL_SHARED, wrong_letters.NewsOnSelfNotifier),
    WrongAnswer("open exercise", later.STILL_SHARED, wrong_letters.ByMemberNotifier),
    WrongAnswer("open exercise", beliefs.SUM_BEFORE_THE_AWAIT, wrong_letters.LostCountNotifier),
    WrongAnswer("open exercise", later.REFUSES, wrong_letters.GuardedNotifier),
    WrongAnswer("open exercise", later.LOCKED_FOR_EVER, wrong_letters.LockWithoutFinally),
    WrongAnswer("open exercise", later.NOT_GIVEN_BACK, wrong_letters.NeverResetNotifier),
)
