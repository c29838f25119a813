"""Leaks: commands that have ended, whose objects somebody still holds."""

import gc
from collections.abc import Callable
from typing import Any, Literal, NamedTuple
from weakref import WeakKeyDictionary, ref

from fluvius_demo.frame import CommandFrame, current
from fluvius_demo.monitor.holders import Holder, holders
from fluvius_demo.monitor.watched import WatchedFrame, Watcher, Who
from fluvius_demo.statemgr import StateManager

Kind = Literal["root object", "context", "command"]


class Leak(NamedTuple):
    """An object of an ended command, and one thing that holds it: `held_by` is text, such as "a timer due later, …"."""

    who: Who
    kind: Kind
    held_by: str


class _Given:
    """An object that commands were given: weakly, with the last of them, and with its place in the store."""

    __slots__ = ("kind", "object", "store", "where", "who")

    def __init__(self, kind: Kind, weak: ref, store: ref[StateManager], where: tuple[str, str]) -> None:
        self.kind, self.object, self.store, self.where = kind, weak, store, where

    def is_stored(self) -> bool:
        store = self.store()
        return store is not None and self.kind == "root object" and store.committed(*self.where) is self.object()


class Leaks(Watcher):
    """Finds the objects of ended commands that are still held, and by what. It holds none itself.

    - A command ends with nothing of its own in its frame, so a finding is always user code: a timer or task with the
      object in its arguments or variables, a closure, a Future's result, a global list.
    - No leak is what the program holds on purpose: an object that the store still has; one that an open command was
      given too, or that a task works on for an open command; variables of the code that runs now; an instance or
      container that only variables lead to.
    - The context and the command come from the sender, who may keep them, or use one context for many commands. So of
      these two only what was started inside of a command counts: its tasks, timers and callbacks.
    - An object that several commands were given counts for the one that started the holder, else for the last.
    """

    def __init__(self) -> None:
        self._objects: dict[int, _Given] = {}  # by id, for a record may have no hash; whatever is freed drops out
        self._commands: WeakKeyDictionary[WatchedFrame, tuple[_Given, ...]] = WeakKeyDictionary()

    def opened(self, frame: WatchedFrame) -> None:
        """Hold weakly what the command was given."""
        store = ref(frame.aggregate.statemgr)
        self._commands[frame] = tuple(
            given
            for kind, value in (("root object", frame.rootobj), ("context", frame.context), ("command", frame.command))
            if (given := self._given(kind, value, store, frame)) is not None
        )

    def _given(self, kind: Kind, value: Any, store: ref, frame: WatchedFrame) -> _Given | None:
        given = self._objects.get(id(value))
        if given is None or given.object() is not value:
            try:
                weak = ref(value, _dropping(self._objects, id(value)))
            except TypeError:  # no object yet, or a class of records that cannot be held weakly
                return None
            given = self._objects[id(value)] = _Given(kind, weak, store, frame.aggroot[:2])
        given.who = frame.who
        return given

    def found(self) -> list[Leak]:
        """Return the leaks in the order of their commands. Runs the collector, and stops everything for a while.

        Until its next turn, the loop holds the task that has woken the caller: so `await sleep(0)` first.
        """
        gc.collect()
        in_use = {id(given) for frame in self._frames() if not frame.closed for given in self._commands.get(frame, ())}
        suspects = [
            given
            for given in list(self._objects.values())
            if given.object() is not None and id(given) not in in_use and not given.is_stored()
        ]
        objects = [given.object() for given in suspects]
        found: dict[Leak, None] = {}
        for given, held_by in zip(suspects, holders(objects), strict=True):
            leaks = [leak for holder in held_by if (leak := self._leak(given, holder)) is not None]
            found |= dict.fromkeys(sorted(leaks, key=lambda leak: (leak.held_by, leak.who.id)))
        return list(found)

    def ended_frames(self) -> int:
        """Return how many frames of ended commands are held, as by a task's Context. Empty, they are no leaks."""
        return sum(frame.closed for frame in self._frames())

    def _frames(self) -> list[WatchedFrame]:
        return [frame for weak in self._commands.keyrefs() if (frame := weak()) is not None]

    def _leak(self, given: _Given, holder: Holder) -> Leak | None:
        frame: CommandFrame | None = None if holder.context is None else holder.context.get(current)
        if frame is not None and not frame.closed:  # it works for a command that is open
            return None
        while frame is not None:
            if any(given is one for one in self._commands.get(frame, ())):
                return Leak(frame.who, given.kind, holder.text)
            frame = frame.parent
        return Leak(given.who, given.kind, holder.text) if given.kind == "root object" else None


def _dropping(objects: dict[int, _Given], key: int) -> Callable[[ref], None]:
    return lambda _gone: objects.pop(key, None)
