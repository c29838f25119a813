"""The stepper's widgets without a front end: every control works, and every level is won by the controls alone."""

import inspect

import ipywidgets
import pytest
from test_levels import ANOTHER_DESIGN, EVERY_ORDER, WINNING

from fluvius_demo.errors import BadRequestError, ScheduleError
from fluvius_demo.lessons.interleave import steps_of
from fluvius_demo.lessons.levels import LEVELS, PROGRESS, Level, Progress
from fluvius_demo.lessons.programs import PROGRAMS
from fluvius_demo.lessons.widgets import StepperBox, stepper

KEYBOARD = (ipywidgets.Button, ipywidgets.Text, ipywidgets.Dropdown, ipywidgets.ToggleButton)


def controls(box: ipywidgets.Box) -> list[ipywidgets.Widget]:
    """Return all that lies in a box and is no box itself, from the top to the bottom."""
    found = []
    for child in box.children:
        found += controls(child) if isinstance(child, ipywidgets.Box) else [child]
    return found


def button(box: StepperBox, name: str) -> ipywidgets.Button:
    """Return the button of this name."""
    buttons = [control for control in controls(box) if isinstance(control, ipywidgets.Button)]
    return next(button for button in buttons if button.description == name)


def click(box: StepperBox, *names: str) -> None:
    """Click these buttons, and fail where one of them is disabled."""
    for name in names:
        assert not button(box, name).disabled
        button(box, name).click()


