"""The parts of the bench that are made here, each measured for an instant; and the run that is stored."""

import asyncio
import json
import math
import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from fluvius_demo.lessons import flight, growth, one_command, reads, speed
from fluvius_demo.lessons.bench import (
    ALL,
    EMPTY,
    OWN,
    USED,
    deposit_rows,
    empty_rows,
    fetched_rows,
    in_words,
    read_rows,
    used_rows,
)
from fluvius_demo.lessons.designs import DESIGNS
from fluvius_demo.lessons.freed import AFTER_ITS_TASK, SAME_TASK
from fluvius_demo.lessons.freed import SECTION as FREED
from fluvius_demo.lessons.keepers import KEPT
from fluvius_demo.lessons.measured import REFERENCE, Interval, Row, by_size, machine, reference
from fluvius_demo.lessons.one_command import FLOOR, SET_AND_RESET
from fluvius_demo.lessons.parallel import SECTION as PARALLEL
from fluvius_demo.lessons.rules import RULES, TOGETHER
from fluvius_demo.lessons.rules import SECTIONS as OF_RULES
from fluvius_demo.lessons.timing import Comparison, compare
from fluvius_demo.lessons.watching_cost import OFF, ON, STATEMENTS, WATCHED

FETCHED, DEPOSIT = "an empty command, its object fetched", "a whole deposit"
Rows = Callable[[int], list[Row]]


class TestTheDesigns:
    """What is compared with what."""

    def test_the_six_are_our_own(self) -> None:
        """In the order in which they are told everywhere."""
        assert {name: design.aggregate for name, design in DESIGNS.items()} == OWN
        assert (list(OWN), len(OWN)) == (list(DESIGNS), 6)

    def test_the_six_others_come_after_them(self) -> None:
        """All names differ."""
        assert list(ALL) == [*DESIGNS, *KEPT]
        assert {name: ALL[name] for name in KEPT} == {name: design.aggregate for name, design in KEPT.items()}
        assert len(ALL) == 12


