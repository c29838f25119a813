"""The table of one program on several designs: counted, shortened to the simplest order, as text and as data."""

import json
from dataclasses import replace
from functools import partial
from itertools import count

import pytest

from fluvius_demo.isolated import IsolatedAggregate
from fluvius_demo.lessons import exploring
from fluvius_demo.lessons.designs import DESIGNS
from fluvius_demo.lessons.interleave import Fault, explore, faults_of, replay
from fluvius_demo.lessons.outcomes import Outcome
from fluvius_demo.lessons.programs import PROGRAMS
from fluvius_demo.lessons.tally import Row, as_data, as_text, tally

TWO, FAILING, NESTED = (PROGRAMS[name] for name in ("two deposits", "a failing command", "a command in a command"))


def rows(name: str = "two deposits", *designs: str, **options: object) -> list[Row]:
    """Return the rows of these designs."""
    return tally(PROGRAMS[name], {design: DESIGNS[design].aggregate for design in designs}, **options)


class TestTheRows:
    """What one design makes of all orders."""

    def test_a_row_for_each_design(self) -> None:
        """In the order in which they are given, with everything counted."""
        assert rows("two deposits", "legacy", "isolated") == [
            Row("legacy", 10, True, "", {"correct": 2, "refused": 8}, {"correct": "AAAAABBBBB", "refused": "AAAABA"}),
            Row("isolated", 252, True, "", {"correct": 252}, {"correct": "AAAAABBBBB"}),
        ]

    def test_outcomes_stand_from_good_to_bad(self) -> None:
        """In both columns, however they were come by."""
        (row,) = rows("two deposits", "unguarded")
        assert row.tally == {"correct": 30, "refused": 26, "wrong": 196}
        assert list(row.tally) == list(row.simplest) == ["correct", "refused", "wrong"]

    @pytest.mark.parametrize("design", DESIGNS)
    @pytest.mark.parametrize("program", [TWO, FAILING, NESTED], ids=lambda program: program.name)
    def test_the_simplest_order_replays_to_its_outcome(self, program: object, design: str) -> None:
        """What is printed can be typed again, and shows what it is printed for."""
        (row,) = rows(program.name, design)
        for outcome, schedule in row.simplest.items():
            execution = replay(program.make(DESIGNS[design].aggregate), schedule)
            assert execution.verdict().outcome == outcome
            execution.close()


class TestWithFaults:
    """A fault at each await of each command."""

    def test_every_fault_is_counted(self) -> None:
        """Two commands of four awaits, two kinds: 16 faults, and all orders of each."""
        (row,) = rows("two deposits", "isolated", faults=True)
        assert (row.faults, row.orders, row.tally) == (16, 1820, {"correct": 1820})

    def test_one_more_command_is_judged_at_the_end(self) -> None:
        """On the legacy class a fault leaves the guard set: not one order is correct any more."""
        assert rows("two deposits", "legacy", faults=True)[0].tally == {"refused": 136}

    @pytest.mark.parametrize(
        ("name", "design", "outcome"),
        [
            ("a failing command", "unguarded", "wrong"),
            ("a failing command", "locked", "refused"),
            ("a failing command", "locked", "correct"),
            ("a command in a command", "locked", "stuck"),
        ],
    )
    def test_the_simplest_order_of_all_faults(self, name: str, design: str, outcome: Outcome) -> None:
        """With the fault that is told it replays to its outcome, and no fault has a simpler one."""
        (row,) = rows(name, design, faults=True)
        plain, probed = (PROGRAMS[name].make(DESIGNS[design].aggregate, probe=probe) for probe in (False, True))
        execution = replay(probed, row.simplest[outcome], fault=row.injected[outcome])
        assert execution.verdict().outcome == outcome
        execution.close()
        found = [story for fault in faults_of(explore(plain)) for story in explore(probed, fault=fault).stories]
        simplest = min((story.switches, story.schedule) for story in found if story.outcome == outcome)
        assert row.simplest[outcome] == simplest[1]

    def test_text_and_data_name_the_fault(self) -> None:
        """Without it the order would be another one."""
        table = rows("a command in a command", "locked", faults=True)
        assert table[0].injected["stuck"] == Fault("cancel", "B", 2)
        assert as_text(NESTED, table).endswith("   stuck: AAB, cancel at await 2 of B")
        data = json.loads(json.dumps(as_data(NESTED, table)))["designs"][0]
        assert data["injected"]["stuck"] == {"kind": "cancel", "command": "B", "number": 2}


class TestALimit:
    """Not every order was run."""

    def test_it_says_so(self) -> None:
        """In the row and in the text."""
        table = rows("two deposits", "unguarded", limit=20)
        assert (table[0].exhaustive, table[0].stopped) == (False, "stopped after 20 runs")
        assert table[0].orders > 20  # the rest is sampled
        assert as_text(TWO, table).endswith("   (stopped after 20 runs; the rest is sampled)")

    def test_one_fault_that_is_cut_short_is_enough(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """With the first fault there are 6 orders, with the later ones more than 8."""
        monkeypatch.setattr("fluvius_demo.lessons.tally.explore", partial(explore, samples=2))
        swapped = replace(FAILING, roles={"A": FAILING.roles["B"], "B": FAILING.roles["A"]})
        (row,) = tally(swapped, {"isolated": IsolatedAggregate}, faults=True, limit=8)
        assert (row.exhaustive, row.stopped) == (False, "stopped after 8 runs")

    def test_a_limit_that_is_not_reached_is_not_told(self) -> None:
        """There are 252 orders."""
        (row,) = rows("two deposits", "isolated", limit=252)
        assert (row.orders, row.exhaustive, row.stopped) == (252, True, "")

    def test_the_seed_decides_on_the_sample(self) -> None:
        """The same seed gives the same row, another one another."""
        one, same, other = (rows("a failing command", "unguarded", limit=3, seed=seed) for seed in (1, 1, 2))
        assert one == same
        assert one != other


def test_progress_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """By a clock that goes on by a second each time it is asked, it is told after each order but the last."""
    monkeypatch.setattr(exploring, "perf_counter", count().__next__)
    told: list[str] = []
    rows("a failing command", "legacy", "locked", told=told.append)
    assert told == [f"{design}: {number} orders" for design in ("legacy", "locked") for number in range(1, 6)]


class TestTheTable:
    """How it is printed."""

    def test_as_text(self) -> None:
        """A line for each design, with the worst that can happen and how."""
        assert as_text(FAILING, rows("a failing command", "unguarded", "legacy")).splitlines() == [
            "a failing command: Ana's deposit fails",
            "design            orders  correct  refused    wrong    stuck",
            "unguarded             15        0       11        4        0   wrong: BAABBB",
            "legacy                 6        0        6        0        0   refused: AAB",
        ]

    def test_where_nothing_fails_no_order_is_shown(self) -> None:
        """The line ends with the counts."""
        table = as_text(TWO, rows("two deposits", "isolated"))
        assert table.splitlines()[-1] == "isolated             252      252        0        0        0"

    def test_as_data(self) -> None:
        """Everything in the row, in words that JSON has."""
        assert json.loads(json.dumps(as_data(FAILING, rows("a failing command", "legacy")))) == {
            "program": "a failing command",
            "designs": [
                {
                    "design": "legacy",
                    "orders": 6,
                    "exhaustive": True,
                    "stopped": "",
                    "tally": {"refused": 6},
                    "simplest": {"refused": "AAB"},
                    "faults": 0,
                    "injected": {},
                }
            ],
        }
