"""What became of many orders: how many had which outcome, which stories they tell, and the simplest order of each."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from fluvius_demo.lessons.execution import steps_of
from fluvius_demo.lessons.outcomes import OUTCOMES, Outcome
from fluvius_demo.lessons.scene import Fault, FaultKind, Verdict


@dataclass
class Story:
    """What some orders have in common: the verdict. `schedule` is the simplest of them: the fewest switches."""

    verdict: Verdict
    schedule: str
    switches: int
    orders: int = 0

    @property
    def outcome(self) -> Outcome:
        """The worst outcome of its commands."""
        return self.verdict.outcome


@dataclass
class Report:
    """What became of all orders that were run.

    - `orders`: each schedule that was run, with the number of its story in `stories`.
    - `exhaustive`: whether these are all that there are. If not, `stopped` says why, and the last `sampled` of them
      were drawn from the rest by chance; `uniform` says whether each of the rest had the same chance.
    """

    stories: list[Story] = field(default_factory=list)
    orders: list[tuple[str, int]] = field(default_factory=list)
    exhaustive: bool = True
    stopped: str = ""
    sampled: int = 0
    uniform: bool = True
    seconds: float = 0.0

    @property
    def tally(self) -> dict[Outcome, int]:
        """How many orders had each outcome; outcomes that did not occur are left out."""
        count: Counter[Outcome] = Counter()
        for story in self.stories:
            count[story.outcome] += story.orders
        return {outcome: count[outcome] for outcome in OUTCOMES if count[outcome]}

    def step_counts(self) -> list[Counter[str]]:
        """Return how many steps each command took, for each order, in the order of `orders`."""
        return [Counter(steps_of(schedule)) for schedule, _ in self.orders]

    def simplest(self, outcome: Outcome) -> str | None:
        """Return the schedule with the fewest switches that has this outcome, or None."""
        found = [story for story in self.stories if story.outcome == outcome]
        return min(found, key=lambda story: (story.switches, story.schedule)).schedule if found else None

    def __str__(self) -> str:
        tally = ", ".join(f"{count} {outcome}" for outcome, count in self.tally.items())
        whole = "all of them" if self.exhaustive else self.stopped
        return f"{len(self.orders)} orders ({whole}): {tally}"


def faults_of(report: Report, kinds: Iterable[FaultKind] = ("cancel", "error")) -> list[Fault]:
    """Return a fault of each kind at every await of every command, as many as were seen in the report's orders."""
    counts = report.step_counts()
    commands = [name for name in sorted(set().union(*counts)) if len(name) == 1]
    most = {name: max(count[name] for count in counts) for name in commands}
    return [Fault(kind, name, number) for kind in kinds for name in commands for number in range(1, most[name])]
