"""C23 to C28: what the migration document claims about cost and memory, judged by what was measured.

No verdict is typed in: each follows from rows of measurements, and would be another with other rows.
"""

from collections.abc import Callable, Mapping
from contextvars import Context
from dataclasses import replace
from typing import Any

from fluvius_demo.aggregate import Aggregate
from fluvius_demo.legacy import LegacyAggregate
from fluvius_demo.lessons.claims_verdict import Judged, Verdict, judged
from fluvius_demo.lessons.designs import DESIGNS
from fluvius_demo.lessons.freed import freed
from fluvius_demo.lessons.load import throughput
from fluvius_demo.lessons.measured import Measured, Row, by_size, gathered, number, rows_of
from fluvius_demo.lessons.one_command import bank_of, commands, deposit, restock, used, without_waiting

Rows = Mapping[str, Row]

FAST = 10  # "very fast": less than so many reads of an attribute
SIGNIFICANT = 1.1  # "no significant impact": a whole command takes less than a tenth longer
GAIN = 1.5  # "better scalability": so many times the commands in the same time

# The sections of the bench that the claims need.
READS, USED, WHOLE, BURSTS = "a read", "a command with 4 reads and 3 events", "a whole deposit", "throughput"


async def measured_now(told: Callable[[str], None] = lambda _text: None) -> Measured:
    """Measure what C23 to C25 need, in a few seconds; `told` is called with the progress.

    Raises ImportError where the libraries that reads are compared with are not installed.
    """
    from fluvius_demo.lessons.bench import read_rows  # not at the top: the other claims need none of them

    designs = {name: DESIGNS[name].aggregate for name in ("legacy", "locked", "migrated")}
    how = {"base": "legacy", "rounds": 9, "copies": 2}
    told("1 of 4: a read")
    rows = read_rows(9)
    told("2 of 4: a command")
    rows += rows_of(USED, commands(used, designs, **how), to="legacy")
    told("3 of 4: a whole deposit")
    rows += rows_of(WHOLE, commands(deposit, designs, **how), "us", to="legacy")
    told("4 of 4: bursts")
    rows += await throughput(("locked", "migrated"), 0.005, (1, 100))
    return gathered(rows)


def of_rows(found: Measured) -> list[Judged]:
    """Judge C23 to C25 by these rows."""
    reads, deposits, alone, bursts = map(found.section, (READS, WHOLE, USED, BURSTS))
    return [access_is_fast(reads), no_impact(deposits, alone), scales(bursts, deposits)]


async def of_design(design: type[Aggregate]) -> list[Judged]:
    """Judge C26 to C28 by commands on this design and on legacy."""
    compared = {"legacy": DESIGNS["legacy"], "migrated": replace(DESIGNS["migrated"], aggregate=design)}
    table = await freed(compared)
    return [stored_in_instances(LegacyAggregate, design), cleans_up(table), collects_better(table)]


def access_is_fast(reads: Rows) -> Judged:
    """C23, from the rows of reads."""
    variable, checked = reads["ContextVar.get"], reads["MigratedAggregate.context"]
    fast, checked_fast = (row.ratio.value < FAST for row in (variable, checked))
    told = ", ".join(
        f"{row.name} takes {number(row.value.value)} ns, {number(row.ratio.value)} times an attribute"
        for row in (variable, checked)
    )
    return _judged("C23", fast and checked_fast, fast or checked_fast, told, "read it once, and pass it on")


def no_impact(deposits: Rows, used: Rows) -> Judged:
    """C24, from the rows of whole deposits and of commands with 4 reads and 3 events."""
    whole, alone = deposits["migrated"].ratio, used["migrated"].ratio
    told = (
        f"a whole deposit takes {whole.value:.2f} times ({whole.low:.2f} to {whole.high:.2f}) what it takes on legacy, "
        f"a command alone {alone.value:.2f} times ({alone.low:.2f} to {alone.high:.2f})"
    )
    if any(ratio.against(SIGNIFICANT) == "too noisy to tell" for ratio in (whole, alone)):
        told += f"; on which side of {SIGNIFICANT} is too noisy to tell"
    small = [ratio.value < SIGNIFICANT for ratio in (whole, alone)]
    return _judged("C24", all(small), small[0], told, "keep one frame in one variable, as isolated does")


