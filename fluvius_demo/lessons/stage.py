"""A fresh bank on one design, and the commands that are to overlap on it."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass

from fluvius_demo.aggregate import Aggregate
from fluvius_demo.banking import Account, Bank
from fluvius_demo.legacy import LegacyAggregate
from fluvius_demo.lessons.bodies import quick_deposit
from fluvius_demo.lessons.judging import Order, Ran, judged, slots
from fluvius_demo.lessons.running import run_alone
from fluvius_demo.lessons.scene import End, Scene, Verdict
from fluvius_demo.transaction import Write

Body = Callable[["Stage", Aggregate, Order], Coroutine[None, None, Ran]]


@dataclass(frozen=True)
class Role:
    """One command of a program: what it does, what it is asked to do, what its account holds before (cents)."""

    body: Body
    order: Order
    holds: int = 0


class Stage:
    """A fresh bank on one design, and the commands that are to overlap on it."""

    def __init__(self, design: type[Aggregate], roles: Mapping[str, Role], probe: bool = False) -> None:
        self.bank, self.lock = Bank(design), asyncio.Lock()
        self.bonus: asyncio.Task | None = None
        accounts = {"fees": 0, **{role.order.account: role.holds for role in roles.values()}}
        self.bank.statemgr.write(
            {
                ("account", name): Write("insert", Account(identifier=name, owner=name.capitalize(), balance=holds))
                for name, holds in accounts.items()
            }
        )
        self.roles, self.before, self.probe = roles, self.bank.balances(), probe
        self.aggregates = {name: self.bank.aggregate for name in roles}

    def scene(self) -> Scene:
        """Return the scene; its commands have not begun."""
        commands = {name: role.body(self, self.aggregates[name], role.order) for name, role in self.roles.items()}
        shared = isinstance(self.bank.aggregate, LegacyAggregate) and not self.bank.aggregate.per_command
        return Scene(commands, self.judge, self.look, shared)

    def look(self, name: str) -> dict[str, str]:
        """Return what a command sees in the aggregate's variables."""
        return slots(self.aggregates[name[0]])

    def judge(self, ends: Mapping[str, End]) -> Verdict:
        """Return the verdict; with `probe`, also on one more command, after all others."""
        orders = {name: role.order for name, role in self.roles.items()}
        if _refused(self.bonus):
            # It was refused, so it is an ending of its own, and nobody has to find its event.
            ends = {**ends, "A1": End(error=self.bonus.exception())}
            orders = {**orders, "A": Order(*orders["A"][:2]), "A1": orders["A"]}
        if self.probe:
            role = next(iter(self.roles.values()))
            orders["afterwards"] = Order(role.order.account, 1_00)
            one_more = quick_deposit(self, self.bank.aggregate, orders["afterwards"])
            ends = {**ends, "afterwards": _unless_stuck(run_alone(one_more))}
        return judged(orders, ends, self.before, self.bank.balances())


def _refused(task: asyncio.Task | None) -> bool:
    return task is not None and task.done() and not task.cancelled() and task.exception() is not None


def _unless_stuck(end: End) -> End:
    # asyncio says so of a lock that it would have to wait for: one of a run that is over, so that nobody lets go of it.
    return End(stuck=True) if "is bound to a different event loop" in str(end.error) else end
