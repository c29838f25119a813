"""The levels: each can be won, none is won by doing nothing, and few are won by running one command after the other."""

from functools import cache
from itertools import pairwise

import pytest

from fluvius_demo.lessons.designs import DESIGNS
from fluvius_demo.lessons.interleave import explore
from fluvius_demo.lessons.levels import LEVELS, PROGRESS, Level, Progress
from fluvius_demo.lessons.programs import PROGRAMS
from fluvius_demo.lessons.stepper import Stepper

# Found by `winning`: the order of the fewest switches that wins; the first in the alphabet of several.
WINNING = {
    "One after the other": "AAAAABBBBB",
    "The second is refused": "AAAABA",
    "Two are turned away": "AAABCA",
    "Closed after one error": "AAB",
    "Money goes astray": "ABAAAAB",
    "Only the events are crossed": "AAAABBBBBA",
    "Wait for your turn": "AAAABABBBBB",
    "Locked for ever": "AAB",
    "Speaking for the dead": "AAAAAA1BBBBB",
    "An event in the wrong hands": "AAAAABA1BBBB",
    "Refused for being late": "AAAAAA1BBBBB",
    "Two at one account": "AAAABBBBBA",
    "Too late, and yet correct": "AAAABBBBBAAAAA",
}
ANOTHER_DESIGN = "The same order elsewhere"
EVERY_ORDER = ["No order helps", "No order breaks this"]
# Where no overlap is needed to do it, and that is what there is to learn; and the first level.
WON_IN_SERIES = {
    "One after the other",
    "Closed after one error",
    "Locked for ever",
    "Speaking for the dead",
    "Refused for being late",
}
by_name = {"ids": lambda level: level.name}


@cache
def winning(level: Level) -> str | None:
    """Return the order of the fewest switches that wins a level, the first in the alphabet of several."""
    report = explore(PROGRAMS[level.program].make(DESIGNS[level.design].aggregate))
    schedules = (schedule for schedule, _ in report.orders)
    stepper = Stepper.of_level(level)
    for schedule in sorted(schedules, key=lambda text: (sum(one != other for one, other in pairwise(text)), text)):
        stepper.set_schedule(schedule)
        if stepper.won:
            return schedule
    return None


def run_in_series(stepper: Stepper) -> None:
    """Run one command as far as it goes, then the next one, and whatever they have left behind."""
    for name in stepper.execution.commands:
        while name in stepper.execution.ready:
            stepper.step(name)
    stepper.run_on()


class TestTheList:
    """From easy to hard, and complete."""

    def test_there_are_at_least_ten(self) -> None:
        """Each with a name of its own, which no program has either: a cell names one or the other."""
        names = [level.name for level in LEVELS]
        assert len(names) >= 10
        assert len(set(names) | PROGRAMS.keys()) == len(names) + len(PROGRAMS)

    @pytest.mark.parametrize("level", LEVELS, **by_name)
    def test_a_level_says_all_that_is_needed(self, level: Level) -> None:
        """What to do, when it is won, a hint, and what to notice; its commands and its design are there."""
        assert level.program in PROGRAMS
        assert level.design in DESIGNS
        assert "Won when" in level.goal
        assert level.hint
        assert level.notice

    def test_what_was_solved_is_remembered_in_the_kernel(self) -> None:
        """In one place, unless somebody brings another."""
        assert isinstance(PROGRESS, Progress)
        assert Stepper.of_level(LEVELS[0]).progress is not PROGRESS


class TestWinning:
    """Each level can be won, and by what was run alone."""

    @pytest.mark.parametrize("level", LEVELS, **by_name)
    def test_nothing_is_won_at_the_start(self, level: Level) -> None:
        """Somebody has to do something."""
        assert not Stepper.of_level(level).won

    @pytest.mark.parametrize("level", LEVELS, **by_name)
    def test_the_first_winning_order_is_found(self, level: Level) -> None:
        """By running all of them; three levels are not won by any one order."""
        assert winning(level) == WINNING.get(level.name)

    def test_no_level_is_left_out(self) -> None:
        """Those that are not won by an order are won below."""
        assert {*WINNING, ANOTHER_DESIGN, *EVERY_ORDER} == {level.name for level in LEVELS}

    @pytest.mark.parametrize("level", LEVELS, **by_name)
    def test_running_one_command_after_the_other_seldom_wins(self, level: Level) -> None:
        """Only where no overlap is needed."""
        stepper = Stepper.of_level(level)
        run_in_series(stepper)
        assert stepper.won == (level.name in WON_IN_SERIES)

    @pytest.mark.parametrize("level", [level for level in LEVELS if level.name in EVERY_ORDER], **by_name)
    def test_a_proof_wants_every_order(self, level: Level) -> None:
        """One run that ends well, or badly, shows nothing."""
        stepper = Stepper.of_level(level)
        stepper.run_on()
        assert not stepper.won
        stepper.try_all()
        assert stepper.won

    @pytest.mark.parametrize("level", [level for level in LEVELS if level.name not in EVERY_ORDER], **by_name)
    def test_trying_all_wins_nothing_else(self, level: Level) -> None:
        """It shows where to look, and the learner still has to go there."""
        stepper = Stepper.of_level(level)
        stepper.try_all()
        assert not stepper.won

    def test_a_part_of_the_orders_is_no_proof(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Not even if all of them were correct."""
        monkeypatch.setattr("fluvius_demo.lessons.all_orders.MOST_ORDERS", 20)
        stepper = Stepper.of_level(LEVELS[-1])
        stepper.try_all()
        assert set(stepper.report.tally) == {"correct"}
        assert not stepper.won

    def test_the_same_order_elsewhere(self) -> None:
        """First wrong on one design, then correct on another: any other one."""
        level = next(level for level in LEVELS if level.name == ANOTHER_DESIGN)
        for design in ("one per command", "migrated", "isolated"):
            stepper = Stepper.of_level(level)
            stepper.set_schedule("AAAABBBBBA")
            assert not stepper.won
            stepper.set_design(design)
            assert stepper.won
        stepper = Stepper.of_level(level, "isolated", "AAAABBBBBA")
        assert not stepper.won
