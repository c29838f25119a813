"""An event loop for a Python that has neither sockets nor threads: all that it can wait for is time."""

import asyncio
import time


class TimersOnlyLoop(asyncio.BaseEventLoop):
    """asyncio's own loop, less the selector.

    The browser's Python has no other on which `asyncio.run` could run here. Its WebLoop hands everything to
    JavaScript, and can wait for that only where JavaScript can switch stacks, which Node 20 cannot: `asyncio.run` then
    raises RuntimeError. A SelectorEventLoop needs a pair of sockets, and `socket.socketpair` raises OSError.
    """

    def __init__(self) -> None:
        super().__init__()
        self._selector = self

    def select(self, timeout: float | None) -> list[object]:
        """Sleep until the next timer is due; no timer, and nothing ready to run, means a deadlock."""
        if timeout is None:
            raise RuntimeError("Deadlock: no task can go on, and no timer is set")
        if timeout > 0:
            time.sleep(timeout)
        return []

    def _process_events(self, events: list[object]) -> None:
        """There are none."""

    def _write_to_self(self) -> None:
        """Nobody has to be woken: whoever calls from outside runs in the loop's own thread."""
