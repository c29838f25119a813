"""What a read costs: that each reads what it should, that reads are counted, that nothing is left behind."""

import asyncio
from contextlib import nullcontext
from contextvars import Context, ContextVar, copy_context
from functools import cache, partial
from itertools import count
from timeit import Timer
from typing import Any

import pytest

from fluvius_demo.errors import OutsideCommandError
from fluvius_demo.isolated import IsolatedAggregate
from fluvius_demo.legacy import LegacyAggregate
from fluvius_demo.lessons.reads import READS, VALUE, Read, reads, timed
from fluvius_demo.lessons.timing import REPEATS, Comparison, loops_for
from fluvius_demo.migrated import MigratedAggregate

each_read = pytest.mark.parametrize("name", READS)
NAMES = ["an attribute", "an argument", "ContextVar.get", "threading.local", "werkzeug Local", "werkzeug LocalProxy"]
NAMES += ["asgiref Local", "IsolatedAggregate.context", "LegacyAggregate.context", "MigratedAggregate.context"]


class Counting:
    """An object that counts how often its attribute is read."""

    def __init__(self) -> None:
        self.times = 0

    @property
    def context(self) -> int:
        """How many reads there were."""
        self.times += 1
        return self.times


@pytest.fixture
def a_second_each(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every measurement take one second, whatever it does."""
    monkeypatch.setattr("fluvius_demo.lessons.timing.Timer", partial(Timer, timer=count().__next__))


def counted(number: int) -> tuple[int, float]:
    """Measure that many reads; return how many were made, and how many seconds it is told that they took."""
    place = Counting()
    seconds = timed(Read("place.context", lambda _value: nullcontext(place)))(number)
    return place.times, seconds


@cache
def measured() -> Comparison:
    """Measure two rounds, once for all tests; in a running loop, as a notebook does."""

    async def cell() -> Comparison:
        return reads(2)

    return asyncio.run(cell())


class TestWhatIsRead:
    """The expression that is measured reads the value from where it is kept."""

    @each_read
    def test_each_reads_the_value(self, name: str) -> None:
        """The very object, not one like it."""
        read = READS[name]
        assert read.inside(lambda place: eval(read.expression, {"place": place})) is VALUE

    @each_read
    def test_it_is_run_as_it_stands(self, name: str) -> None:
        """In the loop that is timed: a wrong name or place would raise."""
        assert timed(READS[name])(1) >= 0

    @pytest.mark.parametrize("design", [IsolatedAggregate, LegacyAggregate, MigratedAggregate])
    def test_an_aggregate_is_read_in_an_open_command(self, design: type) -> None:
        """Of the design that it is named after."""
        read = READS[f"{design.__name__}.context"]
        assert read.inside(lambda place: (isinstance(place, design), place.command.command)) == (True, "open-account")

    def test_afterwards_the_command_has_ended(self) -> None:
        """What was kept is kept for the while of a measurement alone."""
        aggregate = READS["IsolatedAggregate.context"].inside(lambda place: place)
        with pytest.raises(OutsideCommandError):
            _ = aggregate.context

    def test_an_error_is_raised(self) -> None:
        """A read that fails is not measured as quick."""
        with pytest.raises(AttributeError, match="nowhere"):
            timed(Read("place.nowhere", nullcontext))(1)


class TestItsOwnContext:
    """Each measurement has a fresh one."""

    @each_read
    def test_nothing_is_left_in_the_callers(self, name: str) -> None:
        """Neither a variable nor a value."""

        def check() -> None:
            before = dict(copy_context().items())
            timed(READS[name])(1)
            assert dict(copy_context().items()) == before

        Context().run(check)

    def test_nothing_of_the_callers_is_seen(self) -> None:
        """What the caller has set would make a difference from one caller to the next."""
        mine: ContextVar[str] = ContextVar("mine")
        mine.set("here")
        assert READS["an argument"].inside(lambda _place: mine.get("not here")) == "not here"


@pytest.mark.usefixtures("a_second_each")
class TestScaling:
    """A result is the seconds of as many reads as were asked for."""

    @pytest.mark.parametrize("loops", [1, 3, 50])
    def test_reads_are_counted_as_reads(self, loops: int) -> None:
        """A hundred and twenty-eight in each loop."""
        assert counted(loops * REPEATS) == (loops * REPEATS, 1.0)

    @pytest.mark.parametrize(("number", "made", "seconds"), [(1, 128, 1 / 128), (64, 128, 0.5), (192, 256, 0.75)])
    def test_a_part_of_a_loop_is_its_share(self, number: int, made: int, seconds: float) -> None:
        """It is run whole, and what was not asked for is not counted."""
        assert counted(number) == (made, seconds)

    def test_what_compare_asks_for_are_whole_loops(self) -> None:
        """Powers of two: each with as many reads as there are repeats, or a multiple."""
        for seconds in (1.0, 2.0):
            assert loops_for(lambda number: number / 1000, seconds) % REPEATS == 0


class TestTheComparison:
    """Ten ways to read, next to an attribute."""

    def test_names_and_base(self) -> None:
        """In the order in which they are told; the base's ratio is one, without any doubt."""
        run = measured()
        assert list(run) == NAMES
        base = run["an attribute"].ratio
        assert (base.value, base.low, base.high) == (1, 1, 1)

    def test_each_is_measured_in_each_round(self) -> None:
        """Two rounds, two samples, all of them some seconds."""
        samples: list[Any] = [timing.samples for timing in measured().values()]
        assert all(len(own) == 2 and min(own) > 0 for own in samples)
