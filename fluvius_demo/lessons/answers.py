"""One sentence for each question of notebook 04, made of what was measured: it says what the figures say."""

from collections.abc import Mapping

from fluvius_demo.lessons.measured import Row, by_size, number
from fluvius_demo.lessons.one_command import FLOOR
from fluvius_demo.lessons.timing import Interval

Rows = Mapping[str, Row]


def of_reads(rows: Rows) -> str:
    """What does a read cost?"""
    variable, checked = rows["ContextVar.get"], rows["IsolatedAggregate.context"]
    return (
        f"Reading a context variable takes {_figure(variable)}, {_times(variable.ratio)} what an attribute takes; "
        f"a property of IsolatedAggregate, which checks whose command it is, {_figure(checked)}."
    )


def of_empty(rows: Rows) -> str:
    """What does an empty command cost?"""
    isolated, legacy = rows["isolated"], rows["legacy"]
    return (
        f"An empty command takes {_figure(isolated)} on isolated, {_times(isolated.ratio)} an empty async with "
        f"({_figure(rows[FLOOR])}); on legacy {_figure(legacy)}."
    )


def of_used(rows: Rows) -> str:
    """What does a command with reads and events cost?"""
    ratio, migrated = rows["isolated"].ratio, rows["migrated"].ratio
    return (
        f"With 4 reads and 3 events a command on isolated takes {_times(ratio)} what it takes on legacy; "
        f"on migrated {_times(migrated)}."
    )


def of_rules(empty: Rows, used: Rows) -> str:
    """What do the rules of IsolatedAggregate cost?"""
    dear, whole, share = _dearest(empty), _ratio(empty["all of these"].ratio), _ratio(used["all of these"].ratio)
    return (
        f"The rules of isolated are {whole.value:.0%} of an empty command and {share.value:.0%} of one with 4 reads "
        f"and 3 events; the dearest in an empty one is “{dear.name}”, {number(dear.value.value)} ns."
    )


def of_watching(off: Rows, on: Rows) -> str:
    """What does it cost to watch commands?"""
    ready, both = _ratio(off["all of these"].ratio), _ratio(on["logging and metrics"].ratio)
    return (
        f"To be ready for watchers takes {ready.value:.1%} of an empty command while there are none; logging and "
        f"metrics together make a deposit take {both.value - 1:.0%} longer."
    )


def of_load(rows: Rows, latency: str = "5 ms") -> str:
    """What do I gain when the store takes its time?"""
    rates = by_size(rows, "commands/s")
    locked, isolated = rates[f"locked, {latency}"], rates[f"isolated, {latency}"]
    first, last = min(isolated), max(isolated)
    gains = {size: isolated[size].value.value / locked[size].value.value for size in (first, last)}
    return (
        f"With {last:,} commands in flight and a store that takes {latency}, isolated serves {number(gains[last])} "
        f"times as many commands as legacy behind a lock; with {first:,} in flight, {number(gains[first])} times."
    )


def of_growth(flight: Rows) -> str:
    """How does it grow?"""
    more, held = by_size(flight, "ns")["one more command"], by_size(flight, "bytes")["memory (traced)"]
    few, many = min(size for size in more if size > 1), max(more)
    return (
        f"One more command takes {number(more[few].value.value)} ns while {few} are open and "
        f"{number(more[many].value.value)} ns while {many:,} are; each holds {number(held[many].value.value)} bytes "
        "beyond its task."
    )


def of_memory(table: Mapping[str, Mapping[str, str]]) -> str:
    """What stays in memory?"""
    kept: dict[str, int] = {}
    for words in table.values():
        for design, word in words.items():
            kept[design] = kept.get(design, 0) + (word == "kept")
    keeping = [f"{design} in {times} of {len(table)} situations" for design, times in kept.items() if times]
    if not keeping:
        return f"None of the {len(kept)} designs keeps the root object."
    others = len(kept) - len(keeping)
    if not others:
        return f"The root object is kept on {', on '.join(keeping)}: on every design."
    return f"The root object is kept on {', on '.join(keeping)}, and never on {others} of the {len(kept)} designs."


def _dearest(rules: Rows) -> Row:
    return max((row for row in rules.values() if row.name != "all of these"), key=lambda row: row.value.value)


def _figure(row: Row) -> str:
    return f"{number(row.value.value)} {row.unit}"


def _times(ratio: Interval | None) -> str:
    return f"{number(_ratio(ratio).value)} times"


def _ratio(ratio: Interval | None) -> Interval:
    if ratio is None:
        raise ValueError("Cannot say how many times: the row has no ratio. To solve this, compare it with a base.")
    return ratio
