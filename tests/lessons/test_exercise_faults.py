"""The faults that a check lets come: an error at each call, a cancellation at each await, in every order."""

from typing import Any

from test_exercise_orders import AsksByTask

from fluvius_demo.lessons.exercises import BoxOffice
from fluvius_demo.lessons.exercises.bookings import CUSTOMERS, Told, books, scene
from fluvius_demo.lessons.exercises.check_errors import interrupted
from fluvius_demo.lessons.exercises.checked import Trial
from fluvius_demo.lessons.exercises.hall import Failing, Hall, NoAnswerError
from fluvius_demo.lessons.exercises.orders import every_order, with_cancellations, with_errors
from fluvius_demo.lessons.exercises.solutions.two_instances import MyOffice
from fluvius_demo.lessons.exercises.usable import alone
from fluvius_demo.lessons.interleave import Fault, Scene
from fluvius_demo.lessons.outcomes import compared


def with_both(design: type) -> list[Trial]:
    """Run every order with errors, and with cancellations."""
    return [
        with_errors("errors", lambda failing: interrupted(design, failing), CUSTOMERS, ("Mia", "C5")),
        with_cancellations("cancellations", lambda: interrupted(design), CUSTOMERS),
    ]


def test_faults_come_at_each_call_and_await_of_one_command() -> None:
    """The picture says which one it was; on a mended class none does harm."""
    errors, cancellations = with_both(BoxOffice)
    assert errors.failing == errors.orders > 0
    assert cancellations.failing == cancellations.orders > 0
    assert errors.picture.fault == "Mia's call 1 gets an error for an answer"
    assert cancellations.picture.fault == "a cancellation comes at Mia's await 1"
    assert [(trial.passed, trial.orders) for trial in with_both(MyOffice)] == [(True, 30), (True, 30)]


def test_an_error_reaches_a_call_that_a_task_makes() -> None:
    """Both calls of Mia's have their error, although her own coroutine only waits for tasks."""
    seen = {trial.finding.seen for trial in with_both(AsksByTask)}
    assert seen == {"no booking is open"}
    assert with_both(AsksByTask)[0].orders > with_both(MyOffice)[0].orders


def test_where_one_search_is_given_up_the_whole_is_not_complete() -> None:
    """An early cancellation leaves few orders, a late one too many."""

    class Slow(MyOffice):
        async def take(self, seat: str) -> None:
            for _ in range(3):
                await self.hall.price_of(seat)
            await super().take(seat)

    reports = [every_order(lambda: interrupted(Slow), Fault("cancel", "A", number)) for number in (1, 5)]
    assert [report.exhaustive for report in reports] == [True, False]
    assert not with_cancellations("cancelled", lambda: interrupted(Slow), CUSTOMERS).exhaustive


def test_a_class_that_never_asks_has_no_faults() -> None:
    """There is nothing to strike at, and that is no error of the check's."""

    class NeverAsks(MyOffice):
        async def take(self, seat: str) -> None:
            self.running().seats.append(seat)

    async def at_once(self: Any, customer: str) -> str:
        return f"{customer}'s card"

    hall = type("Hall", (Hall,), {"card_of": at_once})

    def make() -> Scene:
        return scene(
            {"A": books(NeverAsks(hall()), "Mia", "C5", Told())}, {"A": lambda end: compared(None, end.result)}
        )

    for trial in (
        with_errors("errors", lambda _failing: make(), CUSTOMERS, ("Mia",)),
        with_cancellations("cancellations", make, CUSTOMERS),
    ):
        assert (trial.passed, trial.orders) == (True, 1)


def test_one_call_fails_and_no_other() -> None:
    """The second one about Mia; Noah's do not count."""
    failing = Failing(2, ("Mia",))

    async def asks() -> list[str]:
        hall, told = Hall(failing), []
        for customer in ("Mia", "Noah", "Mia", "Mia"):
            try:
                told.append(await hall.card_of(customer))
            except NoAnswerError:
                told.append("no answer")
        return told

    assert alone(asks).result == ["Mia's card", "Noah's card", "no answer", "Mia's card"]
    assert failing.struck
