"""What all scenarios need: an ordinary deposit, code that runs alone, and the finding about what came of it."""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from fluvius_demo.banking import Bank
from fluvius_demo.lessons.outcomes import Finding, compared
from fluvius_demo.lessons.turns import alone


async def deposited(bank: Bank, account: str, amount: int, inside: Callable[[], Awaitable[Any]] | None = None) -> None:
    """Run a whole command in this task: open it, await `inside`, deposit cents, take the events, end it."""
    aggregate = bank.aggregate
    async with aggregate.command_aggregate(*bank.depositing(account, amount)) as proxy:
        if inside is not None:
            await inside()
        await proxy.deposit(amount=amount)
        aggregate.consume_events()


def seen_by(aggregate: Any) -> str | None:
    """Return whose command is seen here, by its account, or None; for a design that refuses to answer, too."""
    try:
        command = aggregate.command
    except Exception:  # as loud as it can be, and so nothing is seen
        return None
    return command and command.identifier


async def finding_of(body: Coroutine[Any, Any, Any], hope: str, expected: Any, seen: Callable[[Any], Any]) -> Finding:
    """Run `body` in a fresh task and Context; `seen` makes what is compared with `expected` out of its result.

    Not for bodies that wait for threads: whoever goes round the loop a thousand times counts as stuck.
    """
    lane = await alone(body)
    if lane.stuck:
        return Finding("stuck", hope, "it waits for ever")
    if lane.error is not None:
        return Finding.of_error(hope, lane.error)
    return compared(expected, seen(lane.result))


async def nothing_left(body: Coroutine[Any, Any, Any], hope: str = "that nothing of the command is left") -> Finding:
    """Run `body` alone; it returns what it still finds of a command that has ended: *leaked*, unless that is None."""
    found = await finding_of(body, hope, None, itself)
    if found.outcome in ("correct", "wrong"):
        outcome = "leaked" if found.outcome == "wrong" else "correct"
        return Finding(outcome, hope, found.seen if outcome == "leaked" else "nothing")
    return found


def itself(result: Any) -> Any:
    """Return the result, where that is what is compared."""
    return result
