"""The stepper without its widgets: what can be done, what is said then, and that nothing is lost."""

import asyncio
import gc
import warnings

import pytest

from fluvius_demo.errors import BadRequestError, ScheduleError
from fluvius_demo.lessons.bodies import deposit
from fluvius_demo.lessons.judging import Order
from fluvius_demo.lessons.levels import LEVELS, Progress
from fluvius_demo.lessons.programs import PROGRAMS, Program
from fluvius_demo.lessons.stage import Role
from fluvius_demo.lessons.stepper import Stepper
from fluvius_demo.lessons.stepper_run import ALL

TWO = PROGRAMS["two deposits"]


def state(stepper: Stepper) -> tuple[object, ...]:
    """Return all that a learner could lose."""
    return stepper.schedule, stepper.design, stepper.slots, stepper.program, stepper.level, dict(stepper.finished)


class TestStepping:
    """One step at a time, and back."""

    def test_it_begins_with_nothing_run(self) -> None:
        """And says so."""
        stepper = Stepper(TWO)
        assert (stepper.schedule, stepper.message, stepper.changes) == ("", "Nothing has run yet.", {})
        assert (stepper.design, stepper.verdict, stepper.report) == ("legacy", None, None)

    def test_a_step_is_told_in_words(self) -> None:
        """Who went, where it waits now, and what that has changed."""
        stepper = Stepper(TWO, "unguarded")
        stepper.step("A")
        assert stepper.schedule == "A"
        assert stepper.message.startswith("Step 1: A waits in deposit, line ")
        assert "account is ana, was nothing" in stepper.message

    def test_what_has_just_changed_is_kept_with_what_it_was(self) -> None:
        """Only the last action counts: what the first step had changed is not new any more."""
        stepper = Stepper(TWO, "unguarded", "A")
        stepper.step("B")
        assert stepper.changes == {(ALL, "context"): "ana's deposit", (ALL, "account"): "ana"}

    def test_where_nothing_is_shared_a_change_has_an_owner(self) -> None:
        """Each command sees its own variables."""
        stepper = Stepper(TWO, "isolated", "A")
        stepper.step("A")
        assert stepper.changes[("A", "account")] == "nothing"
        assert stepper.slots["B"]["account"] == "nothing"
        assert "account of A is ana, was nothing" in stepper.message

    def test_undo_takes_back_one_step(self) -> None:
        """And the slots are as they were, which is a change as well."""
        stepper = Stepper(TWO, "unguarded", "A")
        before = stepper.slots
        stepper.step("B")
        stepper.undo()
        assert (stepper.schedule, stepper.slots) == ("A", before)
        assert stepper.changes[ALL, "account"] == "ben"
        assert stepper.message == "The last step, B's, was taken back."

    def test_reset_begins_anew(self) -> None:
        """On the same design."""
        stepper = Stepper(TWO, "unguarded", "ABAB")
        stepper.reset()
        assert (stepper.schedule, stepper.design) == ("", "unguarded")

    def test_run_on_goes_to_the_end_as_asyncio_would(self) -> None:
        """And says what became of everybody."""
        stepper = Stepper(TWO, "legacy", "A")
        stepper.run_on()
        assert stepper.schedule == "ABAAAA"
        assert stepper.message.startswith("Went on as asyncio's own loop would: BAAAA. The run is over. A: ✓ correct")
        assert "B: ✕ refused, RuntimeError: Overlapping context: ben's deposit" in stepper.message

    def test_a_task_that_has_come_is_announced(self) -> None:
        """It stands behind the commands, so that nobody's place moves."""
        stepper = Stepper(PROGRAMS["a late child"], "isolated", "AAA")
        stepper.step("A")
        assert "It has started A1." in stepper.message
        assert stepper.names == ["A", "B", "A1"]
        assert stepper.start("A1").function == "grant_bonus"
        stepper.step("A1")
        assert stepper.start("A1").function == "grant_bonus"


