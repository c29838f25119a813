"""The progress graph of two commands: A's steps across, B's steps up; every order is a way through it.

A place is how many steps each has taken. A task that a command has started counts as that command's progress.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple, Self

from fluvius_demo.errors import BadRequestError
from fluvius_demo.lessons.interleave import Report, Story, steps_of
from fluvius_demo.lessons.outcomes import OUTCOMES, Outcome

Node = tuple[int, int]
FEWEST, MOST = 0.15, 0.85  # of a line's length: "some of them fail" must not look like none, nor like all


class Part(NamedTuple):
    """A stretch of a line that is drawn in the way of an outcome: from here to there, the whole line being 0 to 1."""

    outcome: Outcome
    start: float
    end: float


@dataclass(frozen=True)
class Traffic:
    """The orders that pass somewhere, by outcome. All but *correct* count as failing."""

    outcomes: Mapping[Outcome, int]

    @property
    def orders(self) -> int:
        """How many pass here."""
        return sum(self.outcomes.values())

    @property
    def failing(self) -> int:
        """How many of them fail."""
        return self.orders - self.outcomes.get("correct", 0)

    @property
    def share(self) -> float:
        """The share that fails, from 0 to 1."""
        return self.failing / self.orders if self.orders else 0.0

    def parts(self) -> list[Part]:
        """Return how a line is divided among the failing outcomes: in its middle, as long as their shares."""
        if not self.failing:
            return []
        length = 1.0 if self.share == 1 else min(max(self.share, FEWEST), MOST)
        found, start = [], (1 - length) / 2
        for outcome in OUTCOMES[1:]:
            if count := self.outcomes.get(outcome, 0):
                end = start + length * count / self.failing
                found.append(Part(outcome, start, end))
                start = end
        return found

    def __str__(self) -> str:
        counts = [f"{self.outcomes[outcome]} {outcome}" for outcome in OUTCOMES if self.outcomes.get(outcome)]
        if len(counts) == 1 and self.orders > 1:
            return f"all {self.orders} {counts[0].split()[1]}"
        return f"{self.orders} orders: {', '.join(counts)}" if len(counts) > 1 else ", ".join(counts) or "no order"


@dataclass(frozen=True)
class ProgressGraph:
    """Where the orders of two commands lead. A graph without edges is one that nobody has explored yet.

    - `names`: the two commands, and `size`: the most steps that either takes.
    - `edges`: what passes from one place to the next; `nodes`: what passes a place; `ends`: what ends there.
    - `exhaustive`: whether these are all orders that there are.
    """

    names: tuple[str, str] = ("A", "B")
    size: Node = (5, 5)
    edges: Mapping[tuple[Node, Node], Traffic] = field(default_factory=dict)
    nodes: Mapping[Node, Traffic] = field(default_factory=dict)
    ends: Mapping[Node, Traffic] = field(default_factory=dict)
    exhaustive: bool = True

    @property
    def reached(self) -> frozenset[Node]:
        """The places to which some order comes."""
        return frozenset(self.nodes)

    @property
    def unreached(self) -> frozenset[Node]:
        """The places to which no order comes; none where nothing was explored."""
        return frozenset(set(self.grid()) - set(self.nodes)) if self.edges else frozenset()

    @property
    def total(self) -> Traffic:
        """All orders."""
        return self.nodes.get((0, 0), Traffic({}))

    @property
    def tally(self) -> dict[Outcome, int]:
        """How many orders had each outcome; outcomes that did not occur are left out."""
        return {outcome: self.total.outcomes[outcome] for outcome in OUTCOMES if self.total.outcomes.get(outcome)}

    @property
    def share(self) -> float:
        """The share of all orders that fails."""
        return self.total.share

    @cached_property
    def lost(self) -> tuple[Node, ...]:
        """The places from which on every order fails, though not before; the earliest first."""
        saved = {target for (source, target) in self.edges if self.nodes[source].share < 1}
        found = (node for node, traffic in self.nodes.items() if traffic.share == 1 and node in saved | {(0, 0)})
        return tuple(sorted(found, key=lambda node: (sum(node), node)))

    @cached_property
    def gap(self) -> tuple[Node, Node] | None:
        """The largest rectangle of unreached places that orders go round, as two corners; two by two at least."""
        free, best, most = self.unreached, None, 0
        for x, y in sorted(node for node in free if min(node) > 0):
            right, top = x, self.size[1]
            while (right, y) in free:
                while not all((right, row) in free for row in range(y, top + 1)):
                    top -= 1
                area = (right - x + 1) * (top - y + 1)
                if area > most and right > x and top > y and self._goes_round(x, y, right, top):
                    best, most = ((x, y), (right, top)), area
                right += 1
        return best

    def _goes_round(self, left: int, low: int, right: int, high: int) -> bool:
        beside = any(x > right and low <= y <= high for x, y in self.nodes)
        return beside and any(y > high and left <= x <= right for x, y in self.nodes)

    def path(self, schedule: str) -> list[Node]:
        """Return the places that a schedule passes, from (0, 0) on."""
        x = y = 0
        found = [(x, y)]
        for name in steps_of(schedule):
            if name[0] not in self.names:
                raise BadRequestError(f"draw {name}", f"the graph is of {' and '.join(self.names)}", "leave it out")
            x, y = (x + 1, y) if name[0] == self.names[0] else (x, y + 1)
            found.append((x, y))
        return found

    def grid(self) -> Iterator[Node]:
        """Yield every place, reached or not."""
        return ((x, y) for x in range(self.size[0] + 1) for y in range(self.size[1] + 1))

    def place(self, node: Node) -> str:
        """Return a place in words: "A 2, B 1"."""
        return ", ".join(f"{name} {steps}" for name, steps in zip(self.names, node, strict=True))

    @classmethod
    def empty(cls, names: tuple[str, str] = ("A", "B"), size: Node = (5, 5)) -> Self:
        """Return the graph of what has not been explored yet."""
        return cls(names, size)


def progress_graph(report: Report) -> ProgressGraph:
    """Return the progress graph of an explored scene. Raises BadRequestError where it is not of two commands."""
    names = tuple(sorted({name[0] for schedule, _ in report.orders for name in steps_of(schedule)}))
    if len(names) != 2:
        raise BadRequestError("draw a progress graph", f"it has {len(names)} commands", "explore two that overlap")
    reader = ProgressGraph.empty(names)
    edges: defaultdict[tuple[Node, Node], Counter[Outcome]] = defaultdict(Counter)
    nodes: defaultdict[Node, Counter[Outcome]] = defaultdict(Counter)
    ends: defaultdict[Node, Counter[Outcome]] = defaultdict(Counter)
    outcomes = [story.outcome for story in report.stories]
    for schedule, number in report.orders:
        path, outcome = reader.path(schedule), outcomes[number]
        for edge in pairwise(path):
            edges[edge][outcome] += 1
        for node in path:
            nodes[node][outcome] += 1
        ends[path[-1]][outcome] += 1
    size = max(x for x, _ in nodes), max(y for _, y in nodes)
    told = ({key: Traffic(dict(count)) for key, count in table.items()} for table in (edges, nodes, ends))
    return ProgressGraph(names, size, *told, exhaustive=report.exhaustive)


def story_rows(report: Report) -> list[Story]:
    """Return the stories, those of the most orders first: for three commands, whose graph cannot be drawn flat."""
    return sorted(report.stories, key=lambda story: (-story.orders, story.switches, story.schedule))
