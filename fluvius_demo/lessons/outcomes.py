"""The one axis on which everything is judged: *correct*, *refused* (loud), *wrong* (silent), *stuck*."""

from dataclasses import dataclass
from typing import Any, Literal, Self

Outcome = Literal["correct", "refused", "wrong", "stuck"]
OUTCOMES: tuple[Outcome, ...] = ("correct", "refused", "wrong", "stuck")


@dataclass(frozen=True)
class Finding:
    """An outcome with its evidence."""

    outcome: Outcome
    expected: str
    seen: str

    @classmethod
    def of_error(cls, expected: str, error: BaseException) -> Self:
        """Return the finding for something that raised: refused, for it was loud."""
        return cls("refused", expected, f"{type(error).__name__}: {error}".removesuffix(": "))


def compared(expected: Any, seen: Any) -> Finding:
    """Return *correct* where both are equal, else *wrong*: nothing was raised, so nobody noticed."""
    return Finding("correct" if expected == seen else "wrong", str(expected), str(seen))
