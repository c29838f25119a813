"""What an interval says of samples, and of two variants' rounds. All seconds are made up; no time is judged."""

from random import Random
from statistics import median

import pytest

from fluvius_demo.lessons import timing
from fluvius_demo.lessons.timing import Interval


def spread(rounds: int, seed: int = 0) -> list[float]:
    """Return uneven samples: most are short, a few very long, and their median is the natural logarithm of 2."""
    random = Random(seed)
    return [random.expovariate(1) for _ in range(rounds)]


@pytest.fixture(autouse=True)
def made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Resample less."""
    monkeypatch.setattr(timing, "RESAMPLES", 200)


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