@pytest.fixture
def instants(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Let each comparison really run, but for an instant; return the list of bases and rounds that are asked for."""
    asked: list[tuple[str, int]] = []

    def instant(variants: Any, base: str, *, rounds: int, **_how: Any) -> Comparison:
        asked.append((base, rounds))
        return compare(variants, base, rounds=rounds, seconds=1e-6)

    for each in (reads, one_command, growth, flight):
        monkeypatch.setattr(each, "compare", instant)
    return asked


class TestRows:
    """Each part, measured in two rounds."""

    PARTS: dict[str, tuple[Rows, list[str], str, str]] = {
        "a read": (read_rows, list(reads.READS), "ns", "an attribute"),
        EMPTY: (empty_rows, [FLOOR, SET_AND_RESET, *ALL], "ns", FLOOR),
        FETCHED: (fetched_rows, list(OWN), "ns", "legacy"),
        USED: (used_rows, list(ALL), "ns", "legacy"),
        DEPOSIT: (lambda rounds: asyncio.run(deposit_rows(rounds)), list(OWN), "us", "legacy"),
    }

    @pytest.mark.parametrize("section", PARTS)
    def test_each_row_says_what_it_is(self, section: str, instants: list[tuple[str, int]]) -> None:
        """Section, name, unit and base; a figure within its interval, and a ratio that is 1 for the base alone."""
        measure, names, unit, base = self.PARTS[section]
        rows = measure(2)
        assert instants == [(base, 2)]
        assert [row.name for row in rows] == names
        assert {(row.section, row.unit, row.to) for row in rows} == {(section, unit, base)}
        for row in rows:
            assert 0 < row.value.low <= row.value.value <= row.value.high
            assert 0 < row.ratio.low <= row.ratio.high
        assert next(row for row in rows if row.name == base).ratio == Interval.exact(1)


def whats(rows: list[Row]) -> set[tuple[str, str, str]]:
    """Return what rows of several sizes are about, each with its unit; the sizes are left out."""
    return {(row.section, row.name.rpartition(", ")[0], row.unit) for row in rows}


class TestReference:
    """The stored run, which the figures show beside this machine's."""

    def test_it_has_all_sections(self) -> None:
        """In the order in which they are measured."""
        assert list(dict.fromkeys(row.section for row in reference().rows)) == [
            *("a read", EMPTY, FETCHED, USED, DEPOSIT),
            *OF_RULES,
            *(OFF, ON),
            *("throughput", flight.SECTION, "variables in the Context", "nesting", "in sequence"),
            *(FREED, PARALLEL, "every order"),
        ]

    @pytest.mark.parametrize("section", TestRows.PARTS)
    def test_its_rows_are_those_of_this_code(self, section: str) -> None:
        """A row that has got another name would be missing in the figures."""
        _, names, unit, base = TestRows.PARTS[section]
        rows = reference().section(section)
        assert list(rows) == names
        assert {(row.unit, row.to) for row in rows.values()} == {(unit, base)}

    def test_its_rules_are_those_of_this_code(self) -> None:
        """In a command that does not use its frame two of them cost nothing."""
        empty, used = (list(reference().section(section)) for section in OF_RULES)
        assert empty == [*(rule.name for rule in RULES if rule.in_empty), TOGETHER]
        assert used == [*(rule.name for rule in RULES if rule.in_used), TOGETHER]

    def test_its_watchers_are_those_of_this_code(self) -> None:
        """Nobody, each alone and both together; and what is there for them."""
        off, on = reference().section(OFF), reference().section(ON)
        assert list(off) == [*(rule.name for rule in STATEMENTS), TOGETHER]
        assert [(name, row.unit, row.to) for name, row in on.items()] == [(name, "us", "off") for name in WATCHED]

    def test_its_situations_and_designs_are_those_of_this_code(self) -> None:
        """Each of them."""
        names = [f"{situation}, {design}" for situation in (SAME_TASK, *AFTER_ITS_TASK) for design in DESIGNS]
        assert list(reference().section(FREED)) == names

    @pytest.mark.usefixtures("instants")
    def test_what_grows_is_what_this_code_measures(self) -> None:
        """Whatever the sizes."""
        sections = (flight.SECTION, "variables in the Context", "nesting")
        rows = [
            *flight.in_flight([1], 1),
            *flight.bytes_in_flight([1]),
            *growth.variables([1], 1),
            *growth.nesting([1], 1),
        ]
        resident = (flight.SECTION, "memory (resident)", "bytes")  # which takes processes
        assert whats([row for row in reference().rows if row.section in sections]) == {*whats(rows), resident}

    def test_its_bursts_are_those_of_the_figures(self) -> None:
        """Both designs, with rates and waits at the same sizes."""
        rows = reference().section("throughput")
        rates, waits = by_size(rows, "commands/s"), {name for name, row in rows.items() if row.unit == "ms"}
        assert {"locked, 5 ms", "isolated, 5 ms"} <= set(rates)
        pairs = [(what, size, percent) for what in rates for size in rates[what] for percent in (50, 95, 99)]
        assert waits == {f"{what}, {size:,} in flight, p{percent}" for what, size, percent in pairs}

    def test_its_searches_are_those_of_this_code(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """But for how many orders there are."""
        monkeypatch.setattr(speed, "explore", lambda _make: SimpleNamespace(orders=[None]))
        monkeypatch.setattr(speed, "sent", lambda _make: 1)
        names = [row.name.partition(":")[0] for row in speed.orders(1)]
        assert [name.partition(":")[0] for name in reference().section("every order")] == names

    def test_it_says_on_what_it_was_measured(self) -> None:
        """Interpreter, processors and versions, as this code tells them."""
        facts = reference().machine
        assert facts.keys() == machine().keys()
        assert re.fullmatch(r"CPython 3\.\d+\.\d+", facts["python"])
        assert facts["processors"] >= 1
        assert facts["versions"].keys() == machine()["versions"].keys()

    def test_it_names_nobody_and_no_place(self) -> None:
        """No user, no path, no address; of the machine only what the figures depend on."""
        facts = json.dumps(reference().machine)
        assert re.findall(r"[/\\~@]", facts) == []
        text = REFERENCE.read_text(encoding="utf-8")
        assert re.findall(r"/(?:home|Users|root|tmp)\b|site-packages|\.py\b", text) == []

    def test_its_figures_lie_in_their_intervals(self) -> None:
        """And are numbers."""
        intervals = [each for row in reference().rows for each in (row.value, row.ratio) if each is not None]
        assert len(intervals) > len(reference().rows)
        assert all(each.low <= each.value <= each.high and math.isfinite(each.high) for each in intervals)

    def test_it_answers_every_question(self) -> None:
        """So the words can be made of it anew, as many as are stored."""
        stored, made = reference().words, in_words(reference())
        assert len(stored) == len(made) == 9
        assert stored[:-1] == tuple(made[:-1])  # the last one looks at the machine that it is made on
