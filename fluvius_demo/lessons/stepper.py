"""The stepper without its widgets: what a learner can do with a run, and words for whatever happens then."""

from collections.abc import Callable

from fluvius_demo.errors import DemoError, NotSteppableError, ScheduleError
from fluvius_demo.lessons import stepper_words as words
from fluvius_demo.lessons.interleave import Verdict
from fluvius_demo.lessons.levels import Level, Progress
from fluvius_demo.lessons.programs import PROGRAMS, Program
from fluvius_demo.lessons.stepper_run import Slots, SteppedRun


class Stepper(SteppedRun):
    """A run that is stepped by hand. Nothing that is done here raises: `message` says what happened, or why it did not.

    - `changes`: what the last action has changed among the slots, by owner and name, with the value before.
    - `left_over`: what of the schedule could not be followed on the design that was picked last.
    - `finished`: the verdicts of all runs that were over, by design and schedule.
    """

    def __init__(
        self, program: Program, design: str = "legacy", schedule: str = "", *, progress: Progress | None = None
    ) -> None:
        self.progress = Progress() if progress is None else progress
        super().__init__(program, design, schedule)

    @classmethod
    def of_level(
        cls, level: Level, design: str = "", schedule: str = "", *, progress: Progress | None = None
    ) -> "Stepper":
        """Return a stepper at the start of a level; it can be given another design to begin with."""
        stepper = cls(PROGRAMS[level.program], design or level.design, schedule, progress=progress)
        stepper.level = level
        stepper._settle(stepper.slots)
        return stepper

    def take(self, program: Program, design: str, schedule: str = "") -> None:
        """Begin with a program, and with no level. Raises BadRequestError where that cannot be done."""
        super().take(program, design, schedule)
        self.level: Level | None = None
        self.finished: dict[tuple[str, str], Verdict] = {}
        self.left_over: list[str] = []
        self.message = f"The run after {self.schedule}." if self.steps else "Nothing has run yet."
        self._settle(self.slots)

    @property
    def won(self) -> bool:
        """Whether the level is won as things stand."""
        level = self.level
        return level is not None and (level.anywhere or self.design == level.design) and level.won(self)

    @property
    def text(self) -> str:
        """The whole state as plain text."""
        return words.state_of(self)

    def step(self, name: str) -> None:
        """Let this command, or task, go one step."""
        self._do(lambda: self._step(name), tell_changes=True)

    def undo(self) -> None:
        """Take the last step back."""
        self._do(self._undo)

    def reset(self) -> None:
        """Begin anew, with nothing run yet."""
        self._do(self._reset)

    def run_on(self) -> None:
        """Let everybody go on to the end, in the order in which asyncio's own loop would take them."""
        self._do(self._run_on)

    def set_schedule(self, schedule: str) -> bool:
        """Begin anew and take these steps; return whether that could be done. If not, nothing changes."""
        return self._do(lambda: self._follow(schedule))

    def set_design(self, design: str) -> None:
        """Replay the same schedule on another design, as far as it goes there."""
        self._do(lambda: self._move(design))

    def set_level(self, level: Level) -> None:
        """Go to the start of another level."""
        self._do(lambda: self._begin(level))

    def try_all(self, progress: Callable[[str], None] | None = None) -> None:
        """Run every order on this design. `progress` is told twice a second how far that is."""
        self._do(lambda: f"Every order on {self.design}: {self.orders.explore(self.design, progress)}.")

    def hint(self) -> None:
        """Have the level's hint told."""
        self.message = f"Hint: {self.level.hint}" if self.level else "There is no hint: this is no level."

    def _do(self, action: Callable[[], str], *, tell_changes: bool = False) -> bool:
        before, stood, was_won = self.slots, (self.design, self.schedule), self.won
        try:
            self.message = action()
            self._settle(before)
            if tell_changes and self.changes:
                self.message += f" {words.changes_of(self)}"
            verdict = self.execution.verdict()
            if verdict is not None and stood != (self.design, self.schedule):
                self.message += f" {words.verdict_of(verdict)}"
        except DemoError as error:
            self.message = str(error)
            return False
        if self.level is not None and self.won and not was_won:
            self.message += f" Solved! {self.level.notice}"
        return True

    def _settle(self, before: Slots) -> None:
        self.changes = {
            (owner, slot): before[owner][slot]
            for owner, slots in self.slots.items()
            for slot, value in slots.items()
            if owner in before and before[owner].get(slot, value) != value
        }
        if self.verdict is not None:
            self.finished[self.design, self.schedule] = self.verdict
        if self.level is not None and self.won:
            self.progress.solved.add(self.level.name)

    def _step(self, name: str) -> str:
        known = set(self.names)
        self.execution.step(name)
        self.left_over = []
        return words.step_of(self.execution.trace[-1], set(self.names) - known)

    def _undo(self) -> str:
        if not self.steps:
            return "There is no step to take back."
        last, self.left_over = self.steps[-1], []
        self.execution.undo()
        return f"The last step, {last}'s, was taken back."

    def _reset(self) -> str:
        self.execution.reset()
        self.left_over = []
        return "Back at the start: nothing has run yet."

    def _run_on(self) -> str:
        done, schedule = len(self.steps), self.schedule
        try:
            self.execution.run_on()
        except NotSteppableError:
            self.hold(self.orders.replay(self.design, schedule))
            raise
        self.left_over = []
        return f"Went on as asyncio's own loop would: {''.join(self.steps[done:]) or 'no step was left'}."

    def _follow(self, schedule: str) -> str:
        self.hold(self.orders.replay(self.design, schedule))
        self.left_over = []
        return f"Took the steps {self.schedule}.{words.who_can_go(self)}" if self.steps else self._reset()

    def _move(self, design: str) -> str:
        steps, execution = [*self.steps, *self.left_over], self.orders.replay(design)
        said = f"The same schedule on {design}."
        self.left_over = []
        for number, name in enumerate(steps):
            try:
                execution.step(name)
            except ScheduleError as error:
                said = f"On {design} the schedule goes as far as {''.join(steps[:number])}: then {error.wrong}."
                self.left_over = steps[number:]
                break
        self.hold(execution)
        self.design = design
        return said + words.left_over(self) + words.who_can_go(self)

    def _begin(self, level: Level) -> str:
        self.take(PROGRAMS[level.program], level.design)
        self.level = level
        return f"{level.name}. {level.goal}"