class TestControls:
    """What each of them does to the stepper behind it."""

    def test_a_step_is_taken_and_announced(self) -> None:
        """The lanes, the state and the text follow."""
        box = stepper("two deposits", "unguarded")
        before = [part.value for part in (box.lanes, box.state, box.text)]
        click(box, "Step A")
        assert (box.stepper.schedule, box.schedule.value) == ("A", "A")
        assert "Step 1: A waits in deposit" in box.said.value
        assert not {*before} & {part.value for part in (box.lanes, box.state, box.text)}

    def test_undo_reset_and_run_on(self) -> None:
        """One back, all back, to the end."""
        box = stepper("two deposits", "unguarded", "ABB")
        click(box, "Undo")
        assert box.schedule.value == "AB"
        click(box, "Reset")
        assert box.schedule.value == ""
        click(box, "Run on")
        assert box.stepper.schedule == "ABABABABAB"

    def test_try_all(self) -> None:
        """The graph is drawn; what is said on the way was said in words."""
        box = stepper("two deposits", "legacy")
        click(box, "Try all")
        assert "10 orders (all of them): 2 correct, 8 refused" in box.said.value
        assert "not explored yet" not in box.state.value

    def test_progress_is_shown_while_all_are_tried(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """In the same place as all that is said."""
        box, told = stepper("two deposits", "legacy"), []
        box.said.observe(lambda change: told.append(change["new"]), "value")
        monkeypatch.setattr("fluvius_demo.lessons.exploring.perf_counter", iter(range(1000)).__next__)
        click(box, "Try all")
        assert "Trying all orders: 1 so far." in told[0]

    def test_a_schedule_is_typed(self) -> None:
        """As one likes, and shown as it is written everywhere."""
        box = stepper("two deposits", "unguarded")
        box.schedule.value = " ab ba"
        assert (box.stepper.schedule, box.schedule.value) == ("ABBA", "ABBA")

    def test_a_design_is_picked(self) -> None:
        """The schedule is replayed there, and what can be pressed is what can go there."""
        box = stepper("two deposits", "unguarded", "AAB")
        box.design.value = "legacy"
        assert (box.stepper.design, box.stepper.schedule) == ("legacy", "AAB")
        assert button(box, "Step B").disabled

    def test_a_level_is_picked(self) -> None:
        """With its own commands: a third button comes, and goes again."""
        box = stepper(LEVELS[1], progress=Progress())
        box.level.value = LEVELS[2]
        assert (box.stepper.level, box.design.value) == (LEVELS[2], "legacy")
        click(box, "Step C")
        box.level.value = LEVELS[1]
        assert "Step C" not in [control.description for control in controls(box) if hasattr(control, "description")]

    def test_a_hint_is_told_on_request(self) -> None:
        """Not before."""
        box = stepper(LEVELS[1], progress=Progress())
        assert LEVELS[1].hint not in box.said.value
        click(box, "Hint")
        assert LEVELS[1].hint in box.said.value

    def test_a_task_gets_a_button_when_it_comes(self) -> None:
        """Behind the others, which stay where they are."""
        box = stepper("a late child", "isolated", "AAA")
        before = box.steps.children
        click(box, "Step A")
        assert box.steps.children[:2] == before
        assert [button.description for button in box.steps.children] == ["Step A", "Step B", "Step A1"]

    def test_the_text_can_be_hidden(self) -> None:
        """It is there at first."""
        box = stepper("two deposits")
        assert box.text.layout.display == ""
        box.as_text.value = False
        assert box.text.layout.display == "none"

    def test_what_cannot_be_done_cannot_be_pressed(self) -> None:
        """At the start, in the middle, at the end."""
        box = stepper("two deposits", "legacy")
        names = ["Step A", "Step B", "Undo", "Reset", "Run on", "Try all"]

        def disabled() -> list[str]:
            return [name for name in names if button(box, name).disabled]

        assert disabled() == ["Undo", "Reset"]
        box.schedule.value = "AB"
        assert disabled() == ["Step B"]
        click(box, "Run on")
        assert disabled() == ["Step A", "Step B", "Run on"]


class TestBadInput:
    """It is announced, and nothing raises."""

    def test_a_bad_schedule_stays_to_be_mended(self) -> None:
        """The run does not change; the next step shows the run's own schedule again."""
        box = stepper("two deposits", "legacy", "AA")
        box.schedule.value = "AAQ"
        assert "there is no Q" in box.said.value
        assert (box.stepper.schedule, box.schedule.value) == ("AA", "AAQ")
        click(box, "Step A")
        assert box.schedule.value == "AAA"

    def test_a_click_that_comes_too_late(self) -> None:
        """From a page that had not heard yet that B has ended."""
        box = stepper("two deposits", "legacy", "AB")
        button(box, "Step B").click()
        assert "B has ended" in box.said.value
        assert box.stepper.schedule == "AB"

    def test_what_is_said_is_escaped(self) -> None:
        """Whatever was typed."""
        box = stepper("two deposits")
        box.schedule.value = "<img>"
        assert "&lt;img&gt;" in box.said.value.lower()
        assert "<img>" not in box.said.value.lower()

    def test_whoever_writes_a_cell_is_told_at_once(self) -> None:
        """Names and schedules."""
        with pytest.raises(BadRequestError, match="there is no such level or program"):
            stepper("three withdrawals")
        with pytest.raises(ScheduleError, match="there is no Q"):
            stepper("two deposits", schedule="Q")


class TestLevels:
    """Won by the controls alone."""

    @pytest.mark.parametrize("level", LEVELS, ids=lambda level: level.name)
    def test_every_level_is_won(self, level: Level) -> None:
        """By steps, by the design picker, or by the button that tries all; then it is said and shown."""
        box = stepper(level.name, progress=Progress())
        if level.name in EVERY_ORDER:
            click(box, "Try all")
        elif level.name == ANOTHER_DESIGN:
            box.schedule.value = "AAAABBBBBA"
            box.design.value = "isolated"
        else:
            click(box, *(f"Step {name}" for name in steps_of(WINNING[level.name])))
        assert box.stepper.won
        assert "Solved! " in box.said.value
        assert "✓ Won." in box.goal.value
        assert f"1 of {len(LEVELS)}: ✓ " in box.solved.value

    def test_a_cell_that_is_run_again_begins_anew_and_remembers(self) -> None:
        """What was solved, in the kernel's own progress or in another."""
        progress = Progress()
        box = stepper(LEVELS[1], progress=progress)
        box.schedule.value = "AAAABA"
        again = stepper(LEVELS[1], progress=progress)
        assert (again.stepper.schedule, again.stepper.won) == ("", False)
        assert "✓ solved: " in again.goal.value
        assert stepper(LEVELS[0]).stepper.progress is PROGRESS

    def test_showing_a_finished_run_solves_nothing(self) -> None:
        """The page without widgets may show an order that wins."""
        progress = Progress()
        box = stepper(LEVELS[1], progress=progress)
        assert "✓ Won." in box._repr_mimebundle_()["text/html"]
        assert progress.solved == set()


class TestTheKeyboard:
    """All that can be done can be done without a mouse."""

    @pytest.mark.parametrize("what", ["a late child", LEVELS[0].name])
    def test_every_control_is_the_browsers_own(self, what: str) -> None:
        """So Tab reaches it, and Enter or the space bar works it; none is taken out of that order."""
        found = controls(stepper(what))
        assert all(isinstance(control, (*KEYBOARD, ipywidgets.HTML)) for control in found)
        assert [control.tabbable for control in found if control.tabbable is False] == []

    def test_every_control_has_a_name_and_says_what_it_does(self) -> None:
        """To a screen reader, and under the pointer."""
        for control in controls(stepper(LEVELS[0], progress=Progress())):
            if isinstance(control, KEYBOARD):
                assert control.description
                assert control.tooltip

    def test_a_schedule_counts_when_it_is_finished(self) -> None:
        """With Enter, and not at each letter."""
        assert stepper("two deposits").schedule.continuous_update is False

    def test_callbacks_are_plain_functions(self) -> None:
        """A coroutine function would be called and never awaited."""
        buttons = [control for control in controls(stepper("two deposits")) if isinstance(control, ipywidgets.Button)]
        callbacks = [callback for button in buttons for callback in button._click_handlers.callbacks]
        assert len(callbacks) == len(buttons)
        assert not any(inspect.iscoroutinefunction(callback) for callback in callbacks)

    def test_what_is_said_is_read_out(self) -> None:
        """In the region that a screen reader listens to."""
        assert 'role="status" aria-live="polite"' in stepper("two deposits").said.value


class TestWithoutWidgets:
    """A rendered page shows a finished run."""

    def test_the_picture_and_the_text_go_with_the_widget(self) -> None:
        """Of the run to its end, whatever is done with the widget."""
        box = stepper("two deposits", "legacy", "AAB")
        before = box._repr_mimebundle_()
        click(box, "Step A")
        assert box._repr_mimebundle_() == before
        assert before.keys() == {"application/vnd.jupyter.widget-view+json", "text/html", "text/plain"}
        for kind in ("text/html", "text/plain"):
            assert "The run is over." in before[kind]
            assert "AABAAA" in before[kind]

    def test_the_same_cell_gives_the_same_page(self) -> None:
        """Also when a level was solved meanwhile."""
        progress = Progress()
        one = stepper(LEVELS[1], progress=progress)
        one.schedule.value = "AAAABA"
        other = stepper(LEVELS[1], progress=progress)
        for kind in ("text/html", "text/plain"):
            assert one._repr_mimebundle_()[kind] == other._repr_mimebundle_()[kind]

    def test_a_program_of_ones_own_can_be_stepped(self) -> None:
        """It need not be in a list."""
        assert "Level" not in [getattr(part, "description", "") for part in controls(stepper(PROGRAMS["one account"]))]
