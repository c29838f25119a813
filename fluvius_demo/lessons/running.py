"""One run of a scene on a stepped loop: what both the run by hand and the runs in every order are made of."""

import asyncio
from collections.abc import Callable, Coroutine
from inspect import CORO_CREATED, getcoroutinestate
from types import CoroutineType
from typing import Any

from fluvius_demo.lessons.scene import End, Fault, InjectedError, Scene, Verdict, checked, raising_at
from fluvius_demo.lessons.steploop import MOST_STEPS, SteppedLoop, too_many_steps


class Running:
    """One run of a scene: its tasks, its loop, and the fault that is injected into it."""

    def __init__(
        self, scene: Scene, *, virtual_time: bool = False, ordered: bool = True, fault: Fault | None = None
    ) -> None:
        self.scene, self.originals, self.fault = checked(scene, fault), scene.commands, fault
        self.loop = SteppedLoop(virtual_time=virtual_time, ordered=ordered)
        self.tasks: dict[str, asyncio.Task] = {}
        self._passed = 0

    def start(self) -> Callable[[str], None]:
        """Make the tasks, and return the function that runs one step. For use inside of `with loop:`."""
        fault, commands = self.fault, self.originals
        if fault is not None and fault.kind == "error":
            commands = {**commands, fault.command: raising_at(fault.number, commands[fault.command])}
        self.tasks = self.loop.start(commands)
        return self.loop.step if fault is None or fault.kind == "error" else self._step_and_cancel

    def _step_and_cancel(self, name: str) -> None:
        kind, command, number = self.fault
        if name != command:
            return self.loop.step(name)
        self._passed += 1
        cancel = self.tasks[command].cancel
        if kind == "cancel late" and self._passed == number + 1:
            cancel()
        self.loop.step(name, cancel if kind == "cancel" and self._passed == number else None)

    def ends(self) -> dict[str, End]:
        """Return how each command ended; to be asked when nobody can run any more.

        Raises NotSteppableError where one has used what is refused, also where it has swallowed the refusal.
        """
        if self.loop.refusal is not None:
            raise self.loop.refusal
        return {name: self._end(name, task) for name, task in self.tasks.items()}

    def _end(self, name: str, task: asyncio.Task) -> End:
        if not task.done():
            return End(stuck=True)
        hit = self.fault is not None and self.fault.command == name
        if task.cancelled():
            return End(error=asyncio.CancelledError(), injected=hit and self._passed > self.fault.number)
        error = task.exception()
        if error is not None:
            return End(error=error, injected=hit and _all_injected(error))
        return End(task.result())

    def verdict(self) -> Verdict:
        """Return what the scene's judge says."""
        return self.scene.judge(self.ends())

    def all_tasks(self) -> dict[str, asyncio.Task]:
        """Return the commands' tasks and those that they have started, by name."""
        return {name: task for task, name in self.loop.names.items()}

    def forget(self) -> None:
        """Close whatever has not begun, of a run that nobody has closed: else it is told that nobody awaited it."""
        for coroutine in (*self.originals.values(), *(task.get_coro() for task in self.loop.names)):
            if isinstance(coroutine, CoroutineType) and getcoroutinestate(coroutine) == CORO_CREATED:
                coroutine.close()

    def close(self) -> None:
        """Cancel what still runs, and let go of everything."""
        with self.loop:
            self.loop.end()


def _all_injected(error: BaseException) -> bool:
    if isinstance(error, BaseExceptionGroup):
        return all(_all_injected(part) for part in error.exceptions)
    return isinstance(error, InjectedError)


def run_alone(coroutine: Coroutine[Any, Any, Any]) -> End:
    """Run one coroutine to its end, as asyncio would, or until it is stuck; nobody else runs meanwhile."""
    running = Running(Scene({"A": coroutine}, lambda _ends: Verdict(())))
    with running.loop as loop:
        running.start()
        for _ in range(MOST_STEPS):
            if not loop.queue:
                break
            loop.step(loop.in_order()[0])
        else:
            raise too_many_steps()
        end = running.ends()["A"]
        loop.end()
    return end
