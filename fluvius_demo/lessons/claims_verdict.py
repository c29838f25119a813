"""How a claim is judged: it is tried in several ways, and the verdict follows from what was found.

@check("C13", remedy="reset each variable by its token")
async def isolated_at_the_end(design: type[Aggregate]) -> list[Part]:
    return [Part("after a command, in its task", compared(…)), …]
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from fluvius_demo.aggregate import Aggregate
from fluvius_demo.lessons.claims_words import CLAIMS, Claim
from fluvius_demo.lessons.outcomes import Finding
from fluvius_demo.lessons.pitfalls.judge import clean

Verdict = Literal["confirmed", "confirmed within a limit", "refuted", "not applicable"]


@dataclass(frozen=True)
class Part:
    """One way in which a claim was tried: "in two tasks", and what was found.

    Where a part is not *correct*, the claim is refuted; or limited, if the part `limits`: its words can be read so
    that this is not meant, but whoever reads them will count on it.
    """

    tried: str
    finding: Finding
    limits: bool = False

    @property
    def holds(self) -> bool:
        """Whether what was seen is what the claim says."""
        return self.finding.outcome == "correct"

    @property
    def against(self) -> str:
        """What was seen instead, in words; of an error its first sentence."""
        seen = self.finding.seen.partition(". ")[0]
        return f"{self.tried}: {seen} (expected: {self.finding.expected})"


@dataclass(frozen=True)
class Judged:
    """A claim with its verdict, the evidence that it follows from, and what to do where it does not hold."""

    claim: Claim
    verdict: Verdict
    evidence: str
    remedy: str = ""

    def __str__(self) -> str:
        remedy = f" Instead: {self.remedy}." if self.remedy else ""
        return f"{self.claim.id} “{self.claim.words}” {self.verdict.upper()}: {self.evidence}.{remedy}"


Parts = Callable[[type[Aggregate]], Awaitable[list[Part]]]
CHECKS: dict[str, tuple[Parts, str]] = {}


def check(id: str, *, remedy: str) -> Callable[[Parts], Parts]:
    """Register the check of a claim, with what to do where the claim does not hold."""

    def register(parts: Parts) -> Parts:
        CHECKS[id] = parts, remedy
        return parts

    return register


async def judge(id: str, design: type[Aggregate]) -> Judged:
    """Judge a claim of CHECKS on a design: in a fresh task and Context, on fresh banks; nothing is left behind."""
    parts, remedy = CHECKS[id]
    found = await clean(parts(design), design)
    return weighed(id, [Part("at all", found)] if isinstance(found, Finding) else found, remedy)


def weighed(id: str, parts: Iterable[Part], remedy: str = "") -> Judged:
    """Return the verdict that follows from the parts.

    - *refuted*: a part that does not limit is not correct; the first of them is the counter-example.
    - *confirmed within a limit*: all these are correct, but not all that limit; the evidence says which.
    - *confirmed*: all are correct.
    - *not applicable*: none could be tried, but perhaps some that limit.
    """
    parts = list(parts)
    absent = [part for part in parts if part.finding.outcome == "not applicable"]
    held = [part for part in parts if part.holds]
    failed = [part for part in parts if not part.holds and part not in absent]
    told, verdict = [], _verdict(held, failed)
    if verdict == "refuted":
        told.append(next(part for part in failed if not part.limits).against)
    else:
        told += [f"it holds {', '.join(part.tried for part in held)}"] if held else []
        told += [f"not {part.against}" for part in failed]
    told += [f"not tried {part.tried}: {part.finding.seen}" for part in absent]
    return judged(id, verdict, "; ".join(told), remedy)


def _verdict(held: list[Part], failed: list[Part]) -> Verdict:
    if not all(part.limits for part in failed):
        return "refuted"
    if all(part.limits for part in held):
        return "not applicable"
    return "confirmed within a limit" if failed else "confirmed"


def judged(id: str, verdict: Verdict, evidence: str, remedy: str = "") -> Judged:
    """Return a claim of the document with its verdict; the remedy only where the claim does not hold everywhere."""
    return Judged(CLAIMS[id], verdict, evidence, remedy if verdict in ("confirmed within a limit", "refuted") else "")


def as_data(verdicts: Iterable[Judged]) -> list[dict[str, Any]]:
    """Return the verdicts as plain data, for JSON."""
    return [
        {
            "id": judged.claim.id,
            "words": judged.claim.words,
            "verdict": judged.verdict,
            "evidence": judged.evidence,
            "remedy": judged.remedy,
        }
        for judged in verdicts
    ]