class TestBadInput:
    """Nothing raises, nothing is lost, and the message says why."""

    @pytest.mark.parametrize("name", ["C", "A1", "", "AA", "?"])
    def test_a_step_that_cannot_be_taken(self, name: str) -> None:
        """Somebody who is not there."""
        stepper = Stepper(TWO, "unguarded", "ABAB")
        before = state(stepper)
        stepper.step(name)
        assert state(stepper) == before
        assert stepper.message.startswith(f"Cannot let {name} go next after 'ABAB'")

    def test_a_step_of_somebody_who_has_ended(self) -> None:
        """The reason is given."""
        stepper = Stepper(TWO, "legacy", "AB")
        stepper.step("B")
        assert "B has ended" in stepper.message
        assert stepper.schedule == "AB"

    @pytest.mark.parametrize("schedule", ["AAQ", "A-B", "1", "AAAAAA", "ABB", "ÄB", "<b>"])
    def test_a_schedule_that_cannot_be_followed(self, schedule: str) -> None:
        """The run stays as it was."""
        stepper = Stepper(TWO, "legacy", "AAB")
        before = state(stepper)
        assert not stepper.set_schedule(schedule)
        assert state(stepper) == before
        assert stepper.message.startswith("Cannot ")

    def test_a_design_that_is_not_there(self) -> None:
        """The designs are named."""
        stepper = Stepper(TWO, "legacy", "AAB")
        before = state(stepper)
        stepper.set_design("perfect")
        assert state(stepper) == before
        assert "unguarded, legacy, locked" in stepper.message

    def test_undo_at_the_start(self) -> None:
        """There is nothing to take back."""
        stepper = Stepper(TWO)
        stepper.undo()
        assert stepper.message == "There is no step to take back."

    def test_whoever_writes_a_cell_is_told_at_once(self) -> None:
        """There a traceback is of use."""
        with pytest.raises(BadRequestError, match="there is no such design"):
            Stepper(TWO, "perfect")
        with pytest.raises(ScheduleError, match="there is no Q"):
            Stepper(TWO, "legacy", "AQ")

    def test_a_command_that_cannot_be_stepped(self) -> None:
        """It has used a thread: the run is over without a verdict, and the message says why."""

        async def threaded(_stage: object, _aggregate: object, _order: Order) -> None:
            await asyncio.to_thread(int)

        roles = {"A": Role(threaded, Order("ana", 1)), "B": Role(deposit, Order("ben", 1))}
        stepper = Stepper(Program("threads", "A uses a thread", roles), "isolated")
        stepper.run_on()
        assert "Cannot " in stepper.message
        assert stepper.verdict is None
        stepper.reset()
        assert stepper.schedule == ""


class TestTheSchedule:
    """It can be typed."""

    def test_small_letters_and_blanks_will_do(self) -> None:
        """As everywhere."""
        stepper = Stepper(TWO, "unguarded")
        assert stepper.set_schedule(" abb a ")
        assert (stepper.schedule, stepper.message) == ("ABBA", "Took the steps ABBA. Not over yet: A, B can go.")

    def test_an_empty_one_begins_anew(self) -> None:
        """It is a schedule like any other."""
        stepper = Stepper(TWO, "unguarded", "AB")
        assert stepper.set_schedule("  ")
        assert stepper.schedule == ""


class TestAnotherDesign:
    """The same schedule is replayed there, as far as it goes."""

    def test_where_it_goes_all_the_way(self) -> None:
        """Wrong on one, correct on the other."""
        stepper = Stepper(TWO, "unguarded", "AAAABBBBBA")
        assert stepper.verdict.outcome == "wrong"
        stepper.set_design("isolated")
        assert (stepper.schedule, stepper.verdict.outcome) == ("AAAABBBBBA", "correct")
        assert stepper.message.startswith("The same schedule on isolated. The run is over.")

    def test_where_it_diverges_it_says_so(self) -> None:
        """How far it went, why no further, and what is left over."""
        stepper = Stepper(TWO, "unguarded", "AABB")
        stepper.set_design("legacy")
        assert stepper.schedule == "AAB"
        assert stepper.message.startswith("On legacy the schedule goes as far as AAB: then B has ended. Left over: B.")

    def test_what_was_left_over_is_not_lost(self) -> None:
        """On the way to a third design it counts again; after a step of one's own it does not."""
        stepper = Stepper(TWO, "unguarded", "AABB")
        stepper.set_design("legacy")
        stepper.set_design("isolated")
        assert (stepper.schedule, stepper.left_over) == ("AABB", [])
        stepper.set_design("legacy")
        stepper.step("A")
        stepper.set_design("isolated")
        assert stepper.schedule == "AABA"


