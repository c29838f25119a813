"""Everything that is measured, section by section: `python -m fluvius_demo bench`."""

import asyncio
import gc
from collections.abc import Callable
from dataclasses import replace

from fluvius_demo.lessons import answers
from fluvius_demo.lessons.designs import DESIGNS
from fluvius_demo.lessons.freed import SECTION as FREED
from fluvius_demo.lessons.freed import freed_rows
from fluvius_demo.lessons.growth import growth
from fluvius_demo.lessons.keepers import KEPT
from fluvius_demo.lessons.load import load
from fluvius_demo.lessons.measured import Measured, Row, gathered, rows_of
from fluvius_demo.lessons.one_command import FLOOR, commands, deposit, empty, fetched, used
from fluvius_demo.lessons.parallel import parallel, what_the_lock_allows
from fluvius_demo.lessons.reads import reads
from fluvius_demo.lessons.rules import rules
from fluvius_demo.lessons.speed import orders
from fluvius_demo.lessons.watching_cost import OFF, ON, off_rows, on_rows

Told = Callable[[str], None]

EMPTY, USED = "an empty command", "a command with 4 reads and 3 events"
OWN = {name: design.aggregate for name, design in DESIGNS.items()}
ALL = OWN | {name: design.aggregate for name, design in KEPT.items()}


def bench(*, quick: bool = False, told: Told = print) -> Measured:
    """Measure all of it, in about two minutes, or less exactly in under 20 s; `told` is called with the progress."""
    rounds, copies = (7, 2) if quick else (31, 5)
    parts: dict[str, Callable[[], list[Row]]] = {
        "a read": lambda: read_rows(rounds),
        "one command": lambda: [row for rows in (empty_rows, fetched_rows, used_rows) for row in rows(rounds, copies)],
        "a whole deposit": lambda: asyncio.run(deposit_rows(rounds, copies)),
        "rules": lambda: rules(rounds),
        "watching": lambda: [*off_rows(rounds, copies), *asyncio.run(on_rows(rounds, copies))],
        "throughput": lambda: load(quick, told),
        "growth": lambda: growth(quick, told),
        "what stays in memory": lambda: asyncio.run(freed_rows()),
        "threads and processes": lambda: parallel(quick, told),
        "every order": lambda: orders(1 if quick else 5),
    }
    rows: list[Row] = []
    try:
        for number, (name, measure) in enumerate(parts.items(), start=1):
            told(f"{number} of {len(parts)}: {name}")
            gc.collect()
            gc.freeze()  # or the collector goes through what the parts before have left, in the middle of this one
            rows += measure()
    finally:
        gc.unfreeze()
    found = gathered(rows)
    return replace(found, words=tuple(in_words(found)))


def in_words(found: Measured) -> list[str]:
    """Return what the rows say: a sentence for each question."""
    section = found.section
    freed = [(row.name.rpartition(", "), row.unit) for row in section(FREED).values()]
    table: dict[str, dict[str, str]] = {}
    for (situation, _, design), word in freed:
        table.setdefault(situation, {})[design] = word
    return [
        answers.of_reads(section("a read")),
        answers.of_empty(section(EMPTY)),
        answers.of_used(section(USED)),
        answers.of_rules(
            section("rules, in an empty command"), section("rules, in a command with 4 reads and 3 events")
        ),
        answers.of_watching(section(OFF), section(ON)),
        answers.of_load(section("throughput")),
        answers.of_growth(section("in flight")),
        answers.of_memory(table),
        what_the_lock_allows(list(section("threads and processes").values())),
    ]


def read_rows(rounds: int) -> list[Row]:
    """Return what one read costs."""
    return rows_of("a read", reads(rounds), to="an attribute")


def empty_rows(rounds: int, copies: int = 3) -> list[Row]:
    """Return what an empty command costs on each design, and where the state is kept by others."""
    return rows_of(EMPTY, commands(empty, ALL, FLOOR, floors=True, rounds=rounds, copies=copies), to=FLOOR)


def fetched_rows(rounds: int, copies: int = 3) -> list[Row]:
    """Return the same where its object is fetched, on each design."""
    return rows_of(
        "an empty command, its object fetched",
        commands(fetched, OWN, "legacy", rounds=rounds, copies=copies),
        to="legacy",
    )


def used_rows(rounds: int, copies: int = 3) -> list[Row]:
    """Return what a command with 4 reads and 3 events costs, on each design and where the state is kept by others."""
    return rows_of(USED, commands(used, ALL, "legacy", rounds=rounds, copies=copies), to="legacy")


async def deposit_rows(rounds: int, copies: int = 3) -> list[Row]:
    """Return what a whole deposit costs, from `process_command` to its end; to be awaited, as it needs a task."""
    return rows_of("a whole deposit", commands(deposit, OWN, "legacy", rounds=rounds, copies=copies), "us", to="legacy")
