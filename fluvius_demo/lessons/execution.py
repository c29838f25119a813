"""One run that is stepped by hand: who can go, where everybody waits, what everybody sees, and back again."""

import re
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any, NamedTuple, Self

from fluvius_demo.errors import ScheduleError
from fluvius_demo.lessons.places import Place, places
from fluvius_demo.lessons.running import Running
from fluvius_demo.lessons.scene import Fault, Make, Verdict
from fluvius_demo.lessons.steploop import MOST_STEPS, too_many_steps


class Step(NamedTuple):
    """One step: who took it, from which line to which (None: it had not begun, or has ended), and who can go then."""

    number: int
    name: str
    source: Place | None
    target: Place | None
    ready: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.number}. {self.name}: " + (f"waits in {self.target}" if self.target else "has ended")


class Execution:
    """A scene that is stepped by hand. Each step runs one command, or task of a command, to its next await.

    >>> execution = Execution(make)         # make() gives a fresh Scene; nothing has run yet
    >>> execution.step("A").step("B")
    >>> execution.schedule
    'AB'
    """

    def __init__(self, make: Make, *, virtual_time: bool = False, fault: Fault | None = None) -> None:
        self._make, self._virtual, self._fault = make, virtual_time, fault
        self._begin()

    def __del__(self) -> None:
        if "_run" in vars(self):
            self._run.forget()

    def _begin(self) -> None:
        self._run = Running(self._make(), virtual_time=self._virtual, fault=self._fault)
        with self._run.loop:
            self._step = self._run.start()
        self.trace: list[Step] = []
        self._verdict: Verdict | None = None

    @property
    def schedule(self) -> str:
        """The steps so far, as a text that can be typed: "ABBA"; a task that A has started is A1, A2, …"""
        return "".join(step.name for step in self.trace)

    @property
    def commands(self) -> tuple[str, ...]:
        """The names of the commands."""
        return tuple(self._run.tasks)

    @property
    def names(self) -> tuple[str, ...]:
        """The commands, and the tasks and callbacks that they have started so far."""
        return tuple(sorted(self._run.loop.contexts, key=lambda name: (name[0], int(name[1:] or 0))))

    @property
    def ready(self) -> tuple[str, ...]:
        """Who can run now; the first is the one that asyncio's own loop would take."""
        return tuple(self._run.loop.in_order())

    @property
    def over(self) -> bool:
        """Whether nobody can run any more: all have ended, or are stuck."""
        return not self._run.loop.queue

    @property
    def clock(self) -> float:
        """Seconds that have passed on the run's own clock."""
        return self._run.loop.time()

    @property
    def complaints(self) -> tuple[str, ...]:
        """What asyncio would have logged: the errors of tasks that nobody asked about, and the like."""
        unasked = [task for name, task in self._run.all_tasks().items() if name not in self.commands and self.over]
        return (
            *self._run.loop.complaints,
            *(f"Task exception was never retrieved: {task._exception!r}" for task in unasked if task._log_traceback),
        )

    def step(self, name: str) -> Self:
        """Run one step of a command. Raises ScheduleError where it cannot run now; then nothing has changed."""
        if name not in self._run.loop.queue:
            raise ScheduleError(f"let {name} go next{self._after()}", self._why_not(name), self._instead())
        source = self.where(name)
        with self._run.loop:
            self._step(name)
        self.trace.append(Step(len(self.trace) + 1, name, source, self.where(name), self.ready))
        return self

    def run_on(self, first: str | None = None) -> Self:
        """Run to the end, as asyncio's own loop would; with `first`, that one as far as it can go, then the others.

        Raises NotSteppableError where that takes too many steps.
        """
        for _ in range(MOST_STEPS):
            if self.over:
                return self
            if first not in self._run.loop.queue:
                first = None
            self.step(first or self.ready[0])
        raise too_many_steps()

    def undo(self) -> Self:
        """Take the last step back: the run is made anew, up to the step before."""
        names = [step.name for step in self.trace[:-1]]
        self.reset()
        for name in names:
            self.step(name)
        return self

    def reset(self) -> Self:
        """Begin anew, with nothing run yet."""
        self.close()
        self._begin()
        return self

    def close(self) -> None:
        """Cancel what still runs and let go of it."""
        self._run.close()

    def ended(self, name: str) -> bool:
        """Return whether this command or task has ended."""
        task = self._task(name)
        return name not in self._run.loop.queue and (task is None or task.done())

    def waits_for(self, name: str) -> list[Place]:
        """Return all lines in which a command waits, from its own to the innermost; see `places`."""
        task = self._task(name)
        return places(self._run.originals.get(name) or (task and task.get_coro()))

    def where(self, name: str) -> Place | None:
        """Return the line of the command's own code in which it waits; None where it has ended."""
        return next(iter(self.waits_for(name)), None)

    def variables(self, name: str) -> dict[str, Any]:
        """Return what the Context of a command holds: the values of context variables, by the variables' names."""
        return {variable.name: value for variable, value in self._run.loop.contexts[self._known(name)].items()}

    def value(self, name: str, variable: ContextVar[Any], default: Any = None) -> Any:
        """Return the value of one variable in the Context of a command."""
        return self._run.loop.contexts[self._known(name)].get(variable, default)

    def seen(self, name: str) -> Mapping[str, str]:
        """Return what the scene's observer sees in the Context of a command, by name."""
        return self._run.loop.contexts[self._known(name)].run(self._run.scene.look, name)

    @property
    def shared(self) -> bool:
        """Whether what is seen lies in variables that all commands share."""
        return self._run.scene.shared

    def verdict(self) -> Verdict | None:
        """Return what became of the run; None while it is not over."""
        if self._verdict is None and self.over:
            self._verdict = self._run.verdict()
        return self._verdict

    def _known(self, name: str) -> str:
        if name not in self._run.loop.contexts:
            raise ScheduleError(f"look at {name!r}", "there is no such command yet", f"use {', '.join(self.names)}")
        return name

    def _task(self, name: str) -> Any:
        return self._run.all_tasks().get(self._known(name))  # None: a callback

    def _why_not(self, name: str) -> str:
        if name not in self._run.loop.contexts:
            return f"there is no {name}" + (" yet" if name[:1] in self.commands else "")
        if self.ended(name):
            return f"{name} has ended"
        return f"{name} waits for somebody else" + (f" in {place}" if (place := self.where(name)) else "")

    def _after(self) -> str:
        return f" after {self.schedule!r}" if self.trace else " at the start"

    def _instead(self) -> str:
        return f"choose one of those that can run: {', '.join(self.ready)}" if not self.over else "stop: it is over"


