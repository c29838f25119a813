"""Where in the source a coroutine waits: the lines of its own code, not those of asyncio beneath it."""

import asyncio
import linecache
import sysconfig
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, NamedTuple

# The standard library may lie in a zip file, too.
_NOT_OURS = (
    *(str(Path(sysconfig.get_path(name))) for name in ("stdlib", "purelib", "platlib")),
    str(Path(asyncio.__file__).parents[1]),
    "<frozen",
)


class Place(NamedTuple):
    """One line of a coroutine that waits: in which function, on which line of its file, and the line's text."""

    function: str
    line: int
    text: str
    file: str

    def __str__(self) -> str:
        return f"{self.function}, line {self.line}: {self.text}"


def places(coroutine: Any) -> list[Place]:
    """Return the lines in which a coroutine waits, from its own to the innermost that it has called.

    Lines of the standard library and of installed packages are left out. Empty where it has ended. A coroutine that
    was not started yet waits at its first line. What an asynchronous generator awaits cannot be seen from outside.
    """
    return [_place(frame) for frame in _frames(coroutine) if is_ours(frame.f_code)]


def _frames(waits: Any) -> Iterator[FrameType]:
    while waits is not None:
        frame = getattr(waits, "cr_frame", None) or getattr(waits, "gi_frame", None) or getattr(waits, "ag_frame", None)
        if frame is None:
            return
        yield frame
        waits = (
            getattr(waits, "cr_await", None) or getattr(waits, "gi_yieldfrom", None) or getattr(waits, "ag_await", None)
        )


def _place(frame: FrameType) -> Place:
    code, line = frame.f_code, frame.f_lineno
    text = linecache.getline(code.co_filename, line).strip()
    return Place(code.co_qualname, line, text, code.co_filename)


@cache
def is_ours(code: CodeType) -> bool:
    """Return whether code is the learner's or this course's, and not the standard library's or an installed package's.

    This course may itself lie among the installed packages, so it is asked about first.
    """
    file = code.co_filename
    return file.startswith(str(Path(__file__).parents[1])) or not file.startswith(_NOT_OURS)
