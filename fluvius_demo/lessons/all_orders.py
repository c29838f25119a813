"""The orders of a program, design by design: one of them, or every one, as far as somebody has asked for it."""

from collections.abc import Callable

from fluvius_demo.errors import BadRequestError
from fluvius_demo.lessons.designs import DESIGNS
from fluvius_demo.lessons.graph import ProgressGraph, progress_graph
from fluvius_demo.lessons.interleave import Execution, Make, Report, explore, replay
from fluvius_demo.lessons.programs import Program

MOST_ORDERS = 15_000  # a few seconds; of what is beyond that, some orders are drawn by chance


class AllOrders:
    """What is known of every order of a program. `reports`: by the name of the design."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.reports: dict[str, Report] = {}
        self._graphs: dict[str, ProgressGraph] = {}

    def make(self, design: str) -> Make:
        """Return what makes the program's scenes on a design. Raises BadRequestError where there is none so named."""
        if design not in DESIGNS:
            raise BadRequestError(f"use the design {design!r}", "there is no such design", f"use {', '.join(DESIGNS)}")
        return self.program.make(DESIGNS[design].aggregate)

    def replay(self, design: str, schedule: str = "") -> Execution:
        """Return a run of these steps. Raises BadRequestError, or ScheduleError where they cannot be taken."""
        return replay(self.make(design), schedule)

    def explore(self, design: str, progress: Callable[[str], None] | None = None) -> Report:
        """Run every order, once. `progress` is told twice a second how far that is."""
        if design not in self.reports:
            tell = (lambda orders: progress(f"Trying all orders: {orders} so far.")) if progress else None
            self.reports[design] = explore(self.make(design), limit=MOST_ORDERS, progress=tell)
        return self.reports[design]

    def graph(self, design: str) -> ProgressGraph | None:
        """Return the progress graph, empty where nobody has asked yet; None where there are not two commands."""
        names = tuple(self.program.roles)
        if len(names) != 2:
            return None
        if design not in self.reports:
            return ProgressGraph.empty(names)
        if design not in self._graphs:
            self._graphs[design] = progress_graph(self.reports[design])
        return self._graphs[design]
