"""All orders of one program on several designs, as a table: what `python -m fluvius_demo explore` prints."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from fluvius_demo.aggregate import Aggregate
from fluvius_demo.lessons.exploring import explore
from fluvius_demo.lessons.outcomes import OUTCOMES, Outcome
from fluvius_demo.lessons.programs import Program
from fluvius_demo.lessons.report import Report, faults_of
from fluvius_demo.lessons.scene import Fault

Told = Callable[[str], None]


@dataclass(frozen=True)
class Row:
    """What one design makes of all orders.

    `simplest`: the schedule with the fewest switches for each outcome; `injected`: the fault that belongs to it.
    """

    design: str
    orders: int
    exhaustive: bool
    stopped: str
    tally: Mapping[Outcome, int]
    simplest: Mapping[Outcome, str]
    faults: int = 0
    injected: Mapping[Outcome, Fault] = field(default_factory=dict)


def tally(
    program: Program,
    designs: Mapping[str, type[Aggregate]],
    *,
    faults: bool = False,
    limit: int = 100_000,
    seed: int = 0,
    told: Told = lambda _text: None,
) -> list[Row]:
    """Run every order on each design; with `faults`, every order with one fault, at each await of each command.

    With faults one more command is judged at the end of each order. `told` is called with the progress, in words.
    """
    return [_row(program, name, design, faults, limit, seed, told) for name, design in designs.items()]


def _row(program: Program, name: str, design: type[Aggregate], faults: bool, limit: int, seed: int, told: Told) -> Row:
    options: dict[str, Any] = {"limit": limit, "seed": seed, "progress": lambda runs: told(f"{name}: {runs} orders")}
    report = explore(program.make(design), **options)
    reports: dict[Fault | None, Report] = {None: report}
    if faults:
        make = program.make(design, probe=True)
        reports = {fault: explore(make, fault=fault, **options) for fault in faults_of(report)}
    count: Counter[Outcome] = Counter()
    best: dict[Outcome, tuple[int, str, Fault | None]] = {}
    for fault, found in reports.items():
        count.update(found.tally)
        for story in found.stories:
            known = best.get(story.outcome)
            if known is None or (story.switches, story.schedule) < known[:2]:
                best[story.outcome] = story.switches, story.schedule, fault
    outcomes = [outcome for outcome in OUTCOMES if outcome in best]
    return Row(
        name,
        sum(count.values()),
        all(found.exhaustive for found in reports.values()),
        next((found.stopped for found in reports.values() if found.stopped), ""),
        {outcome: count[outcome] for outcome in outcomes},
        {outcome: best[outcome][1] for outcome in outcomes},
        len(reports) if faults else 0,
        {outcome: fault for outcome in outcomes if (fault := best[outcome][2]) is not None},
    )


def as_text(program: Program, rows: list[Row]) -> str:
    """Return the table as lines: a design each, with the simplest order that fails."""
    lines = [f"{program.name}: {program.text}", f"{'design':16}{'orders':>8}" + "".join(f"{o:>9}" for o in OUTCOMES)]
    for row in rows:
        failing = [outcome for outcome in reversed(OUTCOMES[1:]) if outcome in row.simplest]
        first = f"   {failing[0]}: {row.simplest[failing[0]]}" if failing else ""
        first += f", {row.injected[failing[0]]}" if failing and failing[0] in row.injected else ""
        part = "" if row.exhaustive else f"   ({row.stopped}; the rest is sampled)"
        counts = "".join(f"{row.tally.get(outcome, 0):>9}" for outcome in OUTCOMES)
        lines.append(f"{row.design:16}{row.orders:>8}{counts}{first}{part}")
    return "\n".join(lines)


def as_data(program: Program, rows: list[Row]) -> dict[str, Any]:
    """Return the table as plain data, for JSON."""
    return {"program": program.name, "designs": [_plain(row) for row in rows]}


def _plain(row: Row) -> dict[str, Any]:
    return {**asdict(row), "injected": {outcome: fault._asdict() for outcome, fault in row.injected.items()}}