def scales(load: Rows, deposits: Rows) -> Judged:
    """C25, from bursts against a lock, on the slowest store, and from deposits on one that takes no time."""
    rates = by_size(load, "commands/s")
    slow = max((name for name in rates if name.startswith("migrated")), key=_milliseconds, default=None)
    if slow is None:
        known = ", ".join(rates)
        raise KeyError(f"Cannot judge C25: migrated was not measured, only {known}. To solve this, measure it as well.")
    locked, size = rates[slow.replace("migrated", "locked")], max(rates[slow])
    gain = rates[slow][size].value.value / locked[size].value.value
    at_once = deposits["locked"].value.value / deposits["migrated"].value.value
    told = (
        f"with {size:,} in flight and a store that takes {slow.split(', ')[1]}, migrated serves {number(gain)} times "
        f"what the lock lets through; with a store that answers at once {at_once:.2f} times"
    )
    return _judged("C25", gain > GAIN and at_once > GAIN, gain > GAIN, told, "look for what the commands wait for")


def stored_in_instances(before: type[Aggregate], after: type[Aggregate]) -> Judged:
    """C26, from a command on each design: how many of the instance's own attributes it changes."""
    old, new = changed_by_a_command(before), changed_by_a_command(after)
    changes = ", ".join(f"{len(names)} on {kind.__name__}" for kind, names in ((after, new), (before, old)))
    told = f"attributes of the instance that a command changes: {changes}"
    return _judged("C26", not new, len(new) < len(old), told, "keep what is left in a context variable, too")


def cleans_up(table: Mapping[str, Mapping[str, str]]) -> Judged:
    """C27, from the table of what is freed: the situations in which the migrated design keeps the root object."""
    kept = [situation for situation, words in table.items() if words["migrated"] == "kept"]
    situations = "; ".join(f"“{situation}”" for situation in kept)
    told = f"the root object is kept {situations}" if kept else "the root object is freed in every situation"
    return _judged("C27", not kept, False, told, "close the command and empty what outlives it, as isolated does")


def collects_better(table: Mapping[str, Mapping[str, str]]) -> Judged:
    """C28, from the same table: in how many situations each design frees the object at once."""
    at_once = {name: sum(words[name] == "at once" for words in table.values()) for name in ("legacy", "migrated")}
    told = f"freed at once in {at_once['migrated']} of {len(table)} situations; on legacy in {at_once['legacy']}"
    better = at_once["migrated"] > at_once["legacy"]
    return _judged("C28", better, False, told, "reset the variable by its token, and empty the frame")


def changed_by_a_command(design: type[Aggregate]) -> list[str]:
    """Return which of its own attributes an aggregate of this design has changed inside of a command."""
    bank = bank_of(design)
    aggregate: Any = bank.aggregate

    async def inside() -> dict[str, Any]:
        await restock(bank)
        async with aggregate.command_aggregate(*bank.depositing("ana", 1)):
            return dict(vars(aggregate))

    Context().run(without_waiting, inside())  # the first one may make what all of them use
    before, during = dict(vars(aggregate)), Context().run(without_waiting, inside())
    return sorted(name for name in during if during[name] is not before.get(name))


def _milliseconds(name: str) -> float:
    return float(name.split(", ")[1].removesuffix(" ms"))


def _judged(id: str, holds: bool, in_part: bool, told: str, remedy: str = "") -> Judged:
    verdict: Verdict = "confirmed" if holds else "confirmed within a limit" if in_part else "refuted"
    return judged(id, verdict, told, remedy)
