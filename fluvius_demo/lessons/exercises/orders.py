"""A scene in every order of its steps, as a trial: how many orders fail, and the smallest of them, step by step."""

import linecache
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import FrameType
from typing import Any

from fluvius_demo.errors import NotRepeatableError, NotSteppableError
from fluvius_demo.lessons.exercises import hall
from fluvius_demo.lessons.exercises.checked import DrawnOrder, Move, Trial
from fluvius_demo.lessons.interleave import Execution, Fault, Make, Report, Story, explore, faults_of, steps_of
from fluvius_demo.lessons.outcomes import Finding
from fluvius_demo.lessons.places import is_ours
from fluvius_demo.lessons.scene import FaultKind

MOST_ORDERS = 1_000  # of each scene, less than a second; neither what is handed out nor a solution comes near it
MOST_TURNS = 100
Lanes = Mapping[str, str]


def in_every_order(name: str, make: Make, lanes: Lanes) -> Trial:
    """Run every order of the scene. `lanes`: what its commands are called in the picture, by their letters."""
    return _tried(name, lambda: [(make, None, every_order(make))], lanes)


def with_faults(name: str, make: Make, lanes: Lanes, kind: FaultKind, whose: str) -> Trial:
    """Run every order with a fault at each await of one command."""

    def runs() -> list[tuple[Make, Fault, Report]]:
        faults = [fault for fault in faults_of(every_order(make), [kind]) if fault.command == whose]
        return [(make, fault, every_order(make, fault)) for fault in faults]

    return _tried(name, runs, lanes)


def every_order(make: Make, fault: Fault | None = None) -> Report:
    """Run every order, up to MOST_ORDERS. Raises NotSteppableError or NotRepeatableError."""
    return explore(make, limit=MOST_ORDERS, samples=0, fault=fault)


def _tried(name: str, runs: Callable[[], Iterable[tuple[Make, Fault | None, Report]]], lanes: Lanes) -> Trial:
    try:
        reports = list(runs())
        orders = sum(len(report.orders) for *_, report in reports)
        whole = all(report.exhaustive for *_, report in reports)
        failed = [(make, fault, story) for make, fault, report in reports for story in failing(report)]
        failures = sum(story.orders for *_, story in failed)
        if not failed:
            said = str(reports[0][2].stories[0].verdict.findings[0][1].expected)
            return Trial(name, Finding("correct", said, said), orders, exhaustive=whole)
        make, fault, smallest = min(failed, key=lambda run: _size(run[2]))
        finding = next(finding for _, finding in smallest.verdict.findings if finding.outcome != "correct")
        return Trial(name, finding, orders, failures, drawn(make, smallest.schedule, lanes, fault), exhaustive=whole)
    except NotRepeatableError:
        seen = "it does not: something of one run is still there in the next one"
        return Trial(name, Finding("wrong", "that the same order goes the same way each time", seen))
    except NotSteppableError as error:
        return Trial(name, Finding("stuck", "that it can be run step by step to its end", error.wrong))


def has_to_wait(make: Make, first: str = "A", second: str = "B") -> bool:
    """Return whether the second cannot go on to its end while the first one has begun, and waits."""
    execution = Execution(make)
    try:
        execution.step(first)
        for _ in range(MOST_TURNS):  # one that asks again and again waits, too
            if second in execution.ready:
                execution.step(second)
        return not execution.ended(second)
    finally:
        execution.close()


def failing(report: Report) -> list[Story]:
    """Return the stories in which something is not as it should be."""
    return [story for story in report.stories if story.outcome != "correct"]


def _size(story: Story) -> tuple[int, int, str]:
    return story.switches, len(steps_of(story.schedule)), story.schedule


def drawn(make: Make, schedule: str, lanes: Lanes, fault: Fault | None = None) -> DrawnOrder:
    """Run one order to its end, and note where each step stopped, and what came of it. Raises ScheduleError."""
    execution, moves = Execution(make, fault=fault), []
    try:
        given = iter(steps_of(schedule))
        while not execution.over:
            name = next(given, execution.ready[0])
            execution.step(name)
            moves.append(_move(execution, name, _lane(name, lanes)))
        named = [_lane(name, lanes) for name in execution.names]
        verdict = execution.verdict()
    finally:
        execution.close()
    findings = tuple((_lane(name, lanes), finding) for name, finding in verdict.findings)
    return DrawnOrder(tuple(named), tuple(moves), findings, _in_words(fault, lanes) if fault else "")


def _lane(name: str, lanes: Lanes) -> str:
    return lanes[name[0]] + (f"'s task {name[1:]}" if name[1:] else "")


def _in_words(fault: Fault, lanes: Lanes) -> str:
    what = "a cancellation" if fault.kind.startswith("cancel") else "an error"
    return f"{what} comes at {_lane(fault.command, lanes)}'s await {fault.number}"


def _move(execution: Execution, name: str, lane: str) -> Move:
    """Return where a command has stopped: the innermost line of the learner's in which it waits, or its end."""
    task = execution._task(name)
    if task is None or execution.ended(name):
        failed = task is not None and not task.cancelled() and task.exception()
        return Move(lane, f"ends with {type(failed).__name__}" if failed else "has ended")
    coroutine = execution._run.originals.get(name) or task.get_coro()
    frame = [frame for frame in _frames(coroutine) if _is_theirs(frame)][-1]
    line = linecache.getline(frame.f_code.co_filename, frame.f_lineno).strip()
    return Move(lane, f"waits in {frame.f_code.co_name}", line)


def _is_theirs(frame: FrameType) -> bool:
    return is_ours(frame.f_code) and frame.f_code.co_filename != hall.__file__


def _frames(waits: Any) -> Iterator[FrameType]:
    """Yield the frames from the outermost to the innermost, those within an @asynccontextmanager included."""
    while waits is not None:
        frame = _of(waits, "frame")
        if frame is None:
            return
        yield frame
        inner = _of(waits, "await") or getattr(waits, "gi_yieldfrom", None)
        if _of(inner, "frame") is None and frame.f_code.co_name in ("__aenter__", "__aexit__"):
            inner = getattr(frame.f_locals.get("self"), "gen", None)  # what steps it cannot be asked
        waits = inner


def _of(waits: Any, what: str) -> Any:
    found = (getattr(waits, f"{kind}_{what}", None) for kind in ("cr", "gi", "ag"))
    return next((one for one in found if one is not None), None)
