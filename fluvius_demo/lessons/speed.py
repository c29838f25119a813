"""How fast every order is run: on bare commands, next to a driver without any loop, and on the bank's commands."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any, Self

from fluvius_demo.isolated import IsolatedAggregate
from fluvius_demo.lessons.exploring import Search, explore
from fluvius_demo.lessons.measured import Row
from fluvius_demo.lessons.outcomes import Finding
from fluvius_demo.lessons.programs import PROGRAMS
from fluvius_demo.lessons.scene import Make, Scene, Verdict
from fluvius_demo.lessons.timing import Interval

_DONE = Verdict((("A", Finding("correct", "", "")),))


@dataclass(frozen=True)
class Speed:
    """How many orders were run in how many seconds: the quickest of a few rounds.

    `of_floor`: the rate as a share of that of the same search without a loop, measured in the same rounds.
    """

    name: str
    orders: int
    seconds: float
    of_floor: float | None = None

    @property
    def rate(self) -> float:
        """Orders a second."""
        return self.orders / self.seconds


def speeds(rounds: int = 5) -> list[Speed]:
    """Measure each in turn, `rounds` times over, and keep the quickest round of each."""
    two, three, bank = bare(2, 5), bare(3, 4), PROGRAMS["two deposits"].make(IsolatedAggregate)
    measured: dict[str, Callable[[], int]] = {
        "bare commands, 2 of 5 steps": lambda: len(explore(two).orders),
        "bare commands, 2 of 5 steps, without a loop": lambda: sent(two),
        "bare commands, 3 of 4 steps": lambda: len(explore(three).orders),
        "bare commands, 3 of 4 steps, without a loop": lambda: sent(three),
        "the bank's commands, 2 of 5 steps": lambda: len(explore(bank).orders),
    }
    best: dict[str, Speed] = {}
    for _ in range(rounds):
        for name, run in measured.items():
            started = perf_counter()
            orders = run()
            speed = Speed(name, orders, perf_counter() - started)
            if name not in best or speed.rate > best[name].rate:
                best[name] = speed
    floors = {name: best.get(f"{name}, without a loop") for name in best}
    return [
        replace(speed, of_floor=speed.rate / floor.rate) if (floor := floors[name]) else speed
        for name, speed in best.items()
    ]


def bare(commands: int, steps: int) -> Make:
    """Return a scene of commands that add their name to a list in each step, and do nothing else."""

    def make() -> Scene:
        log: list[str] = []

        async def command(name: str) -> None:
            for _ in range(steps - 1):
                log.append(name)
                await asyncio.sleep(0)
            log.append(name)

        return Scene({name: command(name) for name in "ABC"[:commands]}, lambda _ends: _DONE)

    return make


class SentSearch(Search):
    """The same search, with `coro.send` in place of tasks, Contexts and a loop. It knows no sleeps but those of 0."""

    def __init__(self, make: Make) -> None:
        super().__init__(make, virtual_time=False, fault=None)

    def begun(self) -> Any:
        """Return a new run."""
        return Sent(self.make())


class Sent:
    """One run by `coro.send`; `queue` is who can run, as it is of a SteppedLoop."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.queue, self.loop = scene, scene.commands, self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        pass

    def start(self) -> Callable[[str], None]:
        """Return the function that runs one step."""
        return self.step

    def step(self, name: str) -> None:
        """Run one step."""
        try:
            self.queue[name].send(None)
        except StopIteration:
            del self.queue[name]

    def verdict(self) -> Verdict:
        """Return what the scene's judge says."""
        return self.scene.judge({})

    def end(self) -> None:
        """Do nothing: nobody else can run."""


def sent(make: Make) -> int:
    """Run every order of a scene by `coro.send`, and return how many there are."""
    search = SentSearch(make)
    for _ in search.depth_first():
        pass
    return len(search.report.orders)


def orders(rounds: int = 5) -> list[Row]:
    """Return how many orders are run in a second; the ratio is to the same search by `coro.send`, without a loop."""
    return [
        Row(
            "every order",
            f"{speed.name}: {speed.orders:,} orders",
            Interval.exact(speed.rate),
            "orders/s",
            None if speed.of_floor is None else Interval.exact(speed.of_floor),
            "" if speed.of_floor is None else "coro.send",
        )
        for speed in speeds(rounds)
    ]
