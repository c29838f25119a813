"""A scene in every order of its steps, as a trial: how many orders fail, and the smallest of them, step by step."""

import linecache
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from types import FrameType
from typing import Any

from fluvius_demo.errors import NotRepeatableError, NotSteppableError
from fluvius_demo.lessons.exercises import hall
from fluvius_demo.lessons.exercises.checked import DrawnOrder, Move, Trial
from fluvius_demo.lessons.exercises.hall import Failing
from fluvius_demo.lessons.interleave import Execution, Fault, Make, Report, Story, explore, faults_of, steps_of
from fluvius_demo.lessons.outcomes import Finding
from fluvius_demo.lessons.places import is_ours
from fluvius_demo.lessons.scene import Scene

MOST_ORDERS = 400  # of each scene, less than a second; neither what is handed out nor a solution has as many
SAMPLES = 100  # of what is left then, for the first orders are all alike
MOST_CALLS = 100
MOST_TURNS = 100
SAME_EACH_TIME = "that the same order goes the same way each time"
Lanes = Mapping[str, str]
Run = tuple[Make, Fault | None, str, Report]  # the text: the fault in words


def in_every_order(name: str, make: Make, lanes: Lanes) -> Trial:
    """Run every order of the scene. `lanes`: what its commands are called in the picture, by their letters."""
    return _tried(name, lambda: [(make, None, "", every_order(make))], lanes)


def with_cancellations(name: str, make: Make, lanes: Lanes, whose: str = "A") -> Trial:
    """Run every order with a cancellation at each await of one command."""

    def runs() -> Iterator[Run]:
        report = every_order(make)
        faults = [fault for fault in faults_of(report, ["cancel"]) if fault.command == whose]
        if not faults:
            yield make, None, "", report
        for fault in faults:
            words = f"a cancellation comes at {lanes[whose]}'s await {fault.number}"
            yield make, fault, words, every_order(make, fault)

    return _tried(name, runs, lanes)


def with_errors(name: str, make: Callable[[Failing], Scene], lanes: Lanes, about: Collection[str]) -> Trial:
    """Run every order with an error at each call that is `about` these: those of the first command.

    `make` is given the fault, and hands it to what is called.
    """

    def runs() -> Iterator[Run]:
        for number in range(1, MOST_CALLS):
            made: list[Failing] = []

            def failing(number: int = number, made: list[Failing] = made) -> Scene:
                made.append(Failing(number, about))
                return make(made[-1])

            report = every_order(failing)
            if number > 1 and not any(one.struck for one in made):
                return
            yield failing, None, f"{next(iter(lanes.values()))}'s call {number} gets an error for an answer", report

    return _tried(name, runs, lanes)


def every_order(make: Make, fault: Fault | None = None) -> Report:
    """Run every order, or MOST_ORDERS and some by chance. Raises NotSteppableError or NotRepeatableError."""
    return explore(make, limit=MOST_ORDERS, samples=SAMPLES, fault=fault)


def _tried(name: str, runs: Callable[[], Iterable[Run]], lanes: Lanes) -> Trial:
    try:
        reports = list(runs())
        orders = sum(len(report.orders) for *_, report in reports)
        whole = all(report.exhaustive for *_, report in reports)
        failed = [(*run, story) for *run, report in reports for story in failing(report)]
        failures = sum(story.orders for *_, story in failed)
        if not failed:
            said = str(reports[0][-1].stories[0].verdict.findings[0][1].expected)
            return Trial(name, Finding("correct", said, said), orders, exhaustive=whole)
        make, fault, words, smallest = min(failed, key=lambda run: _size(run[-1]))
        finding = next(finding for _, finding in smallest.verdict.findings if finding.outcome != "correct")
        picture = drawn(make, smallest.schedule, lanes, fault, words)
        return Trial(name, finding, orders, failures, picture, exhaustive=whole)
    except NotRepeatableError:
        seen = "it does not: chance, a clock, or something of the run before decides"
        return Trial(name, Finding("wrong", SAME_EACH_TIME, seen))
    except NotSteppableError as error:
        return Trial(name, Finding("stuck", "that it can be run step by step to its end", error.wrong))


def has_to_wait(make: Make, first: str = "A", second: str = "B") -> bool:
    """Return whether the second cannot go on to its end while the first one has begun, and waits."""
    execution = Execution(make)
    try:
        execution.step(first)
        for _ in range(MOST_TURNS):  # one that asks again and again waits, too
            for name in [name for name in execution.ready if name[:1] == second]:  # its tasks do its work
                if name in execution.ready:
                    execution.step(name)
        return not execution.ended(second)
    finally:
        execution.close()


def failing(report: Report) -> list[Story]:
    """Return the stories in which something is not as it should be."""
    return [story for story in report.stories if story.outcome != "correct"]


def _size(story: Story) -> tuple[int, int, str]:
    return story.switches, len(steps_of(story.schedule)), story.schedule


def drawn(make: Make, schedule: str, lanes: Lanes, fault: Fault | None = None, words: str = "") -> DrawnOrder:
    """Run one order to its end, and note where each step stopped, and what came of it. Raises ScheduleError.

    `words`: the fault in words, whether it is injected or made by the scene itself.
    """
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
    return DrawnOrder(tuple(named), tuple(moves), findings, words)


def _lane(name: str, lanes: Lanes) -> str:
    return lanes[name[0]] + (f"'s task {name[1:]}" if name[1:] else "")


def _move(execution: Execution, name: str, lane: str) -> Move:
    """Return where a command has stopped: the innermost line of the learner's in which it waits, or its end."""
    task = execution._task(name)
    if task is None or execution.ended(name):
        failed = task is not None and not task.cancelled() and task.exception()
        return Move(lane, f"ends with {type(failed).__name__}" if failed else "has ended")
    coroutine = execution._run.originals.get(name) or task.get_coro()
    theirs = [frame for frame in _frames(coroutine) if _is_theirs(frame)]
    if not theirs:  # such as a task made of a call to the hall
        return Move(lane, "waits for an answer")
    frame = theirs[-1]
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
