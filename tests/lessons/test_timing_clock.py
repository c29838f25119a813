"""The clock's resolution, and how a statement that is too short for it is timed. The clocks are made up."""

from collections.abc import Iterator
from itertools import cycle
from time import get_clock_info
from types import SimpleNamespace

import pytest

from fluvius_demo.lessons import timing
from fluvius_demo.lessons.timing import repeated, tick


def clock(*steps: float, claims: float) -> SimpleNamespace:
    """Return a clock that goes on by these steps, over and over, and shows each time twice; it claims a resolution."""

    def readings() -> Iterator[float]:
        now = 0.0
        for step in cycle(steps):
            yield from (now, now)
            now += step

    info = SimpleNamespace(resolution=claims)
    return SimpleNamespace(perf_counter=readings().__next__, get_clock_info=lambda _name: info)


class TestTick:
    """The resolution of the clock."""

    @pytest.mark.parametrize(("claims", "found"), [(1e-9, 0.25), (0.25, 0.25), (2.0, 2.0)])
    def test_it_is_the_smallest_step_seen_or_what_is_claimed(
        self, claims: float, found: float, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Whichever is larger; a clock that stands still for a while is waited for."""
        monkeypatch.setattr(timing, "time", clock(1.0, 0.25, 0.5, claims=claims))
        assert tick() == found

    def test_this_machine_has_one(self) -> None:
        """It is no finer than the clock says."""
        assert tick() >= get_clock_info("perf_counter").resolution > 0


class TestRepeated:
    """A statement that is too short for a loop of its own."""

    @pytest.mark.parametrize(("loops", "runs"), [(1, 128), (128, 128), (129, 256), (1_024, 1_024)])
    def test_it_is_run_in_whole_loops_of_128(self, loops: int, runs: int) -> None:
        """At least as often as asked; its names are untouched, and the setup is run once."""
        seen: list[str] = []
        names = {"note": seen.append}
        assert repeated("note('run')", names, loops, setup="note('setup')") >= 0
        assert seen == ["setup"] + ["run"] * runs
        assert list(names) == ["note"]

    @pytest.mark.parametrize("loops", [1, 127, 128, 129, 1_024])
    def test_the_seconds_are_those_of_the_loops_asked_for(self, loops: int, monkeypatch: pytest.MonkeyPatch) -> None:
        """However many were run."""
        timer = SimpleNamespace(timeit=lambda whole: whole * 128 / 1_000)
        monkeypatch.setattr(timing, "Timer", lambda *_given, **_names: timer)
        assert repeated("pass", {}, loops) == pytest.approx(loops / 1_000)
