"""What became of overlapping commands of the bank: a finding for each, from what it says, its events and the books."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

from fluvius_demo.aggregate import Aggregate
from fluvius_demo.lessons.outcomes import Finding, compared
from fluvius_demo.lessons.scene import End, Verdict

NOBODY = "nothing"


class Ran(NamedTuple):
    """What a command says when it has ended: the account that it worked on, and those that its events speak of."""

    account: str
    events: tuple[str, ...]


class Order(NamedTuple):
    """What a command was asked to do: on which account, how many cents (negative: to be taken).

    `events`: what its events are to speak of, its account alone if not said otherwise.
    """

    account: str
    amount: int
    events: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{money(self.amount)} on {self.account}"


def judged(
    orders: Mapping[str, Order], ends: Mapping[str, End], before: Mapping[str, int], after: Mapping[str, int]
) -> Verdict:
    """Return the verdict on a run; `before` and `after` are the books in cents.

    A command is *correct* where it worked on its own account, all of its events came to it and no others did, and the
    books hold what all commands say that they have moved. What a fault was injected into may have moved its money.
    """
    moved: Counter[str] = Counter()
    for name, end in ends.items():
        if isinstance(end.result, Ran):
            moved[end.result.account] += orders[name].amount
    accounts = {order.account for order in orders.values()}
    missing = {account: before[account] + moved[account] - after[account] for account in accounts}
    for name, end in ends.items():
        account, amount, _ = orders[name]
        if end.injected and missing[account] == -amount:
            missing[account] = 0
    findings = tuple((name, _finding(orders[name], end, missing)) for name, end in ends.items())
    held = (f"{account} holds {money(cents)}" for account, cents in after.items() if cents or account in accounts)
    return Verdict(findings, ", ".join(held))


def _finding(order: Order, end: End, missing: Mapping[str, int]) -> Finding:
    if end.stuck:
        return Finding("stuck", str(order), "waits for ever")
    if end.injected:
        return Finding("correct", "the injected fault", "the injected fault")
    if end.error is not None:
        return Finding.of_error(str(order), end.error)
    account, events = end.result
    lacks, expected = missing.get(account, 0), order.events or (order.account,)
    crossed = f", with the events of {' and '.join(events) or 'nobody'}" * (events != expected)
    lost = f", but {money(abs(lacks))} too {'little' if lacks > 0 else 'much'} is there afterwards" * (lacks != 0)
    return compared(str(order), f"{money(order.amount)} on {account}{crossed}{lost}")


def money(cents: int) -> str:
    """Return an amount as it is read: 100, or 0.50."""
    return f"{cents / 100:.2f}".removesuffix(".00")


def slots(aggregate: Aggregate) -> dict[str, str]:
    """Return what an aggregate's variables hold, in words, as seen from the present Context."""
    return {
        "context": _read(aggregate, "context", str),
        "command": _read(aggregate, "command", lambda command: command.command),
        "account": _read(aggregate, "aggroot", lambda root: root.identifier),
        "holds": _read(aggregate, "rootobj", lambda account: money(account.balance)),
        "events": _read(aggregate, "_waiting_events", str),
    }


def _read(aggregate: Aggregate, name: str, told: Any) -> str:
    try:
        value = getattr(aggregate, name)
    except RuntimeError:  # no command here, or one that has ended
        return NOBODY
    return NOBODY if value is None else told(value)
