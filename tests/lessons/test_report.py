"""What became of many orders: counted, told as stories, and the simplest order of each outcome."""

from collections import Counter

from fluvius_demo.lessons.outcomes import Finding, Outcome
from fluvius_demo.lessons.report import Report, Story, faults_of
from fluvius_demo.lessons.scene import Fault, Verdict


def story(outcome: Outcome, schedule: str, switches: int, orders: int = 1, books: str = "") -> Story:
    """Return a story of one command with this outcome."""
    return Story(Verdict((("A", Finding(outcome, "", "")),), books), schedule, switches, orders)


REPORT = Report(
    stories=[
        story("stuck", "ABA", 2),
        story("correct", "AAABBB", 1, 2),
        story("wrong", "ABABAB", 5, 4, "one is missing"),
        story("wrong", "BBBAAA", 1, 3, "two are missing"),
        story("wrong", "BABBAA", 3, 2, "three are missing"),
    ],
    orders=[("AAABBB", 1), ("ABABAB", 2), ("ABA", 0), ("AABA1A2A1BB", 2)],
)


class TestTheTally:
    """How many orders had each outcome."""

    def test_stories_with_one_outcome_are_added_up(self) -> None:
        """Orders are counted, not stories; and what did not occur is left out."""
        assert REPORT.tally == {"correct": 2, "wrong": 9, "stuck": 1}

    def test_from_good_to_bad(self) -> None:
        """Whichever was found first."""
        assert list(REPORT.tally) == ["correct", "wrong", "stuck"]

    def test_a_story_has_the_worst_outcome_of_its_commands(self) -> None:
        """One command that is wrong makes the order wrong."""
        good, bad = Finding("correct", "", ""), Finding("wrong", "", "")
        assert Story(Verdict((("A", bad), ("B", good))), "AB", 1).outcome == "wrong"


class TestTheSimplest:
    """The order to show."""

    def test_the_fewest_switches(self) -> None:
        """Of all stories with this outcome, neither the first nor the last."""
        assert REPORT.simplest("wrong") == "BBBAAA"

    def test_then_the_alphabet(self) -> None:
        """With as many switches, the one that comes first in it."""
        assert Report([story("wrong", "BA", 1), story("wrong", "AB", 1, books="x")]).simplest("wrong") == "AB"

    def test_none_where_there_is_none(self) -> None:
        """Nobody was refused."""
        assert REPORT.simplest("refused") is None


class TestTheSteps:
    """How many each command took, and where a fault can be injected."""

    def test_step_counts(self) -> None:
        """One count for each order; a task of a command has its own."""
        assert REPORT.step_counts() == [
            Counter(A=3, B=3),
            Counter(A=3, B=3),
            Counter(A=2, B=1),
            Counter(A=2, A1=2, A2=1, B=3),
        ]

    def test_a_fault_of_each_kind_at_every_await(self) -> None:
        """Three steps have two awaits between them; into a command's tasks nothing is injected."""
        assert faults_of(REPORT) == [
            Fault(kind, command, number) for kind in ("cancel", "error") for command in "AB" for number in (1, 2)
        ]

    def test_the_longest_order_counts(self) -> None:
        """Where a command takes more steps in some orders, its last awaits are hit as well."""
        report = Report(orders=[("AAB", 0), ("ABAAAB", 0), ("AB", 0)])
        found = faults_of(report, ["cancel late"])
        assert [str(fault) for fault in found] == [
            "cancel late at await 1 of A",
            "cancel late at await 2 of A",
            "cancel late at await 3 of A",
            "cancel late at await 1 of B",
        ]

    def test_no_orders_no_faults(self) -> None:
        """And that is no error."""
        assert faults_of(Report()) == []


class TestInWords:
    """What is printed."""

    def test_all_of_them(self) -> None:
        """How many orders, and how many of each outcome."""
        assert str(REPORT) == "4 orders (all of them): 2 correct, 9 wrong, 1 stuck"

    def test_a_part_of_them(self) -> None:
        """Then it says what has stopped it."""
        part = Report(REPORT.stories[:2], REPORT.orders[:3], exhaustive=False, stopped="stopped after 3 runs")
        assert str(part) == "3 orders (stopped after 3 runs): 2 correct, 1 stuck"
