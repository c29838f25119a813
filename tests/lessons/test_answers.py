"""The sentence for each question of notebook 04: it says what made-up rows say, and the other thing with other rows."""

from collections.abc import Callable
from typing import Any

import pytest

from fluvius_demo.lessons import answers
from fluvius_demo.lessons.measured import Row
from fluvius_demo.lessons.one_command import FLOOR
from fluvius_demo.lessons.timing import Interval

Rows = dict[str, Row]

READS = {"ContextVar.get": (9, 3), "IsolatedAggregate.context": (109, 36)}
EMPTY = {FLOOR: (250, 1), "isolated": (1_500, 6), "legacy": (8_000, 32)}
USED = {"isolated": (5_000, 0.4), "migrated": (14_000, 1.1)}
RULES = {"a command has an owner": (40, 0.03), "the end empties the frame": (70, 0.05), "all of these": (110, 0.08)}
IN_USED = {"a command has an owner": (40, 0.01), "all of these": (400, 0.04)}
RATES = {
    "locked, 5 ms, 1 in flight": 60,
    "locked, 5 ms, 100 in flight": 60,
    "locked, 5 ms, 1,000 in flight": 50,
    "isolated, 5 ms, 1 in flight": 60,
    "isolated, 5 ms, 100 in flight": 4_800,
    "isolated, 5 ms, 1,000 in flight": 5_000,
}
MORE = {"one more command, 1 open": 1_400, "one more command, 10 open": 1_500, "one more command, 1,000 open": 1_600}
HELD = {"memory (traced), 10 open": 600, "memory (traced), 1,000 open": 552, "memory (resident), 1,000 open": 999}
TABLE = {
    "with a timer": {"legacy": "at once", "migrated": "kept", "isolated": "at once"},
    "with the proxy": {"legacy": "by the collector", "migrated": "at once", "isolated": "at once"},
}


def rows(figures: dict[str, Any], unit: str = "ns", **other: Any) -> Rows:
    """Return a row for each figure, or for each pair of a figure and a ratio; `other` replaces some, `_` is a space."""
    made = {}
    for name, told in {**figures, **{name.replace("_", " "): told for name, told in other.items()}}.items():
        value, ratio = told if isinstance(told, tuple) else (told, None)
        # The interval is wide, so that a sentence made of its ends would be another one.
        own = None if ratio is None else Interval(ratio, ratio / 2, ratio * 2)
        made[name] = Row("section", name, Interval(value, value / 2, value * 2), unit, own)
    return made


class TestReads:
    """What does a read cost?"""

    def test_it_says_what_the_rows_say(self) -> None:
        """The variable's time and ratio, and the time of the property that checks."""
        assert answers.of_reads(rows(READS)) == (
            "Reading a context variable takes 9 ns, 3 times what an attribute takes; "
            "a property of IsolatedAggregate, which checks whose command it is, 109 ns."
        )

    def test_with_other_rows_it_says_another_thing(self) -> None:
        """In their own unit."""
        other = rows({"ContextVar.get": (0.02, 0.5), "IsolatedAggregate.context": (0.01, 0.25)}, "us")
        assert answers.of_reads(other) == (
            "Reading a context variable takes 0.02 us, 0.5 times what an attribute takes; "
            "a property of IsolatedAggregate, which checks whose command it is, 0.01 us."
        )


class TestEmpty:
    """What does an empty command cost?"""

    def test_it_says_what_the_rows_say(self) -> None:
        """Isolated, how often the floor that is, the floor, and legacy."""
        assert answers.of_empty(rows(EMPTY)) == (
            "An empty command takes 1,500 ns on isolated, 6 times an empty async with (250 ns); on legacy 8,000 ns."
        )

    def test_with_other_rows_it_says_another_thing(self) -> None:
        """Also where legacy is the quicker one."""
        assert answers.of_empty(rows(EMPTY, isolated=(9_000, 36), legacy=(500, 2))) == (
            "An empty command takes 9,000 ns on isolated, 36 times an empty async with (250 ns); on legacy 500 ns."
        )


class TestUsed:
    """What does a command with reads and events cost?"""

    @pytest.mark.parametrize(("isolated", "migrated"), [(0.4, 1.1), (2.5, 0.75)])
    def test_it_says_what_the_rows_say(self, isolated: float, migrated: float) -> None:
        """Both to legacy, whichever is the quicker one."""
        assert answers.of_used(rows(USED, isolated=(1, isolated), migrated=(1, migrated))) == (
            f"With 4 reads and 3 events a command on isolated takes {isolated} times what it takes on legacy; "
            f"on migrated {migrated} times."
        )


class TestRules:
    """What do the rules of IsolatedAggregate cost?"""

    def test_it_says_what_the_rows_say(self) -> None:
        """The shares of both commands, and the dearest rule of an empty one; the sum of all is none."""
        assert answers.of_rules(rows(RULES), rows(IN_USED)) == (
            "The rules of isolated are 8% of an empty command and 4% of one with 4 reads and 3 events; "
            "the dearest in an empty one is “the end empties the frame”, 70 ns."
        )

    def test_another_rule_can_be_the_dearest(self) -> None:
        """And the shares can be the other way round."""
        other = rows(RULES, a_command_has_an_owner=(90, 0.07), all_of_these=(160, 0.12))
        assert answers.of_rules(other, rows(IN_USED, all_of_these=(900, 0.5))) == (
            "The rules of isolated are 12% of an empty command and 50% of one with 4 reads and 3 events; "
            "the dearest in an empty one is “a command has an owner”, 90 ns."
        )


