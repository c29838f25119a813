"""The widgets. Plain controls; callbacks are synchronous, and what they do can be called without a front end."""

from collections.abc import Callable
from html import escape
from typing import Any

import ipywidgets

from fluvius_demo.errors import BadRequestError
from fluvius_demo.lessons import stepper_view as view
from fluvius_demo.lessons.designs import DESIGNS
from fluvius_demo.lessons.levels import LEVELS, PROGRESS, Level, Progress
from fluvius_demo.lessons.programs import PROGRAMS, Program
from fluvius_demo.lessons.stepper import Stepper


class _Said:
    """A widget with words for a page on which it does not come to life."""

    words: str

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        still = {"text/plain": self.words, "text/html": f"<p>{escape(self.words, quote=False)}</p>"}
        return {**super()._repr_mimebundle_(**kwargs), **still}  # type: ignore[misc]  # the widget's


class ReadyBox(_Said, ipywidgets.HBox):
    """A button, and its answer beside it."""

    words = "Where widgets work, a button stands here instead of these words. It counts its clicks."


class LivePicture(_Said, ipywidgets.HTML):
    """A picture that is drawn anew while something runs: set its `value`. `words` say what it shows."""

    def __init__(self, words: str) -> None:
        self.words = words
        super().__init__()


def ready_button() -> ReadyBox:
    """Return a button that counts its clicks beside it: if the count moves, widgets work here."""
    button = ipywidgets.Button(description="Click me", tooltip="Checks that widgets work")
    answer = ipywidgets.HTML("not clicked yet")
    clicks: list[None] = []

    def count(_button: ipywidgets.Button) -> None:
        clicks.append(None)
        answer.value = f"widgets work; clicks so far: {len(clicks)}"

    button.on_click(count)
    return ReadyBox([button, answer])


def stepper(
    what: Level | Program | str, design: str = "", schedule: str = "", progress: Progress = PROGRESS
) -> "StepperBox":
    """Return a stepper for a level or a program, or for the name of one, at this point of the run.

    A level has its own design, a program begins on the legacy one. Raises BadRequestError where there is none of
    that name, ScheduleError where the schedule cannot be followed.
    """
    named: dict[str, Level | Program] = {**PROGRAMS, **{level.name: level for level in LEVELS}}
    if isinstance(what, str) and what not in named:
        raise BadRequestError(f"step {what!r}", "there is no such level or program", f"use one of {', '.join(named)}")
    begun = named[what] if isinstance(what, str) else what

    def made(progress: Progress) -> Stepper:
        if isinstance(begun, Level):
            return Stepper.of_level(begun, design, schedule, progress=progress)
        return Stepper(begun, design or "legacy", schedule, progress=progress)

    finished = made(Progress())
    finished.run_on()
    finished.changes = {}  # nothing is new in a picture that stands still
    return StepperBox(made(progress), finished)


