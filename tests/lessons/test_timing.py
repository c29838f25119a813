"""Comparing in turn: what the interval says, and how the rounds are run. All seconds are made up; no time is judged."""

import gc
from collections.abc import Callable, Iterator
from functools import partial
from itertools import cycle
from random import Random
from statistics import median
from time import get_clock_info
from types import SimpleNamespace

import pytest

from fluvius_demo.lessons import timing
from fluvius_demo.lessons.timing import TICKS, Interval, Timed, compare, loops_for, repeated, tick

NAMES = ("ana", "ben", "cem")


def spread(rounds: int, seed: int = 0) -> list[float]:
    """Return uneven samples: most are short, a few very long, and their median is the natural logarithm of 2."""
    random = Random(seed)
    return [random.expovariate(1) for _ in range(rounds)]


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


def clock(*steps: float, claims: float) -> SimpleNamespace:
    """Return a clock that goes on by these steps, over and over, and shows each time twice; it claims a resolution."""

    def readings() -> Iterator[float]:
        now = 0.0
        for step in cycle(steps):
            yield from (now, now)
            now += step

    info = SimpleNamespace(resolution=claims)
    return SimpleNamespace(perf_counter=readings().__next__, get_clock_info=lambda _name: info)


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


class TestInterval:
    """A median, and how sure it is."""

    def test_of_a_constant_it_is_that_constant(self) -> None:
        """Without any width, however many there are."""
        assert Interval.of([0.3]) == Interval.of([0.3] * 8) == Interval(0.3, 0.3, 0.3) == Interval.exact(0.3)

    @pytest.mark.parametrize("rounds", [5, 15, 16])
    def test_it_holds_the_median_of_the_samples(self, rounds: int) -> None:
        """Which is its value, and lies inside of it."""
        interval = Interval.of(spread(rounds))
        assert min(spread(rounds)) <= interval.low < interval.value == median(spread(rounds)) < interval.high

    def test_more_rounds_of_the_same_spread_narrow_it(self) -> None:
        """The same values again and again are more and more certain."""
        few, more, most = (Interval.of(list(range(51)) * times) for times in (1, 2, 8))
        assert few.value == more.value == most.value == 25
        assert few.high - few.low > more.high - more.low > most.high - most.low

    def test_the_seed_decides_it(self) -> None:
        """The same seed draws the same interval of the same median, another seed another one."""
        assert Interval.of(spread(15), seed=1) == Interval.of(spread(15), seed=1)
        first, second = Interval.of(spread(100), seed=1), Interval.of(spread(100), seed=2)
        assert first.value == second.value
        assert first != second

    def test_it_is_right_as_often_as_it_says(self) -> None:
        """Of 100 runs, about 95 hold what is true: of a median, and of the ratio of two equal variants."""
        pairs = [(spread(15, seed), spread(15, 1_000 + seed)) for seed in range(100)]
        medians = [Interval.of(one).against(0.693147) for one, _ in pairs]
        ratios = [Interval.of(one, other).against(1) for one, other in pairs]
        assert 88 <= medians.count("too noisy to tell") <= 99
        assert 88 <= ratios.count("too noisy to tell") <= 99

    def test_noise_that_both_sides_of_a_round_have_cancels(self) -> None:
        """Twice as long in each round is exactly twice, however wild the rounds are; in other rounds it is not."""
        base = [10 ** Random(seed).uniform(-6, 6) for seed in range(15)]
        twice = [2 * sample for sample in base]
        assert Interval.of(twice, base) == Interval.exact(2)
        apart = Interval.of(twice[1:] + twice[:1], base)
        assert apart.value == 2
        assert apart.low < 1 < 4 < apart.high

    @pytest.mark.parametrize(
        ("bound", "told"),
        [(1, "above"), (2, "too noisy to tell"), (2.5, "too noisy to tell"), (3, "too noisy to tell"), (4, "below")],
    )
    def test_it_lies_on_one_side_of_a_bound_or_holds_it(self, bound: float, told: str) -> None:
        """A bound on its edge is held."""
        assert Interval(2.2, 2, 3).against(bound) == told

    def test_another_unit_scales_all_three(self) -> None:
        """Seconds to milliseconds."""
        assert Interval(2, 1, 4).times(1_000) == Interval(2_000, 1_000, 4_000)


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


class TestGarbage:
    """Nobody pays for what another one has left."""

    def test_it_is_not_collected_during_a_measurement(self, was_on: bool) -> None:
        """Before and after all is as it was; so it is while calibrating."""
        states: list[bool] = []
        compare(noting(lambda _name: states.append(gc.isenabled()), *NAMES), "ana", rounds=2)
        assert states == [was_on] * 3 + [False] * 6
        assert (gc.isenabled(), gc.get_freeze_count()) == (was_on, 0)

    def test_a_variant_that_raises_leaves_the_collector_as_it_was(self, was_on: bool) -> None:
        """Its error comes through."""
        results = iter([1.0, 0.0])

        def failing(_loops: int) -> float:
            return 1 / next(results)

        with pytest.raises(ZeroDivisionError):
            compare({"base": failing}, "base")
        assert (gc.isenabled(), gc.get_freeze_count()) == (was_on, 0)

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