class TestWatching:
    """What does it cost to watch commands?"""

    OFF, ON = {"all of these": (20, 0.014)}, {"metrics": (86, 1.08), "logging and metrics": (89, 1.12)}

    def test_it_says_what_the_rows_say(self) -> None:
        """The share of an empty command, and how much longer a deposit takes with both."""
        assert answers.of_watching(rows(self.OFF), rows(self.ON, "us")) == (
            "To be ready for watchers takes 1.4% of an empty command while there are none; "
            "logging and metrics together make a deposit take 12% longer."
        )

    def test_with_other_rows_it_says_another_thing(self) -> None:
        """Also where they take more than the deposit itself."""
        other = rows(self.ON, "us", logging_and_metrics=(200, 2.5))
        assert answers.of_watching(rows(self.OFF, all_of_these=(70, 0.05)), other) == (
            "To be ready for watchers takes 5.0% of an empty command while there are none; "
            "logging and metrics together make a deposit take 150% longer."
        )


class TestLoad:
    """What do I gain when the store takes its time?"""

    def test_it_says_what_the_rows_say(self) -> None:
        """Of the largest burst and the smallest one."""
        assert answers.of_load(rows(RATES, "commands/s")) == (
            "With 1,000 commands in flight and a store that takes 5 ms, isolated serves 100 times as many commands as "
            "legacy behind a lock; with 1 in flight, 1 times."
        )

    def test_a_loss_is_told_as_it_is(self) -> None:
        """A gain below 1, in either burst."""
        lost = {"isolated, 5 ms, 1,000 in flight": 40, "isolated, 5 ms, 1 in flight": 30}
        assert answers.of_load(rows({**RATES, **lost}, "commands/s")) == (
            "With 1,000 commands in flight and a store that takes 5 ms, isolated serves 0.8 times as many commands as "
            "legacy behind a lock; with 1 in flight, 0.5 times."
        )

    def test_another_store_has_its_own_rows(self) -> None:
        """So have the times of single commands, which are no rates."""
        quick = {name.replace("5 ms", "1 ms"): 2 * rate for name, rate in RATES.items() if "1,000" not in name}
        mixed = rows({**RATES, **quick}, "commands/s") | rows({"isolated, 5 ms, 10,000 in flight, p50": 7}, "ms")
        assert answers.of_load(mixed) == answers.of_load(rows(RATES, "commands/s"))
        assert answers.of_load(mixed, "1 ms") == (
            "With 100 commands in flight and a store that takes 1 ms, isolated serves 80 times as many commands as "
            "legacy behind a lock; with 1 in flight, 1 times."
        )


class TestGrowth:
    """How does it grow?"""

    def test_it_says_what_the_rows_say(self) -> None:
        """At 10 and at the most open ones; the memory is what was traced at the most."""
        assert answers.of_growth(rows(MORE) | rows(HELD, "bytes")) == (
            "One more command takes 1,500 ns while 10 are open and 1,600 ns while 1,000 are; "
            "each holds 552 bytes beyond its task."
        )

    def test_with_other_rows_it_says_another_thing(self) -> None:
        """More are open, and it gets cheaper."""
        more = {**MORE, "one more command, 10,000 open": 700}
        assert answers.of_growth(rows(more) | rows({"memory (traced), 10,000 open": 2_048}, "bytes")) == (
            "One more command takes 1,500 ns while 10 are open and 700 ns while 10,000 are; "
            "each holds 2,048 bytes beyond its task."
        )


class TestMemory:
    """What stays in memory?"""

    def test_a_design_that_keeps_is_named(self) -> None:
        """What the collector frees is not kept."""
        assert answers.of_memory(TABLE) == (
            "The root object is kept on migrated in 1 of 2 situations, and never on 2 of the 3 designs."
        )

    def test_so_are_two(self) -> None:
        """Each with its own number."""
        two = {situation: {**words, "legacy": "kept"} for situation, words in TABLE.items()}
        assert answers.of_memory(two) == (
            "The root object is kept on legacy in 2 of 2 situations, on migrated in 1 of 2 situations, "
            "and never on 1 of the 3 designs."
        )

    def test_that_none_keeps_is_said_as_well(self) -> None:
        """In another sentence."""
        none = {situation: {**words, "migrated": "at once"} for situation, words in TABLE.items()}
        assert answers.of_memory(none) == "None of the 3 designs keeps the root object."


class TestWithoutARatio:
    """A row that was compared with nothing cannot say how many times."""

    @pytest.mark.parametrize(
        ("answer", "figures", "bare"),
        [
            (answers.of_reads, READS, "ContextVar.get"),
            (answers.of_empty, EMPTY, "isolated"),
            (answers.of_used, USED, "isolated"),
            (answers.of_used, USED, "migrated"),
        ],
    )
    def test_it_is_refused(self, answer: Callable[[Rows], str], figures: dict[str, Any], bare: str) -> None:
        """By the exact text."""
        text = r"^Cannot say how many times: the row has no ratio\. To solve this, compare it with a base\.$"
        with pytest.raises(ValueError, match=text):
            answer(rows({**figures, bare: 5}))
