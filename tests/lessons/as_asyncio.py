"""The same coroutines on asyncio's own loop and on the stepped one: what each does, and how each ends."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping
from contextvars import Context
from typing import Any, NamedTuple

from fluvius_demo.lessons.interleave import End, Execution, Scene, Verdict, replay

Program = Callable[[list[Any]], Iterable[Coroutine[Any, Any, Any]]]


class Run(NamedTuple):
    """What a program has noted, how each of its coroutines ended, and what the loop complained about."""

    log: list[Any]
    ends: dict[str, str]
    complaints: list[str]


class VirtualLoop(asyncio.BaseEventLoop):
    """asyncio's own loop without sockets: when nobody can run, its clock goes on to the next timer."""

    def __init__(self) -> None:
        super().__init__()
        self._selector = self
        self._seconds = 0.0
        self.idle: asyncio.Future[None] = self.create_future()

    def time(self) -> float:
        """Return the virtual time."""
        return self._seconds

    def select(self, timeout: float | None) -> list[object]:
        """Let time pass; where no timer is left, all have ended or are stuck."""
        if timeout is None:
            self.idle.set_result(None)
        else:
            self._seconds += timeout
        return []

    def _process_events(self, events: list[object]) -> None:
        """There are none."""

    def _write_to_self(self) -> None:
        """Nobody calls from another thread."""


async def told(log: list[Any], name: str, times: int = 3, error: Exception | None = None) -> str:
    """Note a few steps, each followed by an await; a cancellation is noted too."""
    try:
        for number in range(times):
            log.append(f"{name}{number}")
            await asyncio.sleep(0)
    except asyncio.CancelledError:
        log.append(f"{name} cancelled")
        raise
    if error is not None:
        raise error
    return f"{name} is done"


def on_asyncio(program: Program) -> Run:
    """Run the program's coroutines as tasks, each in a fresh Context, on asyncio's own loop."""
    log: list[Any] = []
    complaints: list[str] = []

    async def main() -> Run:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _loop, context: complaints.append(context["message"]))
        named = zip("ABC", program(log), strict=False)
        tasks = {name: loop.create_task(work, name=name, context=Context()) for name, work in named}
        await loop.idle
        return Run(list(log), {name: task_end(task) for name, task in tasks.items()}, list(complaints))

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main())


def task_end(task: asyncio.Task[Any]) -> str:
    """Return how a task ended, in words."""
    if not task.done():
        return "stuck"
    if task.cancelled():
        return "CancelledError()"
    return repr(task.exception() or task.result())


def scene(program: Program, log: list[Any], ends: dict[str, str]) -> Scene:
    """Return a fresh scene of this program; the judge notes how the commands ended."""

    def judge(found: Mapping[str, End]) -> Verdict:
        ends.update({name: "stuck" if end.stuck else repr(end.error or end.result) for name, end in found.items()})
        return Verdict(())

    log.clear()
    return Scene(dict(zip("ABC", program(log), strict=False)), judge)


def on_steps(program: Program, *, virtual_time: bool) -> tuple[Run, str]:
    """Run the program on the stepped loop, always with the first choice; return the schedule as well."""
    log: list[Any] = []
    ends: dict[str, str] = {}
    execution = Execution(lambda: scene(program, log, ends), virtual_time=virtual_time).run_on()
    execution.verdict()
    complaints = [complaint.split(": ")[0] for complaint in execution.complaints]
    run = Run(list(log), dict(ends), complaints)
    execution.close()
    return run, execution.schedule


def assert_same(program: Program, *, virtual_time: bool = True) -> None:
    """Fail unless the first choices give what asyncio's own loop does, and the schedule gives it once more."""
    expected = on_asyncio(program)
    found, schedule = on_steps(program, virtual_time=virtual_time)
    assert found == expected, f"asyncio: {expected}\nstepped: {found}"
    assert expected.log
    log: list[Any] = []
    again = replay(lambda: scene(program, log, {}), schedule, virtual_time=virtual_time)
    assert (log, again.over) == (expected.log, True)
    again.close()
