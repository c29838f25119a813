"""Group 1, cleanup: what is left of a command when it has ended, or has failed to begin."""

from fluvius_demo.aggregate import Aggregate
from fluvius_demo.banking import Bank
from fluvius_demo.lessons.outcomes import Finding
from fluvius_demo.lessons.pitfalls.pitfall import group
from fluvius_demo.lessons.trial import deposited, nothing_left, seen_by

cleanup = group("cleanup")


@cleanup("P03", "set and never reset", remedy="reset the variable by its token", met_by=("agronholm/anyio#497",))
async def never_reset(design: type[Aggregate]) -> Finding:
    """A command has ended well. Does the same task still see it?"""
    bank = await Bank.opened(design, ana=0)
    aggregate = bank.aggregate

    async def look_after() -> str | None:
        await deposited(bank, "ana", 1_00)
        return seen_by(aggregate)

    return await nothing_left(look_after())
