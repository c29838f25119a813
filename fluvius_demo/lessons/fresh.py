"""Fresh copies of this package, so that what is compared shares no code, and no luck.

The interpreter fits code to the types that it meets (PEP 659), so variants that share code slow each other down; a
program that has one design never sees that. And where its caches happen to lie makes the same code up to a tenth
slower or quicker, for as long as it is loaded. pyperf starts many processes for that reason; copies need no start.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from itertools import cycle
from typing import Any

from fluvius_demo.lessons.timing import Timed

COPIES = 5
_PACKAGE = __name__.partition(".")[0]


def in_copies(build: Callable[[], Timed], copies: int = COPIES) -> Timed:
    """Return what `build` returns, built on so many copies of the package; each call takes the next one's turn."""
    built = []
    for _ in range(copies):
        with fresh_package():
            built.append(build())
    turn = cycle(built)
    return lambda loops: next(turn)(loops)


def again(thing: Any) -> Any:
    """Return this class or function as the package has it now: inside of `fresh_package`, that copy's own."""
    return getattr(import_module(thing.__module__), thing.__name__)


def is_ours(thing: Any) -> bool:
    """Return whether a class or function is this package's, so that there can be copies of it."""
    return thing.__module__.partition(".")[0] == _PACKAGE


@contextmanager
def fresh_package() -> Iterator[None]:
    """Have the package imported anew inside of the block; afterwards all is as it was."""

    def loaded() -> list[str]:
        return [name for name in sys.modules if name.partition(".")[0] == _PACKAGE]

    known = {name: sys.modules.pop(name) for name in loaded()}
    try:
        yield
    finally:
        for name in loaded():
            del sys.modules[name]
        sys.modules.update(known)
