"""Usage: which of the running command's properties are read where, on request.

    with usage(bank.aggregate) as used:
        await bank.process_command(…)
    print(used.table())

It is about one aggregate; others of its class are as fast as ever.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from types import FrameType
from typing import Any, ClassVar, NamedTuple

from fluvius_demo.isolated import IsolatedAggregate

# What belongs to the running command. `create_event` and `consume_events` use its list of events.
PROPERTIES = frozenset({"context", "command", "aggroot", "rootobj", "metadata", "inherited", "_cmdmeta", "_events"})
USED = PROPERTIES | {"create_event", "consume_events"}

# Asked where a property is read, an aggregate's own modules are no answer, nor is what calls a task's first function.
_OWN = {f"fluvius_demo.{name}" for name in ("aggregate", "isolated", "recording", "monitor.usage")}
_RUNS_TASKS = {"asyncio", "concurrent", "threading"}
_INLINED = {"<listcomp>", "<dictcomp>", "<setcomp>"}  # a function of their own on Python 3.11 alone
_CHANGING = Lock()


class Place(NamedTuple):
    """Where a property was read: `function` is `module:qualified name`."""

    name: str
    function: str
    line: int


class Usage:
    """The reads that one `usage` block has seen."""

    def __init__(self) -> None:
        self._reads: Counter[Place] = Counter()

    def add(self, place: Place) -> None:
        """Count a read."""
        with _CHANGING:  # a thread may read as well
            self._reads[place] += 1

    @property
    def reads(self) -> dict[Place, int]:
        """How often each property was read at each place, sorted."""
        with _CHANGING:
            return dict(sorted(self._reads.items()))

    def table(self) -> str:
        """Return the same as text, a line for each; internals first. It is the same whenever the code does the same."""
        rows = [("read", "where", "line", "times")]
        rows += [(name, where, str(line), str(times)) for (name, where, line), times in self.reads.items()]
        name, where, line, times = (max(map(len, column)) for column in zip(*rows, strict=True))
        return "\n".join(f"{a:<{name}}  {b:<{where}}  {c:>{line}}  {d:>{times}}" for a, b, c, d in rows)


class _Recorder:
    """The class of a recorded aggregate: a subclass of its own class, which nobody else is of."""

    _usages: ClassVar[tuple[Usage, ...]]

    def __init_subclass__(cls) -> None:
        """Hide the new class from those who register their subclasses."""


@contextmanager
def usage(aggregate: IsolatedAggregate) -> Iterator[Usage]:
    """Record what is read of this aggregate inside of the block, in whichever task or thread.

    Until the block ends, the aggregate's class is a subclass of its own. Blocks may overlap; the last one to end puts
    the class back. Raises TypeError for an aggregate of another design.
    """
    if not isinstance(aggregate, IsolatedAggregate):
        raise TypeError(
            f"Cannot record the usage of {type(aggregate).__name__}: only an IsolatedAggregate is recorded. "
            "To solve this, make the domain with that design."
        )
    used = Usage()
    with _CHANGING:
        if not isinstance(aggregate, _Recorder):
            aggregate.__class__ = _recorder_of(aggregate)
        kind = type(aggregate)
        kind._usages += (used,)
    try:
        yield used
    finally:
        with _CHANGING:
            kind._usages = tuple(each for each in kind._usages if each is not used)
            if not kind._usages:
                aggregate.__class__ = kind.__bases__[1]


def _recorder_of(aggregate: IsolatedAggregate) -> type[IsolatedAggregate]:
    own = type(aggregate)

    def __getattribute__(self: Any, name: str) -> Any:
        if name in USED and self is aggregate:
            function, line = _reader(sys._getframe(1))
            for each in kind._usages:
                each.add(Place(name, function, line))
        return own.__getattribute__(self, name)

    def __reduce_ex__(self: Any, protocol: Any) -> Any:  # a copy is not recorded, and of the aggregate's own class
        reduced = own.__reduce_ex__(self, protocol)
        if isinstance(reduced, str):
            return reduced
        made, arguments, *more = reduced
        return (made, tuple(own if argument is kind else argument for argument in arguments), *more)

    body = {"__getattribute__": __getattribute__, "__reduce_ex__": __reduce_ex__, "_usages": ()}
    names = {name: vars(own)[name] for name in ("__module__", "__doc__", "__qualname__") if name in vars(own)}
    kind = type(own)(own.__name__, (_Recorder, own), {**names, **body})
    return kind


def _reader(frame: FrameType) -> tuple[str, int]:
    """Return the nearest function that is not the aggregate's own, and the line in it.

    Where a task was started with one of the aggregate's own functions, such as an action, that one is the answer.
    """
    at: FrameType | None = frame
    while at is not None and (_module(at) in _OWN or at.f_code.co_name in _INLINED):
        frame, at = at, at.f_back
    if at is not None and _module(at).partition(".")[0] not in _RUNS_TASKS:
        frame = at
    return f"{_module(frame)}:{frame.f_code.co_qualname}", frame.f_lineno


def _module(frame: FrameType) -> str:
    return frame.f_globals.get("__name__", "?")
