"""The programs: commands of the bank that overlap, ready to be run in every order on any design."""

from collections.abc import Mapping
from dataclasses import dataclass

from fluvius_demo.aggregate import Aggregate
from fluvius_demo.lessons.bodies import (
    deposit,
    deposit_and_withdraw,
    deposit_in_deposit,
    deposit_with_bonus,
    failing_deposit,
    quick_deposit,
    withdraw,
    withdraw_with_if_match,
    withdraw_with_lock,
)
from fluvius_demo.lessons.judging import Order
from fluvius_demo.lessons.scene import Make
from fluvius_demo.lessons.stage import Body, Role, Stage


@dataclass(frozen=True)
class Program:
    """Commands that overlap. `make(design)` gives what `explore` and `Execution` take."""

    name: str
    text: str
    roles: Mapping[str, Role]

    def make(self, design: type[Aggregate], *, probe: bool = False) -> Make:
        """Return a function that makes a fresh scene on this design; `probe`: one more command is judged at the end."""
        return lambda: Stage(design, self.roles, probe).scene()


def _ana(body: Body, cents: int = 100_00, events: tuple[str, ...] = (), holds: int = 0) -> Role:
    return Role(body, Order("ana", cents, events), holds)


def _ben(body: Body, cents: int = 50_00, events: tuple[str, ...] = ()) -> Role:
    return Role(body, Order("ben", cents, events))


def _both_from_one(body: Body) -> dict[str, Role]:
    return {"A": _ana(body, -30_00, holds=100_00), "B": _ana(body, -20_00, holds=100_00)}


PROGRAMS: dict[str, Program] = {
    program.name: program
    for program in (
        Program("two deposits", "Ana and Ben deposit, five steps each", {"A": _ana(deposit), "B": _ben(deposit)}),
        Program(
            "three deposits",
            "Ana, Ben and Cy deposit, four steps each",
            {"A": _ana(quick_deposit), "B": _ben(quick_deposit), "C": Role(quick_deposit, Order("cy", 20_00))},
        ),
        Program(
            "two long calls",
            "Ana and Ben deposit and withdraw in one call, eight steps each",
            {
                "A": _ana(deposit_and_withdraw, events=("ana",) * 2),
                "B": _ben(deposit_and_withdraw, events=("ben",) * 2),
            },
        ),
        Program("a failing command", "Ana's deposit fails", {"A": _ana(failing_deposit), "B": _ben(quick_deposit)}),
        Program(
            "a late child",
            "Ana's command starts a task that may outlive it",
            {"A": _ana(deposit_with_bonus, events=("ana", "ana's bonus")), "B": _ben(deposit)},
        ),
        Program(
            "a command in a command",
            "Ana's command runs another one inside",
            {"A": _ana(deposit_in_deposit), "B": _ben(quick_deposit)},
        ),
        Program("one account", "Two people withdraw from Ana's account", _both_from_one(withdraw)),
        Program(
            "one account, with a lock",
            "Two people withdraw from Ana's account, one after the other",
            _both_from_one(withdraw_with_lock),
        ),
        Program(
            "one account, with If-Match",
            "Two people withdraw from Ana's account; each names the version that was read",
            _both_from_one(withdraw_with_if_match),
        ),
    )
}
