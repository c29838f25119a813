"""Who goes next is written down: commands that wait for their turn, and a schedule that gives the turns.

No sleeps and no clock: `play(…, schedule="ABAB")` gives the same run every time.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping
from contextvars import Context
from dataclasses import dataclass, field
from typing import Any

from fluvius_demo.errors import BadRequestError

Turn = Callable[[str], Awaitable[None]]
Body = Callable[[Turn], Awaitable[Any]]

# How often the loop goes round before a command that has its turn counts as waiting for somebody else (a lock, say).
# A store call takes one round, opening a command takes fewer than ten; no clock is involved.
ROUNDS = 50


@dataclass(frozen=True)
class Step:
    """One turn: who had it, for what, and what each open command saw when it was over."""

    number: int
    name: str
    label: str
    waits: bool
    views: Mapping[str, Any]


@dataclass
class Lane:
    """One command on its way. `moved`: it had a turn; `over`: no more turns; `stuck`: it never ended by itself."""

    name: str
    context: Context = field(default_factory=Context)
    label: str = "start"
    result: Any = None
    error: BaseException | None = None
    stuck: bool = False
    moved: bool = False
    over: bool = False
    _gate: asyncio.Event | None = None
    _task: asyncio.Task | None = None

    def start(self, body: Body) -> None:
        """Make the task, in this command's own Context."""
        self._task = asyncio.get_running_loop().create_task(_kept(self, body), context=self.context)

    @property
    def ended(self) -> bool:
        """Whether the command has returned or raised."""
        return self._task.done()

    @property
    def asks(self) -> bool:
        """Whether the command waits for its turn."""
        return self._gate is not None

    async def turn(self, label: str) -> None:
        """Wait for the next turn, to do what the label says. After the run there are none: CancelledError."""
        if self.over:
            raise asyncio.CancelledError
        self.label, self._gate = label, asyncio.Event()
        await self._gate.wait()

    async def settle(self, rounds: int = ROUNDS) -> None:
        """Let the loop run until this command has ended, asks for a turn, or waits for somebody else."""
        for _ in range(rounds):
            if self.ended or self.asks:
                return
            await asyncio.sleep(0)


async def play(
    bodies: Mapping[str, Body], schedule: Iterable[str] = (), look: Callable[[], Any] | None = None
) -> tuple[list[Step], dict[str, Lane]]:
    """Run each body as a task in a fresh Context, one turn at a time, in the order of the schedule.

    A body is called with `turn` and awaits `turn("what comes next")` before each of its steps. After the schedule the
    rest runs in the order of the names. A name in the schedule that has ended is passed over; one that cannot go on
    is noted as waiting; one that ended by itself after its wait takes no more step. `look` is called in the Context of
    each open command after each step. Raises BadRequestError for a name that is not among the bodies.
    """
    lanes, schedule = {name: Lane(name) for name in bodies}, list(schedule)
    for name in schedule:
        if name not in lanes:
            raise BadRequestError(
                f"give the next turn to {name!r}", "there is no such command", f"use only: {', '.join(lanes)}"
            )
    steps: list[Step] = []
    try:
        for name, lane in lanes.items():
            lane.start(bodies[name])
            await lane.settle()
        for name in schedule:
            await _step(lanes[name], lanes, steps, look)
        while any([await _step(lane, lanes, steps, look) for lane in lanes.values()]):
            pass
    finally:
        await _end(lanes.values())
    return steps, lanes


async def alone(body: Coroutine[Any, Any, Any], rounds: int = 20 * ROUNDS) -> Lane:
    """Run one coroutine in a fresh task and Context, to its end, or until it is stuck after that many rounds."""
    lane = Lane("alone")
    try:
        lane.start(lambda _turn: body)
        await lane.settle(rounds)
    finally:
        await _end([lane])
    return lane


async def _end(lanes: Iterable[Lane]) -> None:
    started = [lane for lane in lanes if lane._task is not None]
    for lane in started:
        lane.stuck = not lane.ended
        lane.over = True
        lane._task.cancel()
    await asyncio.gather(*(lane._task for lane in started), return_exceptions=True)


async def _kept(lane: Lane, body: Body) -> None:
    try:
        lane.result = await body(lane.turn)
    except BaseException as error:
        lane.error = error
        raise


async def _step(lane: Lane, lanes: Mapping[str, Lane], steps: list[Step], look: Callable[[], Any] | None) -> bool:
    """Give one turn; return whether the run got on by it."""
    if lane.ended:
        return False
    await lane.settle()  # it may have been waiting for somebody who has gone on meanwhile
    gate, label, lane._gate = lane._gate, lane.label, None
    if gate is not None:
        lane.moved = True
        gate.set()
        await lane.settle()
    views = {}
    if look is not None:
        views = {name: other.context.run(look) for name, other in lanes.items() if other.moved and other.asks}
    steps.append(Step(len(steps) + 1, lane.name, label, not (lane.asks or lane.ended), views))
    return gate is not None or lane.ended
