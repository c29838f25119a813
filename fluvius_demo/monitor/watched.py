"""The watched command frame: it tells watchers when a command is asked for, opens, is annotated and ends."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from types import TracebackType
from typing import ClassVar, Literal, NamedTuple

from fluvius_demo.aggregate import RestrictedAggregateProxy
from fluvius_demo.errors import DemoError
from fluvius_demo.frame import NO_METADATA, CommandFrame, Metadata, current
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
        """Hear of a command before anything of it has begun. What this raises, the caller gets: nothing begins.

        Such a command has ended, too: all hear of it, also those who come later and have not been asked.
        """

    def opened(self, frame: "WatchedFrame") -> None:
        """Hear of a command that is open now; it can be asked for all that it has."""

    def annotated(self, frame: "WatchedFrame", values: Metadata) -> None:
        """Hear of key-values that were put on the command."""

    def ended(self, frame: "WatchedFrame", outcome: Ended, seconds: float | None) -> None:
        """Hear of an end: of the frame only `who`, `noted` and `raised` are left.

        `seconds` are those from the start, its object's fetch included; None for a command that did not open.
        """


class WatchedFrame(CommandFrame):
    """A command frame that tells its watchers.

    `noted` is the metadata that it ended with, while they hear of the end; `raised` the name of the error's type.
    """

    __slots__ = ("__weakref__", "began", "noted", "raised", "spans", "who")
    watchers: ClassVar[tuple[Watcher, ...]] = ()

    async def __aenter__(self) -> RestrictedAggregateProxy:
        if self.entered:
            return await super().__aenter__()  # which refuses it; what they have heard of this command stays true
        self.who = who_of(self)
        self.began = perf_counter()
        try:
            for watcher in self.watchers:
                watcher.asked(self)
            proxy = await super().__aenter__()
        except BaseException as error:
            self.tell_end(error, NO_METADATA, None)
            raise
        for watcher in self.watchers:
            try:
                watcher.opened(self)
            except Exception:
                report(watcher, "opened")
        return proxy

    async def __aexit__(
        self, type: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        noted = self.metadata
        try:
            await super().__aexit__(type, error, traceback)
        except BaseException as raised:
            error = raised
            raise
        finally:
            self.tell_end(error, noted, perf_counter() - self.began)

    def annotate(self, values: Metadata) -> None:
        """Put key-values on the command, and tell."""
        super().annotate(values)
        for watcher in self.watchers:
            try:
                watcher.annotated(self, values)
            except Exception:
                report(watcher, "annotated")

    def tell_end(self, error: BaseException | None, noted: Metadata, seconds: float | None) -> None:
        """Tell what became of it; the metadata is not kept any longer than that."""
        self.noted, self.raised = noted, None if error is None else type(error).__name__
        outcome = outcome_of(error)
        for watcher in self.watchers:
            try:
                watcher.ended(self, outcome, seconds)
            except Exception:
                report(watcher, "ended")
        self.noted = NO_METADATA


def report(watcher: Watcher, method: str) -> None:
    """Log the error of a watcher: it must not make the command look failed."""
    logger.exception("The watcher %r failed. To solve this, mend its method %s.", watcher, method)


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
    _tell(aggregate, [*_watchers_of(aggregate), *watchers])
    try:
        yield
    finally:
        # Not what was there before: another task's block may have begun since, and be open still.
        left = _watchers_of(aggregate)[::-1]
        for watcher in watchers:
            del left[next(place for place, other in enumerate(left) if other is watcher)]
        _tell(aggregate, left[::-1])


def _watchers_of(aggregate: IsolatedAggregate) -> list[Watcher]:
    """Return who is told of the commands that this aggregate makes now."""
    kind = aggregate._frame_type
    return list(kind.watchers) if issubclass(kind, WatchedFrame) else []


def _tell(aggregate: IsolatedAggregate, watchers: list[Watcher]) -> None:
    """Tell these of each command that is made from now on; without any, the frames are plain ones again."""
    vars(aggregate).pop("_frame_type", None)
    if watchers:
        body = {"__slots__": (), "__doc__": WatchedFrame.__doc__, "watchers": tuple(watchers)}
        aggregate._frame_type = type("WatchedFrame", (WatchedFrame,), body)


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
