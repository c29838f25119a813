"""Comparing in turn: how the rounds are run, and with how many loops. All seconds are made up; no time is judged."""

import gc
from collections.abc import Callable, Iterator
from functools import partial
from random import Random

import pytest

from fluvius_demo.lessons import timing
from fluvius_demo.lessons.timing import TICKS, Interval, Timed, compare, loops_for

NAMES = ("ana", "ben", "cem")


def noisy(seconds: float, seed: int) -> Timed:
    """Return a variant whose loops take about this long, each time another."""
    random = Random(seed)
    return lambda loops: loops * seconds * random.uniform(0.8, 1.4)


def noting(note: Callable[[str], None], *names: str) -> dict[str, Timed]:
    """Return variants that note their call, and take a second a loop: so calibrating calls each of them once."""

    def variant(name: str) -> Timed:
        def run(loops: int) -> float:
            note(name)
            return float(loops)

        return run

    return {name: variant(name) for name in names}


def orders(rounds: int = 8, seed: int = 0) -> list[tuple[str, ...]]:
    """Return in which order the variants came, round by round."""
    log: list[str] = []
    compare(noting(log.append, *NAMES), "ana", rounds=rounds, seed=seed)
    assert log[:3] == list(NAMES)  # calibrating
    return list(zip(*[iter(log[3:])] * 3, strict=True))


