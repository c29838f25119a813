"""Rows as they may come out, without measuring anything."""

from collections.abc import Sequence

from fluvius_demo.lessons.measured import Row
from fluvius_demo.lessons.timing import Interval

VARIABLES = {"enter and get": 21.0, "get again": 8.0, "set and reset": 54.0, "an empty command": 1_500.0}
NESTED = {"one more command": 1_900.0, "a read of the outermost": 107.0}
DEPTHS = (1, 2, 5, 10, 20, 50)


def row(section: str, name: str, value: float, unit: str = "ns", ratio: float | None = None, to: str = "") -> Row:
    """Return a row; its interval reaches further up than down."""
    own, other = (figure and Interval(figure, 0.9 * figure, 1.2 * figure) for figure in (value, ratio))
    return Row(section, name, own, unit, other, to)


def burst(
    factor: float = 1, designs: Sequence[str] = ("locked", "isolated"), sizes: Sequence[int] = (1, 10, 100, 1_000)
) -> list[Row]:
    """Return bursts of commands: the locked design serves as many whatever the size, the others more."""
    rows = []
    for latency in (1, 5, 15):
        for design in designs:
            for size in sizes:
                name, waits = f"{design}, {latency} ms, {size:,} in flight", size if design == "locked" else 1
                rows.append(row("throughput", name, factor * 200 / latency * size / waits, "commands/s"))
                for percent in (50, 95, 99):
                    slow = factor * percent / 10 * latency * waits
                    rows.append(row("throughput", f"{name}, p{percent}", slow, "ms"))
    return rows


def grown(factor: float = 1, most: int = 100_000) -> list[Row]:
    """Return time and memory with so many commands in flight or variables in the Context, and in nested commands."""
    sizes = [10**power for power in range(6) if 10**power <= most]
    rows = [row("in flight", f"one more command, {size:,} open", factor * (1_400 + size / 1_000)) for size in sizes]
    rows += [row("in flight", f"a task, {size:,} open", factor * 3_000) for size in sizes]
    rows += [row("in flight", f"memory (traced), {size:,} open", factor * (552 + 40 / size), "bytes") for size in sizes]
    for what, cost in VARIABLES.items():
        costs = {f"{what}, {size:,} others": factor * cost * len(str(size)) for size in sizes}
        rows += [row("variables in the Context", name, value) for name, value in costs.items()]
    for what, cost in NESTED.items():
        rows += [row("nesting", f"{what}, {depth} deep", factor * cost * (1 + depth / 20)) for depth in DEPTHS]
    return rows
