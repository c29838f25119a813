"""Comparing how long things take: in turn, on one clock, with an interval that says how sure the ratio is.

Each variant is a function of a number of loops that returns seconds, as pyperf's `bench_time_func` wants it. pyperf
itself gives each benchmark its own processes, one benchmark after the other: what the machine does meanwhile (heat,
a neighbour) then goes into their ratio. Here all variants take turns in each round, so that it falls on all alike.
"""

import gc
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from statistics import median
from timeit import Timer
from typing import Any, Literal, Self

Timed = Callable[[int], float]
Told = Literal["below", "above", "too noisy to tell"]

TICKS = 1_000  # a measurement of that many ticks of the clock is off by a thousandth at most
RESAMPLES = 1_000
REPEATS = 128  # a power of two, as the numbers of loops are


@dataclass(frozen=True)
class Interval:
    """A median, and the interval that holds it in 95 of 100 cases (percentile bootstrap)."""

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, samples: Sequence[float], per: Sequence[float] | None = None, seed: int = 0) -> Self:
        """Return the median of the samples, or the ratio of their median to that of `per`, sampled in the same rounds.

        The rounds are drawn anew, with replacement, both sides of the ratio together (Efron and Tibshirani, "An
        Introduction to the Bootstrap", 1993, chapter 13).
        """

        def figure(rounds: Sequence[int]) -> float:
            own = median([samples[i] for i in rounds])
            return own if per is None else own / median([per[i] for i in rounds])

        everyone, random = range(len(samples)), Random(seed)
        drawn = sorted(figure(random.choices(everyone, k=len(everyone))) for _ in range(RESAMPLES))
        cut = RESAMPLES // 40  # 2.5 % on each side
        return cls(figure(everyone), drawn[cut], drawn[-cut - 1])

    @classmethod
    def exact(cls, value: float) -> Self:
        """Return the interval of something that was counted."""
        return cls(value, value, value)

    def against(self, bound: float) -> Told:
        """Return on which side of the bound this lies; where the interval holds the bound, nobody can tell."""
        if self.low <= bound <= self.high:
            return "too noisy to tell"
        return "below" if self.high < bound else "above"

    def times(self, factor: float) -> "Interval":
        """Return the same in another unit."""
        return Interval(self.value * factor, self.low * factor, self.high * factor)


@dataclass(frozen=True)
class Timing:
    """How many seconds one run takes, and how that compares with the base; the samples are those of the rounds."""

    samples: tuple[float, ...]
    seconds: Interval
    ratio: Interval


Comparison = dict[str, Timing]


def compare(
    variants: Mapping[str, Timed], base: str, *, rounds: int = 15, seconds: float = 0.002, seed: int = 0
) -> Comparison:
    """Measure all variants in interleaved rounds, each for about `seconds` a round; ratios are to the one named `base`.

    - Of fewer than five rounds an interval is narrower than it should be.
    - First each is run, with twice as many loops each time, until it takes long enough to be measured: at least
      a thousand ticks of the clock. That warms it up, too.
    - In each round the variants come in another order. The garbage is collected before each, and not meanwhile; what
      was there before is set aside, so that collecting takes no time.

    Raises KeyError for a base that is no variant.
    """
    if base not in variants:
        raise KeyError(f"Cannot compare with {base!r}: it is not measured. To solve this, use one of {list(variants)}.")
    with no_collection():
        return _compared(variants, base, rounds, seconds, seed)


def _compared(variants: Mapping[str, Timed], base: str, rounds: int, seconds: float, seed: int) -> Comparison:
    loops = {name: loops_for(run, max(seconds, TICKS * tick())) for name, run in variants.items()}
    samples: dict[str, list[float]] = {name: [] for name in variants}
    order, random = list(variants), Random(seed)
    for _ in range(rounds):
        random.shuffle(order)
        for name in order:
            gc.collect()
            samples[name].append(variants[name](loops[name]) / loops[name])
    return {
        name: Timing(tuple(own), Interval.of(own, seed=seed), Interval.of(own, samples[base], seed))
        for name, own in samples.items()
    }


def loops_for(run: Timed, seconds: float) -> int:
    """Return how many loops take at least so many seconds: a power of two."""
    loops = 1
    while run(loops) < seconds:
        loops *= 2
    return loops


def repeated(statement: str, names: Mapping[str, Any], loops: int, setup: str = "pass") -> float:
    """Return the seconds that so many runs of a statement take; `names` are its globals.

    It is written down 128 times for each loop, so that the loop's own share is a twentieth at most, also where the
    statement takes a nanosecond. What is measured are whole loops; the answer is scaled to the number asked for.
    """
    timer = Timer("\n".join([statement] * REPEATS), setup, globals=dict(names))
    whole = -(-loops // REPEATS)
    return timer.timeit(whole) * loops / (whole * REPEATS)


def tick() -> float:
    """Return the clock's resolution in seconds: what it says itself, or the smallest step seen, if that is larger."""
    steps = []
    for _ in range(100):
        started = now = time.perf_counter()
        while now == started:
            now = time.perf_counter()
        steps.append(now - started)
    return max(time.get_clock_info("perf_counter").resolution, min(steps))


@contextmanager
def no_collection() -> Iterator[None]:
    """Collect the garbage now, and not inside of the block; `gc.collect` there goes through what is new alone.

    What was there before is frozen meanwhile. At the end all is thawed, also what somebody had frozen before.
    """
    was_on = gc.isenabled()
    gc.collect()
    gc.disable()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
        if was_on:
            gc.enable()