class TestAllOrders:
    """Tried on request, once for each design."""

    def test_the_report_is_told_and_kept(self) -> None:
        """On its own design alone; the run by hand stays where it is."""
        stepper = Stepper(TWO, "legacy", "AA")
        stepper.try_all()
        assert stepper.message == "Every order on legacy: 10 orders (all of them): 2 correct, 8 refused."
        assert stepper.schedule == "AA"
        report = stepper.report
        stepper.set_design("isolated")
        assert stepper.report is None
        stepper.set_design("legacy")
        assert stepper.report is report

    def test_the_graph_is_empty_until_then(self) -> None:
        """And drawn once."""
        stepper = Stepper(TWO, "legacy")
        assert not stepper.graph.edges
        stepper.try_all()
        assert stepper.graph.edges
        assert stepper.graph is stepper.graph

    def test_three_commands_have_no_graph(self) -> None:
        """It would need a third direction."""
        assert Stepper(PROGRAMS["three deposits"]).graph is None

    def test_progress_is_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """In words, while the orders are run."""
        told = []
        stepper = Stepper(TWO, "legacy")
        monkeypatch.setattr("fluvius_demo.lessons.exploring.perf_counter", iter(range(1000)).__next__)
        stepper.try_all(told.append)
        assert told[:2] == ["Trying all orders: 1 so far.", "Trying all orders: 2 so far."]

    def test_beyond_a_limit_it_stops_and_says_so(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A learner must not wait for ever."""
        monkeypatch.setattr("fluvius_demo.lessons.all_orders.MOST_ORDERS", 20)
        stepper = Stepper(TWO, "isolated")
        stepper.try_all()
        assert not stepper.report.exhaustive
        assert "stopped after 20 runs" in stepper.message


class TestTheWholeStateAsText:
    """Whoever cannot see the picture reads the same."""

    def test_it_names_all_that_the_picture_shows(self) -> None:
        """The commands, the design, the schedule, the lanes, the slots with what is new, and who can go."""
        stepper = Stepper(TWO, "unguarded", "A")
        stepper.step("B")
        for part in (
            "Commands: two deposits (Ana and Ben deposit, five steps each). Design: unguarded",
            "Schedule: AB.",
            "Can go: A, B; asyncio's own loop would take A.",
            "A (100 on ana): can go, after 1 step\n  at deposit, line ",
            "One set of variables, shared by all commands:",
            "account ben (new, was ana)",
        ):
            assert part in stepper.text

    def test_at_the_end_it_says_what_became_of_everybody(self) -> None:
        """With what each of them said."""
        text = Stepper(PROGRAMS["a command in a command"], "locked", "AAB").text
        assert "A (100 on ana): waits for somebody else for ever, after 2 steps" in text
        assert "The run is over. A: … stuck, waits for ever. B: … stuck, waits for ever." in text

    def test_an_order_of_each_story_is_told_once_it_gives_nothing_away(self) -> None:
        """In a level it is part of the answer."""
        free, level = Stepper(TWO, "unguarded"), Stepper.of_level(LEVELS[4])
        for stepper in (free, level):
            stepper.try_all()
        assert "2 as AAAABBBBBA" not in level.text
        assert "30 as AAAAABBBBB: A ✓ correct; B ✓ correct" in free.text


class TestLevels:
    """What is won is said, and remembered."""

    def test_winning_is_said_and_remembered(self) -> None:
        """With what there is to notice."""
        progress = Progress()
        stepper = Stepper.of_level(LEVELS[1], progress=progress)
        assert not stepper.won
        stepper.set_schedule("AAAABA")
        assert stepper.won
        assert f"Solved! {LEVELS[1].notice}" in stepper.message
        stepper.reset()
        assert (stepper.won, progress.solved) == (False, {LEVELS[1].name})

    def test_it_is_said_once(self) -> None:
        """Not again with all that is done afterwards."""
        stepper = Stepper.of_level(LEVELS[-1])
        stepper.try_all()
        assert "Solved!" in stepper.message
        stepper.step("A")
        assert stepper.won
        assert "Solved!" not in stepper.message

    def test_a_level_is_won_on_its_own_design(self) -> None:
        """Elsewhere the same outcome does not count."""
        stepper = Stepper.of_level(LEVELS[4])
        stepper.set_design("isolated")
        stepper.set_schedule("AAAABBBBBA")
        assert not stepper.won

    def test_the_hint_is_given_on_request(self) -> None:
        """And changes nothing."""
        stepper = Stepper.of_level(LEVELS[1], schedule="A")
        assert LEVELS[1].hint not in stepper.text + stepper.message
        stepper.hint()
        assert (stepper.message, stepper.schedule) == (f"Hint: {LEVELS[1].hint}", "A")

    def test_without_a_level_there_is_no_hint(self) -> None:
        """It says so."""
        stepper = Stepper(TWO)
        stepper.hint()
        assert stepper.message == "There is no hint: this is no level."

    def test_another_level_can_be_begun(self) -> None:
        """With its own commands and design; what was solved stays solved."""
        stepper = Stepper.of_level(LEVELS[1], schedule="AAAABA")
        stepper.set_level(LEVELS[2])
        assert (stepper.program.name, stepper.design, stepper.schedule) == ("three deposits", "legacy", "")
        assert LEVELS[2].goal in stepper.message
        assert stepper.progress.solved == {LEVELS[1].name}


def test_a_stepper_that_nobody_holds_is_gone_quietly() -> None:
    """Its commands are ended: none is destroyed while it waits, and none is left that was never begun."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for schedule in ("", "A", "AABB", "AAAAA"):
            stepper = Stepper(PROGRAMS["a late child"], "isolated", schedule)
            stepper.step("A")
            del stepper
        gc.collect()
    assert [str(warning.message) for warning in caught] == []