@pytest.fixture(autouse=True)
def made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no clock decide how many loops are enough, collect no garbage of other tests, and resample less."""
    monkeypatch.setattr(timing, "tick", lambda: 1e-9)
    monkeypatch.setattr(gc, "collect", lambda: 0)
    monkeypatch.setattr(timing, "RESAMPLES", 200)


@pytest.fixture(params=[True, False], ids=["gc on", "gc off"])
def was_on(request: pytest.FixtureRequest) -> Iterator[bool]:
    """Set the collector on or off before the test, and say which; put it back after."""
    before = gc.isenabled()
    (gc.enable if request.param else gc.disable)()
    yield request.param
    (gc.enable if before else gc.disable)()


class TestRounds:
    """All variants take turns."""

    def test_each_round_has_every_variant_once(self) -> None:
        """So none has all of its rounds before another."""
        assert [sorted(order) for order in orders(rounds=8)] == [sorted(NAMES)] * 8

    def test_the_rounds_differ_in_order(self) -> None:
        """Nobody always comes first, or always after the same one; the seed decides it."""
        assert {order[0] for order in orders()} == {order[-1] for order in orders()} == set(NAMES)
        assert orders(seed=1) == orders(seed=1) != orders(seed=2)

    def test_noise_of_a_whole_round_cancels(self) -> None:
        """A round in which all is a thousand times slower changes no ratio."""
        weather, calls = [1.0, *(10 ** Random(seed).uniform(0, 3) for seed in range(9))], iter(range(20))

        def variant(factor: float) -> Timed:
            return lambda loops: loops * factor * weather[next(calls) // 2]

        measured = compare({"base": variant(1), "twice": variant(2)}, "base", rounds=9)
        assert measured["base"].samples == tuple(weather[1:])
        assert measured["twice"].ratio == Interval.exact(2)

    def test_what_is_returned_is_seconds_a_loop(self) -> None:
        """One sample for each round, in the order of the variants, whatever the loops."""
        measured = compare({"slow": lambda loops: loops / 4, "fast": lambda loops: loops / 1_024}, "slow", rounds=3)
        assert list(measured) == ["slow", "fast"]
        assert [found.samples for found in measured.values()] == [(1 / 4,) * 3, (1 / 1_024,) * 3]
        assert [found.seconds for found in measured.values()] == [Interval.exact(1 / 4), Interval.exact(1 / 1_024)]
        assert [found.ratio for found in measured.values()] == [Interval.exact(1), Interval.exact(1 / 256)]


class TestTelling:
    """What a comparison says about noisy variants."""

    @pytest.mark.parametrize(("seconds", "told"), [(0.001, "too noisy to tell"), (0.002, "above"), (0.0005, "below")])
    def test_what_is_alike_cannot_be_told_apart_and_what_is_not_can(self, seconds: float, told: str) -> None:
        """The same, twice as slow, twice as fast, all under noise; but the base is exactly as fast as itself."""
        measured = compare({"other": noisy(seconds, seed=2), "base": noisy(0.001, seed=1)}, "base")
        assert measured["other"].ratio.against(1) == told
        assert measured["base"].ratio == Interval.exact(1)
        assert measured["base"].seconds.low < measured["base"].seconds.high


class TestLoops:
    """Each variant runs as many loops as it needs to be measured."""

    def test_a_fast_one_runs_more_loops_than_a_slow_one(self) -> None:
        """Both take from the wanted time to twice that long, in every round."""
        fast: list[int] = []
        slow: list[int] = []
        variants: dict[str, Timed] = {
            "fast": lambda loops: fast.append(loops) or loops * 1e-6,
            "slow": lambda loops: slow.append(loops) or loops * 3e-4,
        }
        compare(variants, "fast", rounds=4, seconds=0.002)
        assert fast[-4:] == [2_048] * 4
        assert slow[-4:] == [8] * 4

    @pytest.mark.parametrize(("seconds", "tried"), [(1.0, [1, 2, 4, 8]), (8.0, [1]), (100.0, [1])])
    def test_they_double_until_it_takes_long_enough(self, seconds: float, tried: list[int]) -> None:
        """Exactly as long as wanted is enough, and what takes that long at once is called once."""
        calls: list[int] = []
        assert loops_for(lambda loops: calls.append(loops) or loops * seconds, 8.0) == tried[-1]
        assert calls == tried

    @pytest.mark.parametrize(
        ("ticking", "seconds", "loops"), [(2**-10, 0.002, 1), (1.0, 0.002, 1_024), (1.0, 2e3, 2_048)]
    )
    def test_a_coarse_clock_wants_more(
        self, ticking: float, seconds: float, loops: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """At least a thousand of its ticks, and at least what was asked for."""
        assert TICKS == 1_000
        monkeypatch.setattr(timing, "tick", lambda: ticking)
        run: list[int] = []
        compare({"base": lambda loops: run.append(loops) or float(loops)}, "base", rounds=2, seconds=seconds)
        assert run[-2:] == [loops, loops]


class TestGarbage:
    """Nobody pays for what another one has left."""

    def test_it_is_not_collected_during_a_measurement(self, was_on: bool) -> None:
        """Nor while calibrating; before and after, all is as it was."""
        states: list[bool] = []
        compare(noting(lambda _name: states.append(gc.isenabled()), *NAMES), "ana", rounds=2)
        assert states == [False] * 9
        assert gc.isenabled() == was_on
        assert gc.get_freeze_count() == 0

    def test_a_variant_that_raises_leaves_the_collector_as_it_was(self, was_on: bool) -> None:
        """Its error comes through."""
        results = iter([1.0, 0.0])

        def failing(_loops: int) -> float:
            return 1 / next(results)

        with pytest.raises(ZeroDivisionError):
            compare({"base": failing}, "base")
        assert gc.isenabled() == was_on
        assert gc.get_freeze_count() == 0

    def test_it_is_collected_before_each_measurement(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """And once before all, to set aside what there is meanwhile; not while calibrating."""
        log: list[str] = []
        for name in ("collect", "freeze", "unfreeze"):
            monkeypatch.setattr(gc, name, partial(log.append, name))
        compare(noting(log.append, *NAMES), "ana", rounds=4)
        assert log[:5] == ["collect", "freeze", *NAMES]
        assert log[5:-1:2] == ["collect"] * 12
        assert sorted(log[6:-1:2]) == sorted(NAMES * 4)
        assert log[-1] == "unfreeze"
