"""All named scenarios: the situations of the first lessons, and the pitfalls P01 to P29 with what remains of them.

Each runs on any design, in a fresh task and Context, and leaves nothing behind. No outcome is typed in: it follows from
what was expected and what was seen.
"""

from collections.abc import Callable, Mapping

from fluvius_demo.aggregate import Aggregate
from fluvius_demo.lessons.outcomes import Finding
from fluvius_demo.lessons.pitfalls import children, cleanup, generators, nesting, outside, tests_and_versions  # noqa: F401
from fluvius_demo.lessons.pitfalls.judge import judged, judged_limit
from fluvius_demo.lessons.pitfalls.pitfall import GROUP_NAMES, LIMITED, REGISTERED, Limit, Pitfall
from fluvius_demo.lessons.situations import SITUATIONS

PITFALLS: dict[str, Pitfall] = dict(sorted(REGISTERED.items()))
LIMITS: dict[str, Limit] = dict(sorted(LIMITED.items()))
GROUPS: dict[str, list[str]] = {
    group: [id for id, pitfall in PITFALLS.items() if pitfall.group == group] for group in GROUP_NAMES
}

Matrix = dict[str, dict[str, Finding]]


async def verdict(name: str, design: type[Aggregate]) -> Finding:
    """Run one scenario on one design: a situation by its name, or a pitfall by its id, such as P03.

    Raises KeyError for a name that is neither.
    """
    if name in PITFALLS:
        return await judged(PITFALLS[name], design)
    return await SITUATIONS[name].test(design)


async def verdicts(designs: Mapping[str, type[Aggregate]]) -> Matrix:
    """Run every situation on every design: `result[situation][design]`."""
    return {name: {key: await verdict(name, design) for key, design in designs.items()} for name in SITUATIONS}


async def matrix(designs: Mapping[str, type[Aggregate]], told: Callable[[str], None] = lambda _text: None) -> Matrix:
    """Run every pitfall on every design: `result[id][design]`. `told` is called with each id as it begins."""
    table: Matrix = {}
    for id in PITFALLS:
        told(id)
        table[id] = {name: await verdict(id, design) for name, design in designs.items()}
    return table


async def limits(design: type[Aggregate]) -> dict[str, tuple[Finding, Finding]]:
    """Run what no design can catch: `result[id]` is the finding without the remedy, and the one with it."""
    return {
        id: (await judged_limit(limit, design, remedied=False), await judged_limit(limit, design, remedied=True))
        for id, limit in LIMITS.items()
    }
