"""How a command of the bank is judged: by what it says, by its events, and by the books."""

import asyncio
from collections.abc import Mapping
from contextvars import Context

import pytest

from fluvius_demo.banking import Bank
from fluvius_demo.lessons.designs import DESIGNS
from fluvius_demo.lessons.judging import Order, Ran, judged, money, slots
from fluvius_demo.lessons.outcomes import Finding
from fluvius_demo.lessons.scene import End, InjectedError, Verdict

RAN = End(Ran("ana", ("ana",)))
INJECTED = End(error=InjectedError("injected"), injected=True)
BOTH = {"A": Order("ana", -30_00), "B": Order("ana", -20_00)}


def finding(end: End, *, held: int = 100_00, order: Order = Order("ana", 100_00)) -> Finding:  # noqa: B008
    """Return what is said of one deposit of 100 on an empty account, which holds so many cents afterwards."""
    return dict(judged({"A": order}, {"A": end}, {"ana": 0}, {"ana": held}).findings)["A"]


def both(one: End, held: int) -> Verdict:
    """Return what is said of two withdrawals from an account that held 100; the second one says that it has ended."""
    return judged(BOTH, {"A": one, "B": RAN}, {"ana": 100_00}, {"ana": held})


class TestOneCommand:
    """Each way in which a command can be judged."""

    def test_correct(self) -> None:
        """It has worked on its own account, has its event and no other, and the money is there."""
        assert finding(RAN) == Finding("correct", "100 on ana", "100 on ana")

    @pytest.mark.parametrize(
        ("end", "held", "seen"),
        [
            (End(Ran("ben", ("ana",))), 0, "100 on ben"),
            (End(Ran("ana", ())), 100_00, "100 on ana, with the events of nobody"),
            (End(Ran("ana", ("ben",))), 100_00, "100 on ana, with the events of ben"),
            (End(Ran("ana", ("ana", "ben"))), 100_00, "100 on ana, with the events of ana and ben"),
            (RAN, 60_00, "100 on ana, but 40 too little is there afterwards"),
            (RAN, 150_00, "100 on ana, but 50 too much is there afterwards"),
            (End(Ran("ben", ("ana",))), 100_00, "100 on ben"),
            (End(Ran("ana", ())), 0, "100 on ana, with the events of nobody, but 100 too little is there afterwards"),
        ],
    )
    def test_wrong(self, end: End, held: int, seen: str) -> None:
        """Another account, other events, too little or too much: silently wrong, and it is said in which way."""
        assert finding(end, held=held) == Finding("wrong", "100 on ana", seen)

    def test_refused(self) -> None:
        """An error that nobody has injected was loud."""
        assert finding(End(error=ValueError("no")), held=0) == Finding("refused", "100 on ana", "ValueError: no")

    def test_stuck(self) -> None:
        """A command that never ends waits for ever."""
        assert finding(End(stuck=True), held=0) == Finding("stuck", "100 on ana", "waits for ever")

    @pytest.mark.parametrize("held", [0, 100_00])
    def test_what_was_injected_is_as_expected(self, held: int) -> None:
        """With its money moved or without."""
        assert finding(INJECTED, held=held) == Finding("correct", "the injected fault", "the injected fault")

    @pytest.mark.parametrize(("events", "outcome"), [(("ana", "ana"), "correct"), (("ana",), "wrong")])
    def test_more_events_can_be_asked_for(self, events: tuple[str, ...], outcome: str) -> None:
        """Then one alone is too few."""
        assert finding(End(Ran("ana", events)), order=Order("ana", 100_00, ("ana", "ana"))).outcome == outcome


class TestOneAccountForTwo:
    """What one command has moved, the other does not miss."""

    @pytest.mark.parametrize(
        ("one", "held", "seen"),
        [
            (RAN, 50_00, "-20 on ana"),
            (RAN, 70_00, "-20 on ana, but 20 too much is there afterwards"),
            (RAN, 80_00, "-20 on ana, but 30 too much is there afterwards"),
            (INJECTED, 80_00, "-20 on ana"),
            (INJECTED, 50_00, "-20 on ana"),
            (INJECTED, 70_00, "-20 on ana, but 10 too little is there afterwards"),
            (INJECTED, 100_00, "-20 on ana, but 20 too much is there afterwards"),
            (End(error=ValueError("no")), 80_00, "-20 on ana"),
            (End(error=ValueError("no")), 50_00, "-20 on ana, but 30 too little is there afterwards"),
        ],
    )
    def test_the_books_hold_what_was_moved(self, one: End, held: int, seen: str) -> None:
        """A fault may come before the money has moved or after; a refusal has moved none."""
        assert dict(both(one, held).findings)["B"].seen == seen

    def test_the_verdict_is_the_worst_finding_and_the_books(self) -> None:
        """Each command has a finding, in their order."""
        verdict = both(End(error=ValueError("no")), 50_50)
        assert [(name, found.outcome) for name, found in verdict.findings] == [("A", "refused"), ("B", "wrong")]
        assert (verdict.outcome, verdict.state) == ("wrong", "ana holds 50.50")


@pytest.mark.parametrize(
    ("cents", "read"),
    [(100_00, "100"), (1_00, "1"), (50, "0.50"), (100_05, "100.05"), (0, "0"), (-30_00, "-30"), (-5, "-0.05")],
)
def test_money_is_read_without_needless_zeros(cents: int, read: str) -> None:
    """Cents are shown where there are any."""
    assert money(cents) == read


EMPTY = dict.fromkeys(("context", "command", "account", "holds", "events"), "nothing")
ANAS = {"context": "ana's deposit", "command": "deposit-money", "account": "ana", "holds": "7", "events": "0"}
NO_EVENTS = {**EMPTY, "events": "0"}


async def seen(name: str) -> list[Mapping[str, str]]:
    """Return the slots before a command, inside of it, after its action, in another Context then, and at the end."""
    bank = await Bank.opened(DESIGNS[name].aggregate, ana=7_00)
    aggregate = bank.aggregate
    if name == "migrated":  # its default queue is one for all, and other tests may have left something in it
        aggregate.consume_events()
    before = slots(aggregate)
    async with aggregate.command_aggregate(*bank.depositing("ana", 3_00)) as command:
        inside = slots(aggregate)
        await command.deposit(amount=3_00)
        acted, elsewhere = slots(aggregate), Context().run(slots, aggregate)
        aggregate.consume_events()
    return [before, inside, acted, elsewhere, slots(aggregate)]


@pytest.mark.parametrize(
    ("name", "before", "elsewhere", "after"),
    [
        ("unguarded", EMPTY, {**ANAS, "events": "1"}, NO_EVENTS),
        ("legacy", EMPTY, {**ANAS, "events": "1"}, NO_EVENTS),
        ("locked", EMPTY, {**ANAS, "events": "1"}, NO_EVENTS),
        ("one per command", EMPTY, {**ANAS, "events": "1"}, NO_EVENTS),
        ("migrated", NO_EVENTS, NO_EVENTS, ANAS),
        ("isolated", EMPTY, EMPTY, EMPTY),
    ],
)
def test_the_slots_of_each_design(
    name: str, before: Mapping[str, str], elsewhere: Mapping[str, str], after: Mapping[str, str]
) -> None:
    """Inside of a command all are alike: what it holds is as it was when it was opened. Outside each has its way."""
    assert asyncio.run(seen(name)) == [before, ANAS, {**ANAS, "events": "1"}, elsewhere, after]
