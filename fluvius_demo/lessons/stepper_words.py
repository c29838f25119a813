"""What the stepper says: each change in a sentence, and the whole state as plain text."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from fluvius_demo.lessons.colours import MARKS
from fluvius_demo.lessons.designs import DESIGNS
from fluvius_demo.lessons.graph import story_rows
from fluvius_demo.lessons.interleave import Place, Step, Verdict

if TYPE_CHECKING:
    from fluvius_demo.lessons.stepper import Stepper

MOST_STORIES = 8


def step_of(step: Step, born: Iterable[str] = ()) -> str:
    """Return a step in words: who has taken it and where it waits now, and whom it has started."""
    now = f"waits in {step.target}".removesuffix(":") if step.target else "has ended"
    started = "".join(f" It has started {name}." for name in sorted(born))
    return f"Step {step.number}: {step.name} {now}.{started}"


def changes_of(stepper: "Stepper") -> str:
    """Return what the last action has changed among the slots."""
    told = [
        f"{slot} {'' if stepper.execution.shared else f'of {owner} '}is {stepper.slots[owner][slot]}, was {before}"
        for (owner, slot), before in stepper.changes.items()
    ]
    return f"Changed: {'; '.join(told)}."


def verdict_of(verdict: Verdict) -> str:
    """Return what became of a run."""
    told = [f"{name}: {MARKS[found.outcome]} {found.outcome}, {found.seen}" for name, found in verdict.findings]
    return f"The run is over. {'. '.join(text.removesuffix('.') for text in told)}. Afterwards {verdict.state}."


def who_can_go(stepper: "Stepper") -> str:
    """Return who can go on, as a sentence that follows another; nothing where the run is over."""
    return "" if stepper.execution.over else f" Not over yet: {', '.join(stepper.execution.ready)} can go."


def left_over(stepper: "Stepper") -> str:
    """Return what of the schedule could not be followed here, as a sentence that follows another."""
    return f" Left over: {''.join(stepper.left_over)}." if stepper.left_over else ""


def standing(stepper: "Stepper", name: str) -> str:
    """Return how a command stands: whether it has begun, can go, waits, or has ended."""
    execution, taken = stepper.execution, stepper.steps.count(name)
    if execution.ended(name):
        return f"has ended, after {_steps(taken)}"
    if name in execution.ready:
        return f"can go, after {_steps(taken)}" if taken else "has not begun, can go"
    return f"waits for somebody else{' for ever' * execution.over}, after {_steps(taken)}"


def _steps(count: int) -> str:
    return f"{count} step{'s' * (count != 1)}"


def way_in(places: Iterable[Place]) -> str:
    """Return the functions through which a command has come to where it waits, from the second to the innermost."""
    return " > ".join(place.function.rpartition("<locals>.")[2] for place in list(places)[1:])


def owners(stepper: "Stepper") -> str:
    """Return whose slots they are."""
    if stepper.execution.shared:
        return "One set of variables, shared by all commands"
    return "What each command sees, in its own Context"


def setting_of(stepper: "Stepper") -> str:
    """Return what runs, and on which design."""
    program, idea = stepper.program, DESIGNS[stepper.design].idea
    return f"Commands: {program.name} ({program.text}). Design: {stepper.design} ({idea})."


def state_of(stepper: "Stepper") -> str:
    """Return the whole state as plain text."""
    return "\n".join(_state(stepper))


def _state(stepper: "Stepper") -> Iterator[str]:
    level, execution, roles = stepper.level, stepper.execution, stepper.program.roles
    if level is not None:
        yield f"Level: {level.name}. {level.goal}{' Won.' if stepper.won else ''}"
    yield setting_of(stepper)
    yield f"Schedule: {stepper.schedule or 'nothing yet'}.{left_over(stepper)}"
    if not execution.over:
        yield f"Can go: {', '.join(sorted(execution.ready))}; asyncio's own loop would take {execution.ready[0]}."
    for name in stepper.names:
        task = f" ({roles[name].order})" if name in roles else ""
        yield f"{name}{task}: {standing(stepper, name)}"
        if places := execution.waits_for(name):
            yield f"  at {places[0]}"
            if inner := way_in(places):
                yield f"  in {inner}"
    yield f"{owners(stepper)}:"
    for owner, slots in stepper.slots.items():
        whose = "" if execution.shared else f"{owner}: "
        told = [f"{slot} {value}{_was(stepper, owner, slot)}" for slot, value in slots.items()]
        yield f"  {whose}{', '.join(told)}"
    if stepper.verdict is not None:
        yield verdict_of(stepper.verdict)
    if stepper.report is not None:
        yield f"Every order: {stepper.report}."
        yield from (f"  {told}" for told in stories_of(stepper))


def _was(stepper: "Stepper", owner: str, slot: str) -> str:
    return f" (new, was {stepper.changes[owner, slot]})" if (owner, slot) in stepper.changes else ""


def stories_of(stepper: "Stepper") -> list[str]:
    """Return what became of every order, story by story; those of the most orders first.

    Nothing where nobody has asked yet, and while a level is to be solved: an order of each is part of the answer.
    """
    if stepper.report is None or (stepper.level is not None and not stepper.won):
        return []
    stories = story_rows(stepper.report)
    told = [
        f"{story.orders} as {story.schedule}: "
        + "; ".join(f"{name} {MARKS[found.outcome]} {found.outcome}" for name, found in story.verdict.findings)
        for story in stories[:MOST_STORIES]
    ]
    return told + [f"… and {len(stories) - MOST_STORIES} more stories"] * (len(stories) > MOST_STORIES)
