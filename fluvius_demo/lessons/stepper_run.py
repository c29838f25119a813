"""A program on a design, as a run of it stands: what the stepper shows."""

import weakref
from collections.abc import Mapping
from contextlib import suppress

from fluvius_demo.errors import NotSteppableError
from fluvius_demo.lessons.all_orders import AllOrders
from fluvius_demo.lessons.graph import ProgressGraph
from fluvius_demo.lessons.interleave import Execution, Place, Report, Verdict
from fluvius_demo.lessons.programs import Program

ALL = "all"  # the owner of variables that all commands share

Slots = Mapping[str, Mapping[str, str]]


class SteppedRun:
    """A run as it stands, and what is known of all orders. It lets go of its tasks when nobody holds it any more."""

    def __init__(self, program: Program, design: str, schedule: str = "") -> None:
        self._held: list[Execution] = []
        weakref.finalize(self, _close, self._held)
        self.take(program, design, schedule)

    def take(self, program: Program, design: str, schedule: str = "") -> None:
        """Begin with a program. Raises BadRequestError, and changes nothing, where that cannot be done."""
        orders = AllOrders(program)
        self.hold(orders.replay(design, schedule))
        self.program, self.design, self.orders = program, design, orders

    def hold(self, execution: Execution) -> None:
        """Go on with this run instead of the present one."""
        _close(self._held)
        self._held.append(execution)

    @property
    def execution(self) -> Execution:
        """The run by hand."""
        return self._held[0]

    @property
    def schedule(self) -> str:
        """The steps so far, as they can be typed."""
        return self.execution.schedule

    @property
    def steps(self) -> list[str]:
        """The steps so far, by name."""
        return [step.name for step in self.execution.trace]

    @property
    def names(self) -> list[str]:
        """The commands, and behind them the tasks that they have started so far."""
        return sorted(self.execution.names, key=lambda name: (len(name) > 1, name))

    @property
    def slots(self) -> Slots:
        """What is seen of the commands' variables: by each command, or by ALL alike."""
        if self.execution.shared:
            return {ALL: self.execution.seen(self.names[0])}
        return {name: self.execution.seen(name) for name in self.names}

    @property
    def verdict(self) -> Verdict | None:
        """What became of the run; None while it is not over, or where it has used what cannot be stepped."""
        with suppress(NotSteppableError):
            return self.execution.verdict()
        return None

    @property
    def report(self) -> Report | None:
        """What became of every order on this design; None where nobody has asked yet."""
        return self.orders.reports.get(self.design)

    @property
    def graph(self) -> ProgressGraph | None:
        """The progress graph; None where there are not two commands."""
        return self.orders.graph(self.design)

    def start(self, name: str) -> Place | None:
        """Return where a command, or task, begins: the first line of its function."""
        first = next((step for step in self.execution.trace if step.name == name), None)
        return first.source if first else self.execution.where(name)


def _close(held: list[Execution]) -> None:
    while held:
        held.pop().close()