def replay(make: Make, schedule: str, *, virtual_time: bool = False, fault: Fault | None = None) -> Execution:
    """Return an execution in which these steps were taken: `replay(make, "ABBA")`.

    Raises ScheduleError where a step cannot be taken, which says how far the schedule could be followed.
    """
    names = steps_of(schedule)
    execution = Execution(make, virtual_time=virtual_time, fault=fault)
    for number, name in enumerate(names):
        try:
            execution.step(name)
        except ScheduleError as error:
            done, rest = "".join(names[:number]), "".join(names[number:])
            execution.close()
            raise ScheduleError(
                f"follow the schedule {schedule!r}",
                f"it could be followed up to {done!r}, but then {error.wrong} (left over: {rest!r})",
                error.remedy,
            ) from None
    return execution


def steps_of(schedule: str) -> list[str]:
    """Return the steps of a written schedule: "ABA1" → A, B, A1. Blanks do not count; small letters are as good.

    Raises ScheduleError for anything else.
    """
    text = re.sub(r"\s+", "", schedule).upper()
    names = re.findall(r"[A-Z][0-9]*", text)
    if "".join(names) != text:
        wrong = re.sub(r"[A-Z][0-9]*", "", text)
        raise ScheduleError(
            f"read the schedule {schedule!r}",
            f"it has {wrong!r} in it",
            "write one capital letter for each step, ABBA, and a number behind it for a task that A has started, A1",
        )
    return names
