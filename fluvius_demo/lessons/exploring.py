"""Every order of a scene's steps: each is run from the start, depth first, and judged."""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise
from time import perf_counter

from fluvius_demo.errors import NotRepeatableError, ScheduleError
from fluvius_demo.lessons.execution import replay
from fluvius_demo.lessons.report import Report, Story
from fluvius_demo.lessons.running import Running, too_many_steps
from fluvius_demo.lessons.scene import Fault, Make, Verdict
from fluvius_demo.lessons.steploop import MOST_STEPS

Progress = Callable[[int], None]
_REMEDY = "take chance, clocks and whatever outlives a run out of the scene; make() must make all of it anew"


def explore(
    make: Make,
    *,
    limit: int = 100_000,
    seconds: float | None = None,
    samples: int = 1_000,
    seed: int = 0,
    virtual_time: bool = False,
    fault: Fault | None = None,
    progress: Progress | None = None,
) -> Report:
    """Run every order of the steps and report what became of each.

    `make` returns a fresh scene each time. After `limit` runs or so many seconds it stops and runs `samples` of the
    remaining orders, drawn by chance from the seed (one may be drawn twice). `progress` is called twice a second with
    the number of runs. Raises NotRepeatableError where the same order goes another way the second time, with the first
    difference.
    """
    search = Search(make, virtual_time, fault)
    started = told = perf_counter()
    for _ in search.depth_first():
        now = perf_counter()
        if progress is not None and now - told > 0.5:
            told = now
            progress(len(search.report.orders))
        if len(search.report.orders) >= limit:
            search.report.stopped = f"stopped after {limit} runs"
        elif seconds is not None and now - started > seconds:
            search.report.stopped = f"stopped after {seconds:g} seconds"
        if search.report.stopped:
            break
    report = search.report
    if search.path:
        report.exhaustive = False
        search.sample(samples, random.Random(seed), seconds)
    else:
        report.stopped = ""
    report.seconds = perf_counter() - started
    for story in report.stories:
        refuse_differences(make, story, virtual_time=virtual_time, fault=fault)
    return report


class Search:
    """The state of a search: `path` is the order that was run last, `rest` what could go next instead at each step."""

    def __init__(self, make: Make, virtual_time: bool, fault: Fault | None) -> None:
        self.make, self.virtual_time, self.fault = make, virtual_time, fault
        self.report = Report()
        self.path: list[str] = []
        self.rest: list[list[str]] = []
        self.options: list[int] = []
        self.switches: list[int] = []
        self._stories: dict[Verdict, int] = {}

    def depth_first(self) -> Iterator[None]:
        """Run one order after the other, in the order of the alphabet."""
        while True:
            self._run_one()
            while self.rest and not self.rest[-1]:
                for stack in (self.path, self.rest, self.options, self.switches):
                    stack.pop()
            if not self.rest:
                return
            self.path[-1] = self.rest[-1].pop()
            self.switches[-1] = self._switches_with(len(self.path) - 1)
            yield

    def _switches_with(self, place: int) -> int:
        if place == 0:
            return 0
        return self.switches[place - 1] + (self.path[place - 1] != self.path[place])

    def _run_one(self) -> None:
        run = self.begun()
        path, queue = self.path, run.loop.queue
        with run.loop as loop:
            try:
                step = run.start()
                for name, options in zip(path, self.options):  # noqa: B905 (it costs time, and both have one length)
                    if len(queue) != options or name not in queue:
                        raise self._differs(name, options, queue)
                    step(name)
                while queue:
                    options = sorted(queue, reverse=True)
                    path.append(options.pop())
                    self.rest.append(options)
                    self.options.append(len(options) + 1)
                    self.switches.append(self._switches_with(len(path) - 1))
                    step(path[-1])
                    if len(path) > MOST_STEPS:
                        raise too_many_steps()
                verdict = run.verdict()
            finally:
                loop.end()
        self._keep(verdict, path, self.switches[-1] if path else 0)

    def begun(self) -> Running:
        """Return a new run of the scene."""
        return Running(self.make(), virtual_time=self.virtual_time, ordered=False, fault=self.fault)

    def _keep(self, verdict: Verdict, path: list[str], switches: int) -> None:
        number = self._stories.get(verdict)
        schedule, stories = "".join(path), self.report.stories
        if number is None:
            number = self._stories[verdict] = len(stories)
            stories.append(Story(verdict, schedule, switches))
        story = stories[number]
        story.orders += 1
        if switches < story.switches:
            story.schedule, story.switches = schedule, switches
        self.report.orders.append((schedule, number))

    def sample(self, samples: int, chance: random.Random, seconds: float | None) -> None:
        """Run orders from what the search has not come to.

        Who goes next is drawn in proportion to the steps that each still has to take. Then every order has the same
        chance, as long as a command takes the same number of steps in every order.
        """
        report, searched, started = self.report, list(self.path), perf_counter()
        counts = report.step_counts()
        most = {name: max(count[name] for count in counts) for name in set().union(*counts)}
        attempts = 20 * samples
        while report.sampled < samples and attempts and not (seconds and perf_counter() - started > seconds):
            attempts -= 1
            path = self._drawn(most, chance, searched)
            if path is not None:
                report.sampled += 1
                counts.append(Counter(path))
        report.uniform = all(count == counts[0] for count in counts)

    def _drawn(self, most: Mapping[str, int], chance: random.Random, searched: list[str]) -> list[str] | None:
        """Run one order that is drawn by chance; None where the search has come to it already."""
        run, path = self.begun(), []
        with run.loop as loop:
            try:
                step, left = run.start(), Counter(most)
                while loop.queue:
                    options = sorted(loop.queue)
                    name = chance.choices(options, [max(left[option], 1) for option in options])[0]
                    left[name] -= 1
                    path.append(name)
                    step(name)
                    if len(path) > MOST_STEPS:
                        raise too_many_steps()
                verdict = run.verdict() if path > searched else None
            finally:
                loop.end()
        if verdict is None:
            return None
        self._keep(verdict, path, sum(one != other for one, other in pairwise(path)))
        return path

    def _differs(self, name: str, options: int, queue: Iterable[str]) -> NotRepeatableError:
        return NotRepeatableError(
            f"run the order {''.join(self.path)!r} again from its start",
            f"{options} could run before {name}, now it is {', '.join(sorted(queue)) or 'nobody'}",
            _REMEDY,
        )


def refuse_differences(make: Make, story: Story, *, virtual_time: bool, fault: Fault | None) -> None:
    """Run a story's schedule again, twice. Raises NotRepeatableError with the first difference."""
    try:
        first, second = (replay(make, story.schedule, virtual_time=virtual_time, fault=fault) for _ in range(2))
    except ScheduleError as error:
        raise NotRepeatableError(f"run the order {story.schedule!r} again", error.wrong, _REMEDY) from None
    try:
        for one, other in zip(first.trace, second.trace, strict=True):
            steps = (f"{step}; then {', '.join(sorted(step.ready)) or 'nobody'} can run" for step in (one, other))
            _refuse(story.schedule, f"step {one.number}", *steps)
        for again in (first.verdict(), second.verdict()):
            _refuse(story.schedule, "the end", story.verdict, again)
    finally:
        first.close()
        second.close()


def _refuse(schedule: str, place: str, one: object, other: object) -> None:
    if one != other:
        raise NotRepeatableError(
            f"run the order {schedule!r} again",
            f"the first difference is at {place}: once {one}, once {other}",
            _REMEDY,
        )
