"""Step 7: two offices, each with a booking of its own, in one task."""

from typing import Any

from fluvius_demo.lessons.exercises import beliefs
from fluvius_demo.lessons.exercises import beliefs_later as later
from fluvius_demo.lessons.exercises.bookings import (
    CUSTOMERS,
    Judge,
    Told,
    alone_trial,
    opened,
    right,
    scene,
    seen,
    ticket_judge,
    usable_office,
    words,
)
from fluvius_demo.lessons.exercises.check_children import TOO_LATE, takes
from fluvius_demo.lessons.exercises.check_variable import variables_of
from fluvius_demo.lessons.exercises.checked import Belief, Found, Trial
from fluvius_demo.lessons.exercises.orders import in_every_order
from fluvius_demo.lessons.exercises.usable import alone
from fluvius_demo.lessons.interleave import Make, Scene
from fluvius_demo.lessons.outcomes import compared

OFFICES = 3


def check_instances(answer: Any) -> Found:
    """Book at two offices in one task, in every order with Noah's booking; count the variables of several offices.

    Raises BadRequestError where this is no class on which one booking works.
    """
    design = usable_office(answer)
    both = "Mia and Noah book at the opera and, inside of that, at the theatre"
    two = in_every_order(both, opera_and_theatre(design), CUSTOMERS)
    none = alone_trial("the theatre, inside of a booking at the opera", TOO_LATE, lambda: none_here(design))
    one, several = (len(alone(lambda n=n: variables_at(design, n)).result or ()) for n in (1, OFFICES))
    count = compared(
        f"1 context variable for {OFFICES} offices",
        f"{several} context variable{'s' * (several != 1)} for {OFFICES} offices",
    )
    trials = (two, none, Trial("one variable serves all offices", count))
    return Found(trials, _belief(two, none, one, several))


def opera_and_theatre(design: type) -> Make:
    """Both book at the opera and, while that booking is open, at the theatre; and look at both tickets there."""

    def make() -> Scene:
        opera, theatre, told = opened(design), opened(design), Told()

        async def both(customer: str, one: str, other: str) -> None:
            async with opera.booking(customer):
                async with theatre.booking(customer):
                    await opera.take(one)
                    await theatre.take(other)
                    inside = f"opera: {words(opera.ticket())}; theatre: {words(theatre.ticket())}"
                back = f"opera: {words(opera.ticket())}"
                told.tickets[customer] = inside if inside.startswith(back) else f"{inside}; afterwards {back}"

        def judge(customer: str, one: str, other: str) -> Judge:
            return ticket_judge(customer, f"opera: {right(customer, one)}; theatre: {right(customer, other)}", told)

        visits = {"A": ("Mia", "C5", "D6"), "B": ("Noah", "D1", "E2")}
        commands = {name: both(*visit) for name, visit in visits.items()}
        return scene(commands, {name: judge(*visit) for name, visit in visits.items()})

    return make


async def none_here(design: type) -> str:
    """Return what the theatre sees and lets one do, where only the opera has a booking."""
    opera, theatre, told = opened(design), opened(design), Told()
    async with opera.booking("Mia"):
        sees = seen(theatre)
        await takes(theatre, "D6", told)
    return f"{sees}, and a seat is {told.noted['D6']}"


async def variables_at(design: type, offices: int) -> set[Any]:
    """Return the context variables that bookings at so many offices set, all offices together."""
    return set().union(*[await variables_of(opened(design)) for _ in range(offices)])


def _belief(two: Trial, none: Trial, one: int, several: int) -> Belief | None:
    if several > one:
        return later.PER_INSTANCE
    if two.passed and none.passed:
        return None
    if one == 0:
        return beliefs.STILL_ON_SELF
    if 0 < two.failing < two.orders:  # one of them alone is right
        return later.OUTER_ON_SELF
    return later.ONLY_THE_INNERMOST if two.finding.outcome == "refused" else later.NO_OWNER
