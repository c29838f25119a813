"""What else asks an event loop for a turn, besides tasks: callbacks."""

import asyncio
from collections.abc import Callable
from contextvars import Context
from types import BuiltinMethodType, FunctionType, MethodType
from typing import Any

# What a task gives the loop: its step, which has a type of its own, or one of these methods.
METHODS = {BuiltinMethodType, MethodType}
_STEPS = {"task_wakeup", "__wakeup", "__step"}
# The functions of asyncio whose callbacks only wake somebody.
_WAKERS = ("gather.", "_wait.", "shield.", "_release_waiter", "_chain_future.", "_set_result_unless_cancelled")


def is_step(callback: Callable[..., Any]) -> bool:
    """Return whether this method of a task is its next step, and not `cancel`, say."""
    return callback.__class__ not in METHODS or callback.__name__ in _STEPS


def only_wakes(callback: Callable[..., Any]) -> bool:
    """Return whether a callback is asyncio's own and does no more than to let somebody go on who waits.

    For these it matters who has gone before only where that one cancels whoever waits, in the very round in which it is
    let go. Those of a TaskGroup and of `as_completed` keep books, too, and a limit cancels: there it always matters.
    """
    function = getattr(callback, "func", callback)
    if not isinstance(function, FunctionType) or not function.__module__.startswith("asyncio."):
        return False
    return function.__qualname__.startswith(_WAKERS)


class Callback(asyncio.Handle):
    """A callback that takes a step of its own, under a name of its own: a name that can be taken from the queue."""

    def __init__(
        self,
        callback: Callable[..., Any],
        args: tuple[Any, ...],
        loop: asyncio.AbstractEventLoop,
        context: Context | None,
        forget: Callable[[], object],
    ) -> None:
        super().__init__(callback, args, loop, context)
        self._forget = forget

    def cancel(self) -> None:
        """Take it back: it cannot run any more."""
        super().cancel()
        self._forget()
