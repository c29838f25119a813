"""When a level is won: each of these looks at what has been run, and at nothing that the learner says about it."""

from typing import TYPE_CHECKING

from fluvius_demo.lessons.judging import money
from fluvius_demo.lessons.outcomes import Outcome

if TYPE_CHECKING:
    from fluvius_demo.lessons.stepper import Stepper


def outcomes(stepper: "Stepper") -> dict[str, Outcome]:
    """Return the outcome of each command; nothing while the run is not over."""
    return {name: finding.outcome for name, finding in stepper.verdict.findings} if stepper.verdict else {}


def said(stepper: "Stepper", name: str) -> str:
    """Return what is said of a command at the end: "100 on ben, with the events of nobody"."""
    return next((found.seen for who, found in stepper.verdict.findings if who == name), "") if stepper.verdict else ""


def all_are_correct(stepper: "Stepper") -> bool:
    """Every command is correct."""
    return set(outcomes(stepper).values()) == {"correct"}


def second_is_refused(stepper: "Stepper") -> bool:
    """B is refused, and A is not."""
    found = outcomes(stepper)
    return found.get("B") == "refused" and found["A"] == "correct"


def two_are_refused(stepper: "Stepper") -> bool:
    """Only one of three gets through."""
    return sorted(outcomes(stepper).values()) == ["correct", "refused", "refused"]


def refused_after_an_error(stepper: "Stepper") -> bool:
    """B is refused, although A had ended before B began."""
    return outcomes(stepper).get("B") == "refused" and "".join(stepper.steps).rindex("A") < stepper.steps.index("B")


def money_went_astray(stepper: "Stepper") -> bool:
    """A's money is on B's account, and is still there at the end."""
    orders, told = {name: role.order for name, role in stepper.program.roles.items()}, said(stepper, "A")
    return told.startswith(f"{money(orders['A'].amount)} on {orders['B'].account}") and "afterwards" not in told


def only_events_went_astray(stepper: "Stepper") -> bool:
    """All money is where it belongs, and yet a command is wrong."""
    orders = {name: str(role.order) for name, role in stepper.program.roles.items()}
    told = {name: said(stepper, name) for name in orders}
    kept = all(told[name].partition(",")[0] == orders[name] and "afterwards" not in told[name] for name in orders)
    return kept and "wrong" in outcomes(stepper).values()


def kept_elsewhere(stepper: "Stepper") -> bool:
    """All are correct in an order in which a command was wrong on another design."""
    same = [verdict for (_, schedule), verdict in stepper.finished.items() if schedule == stepper.schedule]
    return all_are_correct(stepper) and any(verdict.outcome == "wrong" for verdict in same)


def waited_and_correct(stepper: "Stepper") -> bool:
    """A command had to wait for another one, and all are correct."""
    waited = any(step.target is not None and step.name not in step.ready for step in stepper.execution.trace)
    return waited and all_are_correct(stepper)


def both_are_stuck(stepper: "Stepper") -> bool:
    """Nobody can go on any more, for ever."""
    return set(outcomes(stepper).values()) == {"stuck"}


def child_was_late(stepper: "Stepper") -> bool:
    """The task that A has started took its step when A had ended, and A is wrong."""
    late = "A1" in stepper.steps and "A" not in stepper.steps[stepper.steps.index("A1") :]
    return late and outcomes(stepper).get("A") == "wrong"


def child_reached_the_other(stepper: "Stepper") -> bool:
    """An event of A's task came with the events of B."""
    return "bonus" in said(stepper, "B")


def late_child_was_refused(stepper: "Stepper") -> bool:
    """The task that A has started was refused, and A and B are correct."""
    return outcomes(stepper) == {"A": "correct", "B": "correct", "A1": "refused"}


def update_was_lost(stepper: "Stepper") -> bool:
    """Both say that they have taken money, and more is there than can be."""
    return "too much is there afterwards" in said(stepper, "A")


def repeated_and_correct(stepper: "Stepper") -> bool:
    """One of two commands of the same kind needed more steps than the other, and all are correct."""
    counts = {stepper.steps.count(name) for name in stepper.execution.commands}
    return len(counts) > 1 and all_are_correct(stepper)


def none_is_correct(stepper: "Stepper") -> bool:
    """Every order was run, and not one of them is correct."""
    return stepper.report is not None and stepper.report.exhaustive and "correct" not in stepper.report.tally


def every_one_is_correct(stepper: "Stepper") -> bool:
    """Every order was run, and all of them are correct."""
    return stepper.report is not None and stepper.report.exhaustive and set(stepper.report.tally) == {"correct"}
