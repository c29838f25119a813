"""What holds an object: a timer, a task, a Future, a coroutine, a closure, a cache or a global list.

The search goes from the object to all that refers to it (`gc.get_referrers`), and from there on, until it meets
something that keeps objects alive by itself. What the program keeps on purpose ends it without a find: the code that
runs now, with its variables, the store, the domain, an open call's transaction, a class, a global variable.
"""

import asyncio
import gc
import sys
from collections import defaultdict
from collections.abc import Sequence
from contextvars import Context
from operator import itemgetter
from types import FunctionType, ModuleType
from typing import Any, NamedTuple

from fluvius_demo.aggregate import Aggregate
from fluvius_demo.collected import Collected
from fluvius_demo.domain import Domain
from fluvius_demo.frame import CommandFrame
from fluvius_demo.monitor.words import CACHE, PAUSED, Way, certain, context_of, frame_of, is_namespace, otherwise, step
from fluvius_demo.statemgr import StateManager
from fluvius_demo.transaction import Transaction

LEVELS, MOST = 16, 20_000  # how many removes the search goes, and how many objects it looks at

# Types are compared, and isinstance is not asked: of a proxy it would ask the object behind, which may be nowhere.
PROGRAM = (ModuleType, type, StateManager, Domain, Aggregate, CommandFrame, Transaction, Collected)
ENDS = (asyncio.Future, asyncio.Handle, CACHE)


class Holder(NamedTuple):
    """What holds an object, in words; and, of a task or a timer, the Context that it was started with."""

    text: str
    context: Context | None = None


def holders(objects: list[Any]) -> list[list[Holder]]:
    """Return for each of these what holds it, by name; nothing for one that only the program itself holds.

    A closure, or a coroutine without a task, is named where nothing else is found: a timer that calls a closure is the
    timer. Takes time for every object that is alive, at every remove: about 0.1 s for a million.
    """
    search = _Search(objects)
    return [search.holders_of(each) for each in objects]


class _Search:
    """All that refers to these objects, at whatever remove. It holds all that, too, so let go of it soon."""

    def __init__(self, objects: list[Any]) -> None:
        self.seen = {id(each): each for each in objects}
        self.above: dict[int, list[int]] = defaultdict(list)
        self.tasks = _tasks_that_hide()
        self.own = {id(objects), id(self.seen), id(self.tasks)}
        self.running = _running()
        level = list(self.seen)
        for _ in range(LEVELS):
            if level and len(self.seen) < MOST:
                level = self.next_level(level)

    def next_level(self, level: Sequence[int]) -> list[int]:
        """Note what refers to these objects, by id; return what of it is to be looked at next."""
        ids, following = set(level), []
        below = tuple(self.seen[each] for each in level)  # from Python 3.13 on, the arguments are found to refer, too
        for each in [*gc.get_referrers(*below), *self.tasks]:
            if each is below or id(each) in self.own or self.is_program(each):
                continue
            held = {id(one) for one in gc.get_referents(each)} & ids
            for one in held:
                self.above[one].append(id(each))
            if held and id(each) not in self.seen:
                self.seen[id(each)] = each
                if not issubclass(type(each), ENDS) and not is_namespace(each):
                    following.append(id(each))
        return following

    def is_program(self, each: Any) -> bool:
        """Return whether the program keeps with this what it wants to keep, or runs it now."""
        kind = type(each)
        if kind in PAUSED:
            return id(frame_of(each)) in self.running
        if kind is FunctionType:
            return id(each.__code__) in self.running
        return issubclass(kind, PROGRAM) or id(each) in self.running

    def holders_of(self, target: Any) -> list[Holder]:
        """Return what holds this one, by name."""
        ways, level = {id(target): Way()}, [id(target)]
        sure: list[Holder] = []
        others: list[Holder] = []
        while level:
            reached: dict[int, Way] = {}
            for below in level:
                for above in set(self.above.get(below, ())) - ways.keys():
                    way = step(ways[below], self.seen[below], self.seen[above], ways)
                    if way.place:  # one of perhaps many in this module
                        sure.append(Holder(way.place))
                    elif not is_namespace(self.seen[above]):
                        # Of two ways of one length always the same: the collector's order is nobody's.
                        reached[above] = min(way, reached.get(above, way))
            ways |= reached
            for each, way in reached.items():
                if (text := certain(self.seen[each], way)) is not None:
                    sure.append(Holder(text, context_of(self.seen[each])))
                elif (text := otherwise(target, self.seen[each], way)) is not None:
                    others.append(Holder(text))
            level = list(reached)
        return sorted(sure or others, key=itemgetter(0))


def _running() -> set[int]:
    """Return the ids of the frames that run now, in any thread, of their code, and of this task's Context."""
    found: set[int] = set()
    for frame in sys._current_frames().values():
        while frame is not None:
            if frame.f_code is not _running.__code__:  # this very frame ends now, and another may get its id
                found |= {id(frame), id(frame.f_code)}
            frame = frame.f_back
    try:
        task = asyncio.current_task()
    except RuntimeError:
        return found
    return found if task is None else found | {id(task), id(context_of(task))}


def _tasks_that_hide() -> list[asyncio.Task]:
    """Return all tasks on Python 3.11, where `get_referrers` overlooks a task that has the object as its result."""
    if sys.version_info >= (3, 12):
        return []
    return [each for each in gc.get_objects() if issubclass(type(each), asyncio.Task)]
