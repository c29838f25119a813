"""Step 7: two offices, each with a booking of its own, in one task."""

from typing import Any

from fluvius_demo.lessons.exercises import beliefs
from fluvius_demo.lessons.exercises.bookings import (
    CUSTOMERS,
    Told,
    books,
    opened,
    right,
    scene,
    ticket_judge,
    usable_office,
    words,
)
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
    two = in_every_order(
        "Mia books at the opera and, inside of that, at the theatre", opera_and_theatre(design), CUSTOMERS
    )
    one, several = (len(alone(lambda n=n: variables_at(design, n)).result or ()) for n in (1, OFFICES))
    count = compared(
        f"1 context variable for {OFFICES} offices",
        f"{several} context variable{'s' * (several != 1)} for {OFFICES} offices",
    )
    return Found((two, Trial("one variable serves all offices", count)), _belief(two, one, several))


def opera_and_theatre(design: type) -> Make:
    """Mia books at the opera and, while that booking is open, at the theatre; Noah books at the opera."""

    def make() -> Scene:
        opera, theatre, told = opened(design), opened(design), Told()

        async def mia() -> None:
            async with opera.booking("Mia"):
                async with theatre.booking("Mia"):
                    await opera.take("C5")
                    await theatre.take("D6")
                    inner = words(theatre.ticket())
                told.tickets["Mia"] = f"opera: {words(opera.ticket())}; theatre: {inner}"

        hoped = f"opera: {right('Mia', 'C5')}; theatre: {right('Mia', 'D6')}"
        judges = {"A": ticket_judge("Mia", hoped, told), "B": ticket_judge("Noah", right("Noah", "D1"), told)}
        return scene({"A": mia(), "B": books(opera, "Noah", "D1", told)}, judges)

    return make


async def variables_at(design: type, offices: int) -> set[Any]:
    """Return the context variables that bookings at so many offices set, all offices together."""
    return set().union(*[await variables_of(opened(design)) for _ in range(offices)])


def _belief(two: Trial, one: int, several: int) -> Belief | None:
    if several > one:
        return beliefs.PER_INSTANCE
    if two.passed:
        return None
    if one == 0:
        return beliefs.STILL_ON_SELF
    return beliefs.ONLY_THE_INNERMOST if two.finding.outcome == "refused" else beliefs.NO_OWNER
