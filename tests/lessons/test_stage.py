"""The stage: a fresh bank for each scene, what the commands on it do, what they see, and who judges them."""

import asyncio
import inspect

import pytest

from fluvius_demo.isolated import IsolatedAggregate
from fluvius_demo.legacy import LegacyAggregate
from fluvius_demo.lessons import bodies
from fluvius_demo.lessons.designs import DESIGNS
from fluvius_demo.lessons.interleave import End, Execution, Fault, replay
from fluvius_demo.lessons.judging import Order, Ran
from fluvius_demo.lessons.outcomes import Finding
from fluvius_demo.lessons.programs import PROGRAMS
from fluvius_demo.lessons.stage import Body, Role, Stage

DEPOSIT = {"A": Role(bodies.deposit, Order("ana", 30_00), holds=100_00)}
LATE = PROGRAMS["a late child"].make(IsolatedAggregate)
NUMBERS = {"Four": 4, "Five": 5, "Eight": 8}
COUNTED = [
    body for _, body in inspect.getmembers(bodies, inspect.iscoroutinefunction) if body.__doc__.split()[0] in NUMBERS
]

each_design = pytest.mark.parametrize("name", DESIGNS)


class TestAFreshBank:
    """What a scene is made of is its own."""

    @each_design
    def test_two_scenes_share_nothing(self, name: str) -> None:
        """What has run on one stage has not run on the other."""
        one, other = (Stage(DESIGNS[name].aggregate, DEPOSIT) for _ in range(2))
        Execution(one.scene).run_on()
        assert (one.bank.balances(), other.bank.balances()) == ({"ana": 130_00, "fees": 0}, {"ana": 100_00, "fees": 0})
        for part in ("bank", "lock", "aggregates"):
            assert getattr(one, part) is not getattr(other, part)
        assert one.aggregates["A"] is not other.aggregates["A"]

    def test_a_guard_that_is_left_set_is_gone_in_the_next_scene(self) -> None:
        """On the legacy class a failed command refuses all others; a new scene knows nothing of it."""
        make = PROGRAMS["a failing command"].make(LegacyAggregate)
        refused = replay(make, "AAB").verdict()
        assert refused is not None
        assert [found.outcome for _, found in refused.findings] == ["refused", "refused"]
        execution = replay(make, "BBBBAA")
        assert dict(execution.verdict().findings)["B"].outcome == "correct"

    def test_every_account_holds_what_its_role_says(self) -> None:
        """And there is always one for fees, in the name of somebody."""
        bank = Stage(IsolatedAggregate, {**DEPOSIT, "B": Role(bodies.deposit, Order("ben", 1))}).bank
        owners = {account.owner: account.balance for account in bank.statemgr.all("account")}
        assert owners == {"Ana": 100_00, "Ben": 0, "Fees": 0}


def alone(body: Body, name: str = "isolated", amount: int = 30_00) -> Execution:
    """Run a body to its end with nobody beside it; the account holds 100 before."""
    stage = Stage(DESIGNS[name].aggregate, {"A": Role(body, Order("ana", amount), holds=100_00)})
    return Execution(stage.scene).run_on("A")


class TestTheBodies:
    """What the commands do."""

    def test_the_bodies_that_are_counted(self) -> None:
        """Each body that is said to take a number of steps is run below."""
        expected = {"deposit", "quick_deposit", "withdraw", "deposit_and_withdraw"}
        assert {body.__name__ for body in COUNTED} == expected

    @each_design
    @pytest.mark.parametrize("body", COUNTED)
    def test_they_take_as_many_steps_as_they_say(self, body: Body, name: str) -> None:
        """The first word of the docstring is the number, on each design."""
        amount = -30_00 if body is bodies.withdraw else 30_00
        assert alone(body, name, amount).schedule == "A" * NUMBERS[body.__doc__.split()[0]]

    @pytest.mark.parametrize(
        ("body", "amount", "schedule", "seen"),
        [
            (bodies.failing_deposit, 30_00, "AA", "BadRequestError: Cannot deposit -3000 cents to 'ana'"),
            (bodies.deposit_with_bonus, 30_00, "AAAAAA1", "30 on ana"),
            (
                bodies.deposit_in_deposit,
                30_00,
                "AA",
                "NestedCommandError: Cannot open 'deposit-money' on account 'fees'",
            ),
            (bodies.withdraw, -30_00, "AAAAA", "-30 on ana"),
            (bodies.deposit_and_withdraw, 30_00, "AAAAAAAA", "30 on ana, with the events of ana and ana"),
            (bodies.withdraw_with_lock, -30_00, "AAAAA", "-30 on ana"),
            (bodies.withdraw_with_if_match, -30_00, "AAAAA", "-30 on ana"),
            (bodies.withdraw, -300_00, "AAA", "InsufficientFundsError: "),
        ],
    )
    def test_what_they_come_to_alone(self, body: Body, amount: int, schedule: str, seen: str) -> None:
        """With nobody beside them, on the isolated class."""
        execution = alone(body, amount=amount)
        assert execution.schedule == schedule
        assert execution.verdict().findings[0][1].seen.startswith(seen)


