"""The result of a check as plain text: what was tried, what came of it, the smallest order that fails, what to do."""

from collections.abc import Iterator
from textwrap import fill
from typing import TYPE_CHECKING

from fluvius_demo.lessons.colours import MARKS

if TYPE_CHECKING:
    from fluvius_demo.lessons.exercises.checked import Checked, DrawnOrder, Trial

PASSED, NOT_YET = "passed ✓", "not yet …"
_WIDTH = 100  # letters


def checked_text(checked: "Checked") -> str:
    """Return the whole result."""
    return "\n".join(_lines(checked))


def _lines(checked: "Checked") -> Iterator[str]:
    yield headline(checked)
    if checked.cannot:
        yield _wrapped(checked.cannot)
        return
    for trial in checked.found.trials:
        yield _wrapped(trial_words(trial))
    if checked.picture:
        yield "  The smallest order in which it goes wrong:"
        yield from (_wrapped(line, "    ") for line in order_lines(checked.picture))
    if belief := checked.found.belief:
        yield _wrapped(f"This looks like {belief.name}. One may think: “{belief.thought}” But: {belief.instead}")
    if checked.found.remark:
        yield _wrapped(checked.found.remark)
    yield _wrapped(closing(checked))


def headline(checked: "Checked") -> str:
    """Return the step with its result: "Step 4, reset by token: not yet …"."""
    return f"{checked.step.title}: {PASSED if checked.passed else NOT_YET}"


def closing(checked: "Checked") -> str:
    """Return what is gained; or, where it is not passed, where the hints are."""
    if checked.passed:
        return checked.step.gained
    return "There are three hints: check(…).step.hints[0], then [1], then [2]."


def trial_words(trial: "Trial") -> str:
    """Return one trial: its result, and where it failed, what was wanted and seen."""
    if trial.passed:
        return f"{PASSED} {trial.name}{_in_orders(trial)}"
    return f"{NOT_YET} {trial.name}{_in_orders(trial)}. Wanted: {trial.finding.expected}. Seen: {trial.finding.seen}"


def _in_orders(trial: "Trial") -> str:
    if not trial.orders:
        return ""
    if trial.orders == 1:
        return " (there is 1 order)"
    if not trial.exhaustive:
        return f" ({trial.failing:,} of {trial.orders:,} orders fail; there are more that were not run)"
    return (
        f" (all {trial.orders:,} orders)" if trial.passed else f" ({trial.failing:,} of {trial.orders:,} orders fail)"
    )


def order_lines(order: "DrawnOrder") -> Iterator[str]:
    """Yield each step of an order, and then what came of it."""
    if order.fault:
        yield f"(In this run, {order.fault}.)"
    for number, move in enumerate(order.moves, start=1):
        yield f"{number}. {move.lane} {move.stop}{move.line and f': {move.line}'}"
    for lane, finding in order.findings:
        said = f". Wanted: {finding.expected}. Seen: {finding.seen}" * (finding.outcome != "correct")
        yield f"{lane}: {MARKS[finding.outcome]} {finding.outcome}{said}"


def _wrapped(text: str, indent: str = "  ") -> str:
    return fill(text, _WIDTH, initial_indent=indent, subsequent_indent=f"{indent}    ", break_on_hyphens=False)
