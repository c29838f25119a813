"""Deposits that overlap in an order that is written down, and what became of each."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fluvius_demo.aggregate import Aggregate
from fluvius_demo.banking import Bank
from fluvius_demo.lessons.outcomes import OUTCOMES, Finding, compared
from fluvius_demo.lessons.turns import Body, Lane, Step, Turn, play


@dataclass(frozen=True)
class Overlap:
    """A run of overlapping deposits: the steps, a finding for each command, and the books afterwards (cents)."""

    design: type[Aggregate]
    deposits: Mapping[str, tuple[str, int]]
    steps: list[Step]
    findings: Mapping[str, Finding]
    balances: Mapping[str, int]

    @property
    def tally(self) -> dict[str, int]:
        """How many commands had each outcome; outcomes that did not occur are left out."""
        count = Counter(finding.outcome for finding in self.findings.values())
        return {outcome: count[outcome] for outcome in OUTCOMES if count[outcome]}

    @property
    def finding(self) -> Finding:
        """The worst finding: the order of OUTCOMES."""
        return max(self.findings.values(), key=lambda finding: OUTCOMES.index(finding.outcome))

    def overwritten(self) -> list[tuple[int, str, str]]:
        """Return (step number, command, account that it sees from then on) for each command that lost its state."""
        found, lost = [], set()
        for step in self.steps:
            for name, seen in step.views.items():
                if seen not in (None, self.deposits[name][0]) and name not in lost:
                    lost.add(name)
                    found.append((step.number, name, seen))
        return found


async def overlap(design: type[Aggregate], deposits: Mapping[str, tuple[str, int]], schedule: Iterable[str]) -> Overlap:
    """Run one command for each deposit, `{"A": ("ana", 100_00), …}`, in the order of the schedule.

    Each has three steps: *open* the command, *deposit* the money, *close* the command.
    """
    bank = await Bank.opened(design, **{account: 0 for account, _ in deposits.values()})
    aggregate = bank.aggregate
    shared = not aggregate.per_command

    def seen() -> str | None:
        try:
            return aggregate.aggroot.identifier
        except (AttributeError, RuntimeError):  # no command here: legacy gives None, the others raise
            return None

    bodies = {name: _deposit(bank, account, amount) for name, (account, amount) in deposits.items()}
    steps, lanes = await play(bodies, schedule, seen if shared else None)
    credited: Counter[str] = Counter()
    for name, lane in lanes.items():
        if lane.result is not None:
            credited[lane.result[0]] += deposits[name][1]
    books = {account: (credited[account], held) for account, held in bank.balances().items()}
    findings = {name: _finding(lanes[name], *deposits[name], books) for name in deposits}
    return Overlap(design, deposits, steps, findings, bank.balances())


def _deposit(bank: Bank, account: str, amount: int) -> Body:
    async def body(turn: Turn) -> tuple[str, set[str]]:
        aggregate = bank.aggregate
        await turn("open")
        async with aggregate.command_aggregate(*bank.depositing(account, amount)) as proxy:
            await turn("deposit")
            done = await proxy.deposit(amount=amount)
            events = {event.data["account"] for event in aggregate.consume_events()}
            await turn("close")
        return done["account"], events

    return body


def _finding(lane: Lane, account: str, amount: int, books: Mapping[str, tuple[int, int]]) -> Finding:
    expected = f"{money(amount)} on {account}"
    if lane.stuck:
        return Finding("stuck", expected, "waits for ever")
    if lane.error is not None:
        return Finding.of_error(expected, lane.error)
    landed, events = lane.result
    crossed = "" if events == {landed} else f", with the events of {', '.join(sorted(events)) or 'nobody'}"
    credited, held = books[landed]
    lost = "" if credited == held else f", but of {money(credited)} there the books hold {money(held)}"
    return compared(expected, f"{money(amount)} on {landed}{crossed}{lost}")


def money(cents: int) -> str:
    """Return an amount as it is read: 100, or 0.50."""
    return f"{cents / 100:.2f}".removesuffix(".00")
