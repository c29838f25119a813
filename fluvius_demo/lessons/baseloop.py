"""What an event loop has to answer besides; whatever decides by itself who goes next is refused."""

import asyncio
from collections.abc import Callable
from typing import Any

from fluvius_demo.errors import NotSteppableError


class BaseLoop(asyncio.AbstractEventLoop):
    """A loop of futures and tasks: no threads, processes, sockets, signals.

    - `complaints`: what asyncio's own loop would log.
    - `refusal`: the first error that was raised for a use that is refused; the code that it hit may have swallowed it.
    """

    refusal: NotSteppableError | None = None
    _factory: Callable[..., Any] | None = None

    def __init__(self) -> None:
        self.complaints: list[str] = []

    def get_debug(self) -> bool:
        """Return False: the debug mode looks at the clock."""
        return False

    def is_running(self) -> bool:
        """Return True: who can ask is running on it."""
        return True

    def create_future(self) -> asyncio.Future:
        """Return a new future of this loop."""
        return asyncio.Future(loop=self)

    def create_task(self, coro: Any, *, name: str | None = None, **options: Any) -> Any:
        """Return a new task, as asyncio's own loop does."""
        if self._factory is None:
            return asyncio.Task(coro, loop=self, name=name, **options)
        task = self._factory(self, coro, **{key: value for key, value in options.items() if value is not None})
        if name is not None:
            task.set_name(name)
        return task

    def set_task_factory(self, factory: Callable[..., Any] | None) -> None:
        """Have tasks made by this function, such as `asyncio.eager_task_factory`."""
        self._factory = factory

    def get_task_factory(self) -> Callable[..., Any] | None:
        """Return the function that makes tasks, or None."""
        return self._factory

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        """Keep the complaint."""
        error = context.get("exception")
        self.complaints.append(context["message"] + (f": {error!r}" if error is not None else ""))


# What `SteppedLoop` does.
_DONE = {"call_soon", "call_soon_threadsafe", "call_later", "call_at", "time", "is_closed", *BaseLoop.__dict__}


def _refused(name: str) -> Callable[..., Any]:
    def refuse(self: BaseLoop, *_args: Any, **_options: Any) -> Any:
        error = NotSteppableError(
            f"use the event loop's {name}() in a run that is stepped by hand",
            "threads, processes, sockets and signals decide by themselves who goes next",
            "put a coroutine that awaits a future, an event or a queue in its place",
        )
        self.refusal = self.refusal or error
        raise error

    return refuse


for _name in dir(asyncio.AbstractEventLoop):
    if not _name.startswith("_") and _name not in _DONE:
        setattr(BaseLoop, _name, _refused(_name))