class TestWhatIsSeen:
    """What the commands see after both have begun."""

    @pytest.mark.parametrize(
        ("name", "schedule", "shared", "accounts"),
        [
            ("unguarded", "AABB", True, ("ben", "ben")),
            ("legacy", "AAB", True, ("ana", "ana")),
            ("locked", "AAB", True, ("ana", "ana")),
            ("one per command", "AABB", False, ("ana", "ben")),
            ("migrated", "AABB", False, ("ana", "ben")),
            ("isolated", "AABB", False, ("ana", "ben")),
        ],
    )
    def test_look_and_shared(self, name: str, schedule: str, shared: bool, accounts: tuple[str, str]) -> None:
        """Whose variables are shared sees whoever came last, or first; all others see themselves."""
        execution = replay(PROGRAMS["two deposits"].make(DESIGNS[name].aggregate), schedule)
        assert execution.shared is shared
        assert tuple(execution.seen(who)["account"] for who in "AB") == accounts
        execution.close()

    def test_a_child_looks_through_its_command(self) -> None:
        """A1 sees what A has opened."""
        execution = replay(LATE, "AAAA")
        assert execution.seen("A1")["account"] == "ana"
        execution.close()


class TestTheProbe:
    """One more command, after all others."""

    @each_design
    @pytest.mark.parametrize("probe", [False, True])
    def test_it_is_judged_last(self, name: str, probe: bool) -> None:
        """It deposits 1 on the first command's account, and finds its way on every design."""
        execution = Execution(PROGRAMS["two deposits"].make(DESIGNS[name].aggregate, probe=probe)).run_on("A")
        verdict = execution.verdict()
        last = ("afterwards", Finding("correct", "1 on ana", "1 on ana"))
        assert verdict.findings[2:] == (last,) * probe
        assert verdict.state == f"ana holds {100 + probe}, ben holds 50"

    def test_it_finds_a_guard_that_was_left_set(self) -> None:
        """After a command that failed on the legacy class, whoever comes next is refused."""
        verdict = replay(PROGRAMS["a failing command"].make(LegacyAggregate, probe=True), "BBBBAA").verdict()
        refused = Finding("refused", "1 on ana", "RuntimeError: Overlapping context: ana's deposit")
        assert verdict.findings[2] == ("afterwards", refused)

    def test_it_is_stuck_behind_those_who_are(self) -> None:
        """Where a command waits for ever with the lock in its hand, so does whoever comes next."""
        make = PROGRAMS["a command in a command"].make(DESIGNS["locked"].aggregate, probe=True)
        verdict = replay(make, "AAB").verdict()
        assert verdict.findings[2] == ("afterwards", Finding("stuck", "1 on ana", "waits for ever"))

    def test_a_fault_does_not_reach_it(self) -> None:
        """The cancelled command has left nothing open."""
        make = PROGRAMS["two deposits"].make(IsolatedAggregate, probe=True)
        verdict = replay(make, "AAAABBBBB", fault=Fault("cancel", "A", 3)).verdict()
        assert [found.seen for _, found in verdict.findings] == ["the injected fault", "50 on ben", "1 on ana"]


class TestTheBonus:
    """A task that may outlive the command that has started it."""

    def test_a_bonus_in_time_is_an_event_of_its_command(self) -> None:
        """Then there are two findings, as there are two commands."""
        findings = replay(LATE, "AAAA A1 A BBBBB").verdict().findings
        expected = Finding("correct", "100 on ana", "100 on ana")
        assert findings == (("A", expected), ("B", Finding("correct", "50 on ben", "50 on ben")))

    def test_a_bonus_that_is_refused_is_a_finding_of_its_own(self) -> None:
        """And nobody misses its event."""
        findings = dict(replay(LATE, "AAAAA A1 BBBBB").verdict().findings)
        assert list(findings) == ["A", "B", "A1"]
        assert [found.outcome for found in findings.values()] == ["correct", "correct", "refused"]
        assert findings["A1"].seen.startswith("CommandEndedError: Aggregate context has ended. ")

    def test_a_bonus_that_is_lost_is_missed(self) -> None:
        """On the migrated class nobody refuses it: A is wrong, and there is no finding for the bonus."""
        make = PROGRAMS["a late child"].make(DESIGNS["migrated"].aggregate)
        findings = dict(replay(make, "AAAAA A1 BBBBB").verdict().findings)
        assert findings["A"] == Finding("wrong", "100 on ana", "100 on ana, with the events of ana")
        assert list(findings) == ["A", "B"]

    def test_a_cancelled_bonus_is_missed_as_well(self) -> None:
        """It was not refused, and the judge does not fall over it."""

        async def scenario() -> Finding:
            stage = Stage(IsolatedAggregate, PROGRAMS["a late child"].roles)
            stage.bonus = asyncio.create_task(asyncio.sleep(1))
            stage.bonus.cancel()
            await asyncio.wait([stage.bonus])
            return dict(stage.judge({"A": End(Ran("ana", ("ana",)))}).findings)["A"]

        assert asyncio.run(scenario()).seen.startswith("100 on ana, with the events of ana, but 100 too little")
