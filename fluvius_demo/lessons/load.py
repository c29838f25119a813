"""Load: many commands sent at once, what each of them waits, works and comes to, and how many a second are served."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import ceil
from time import perf_counter

from fluvius_demo.aggregate import Aggregate
from fluvius_demo.banking import Bank
from fluvius_demo.lessons.designs import DESIGNS
from fluvius_demo.lessons.measured import Row
from fluvius_demo.lessons.outcomes import OUTCOMES, Finding, Outcome, compared
from fluvius_demo.lessons.overlap import money
from fluvius_demo.lessons.timing import Interval
from fluvius_demo.statemgr import StoreCall

Told = Callable[[str], None]

PERCENTS = (50, 95, 99)
ROUNDS, ENOUGH = 5, 1.0  # a burst is repeated so often, or until so many seconds were spent on it


@dataclass(frozen=True)
class Waiting:
    """A burst of commands that were all sent at once. What is a list has an entry for each command.

    - `spans`: (started, ended) in seconds since all asked; one that was never let in has started when it ended.
    - `findings`: what became of it.
    - `latency`: seconds that the store took for each call.
    """

    spans: list[tuple[float, float]]
    most_at_once: int
    findings: list[Finding] = field(default_factory=list)
    design: str = ""
    latency: float = 0

    @property
    def total(self) -> float:
        """Seconds until the last one was done."""
        return max(ended for _, ended in self.spans)

    @property
    def tally(self) -> dict[Outcome, int]:
        """How many commands had each outcome; outcomes that did not occur are left out."""
        count = Counter(finding.outcome for finding in self.findings)
        return {outcome: count[outcome] for outcome in OUTCOMES if count[outcome]}

    @property
    def served(self) -> list[float]:
        """Seconds from asking to the end of each command that was served correctly, the quickest first."""
        ends = zip(self.spans, self.findings, strict=True)
        return sorted(ended for (_, ended), finding in ends if finding.outcome == "correct")

    @property
    def per_second(self) -> float:
        """How many commands a second were served correctly."""
        return len(self.served) / self.total

    def within(self, percent: int) -> float:
        """Return the seconds within which so many percent of the served were done: the nearest rank, so one of them.

        Raises IndexError where nobody was served.
        """
        served = self.served
        return served[ceil(len(served) * percent / 100) - 1]


async def waiting(design: type[Aggregate], commands: int = 20, latency: float = 0.005) -> Waiting:
    """Send that many deposits at once, each to its own account, to a store that takes `latency` seconds a call.

    An error is the outcome of its command, and never raised here. A design on which a command gets stuck would
    keep this waiting for ever; none of the DESIGNS does.
    """
    names = [f"c{number:03}" for number in range(commands)]
    bank = await Bank.opened(design, **dict.fromkeys(names, 0))
    begun: dict[str, float] = {}
    open_now = most_at_once = 0

    async def note(call: StoreCall) -> None:
        # The first call, the fetch of the root object, is where a command begins; what comes before it is waiting.
        begun.setdefault(call.identifier, perf_counter() - asked)

    async def deposit(name: str) -> tuple[float, list[str] | Exception]:
        nonlocal open_now, most_at_once
        aggregate = bank.aggregate
        try:
            async with aggregate.command_aggregate(*bank.depositing(name, 1_00)) as command:
                open_now += 1
                most_at_once = max(most_at_once, open_now)
                try:
                    await command.deposit(amount=1_00)
                    events = [event.data["account"] for event in aggregate.consume_events()]
                finally:
                    open_now -= 1
        except Exception as error:  # whatever it is: where commands overlap unguarded, anything may be None
            return perf_counter() - asked, error
        return perf_counter() - asked, events

    bank.statemgr.latency, bank.statemgr.gate = latency, note
    asked = perf_counter()
    ends = dict(zip(names, await asyncio.gather(*map(deposit, names)), strict=True))
    balances = bank.balances()
    return Waiting(
        [(begun.get(name, ended), ended) for name, (ended, _) in ends.items()],
        most_at_once,
        [_finding(name, balances[name], result) for name, (_, result) in ends.items()],
        next((name for name, known in DESIGNS.items() if known.aggregate is design), design.__name__),
        latency,
    )


def _finding(name: str, held: int, result: list[str] | Exception) -> Finding:
    expected = _seen(name, 1_00, [name])
    if isinstance(result, Exception):
        return Finding.of_error(expected, result)
    return compared(expected, _seen(name, held, result))


def _seen(name: str, held: int, events: list[str]) -> str:
    taken = ", ".join(f"{count} of {account}" for account, count in Counter(events).items())
    return f"{money(held)} on {name}, events: {taken or 'none'}"


async def throughput(
    designs: Sequence[str], latency: float, in_flight: Sequence[int], told: Told | None = None
) -> list[Row]:
    """Measure bursts of so many commands each on these designs, by name: commands a second, and how long one takes.

    A burst of N has N commands in flight. Ratios are to the first design. The designs take turns; figures are medians
    of the rounds. `told` is called with a sentence before each size of burst.
    """
    rows = []
    for commands in in_flight:
        if told is not None:
            told(f"store takes {_ms(latency)}, {commands:,} in flight: {', '.join(designs)}")
        runs: dict[str, list[Waiting]] = {design: [] for design in designs}
        for _ in range(ROUNDS):
            for design, own in runs.items():
                if sum(run.total for run in own) < ENOUGH:
                    own.append(await waiting(DESIGNS[design].aggregate, commands, latency))
        rates = {design: Interval.of([run.per_second for run in own]) for design, own in runs.items()}
        for design, own in runs.items():
            name = f"{design}, {_ms(latency)}, {commands:,} in flight"
            base = rates[designs[0]].value
            ratio = Interval.exact(rates[design].value / base) if design != designs[0] else None
            rows.append(Row("throughput", name, rates[design], "commands/s", ratio, designs[0] if ratio else ""))
            for percent in PERCENTS:
                taken = Interval.of([run.within(percent) * 1000 for run in own])
                rows.append(Row("throughput", f"{name}, p{percent}", taken, "ms"))
    return rows


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:g} ms"


def load(quick: bool = False, told: Told | None = None) -> list[Row]:
    """Measure locked against migrated and isolated; not to be called where a loop runs: there, await `throughput`.

    In full it takes about half a minute, nearly all of which is commands that wait for the lock.
    """

    in_flight = (1, 10, 100) if quick else (1, 10, 100, 1_000)

    async def measured() -> list[Row]:
        rows = []
        for latency in (0.005,) if quick else (0.001, 0.005):
            rows += await throughput(("locked", "migrated", "isolated"), latency, in_flight, told)
        return rows

    return asyncio.run(measured())
