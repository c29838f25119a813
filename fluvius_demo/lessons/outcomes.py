"""The one axis on which everything is judged: *correct*, *refused* (loud), *wrong* (silent), *stuck*.

A pitfall can show two more: *leaked*, where something of an ended command is still there, seen or kept in memory; and
*not applicable*, where this Python or this system does not have what the pitfall needs.
"""

import re
from dataclasses import dataclass
from typing import Any, Literal, Self

Outcome = Literal["correct", "refused", "wrong", "stuck", "leaked", "not applicable"]
OUTCOMES: tuple[Outcome, ...] = ("correct", "refused", "wrong", "stuck")
ALL_OUTCOMES: tuple[Outcome, ...] = (*OUTCOMES, "leaked", "not applicable")


@dataclass(frozen=True)
class Finding:
    """An outcome with its evidence."""

    outcome: Outcome
    expected: str
    seen: str

    @classmethod
    def of_error(cls, expected: str, error: BaseException) -> Self:
        """Return the finding for something that raised: refused, for it was loud."""
        said = re.sub(r" at 0x[0-9a-fA-F]+", "", str(error))  # where an object lies differs on every run
        return cls("refused", expected, f"{type(error).__name__}: {said}".removesuffix(": "))


def absent(needed: str, there: str) -> Finding:
    """Return *not applicable*: what is needed, and what there is instead, such as "eager tasks", "Python 3.11"."""
    return Finding("not applicable", needed, there)


def compared(expected: Any, seen: Any) -> Finding:
    """Return *correct* where both are equal, else *wrong*: nothing was raised, so nobody noticed."""
    return Finding("correct" if expected == seen else "wrong", str(expected), str(seen))
