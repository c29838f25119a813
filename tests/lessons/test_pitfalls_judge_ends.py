"""A judge whom no design harms: tests that raise or never end, tasks that nobody can cancel, and such aggregates."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from quiet import quietly
from test_pitfalls_judge import Test, for_ever, judged, starts_another, waits_whenever_it_is_cancelled

from fluvius_demo.aggregate import Aggregate
from fluvius_demo.isolated import IsolatedAggregate
from fluvius_demo.lessons.outcomes import Finding
from fluvius_demo.lessons.pitfalls import judge
from fluvius_demo.lessons.pitfalls.judge import clean
from fluvius_demo.lessons.scenarios import matrix


class GivesUpError(BaseException):
    """Not an Exception, as CancelledError is none."""


class TestWhatATestRaises:
    """Is loud, and so counts as refused."""

    @pytest.mark.parametrize("error", [RuntimeError("no"), asyncio.CancelledError("no"), GivesUpError("no")])
    def test_whatever_it_is(self, error: BaseException) -> None:
        """Also what is no Exception: nobody has cancelled the judge."""

        async def test() -> None:
            raise error

        assert judged(test) == Finding("refused", "that the scenario runs", f"{type(error).__name__}: no")

    def test_a_test_that_cancels_itself(self) -> None:
        """Is cancelled alone."""

        async def test() -> None:
            asyncio.current_task().cancel()
            await asyncio.sleep(0)

        assert judged(test) == Finding("refused", "that the scenario runs", "CancelledError")

    @pytest.mark.parametrize("error", [SystemExit, KeyboardInterrupt])
    def test_what_ends_the_program_ends_it(self, error: type[BaseException]) -> None:
        """And the loop has its own handler again by then."""

        async def test() -> None:
            raise error

        async def scenario() -> None:
            asyncio.get_running_loop().set_exception_handler(ignore)
            try:
                await clean(test(), IsolatedAggregate)
            finally:
                handlers.append(asyncio.get_running_loop().get_exception_handler())

        def ignore(_loop: Any, _report: Any) -> None:
            pass

        handlers: list[Any] = []
        with pytest.raises(error):
            asyncio.run(scenario())
        assert handlers == [ignore]

    def test_who_is_cancelled_is_cancelled(self) -> None:
        """A cancellation of the judge goes on, and is not taken for the test's."""

        async def scenario() -> set[asyncio.Task]:
            judging = asyncio.create_task(clean(waits_whenever_it_is_cancelled(), IsolatedAggregate))
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            judging.cancel()
            with pytest.raises(asyncio.CancelledError):
                await judging
            return asyncio.all_tasks() - {asyncio.current_task()}

        assert quietly(scenario()) == set()


class TestATestThatNeverEnds:
    """Is found out."""

    @pytest.mark.parametrize("test", [for_ever, waits_whenever_it_is_cancelled, starts_another])
    def test_a_test_that_waits_for_ever_is_stuck(self, test: Test, monkeypatch: pytest.MonkeyPatch) -> None:
        """After a while, however it takes its end."""
        monkeypatch.setattr(judge, "SECONDS", 0.001)
        assert judged(test) == Finding("stuck", "that the scenario ends", "it has not ended after 0.001 s")

    def test_a_task_that_cannot_be_cancelled_is_leaked(self) -> None:
        """All attempts over, it is left alone, and the design has leaked it."""

        async def stubborn() -> None:
            while not enough:
                try:
                    await for_ever()
                except asyncio.CancelledError:
                    continue

        async def test() -> None:
            kept.append(asyncio.create_task(stubborn()))
            await asyncio.sleep(0)

        async def scenario() -> Finding:
            found = await clean(test(), IsolatedAggregate)
            enough.append(True)
            kept[0].cancel()
            await kept[0]
            return found

        kept: list[asyncio.Task] = []
        enough: list[bool] = []
        assert quietly(scenario()) == Finding(
            "leaked", "that the tasks of the design can be cancelled", "one that goes on"
        )


class RaisesAtOnce(IsolatedAggregate):
    """Broken: there is no such aggregate."""

    error: type[BaseException] = RuntimeError

    def __init__(self, _domain: Any) -> None:
        raise self.error("no")


class IsCancelledAtOnce(RaisesAtOnce):
    """Broken: nor such."""

    error = asyncio.CancelledError


class StartsAWorker(IsolatedAggregate):
    """Each instance has a task of its own, which nobody ends."""

    def __init__(self, domain: Any) -> None:
        super().__init__(domain)
        self._worker = asyncio.create_task(for_ever())


class EndsSlowly(IsolatedAggregate):
    """Broken: a command that has failed never ends."""

    @asynccontextmanager
    async def command_aggregate(self, *args: Any) -> AsyncIterator[Any]:
        """Run a command."""
        try:
            async with super().command_aggregate(*args) as proxy:
                yield proxy
        except BaseException:
            await for_ever()


class TestDesigns:
    """On all pitfalls."""

    @pytest.mark.parametrize("design", [RaisesAtOnce, IsCancelledAtOnce, StartsAWorker, EndsSlowly])
    def test_nothing_is_left(self, design: type[Aggregate], monkeypatch: pytest.MonkeyPatch) -> None:
        """By the whole matrix, and it ends."""
        slow = design is EndsSlowly
        # What never ends is given half a second; what does end takes a twentieth of that, without the debug mode.
        monkeypatch.setattr(judge, "SECONDS", 0.5 if slow else judge.SECONDS)

        async def scenario() -> set[str]:
            before = {*threading.enumerate()}
            table = await matrix({"it": design})
            assert {*threading.enumerate()} == before
            return {row["it"].outcome for row in table.values()} - {"not applicable"}

        outcomes = quietly(scenario(), debug=not slow)
        assert outcomes == {RaisesAtOnce: {"refused"}, IsCancelledAtOnce: {"refused"}}.get(design, outcomes)
