"""Right answers of an unusual form: each step is passed, whatever they are made of."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Self

import pytest

from fluvius_demo.lessons.exercises import Hall, Notifier, Post, check
from fluvius_demo.lessons.exercises.checked import Checked
from fluvius_demo.lessons.exercises.hall import NoAnswerError
from fluvius_demo.lessons.exercises.solutions.two_instances import MyOffice, current
from fluvius_demo.lessons.exercises.steps import OFFICE_STEPS


class AsksInGather(MyOffice):
    """The hall is asked by tasks of gather, of shield and of wait_for."""

    def __init__(self, hall: Hall) -> None:
        super().__init__(self)
        self.the_hall = hall

    async def card_of(self, customer: str) -> str:
        """Return a card."""
        (card,) = await asyncio.gather(self.the_hall.card_of(customer))
        return card

    async def price_of(self, seat: str) -> int:
        """Return a price."""
        return await asyncio.shield(self.the_hall.price_of(seat))


class AsksInAGroup(AsksInGather):
    """The card is asked for in a task group, the price with a limit of time."""

    async def card_of(self, customer: str) -> str:
        """Return a card."""
        async with asyncio.TaskGroup() as group:
            card = group.create_task(self.the_hall.card_of(customer))
        return card.result()

    async def price_of(self, seat: str) -> int:
        """Return a price."""
        return await asyncio.wait_for(self.the_hall.price_of(seat), 5)


class RefusesWithin(MyOffice):
    """One office has one booking in one task; another office may have one inside of it."""

    @asynccontextmanager
    async def booking(self, customer: str) -> AsyncIterator[Self]:
        """Book for a customer. Raises RuntimeError inside of a booking at this office."""
        if current.get() is not None and current.get().office is self and not current.get().closed:
            raise RuntimeError("There is a booking at this office already.")
        async with super().booking(customer):
            yield self


class CancelsTheLate(MyOffice):
    """The end cancels whatever still takes a seat."""

    @asynccontextmanager
    async def booking(self, customer: str) -> AsyncIterator[Self]:
        """Book for a customer."""
        async with super().booking(customer):
            tasks = self.running().tasks = set()
            try:
                yield self
            finally:
                for task in tasks:
                    task.cancel()

    async def take(self, seat: str) -> None:
        """Take a seat for the customer who is booking."""
        tasks = self.running().tasks
        tasks.add(asyncio.current_task())
        try:
            await super().take(seat)
        finally:
            tasks.discard(asyncio.current_task())


class RaisesCancelled(MyOffice):
    """Whoever is late is cancelled by an error that says so."""

    def running(self) -> Any:
        """Return the open booking. Raises CancelledError where it has ended."""
        if current.get() is not None and current.get().closed:
            raise asyncio.CancelledError
        return super().running()


class WrapsErrors(MyOffice):
    """An error of a booking is told in another one."""

    @asynccontextmanager
    async def booking(self, customer: str) -> AsyncIterator[Self]:
        """Book for a customer. Raises RuntimeError."""
        try:
            async with super().booking(customer):
                yield self
        except Exception as error:
            raise RuntimeError("The booking has failed.") from error


class AsksAgain(MyOffice):
    """Where the hall does not answer, it is asked once more."""

    async def take(self, seat: str) -> None:
        """Take a seat for the customer who is booking."""
        try:
            await super().take(seat)
        except NoAnswerError:
            await super().take(seat)


OFFICES = (AsksInGather, AsksInAGroup, RefusesWithin, CancelsTheLate, RaisesCancelled, WrapsErrors, AsksAgain)


@pytest.mark.parametrize("office", OFFICES)
def test_an_office_passes_each_step(office: type) -> None:
    """The last one repeats those from the third step on; and nothing is said against it."""
    found = check(OFFICE_STEPS[-1].name, office)
    assert found.passed, repr(found)
    assert (found.found.belief, found.found.remark) == (None, "")


class WithSemaphore(Notifier):
    """One letter after the other."""

    def __init__(self, post: Post) -> None:
        super().__init__(post)
        self.turn = asyncio.Semaphore(1)

    async def notify(self, member: str, news: str) -> None:
        """Send the news to a member, when nobody else is written to."""
        async with self.turn:
            await super().notify(member, news)


class WithWorker(Notifier):
    """One task writes all letters, and tells each caller."""

    def __init__(self, post: Post) -> None:
        super().__init__(post)
        self.letters: asyncio.Queue[Any] = asyncio.Queue()
        self.worker: asyncio.Task | None = None

    async def notify(self, member: str, news: str) -> None:
        """Have the news sent to a member."""
        done = asyncio.get_running_loop().create_future()
        self.letters.put_nowait((member, news, done))
        if self.worker is None or self.worker.done():
            self.worker = asyncio.create_task(self.work())
        await done

    async def work(self) -> None:
        """Send what lies there."""
        while not self.letters.empty():
            member, news, done = self.letters.get_nowait()
            told = await asyncio.gather(super().notify(member, news), return_exceptions=True)
            if not done.done():
                done.set_exception(told[0]) if told[0] else done.set_result(None)


class WithTasks(Notifier):
    """All is passed on; the post is asked by tasks."""

    async def notify(self, member: str, news: str) -> None:
        """Send the news to a member."""
        (language,) = await asyncio.gather(self.post.language_of(member))
        word = await asyncio.create_task(self.post.greeting_in(language))
        await self.post.deliver(member, f"{word} {member}: {news}")
        self.sent += 1


@pytest.mark.parametrize(("notifier", "waits"), [(WithSemaphore, True), (WithWorker, True), (WithTasks, False)])
def test_a_notifier_passes(notifier: type, waits: bool) -> None:
    """Where Noah's letter has to wait, that is said beside it, and nowhere else."""
    found = check("open exercise", notifier)
    assert found.passed, repr(found)
    assert ("that is a lock" in found.found.remark) == waits


def test_nothing_is_typed_in() -> None:
    """The same office with one line taken away is not passed."""

    class NotMarked(CancelsTheLate):
        """Only the takes that still run are stopped."""

        def running(self) -> Any:
            """Return the latest booking, open or not."""
            return current.get()

    found: Checked = check("stop late children", NotMarked)
    assert not found.passed
