"""What holds an object, in words: for each thing on the way from the object to its holder."""

import asyncio
import gc
from collections import OrderedDict, defaultdict, deque
from contextvars import Context
from functools import lru_cache, partial
from inspect import CORO_CREATED, getcoroutinestate
from types import AsyncGeneratorType, CoroutineType, FrameType, FunctionType, GeneratorType
from typing import Any, NamedTuple

CONTAINERS = (list, dict, set, frozenset, tuple, deque, OrderedDict, defaultdict)
PAUSED = {CoroutineType: "a coroutine", GeneratorType: "a generator", AsyncGeneratorType: "an asynchronous generator"}
CACHE = type(lru_cache(int))


class Way(NamedTuple):
    """What the search came by on the way from an object to its holder; of two things of a kind, the first."""

    paused: str = ""  # a paused function: "waiting in watch"
    variable: str = ""  # of a closure
    place: str = ""  # a global container
    in_context: bool = False
    outside: bool = False  # it is not only containers in containers


def step(way: Way, below: Any, each: Any, ways: dict[int, Way]) -> Way:
    """Return the way to `each`, which refers to `below`."""
    kind, place, paused, variable = type(each), "", way.paused, way.variable
    if kind in PAUSED:
        paused = paused or _paused_in(each)
    elif kind is FunctionType and not variable:
        cells = zip(each.__code__.co_freevars, each.__closure__ or (), strict=True)
        variable = min((name for name, cell in cells if id(cell) in ways), default="")
    elif is_namespace(each) and not way.outside and type(below) in CONTAINERS:
        name = min(name for name, value in each.items() if value is below)
        place = f"a global {type(below).__name__} of module {each.get('__name__')}: {name}"
    outside = way.outside or not issubclass(kind, CONTAINERS)
    return Way(paused, variable, place, way.in_context or kind is Context, outside)


def certain(each: Any, way: Way) -> str | None:
    """Return what keeps objects alive by itself, in words."""
    kind, variable = type(each), f" (variable {way.variable})" if way.variable else ""
    if issubclass(kind, asyncio.Handle):
        said = "a timer due later" if issubclass(kind, asyncio.TimerHandle) else "a callback about to run"
        said = f"{said}, calling {_called(each._callback)}" if each._callback is not None else "a cancelled timer"
        return f"{'the Context of ' if way.in_context else ''}{said}{variable}"
    if issubclass(kind, asyncio.Future):
        return _of_a_future(each, way) + variable
    return f"the cache of {_called(each)}" if kind is CACHE else None


def _of_a_future(each: asyncio.Future, way: Way) -> str:
    is_task = isinstance(each, asyncio.Task)
    if is_task and way.paused:
        return f"a task {way.paused}"
    if way.in_context:
        part = "Context"
    elif not each.done():
        part = "callback"
    else:  # `exception()` would count as a look at the error, and then nobody is told of it
        part = "result" if each._exception is None and not each.cancelled() else "error"
    if not is_task:
        return f"a Future's {part}"
    coroutine = each.get_coro()  # an eager task that has ended has none any more
    return f"a {'finished ' if each.done() else ''}task's {part}" + (f" ({_short(coroutine)})" if coroutine else "")


def otherwise(target: Any, each: Any, way: Way) -> str | None:
    """Return what something unknown keeps alive, in words."""
    kind = type(each)
    if kind is FunctionType:
        if names := _variables(each, target):
            return f"a closure: {_called(each)} (variable {min(names)})"
        if any(value is target for value in [*(each.__defaults__ or ()), *(each.__kwdefaults__ or {}).values()]):
            return f"a default argument of {_called(each)}"
    elif kind in PAUSED and way.paused == _paused_in(each):
        return f"{PAUSED[kind]} {way.paused}".replace("about to begin", "that nobody awaits:")
    return None


def _variables(function: FunctionType, target: Any) -> list[str]:
    """Return the names that a closure has for an object."""
    cells = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
    return [name for name, cell in cells if any(one is target for one in gc.get_referents(cell))]


def _paused_in(each: Any) -> str:
    if frame_of(each) is None:  # one that has not begun before may keep its arguments
        return f"that was closed: {_short(each)}"
    created = type(each) is CoroutineType and getcoroutinestate(each) == CORO_CREATED
    return f"{'about to begin' if created else 'waiting in'} {_short(each)}"


def _short(each: Any) -> str:
    return _called(each).rpartition("<locals>.")[-1]


def _called(each: Any) -> str:
    while isinstance(each, partial):
        each = each.func
    return getattr(each, "__qualname__", type(each).__name__)


def is_namespace(each: Any) -> bool:
    """Return whether these are the variables of a module."""
    return type(each) is dict and "__builtins__" in each


def frame_of(paused: Any) -> FrameType | None:
    """Return the frame of a coroutine or generator; None where it has ended, and for all else."""
    return getattr(paused, "cr_frame", None) or getattr(paused, "gi_frame", None) or getattr(paused, "ag_frame", None)


def context_of(each: Any) -> Context | None:
    """Return the Context that a task or a timer was started with; None for all else."""
    # Before Python 3.12 a task tells its Context to nobody else. It comes before those of its callbacks.
    if not issubclass(type(each), (asyncio.Task, asyncio.Handle)):
        return None
    return next((one for one in gc.get_referents(each) if type(one) is Context), None)
