"""The watched command frame: it tells watchers when a command is asked for, opens, is annotated and ends."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from types import TracebackType
from typing import Any, ClassVar, Literal, NamedTuple

from fluvius_demo.aggregate import RestrictedAggregateProxy
from fluvius_demo.errors import DemoError
from fluvius_demo.frame import CommandFrame, Metadata, current
from fluvius_demo.isolated import IsolatedAggregate

logger = logging.getLogger(__name__)

# ok; refused: one of this package's errors, such as too little money; failed: any other error; cancelled.
Ended = Literal["ok", "refused", "failed", "cancelled"]


class Who(NamedTuple):
    """A command in text, which may be kept for as long as one likes: it holds none of the command's objects.

    `root` is `resource/identifier`; `parent` is the id of the command around it.
    """

    id: str
    key: str
    root: str
    parent: str | None


class Watcher:
    """What a watched command tells; a subclass overrides what it wants to hear. It is called in the command's task."""

    def asked(self, frame: "WatchedFrame") -> None:
        """Hear of a command before anything of it has begun. If this raises, the caller gets that, and nothing begins."""

    def opened(self, frame: "WatchedFrame") -> None:
        """Hear of a command that is open now; it can be asked for all that it has."""

    def annotated(self, frame: "WatchedFrame", values: Metadata) -> None:
        """Hear of key-values that were put on the command."""

    def ended(self, frame: "WatchedFrame", outcome: Ended, seconds: float | None) -> None:
        """Hear of an end: of the frame only `who` is left. `seconds` is None for a command that did not open."""


class WatchedFrame(CommandFrame):
    """A command frame that tells its watchers."""

    __slots__ = ("__weakref__", "began", "spans", "who")
    watchers: ClassVar[tuple[Watcher, ...]] = ()

    async def __aenter__(self) -> RestrictedAggregateProxy:
        self.who = who_of(self)
        for watcher in self.watchers:
            watcher.asked(self)
        began = perf_counter()
        try:
            proxy = await super().__aenter__()
        except BaseException as error:
            self.tell("ended", outcome_of(error), None)
            raise
        self.began = began
        self.tell("opened")
        return proxy

    async def __aexit__(
        self, type: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            await super().__aexit__(type, error, traceback)
        except BaseException as raised:
            error = raised
            raise
        finally:
            self.tell("ended", outcome_of(error), perf_counter() - self.began)

    def annotate(self, values: Metadata) -> None:
        """Put key-values on the command, and tell."""
        super().annotate(values)
        self.tell("annotated", values)

    def tell(self, what: str, *more: Any) -> None:
        """Call this method of each watcher. One that fails is logged: it must not make the command look failed."""
        for watcher in self.watchers:
            try:
                getattr(watcher, what)(self, *more)
            except Exception:
                logger.exception("The watcher %r failed. To solve this, mend its method %s.", watcher, what)


@contextmanager
def watch(aggregate: IsolatedAggregate, *watchers: Watcher) -> Iterator[None]:
    """Tell these watchers of each command that is made inside of the block, in addition to those of a block around it.

    A command that was made before goes on unwatched, and one that was made inside is watched to its end. Raises
    TypeError for an aggregate of another design.
    """
    if not isinstance(aggregate, IsolatedAggregate):
        raise TypeError(
            f"Cannot watch {type(aggregate).__name__}: only an IsolatedAggregate has frames to watch. "
            "To solve this, make the domain with that design."
        )
    before = aggregate._frame_type
    inherited = before.watchers if issubclass(before, WatchedFrame) else ()
    body = {"__slots__": (), "__doc__": WatchedFrame.__doc__, "watchers": (*inherited, *watchers)}
    aggregate._frame_type = type("WatchedFrame", (WatchedFrame,), body)
    try:
        yield
    finally:
        aggregate._frame_type = before


def who_of(frame: CommandFrame) -> Who:
    """Return an open command in text; one that is about to be opened takes the present one for its parent."""
    command = frame.command
    outer = frame.parent if frame.token is not None else current.get()
    around = outer and outer.nearest_open()
    parent = None if around is None else id_of(around)
    return Who(command.id or "?", command.command, f"{command.resource}/{command.identifier}", parent)


def id_of(frame: CommandFrame) -> str:
    """Return the id of a command, also of one that ends at this moment in another thread."""
    command = frame.command
    return (command and command.id) or "?"


def outcome_of(error: BaseException | None) -> Ended:
    """Return what became of a command that ends with this error, or without one."""
    if error is None:
        return "ok"
    if isinstance(error, DemoError):
        return "refused"
    return "failed" if isinstance(error, Exception) else "cancelled"
