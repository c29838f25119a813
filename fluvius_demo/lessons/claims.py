"""The migration document, claim by claim: C01 to C32, each with a verdict that follows from a run.

The words are in claims_words.py, what a verdict is in claims_verdict.py, and the checks in the other claims_*.py.
"""

from collections.abc import Callable, Iterable
from textwrap import fill

from fluvius_demo.aggregate import Aggregate
from fluvius_demo.lessons import (  # noqa: F401 - each registers its checks
    claims_async,
    claims_cleanup,
    claims_compat,
    claims_isolation,
    claims_python,
    claims_script,
    claims_tests,
    claims_threads,
)
from fluvius_demo.lessons.claims_measured import (
    access_is_fast,
    changed_by_a_command,
    cleans_up,
    collects_better,
    measured_now,
    no_impact,
    of_design,
    of_rows,
    scales,
    stored_in_instances,
)
from fluvius_demo.lessons.claims_verdict import CHECKS, Judged, Verdict, as_data, judge
from fluvius_demo.lessons.claims_words import CLAIMS, Claim
from fluvius_demo.lessons.measured import reference
from fluvius_demo.migrated import MigratedAggregate

__all__ = [
    "CHECKS",
    "CLAIMS",
    "Claim",
    "Judged",
    "Verdict",
    "access_is_fast",
    "as_data",
    "changed_by_a_command",
    "cleans_up",
    "collects_better",
    "judge",
    "ledger",
    "measured_now",
    "no_impact",
    "of_rows",
    "scales",
    "stored_in_instances",
    "verdicts",
]


async def verdicts(
    design: type[Aggregate] = MigratedAggregate,
    *,
    measure: bool = False,
    told: Callable[[str], None] = lambda _text: None,
) -> list[Judged]:
    """Judge all claims on a design, in their order; nothing is left behind.

    C23 to C25 are judged by the stored run, and so for the migrated design; with `measure` by figures of this machine,
    which takes some seconds more. `told` is called with the progress of that.
    """
    rows = await measured_now(told) if measure else reference()
    found = {judged.claim.id: judged for judged in (*of_rows(rows), *await of_design(design))}
    return [found[id] if id in found else await judge(id, design) for id in CLAIMS]


def ledger(verdicts: Iterable[Judged], width: int = 100) -> str:
    """Return the verdicts as text, one below the other, in lines of at most so many letters."""
    return "\n\n".join(fill(str(judged), width, subsequent_indent="    ") for judged in verdicts)
