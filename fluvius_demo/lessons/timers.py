"""What is to be called at a time of a run's own clock."""

import asyncio
import heapq
import itertools


class Timers:
    """A clock that stands still until it is told to go on to the next timer. Its first time is 0."""

    _count = itertools.count()

    def __init__(self) -> None:
        self.now = 0.0
        self._timers: list[tuple[float, int, asyncio.TimerHandle, str]] = []

    def __bool__(self) -> bool:
        return bool(self._timers)

    def add(self, handle: asyncio.TimerHandle, whose: str) -> None:
        """Set a timer, and note who has asked for it."""
        heapq.heappush(self._timers, (handle.when(), next(self._count), handle, whose))

    def remove(self, handle: asyncio.TimerHandle) -> None:
        """Take a timer out again."""
        self._timers = [timer for timer in self._timers if timer[2] is not handle]
        heapq.heapify(self._timers)

    def go_on(self) -> list[tuple[asyncio.TimerHandle, str]]:
        """Go on to the next timer, and return all that are due then, in the order in which they were set."""
        self.now = max(self.now, self._timers[0][0])
        due = []
        while self._timers and self._timers[0][0] <= self.now:
            _, _, handle, whose = heapq.heappop(self._timers)
            due.append((handle, whose))
        return due

    def clear(self) -> None:
        """Take out all."""
        self._timers = []
