"""What each rule of IsolatedAggregate costs: the statements that it adds, run alone, as often as a command runs them.

To leave one rule out and measure the rest would be the obvious way. It was tried: a rule costs a few per cent, and
that much a command gains or loses by any change of its code, a slot more or less in a coroutine's frame, say (Mytkowicz
and others, "Producing wrong data without doing anything obviously wrong", 2009). One rule then seemed to cost less
than nothing.
"""

from collections.abc import Mapping, Sequence
from contextvars import Context
from dataclasses import dataclass

from fluvius_demo.frame import NO_METADATA, CommandFrame, current
from fluvius_demo.isolated import IsolatedAggregate
from fluvius_demo.lessons.fresh import COPIES
from fluvius_demo.lessons.measured import OF_IT, Row
from fluvius_demo.lessons.one_command import Work, bank_of, empty, opening_of, used, with_own_code, without_waiting
from fluvius_demo.lessons.timing import Interval, Timed, compare, repeated


@dataclass(frozen=True)
class Rule:
    """A rule as the statement that it adds, beyond `without`; how often an empty command runs it, and a used one."""

    name: str
    statement: str
    without: str
    in_empty: int
    in_used: int


# A used command uses its frame eight times: 4 reads, 3 events, one call of consume_events.
RULES = (
    Rule("nesting in one task is refused: asked twice", "current.get() is not None", "pass", 2, 2),
    Rule("a command has an owner", "aggregate._owner", "pass", 1, 1),
    Rule("a use finds its own command", "current.get().aggregate is not aggregate", "current.get()", 0, 8),
    Rule("a use asks again whether the command has ended", "frame.closed", "pass", 0, 8),
    Rule("the end flags and empties the frame", "CommandFrame(*opening).close()", "CommandFrame(*opening)", 1, 1),
)
TOGETHER = "all of these"
SECTIONS: dict[str, Work] = {
    "rules, in an empty command": empty,
    "rules, in a command with 4 reads and 3 events": used,
}


def rules(rounds: int = 15) -> list[Row]:
    """Return for each rule how many ns it takes of a command, and which share of it that is."""
    return shares(RULES, SECTIONS, rounds)


def shares(rules: Sequence[Rule], sections: Mapping[str, Work], rounds: int, copies: int = COPIES) -> list[Row]:
    """Return the same of any statements, in an empty command or in a used one."""
    statements = {code for rule in rules for code in (rule.statement, rule.without)} | {"pass"}
    variants = {code: alone(code) for code in sorted(statements)}
    variants |= {name: with_own_code(work, IsolatedAggregate, copies) for name, work in sections.items()}
    samples = {name: timing.samples for name, timing in compare(variants, "pass", rounds=rounds).items()}
    rows = []
    for section, work in sections.items():
        costs = {}
        for rule in rules:
            times = rule.in_empty if work is empty else rule.in_used
            pairs = zip(samples[rule.statement], samples[rule.without], strict=True)
            costs[rule.name] = [times * (one - other) for one, other in pairs]
        costs[TOGETHER] = [sum(taken) for taken in zip(*costs.values(), strict=True)]
        rows += [
            Row(section, name, Interval.of(cost).times(1e9), "ns", Interval.of(cost, samples[section]), OF_IT)
            for name, cost in costs.items()
            if any(cost)
        ]
    return rows


def alone(statement: str) -> Timed:
    """Return a function that runs the statement so many times inside of an open command; the seconds it takes."""

    async def run(loops: int) -> float:
        bank = bank_of(IsolatedAggregate)
        aggregate, opening = bank.aggregate, opening_of(bank)
        async with aggregate.command_aggregate(*opening):
            names = {
                "aggregate": aggregate, "frame": current.get(), "opening": (aggregate, *opening),
                "CommandFrame": CommandFrame, "current": current, "NO_METADATA": NO_METADATA,
            }  # fmt: skip
            return repeated(statement, names, loops)

    return lambda loops: Context().run(without_waiting, run(loops))
