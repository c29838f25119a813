"""What a check sees and says of classes that are broken in other ways than the wrong answers that it knows."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Self

from fluvius_demo.lessons.exercises import UnguardedOffice, beliefs, check
from fluvius_demo.lessons.exercises.bookings import CUSTOMERS
from fluvius_demo.lessons.exercises.check_children import late_friend
from fluvius_demo.lessons.exercises.check_errors import interrupted
from fluvius_demo.lessons.exercises.hall import Hall
from fluvius_demo.lessons.exercises.orders import every_order, in_every_order, with_cancellations
from fluvius_demo.lessons.exercises.solutions import one_variable, reset_by_token
from fluvius_demo.lessons.exercises.solutions.failing_test import my_test
from fluvius_demo.lessons.exercises.solutions.two_instances import MyOffice
from fluvius_demo.lessons.exercises.wrong_letters import ContextNotifier
from fluvius_demo.lessons.exercises.wrong_tests import books, started_together


class WaitsInATask(MyOffice):
    """An office that never sells C7."""

    async def take(self, seat: str) -> None:
        """Take a seat, or wait for it for ever."""
        if seat == "C7":
            await asyncio.Event().wait()
        await super().take(seat)


class TakesFirst(MyOffice):
    """An office that asks whether the booking is open when the seat is on its ticket."""

    async def take(self, seat: str) -> None:
        """Take a seat, and refuse it when it is too late."""
        self.running().seats.append(seat)
        price = await self.hall.price_of(seat)
        self.running()
        self.takings += price


class Contagious(MyOffice):
    """An office in which a booking fails at its end, once another one has failed."""

    def __init__(self, hall: Hall) -> None:
        super().__init__(hall)
        self.failed = False

    @asynccontextmanager
    async def booking(self, customer: str) -> AsyncIterator[Self]:
        """Book for a customer. Raises RuntimeError."""
        try:
            async with super().booking(customer):
                yield self
        except BaseException:
            self.failed = True
            raise
        if self.failed:
            raise RuntimeError("A booking has failed here.")


class ComplainsAtItsEnd(one_variable.MyOffice):
    """An office that wants to be empty at the end of a booking."""

    open = 0

    @asynccontextmanager
    async def booking(self, customer: str) -> AsyncIterator[Self]:
        """Book for a customer. Raises RuntimeError."""
        self.open += 1
        async with super().booking(customer):
            yield self
        self.open -= 1
        if self.open:
            raise RuntimeError("Somebody is still here.")


class TokensByTask(reset_by_token.MyOffice):
    """An office that keeps a token for each task: a booking inside of another one takes its place."""

    def __init__(self, hall: Hall) -> None:
        super().__init__(hall)
        self.tokens: dict[Any, Any] = {}

    @asynccontextmanager
    async def booking(self, customer: str) -> AsyncIterator[Self]:
        """Book for a customer."""
        booking = reset_by_token.Booking(customer, await self.hall.card_of(customer))
        self.tokens[asyncio.current_task()] = reset_by_token.current.set(booking)
        yield self
        reset_by_token.current.reset(self.tokens[asyncio.current_task()])


class WaitsAfterwards(ContextNotifier):
    """A notifier that may be interrupted when the letter is on its way."""

    async def notify(self, member: str, news: str) -> None:
        """Send the news to a member."""
        await super().notify(member, news)
        await asyncio.sleep(0)


class TestLateChildren:
    """Step 6 looks at the seat, and not only at what was said of it."""

    def test_one_that_waits_for_ever(self) -> None:
        """It was neither given its seat nor refused."""
        finding = in_every_order("late", late_friend(WaitsInATask), CUSTOMERS).finding
        assert (finding.outcome, finding.seen) == ("stuck", "the task waits for ever")

    def test_a_seat_that_is_refused_and_on_the_ticket(self) -> None:
        """Mia would have it, and the office is sure that she has not."""
        finding = in_every_order("late", late_friend(TakesFirst), CUSTOMERS).finding
        assert (finding.outcome, finding.seen) == ("wrong", "C5 and C7 for Mia, on Mia's card")

    def test_on_whose_ticket_a_lost_seat_is(self) -> None:
        """Where all share the seats, it may be Noah's."""
        stories = every_order(late_friend(UnguardedOffice)).stories
        seen = {finding.seen for story in stories for _, finding in story.verdict.findings}
        assert {f"C7 was taken, and is on {whose} ticket" for whose in ("Noah's", "nobody's")} <= seen


def test_an_interruption_of_one_does_not_reach_the_other() -> None:
    """Noah has his ticket, and is told that his booking has failed."""
    finding = with_cancellations("cancelled", lambda: interrupted(Contagious), CUSTOMERS).finding
    assert (finding.outcome, finding.seen) == ("refused", "RuntimeError: A booking has failed here.")


def test_an_end_that_fails_is_no_tokens_fault() -> None:
    """Unless it says so."""
    found = check("reset by token", ComplainsAtItsEnd)
    assert (found.passed, found.found.belief) == (False, None)


def test_a_token_that_is_used_twice_is_no_set_none() -> None:
    """What was there before would come back, had the token been kept."""
    found = check("reset by token", TokensByTask)
    assert "has already been used" in repr(found)
    assert (found.passed, found.found.belief) == (False, None)


def test_a_letter_that_is_sent_again_may_arrive_twice() -> None:
    """Nobody can know whether the first one has arrived."""
    found = check("open exercise", WaitsAfterwards)
    assert found.passed, repr(found)


def test_a_picture_names_the_task() -> None:
    """Each has a lane of its own."""
    picture = check("reproduce the failure", started_together).picture
    assert picture.lanes == ("the test", "the test's task 1", "the test's task 2")


class TestTests:
    """Step 2 tries the learner's test on a mended class as well."""

    def test_one_that_is_left_to_chance_there_alone(self) -> None:
        """On the broken ones it always fails."""

        async def who_is_first(office_class: type) -> None:
            await my_test(office_class)
            office, ended = office_class(Hall()), []

            async def one(customer: str, seat: str) -> None:
                await books(office, customer, seat)
                ended.append(customer)

            await asyncio.gather(one("Mia", "C5"), one("Noah", "D1"))
            assert ended == ["Mia", "Noah"]

        assert check("reproduce the failure", who_is_first).found.belief == beliefs.LEFT_TO_CHANCE

    def test_one_that_hangs_there_alone(self) -> None:
        """It waits for nobody who was refused."""

        async def hangs(office_class: type) -> None:
            await my_test(office_class)
            await asyncio.Event().wait()

        found = check("reproduce the failure", hangs)
        assert (found.passed, found.found.belief) == (False, None)