class StepperBox(ipywidgets.VBox):
    """The controls and the picture. On a page without widgets it is a picture of the finished run.

    All controls are the browser's own, so Tab, Enter and the space bar reach and work them.
    """

    def __init__(self, stepper: Stepper, finished: Stepper) -> None:
        self.stepper = stepper
        self._still = {"text/plain": finished.text, "text/html": view.page_html(finished)}
        self._drawing = False
        self._make_controls()
        self.goal, self.solved, self.said, self.lanes, self.state, self.text = (ipywidgets.HTML() for _ in range(6))
        picks = [self.level, self.design] if stepper.level in LEVELS else [self.design]
        actions = [self.undo, self.reset, self.run_on, self.try_all, *([self.hint] if stepper.level else [])]
        row = ipywidgets.Layout(flex_flow="row wrap")
        super().__init__(
            [
                ipywidgets.HBox(picks, layout=row),
                self.goal,
                *([self.solved] if stepper.level else []),
                self.steps,
                ipywidgets.HBox(actions, layout=row),
                self.schedule,
                self.said,
                self.lanes,
                self.state,
                self.as_text,
                self.text,
            ]
        )
        self.draw()

    def _make_controls(self) -> None:
        model, wide = self.stepper, {"description_width": "initial"}
        self._step_buttons: dict[str, ipywidgets.Button] = {}
        self.steps = ipywidgets.HBox(layout=ipywidgets.Layout(flex_flow="row wrap"))
        self.undo = self._button("Undo", "Takes the last step back", model.undo)
        self.reset = self._button("Reset", "Begins anew, with nothing run yet", model.reset)
        self.run_on = self._button("Run on", "Runs to the end, in the order of asyncio's own loop", model.run_on)
        self.try_all = self._button("Try all", "Runs every order on this design", lambda: model.try_all(self._tell))
        self.hint = self._button("Hint", "Tells a hint", model.hint)
        self.level = ipywidgets.Dropdown(
            options=[(f"{number}. {level.name}", level) for number, level in enumerate(LEVELS, start=1)],
            description="Level", style=wide, tooltip="Goes to the start of another level",
        )  # fmt: skip
        self.design = ipywidgets.Dropdown(
            options=list(DESIGNS), description="Design", style=wide,
            tooltip="Replays the same schedule on another design",
        )  # fmt: skip
        self.schedule = ipywidgets.Text(
            description="Schedule", style=wide, continuous_update=False, layout=ipywidgets.Layout(width="auto"),
            placeholder="type or paste steps, such as ABBA, and press Enter",
            tooltip="The steps so far; type or paste others and press Enter",
        )  # fmt: skip
        self.as_text = ipywidgets.ToggleButton(
            value=True, description="State as text", tooltip="Shows or hides the whole state as text"
        )
        self._when_set(self.level, lambda level: self._do(lambda: model.set_level(level)))
        self._when_set(self.design, lambda design: self._do(lambda: model.set_design(design)))
        self._when_set(self.schedule, lambda typed: self.draw("" if model.set_schedule(typed) else typed))
        self._when_set(self.as_text, lambda _shown: self.draw())

    def _button(self, name: str, tooltip: str, action: Callable[[], None]) -> ipywidgets.Button:
        button = ipywidgets.Button(description=name, tooltip=tooltip, layout=ipywidgets.Layout(width="auto"))
        button.on_click(lambda _button: self._do(action))
        return button

    def _when_set(self, control: ipywidgets.ValueWidget, action: Callable[[Any], None]) -> None:
        control.observe(lambda change: self._drawing or action(change["new"]), "value")

    def _do(self, action: Callable[[], None]) -> None:
        action()
        self.draw()

    def _tell(self, message: str) -> None:
        self.said.value = view.said_html(message)

    def draw(self, typed: str = "") -> None:
        """Show the stepper as it stands, with `typed` left to be mended; what has not changed is not sent again."""
        self._drawing = True  # setting a control's value is no wish of the learner's
        try:
            self._draw_controls(typed)
        finally:
            self._drawing = False
        model = self.stepper
        self.goal.value, self.solved.value = view.goal_html(model), view.solved_html(model.progress)
        self._tell(model.message)
        self.lanes.value, self.state.value = view.lanes_html(model), view.state_html(model)
        self.text.value = view.text_html(model)
        self.text.layout.display = "" if self.as_text.value else "none"

    def _draw_controls(self, typed: str) -> None:
        model, execution = self.stepper, self.stepper.execution
        for name in model.names:
            if name not in self._step_buttons:
                self._step_buttons[name] = self._step_button(name)
        self.steps.children = [self._step_buttons[name] for name in model.names]
        for name in model.names:
            self._step_buttons[name].disabled = name not in execution.ready
        self.undo.disabled = self.reset.disabled = not model.steps
        self.run_on.disabled = execution.over
        self.design.value = model.design
        if model.level in LEVELS:
            self.level.value = model.level
        self.schedule.value = typed or model.schedule

    def _step_button(self, name: str) -> ipywidgets.Button:
        return self._button(f"Step {name}", f"Lets {name} go to its next await", lambda: self.stepper.step(name))

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        return {**super()._repr_mimebundle_(**kwargs), **self._still}
