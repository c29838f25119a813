"""Where a command waits: the line of the user's own code, whatever it has called."""

import asyncio
import importlib.util
import linecache
import sysconfig
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from types import CodeType
from typing import Any

import pytest
from scenes import making

from fluvius_demo.lessons import places
from fluvius_demo.lessons.interleave import Execution

Work = Coroutine[Any, Any, Any]


async def in_a_lock() -> None:
    """Wait for a lock that nobody gives back."""
    lock = asyncio.Lock()
    await lock.acquire()
    async with lock:  # here
        pass


async def inside_a_lock() -> None:
    """Wait with a lock in hand."""
    async with asyncio.Lock():
        await asyncio.sleep(0)  # here


async def in_a_gather() -> None:
    """Wait for others."""
    await asyncio.gather(asyncio.sleep(0), asyncio.sleep(0))  # here


async def in_a_queue() -> None:
    """Wait for a thing."""
    queue: asyncio.Queue[int] = asyncio.Queue()
    await queue.get()  # here


async def in_a_limit() -> None:
    """Wait with a limit."""
    async with asyncio.timeout(1):
        await asyncio.Event().wait()  # here


async def in_a_group() -> None:
    """Wait for the end of a group."""
    async with asyncio.TaskGroup() as group:  # here
        group.create_task(asyncio.sleep(0))


async def numbers() -> AsyncIterator[int]:
    """Give one number."""
    await asyncio.sleep(0)
    yield 1


async def in_a_loop() -> None:
    """Wait for the next number."""
    async for _ in numbers():  # here
        pass


@asynccontextmanager
async def room() -> AsyncIterator[None]:
    """Wait at the door."""
    await asyncio.sleep(0)
    yield


async def at_a_door() -> None:
    """Wait for a way in."""
    async with room():  # here
        pass


async def waiting_for() -> None:
    """Wait for another with a limit."""
    await asyncio.wait_for(asyncio.Event().wait(), 1)  # here


ALL = [in_a_lock, inside_a_lock, in_a_gather, in_a_queue, in_a_limit, in_a_group, in_a_loop, at_a_door, waiting_for]


@pytest.mark.parametrize("command", ALL, ids=lambda command: command.__name__)
def test_the_line_is_the_user_s_own(command: Callable[[], Work]) -> None:
    """And none of asyncio's, of contextlib's, … is among those that it waits for."""
    execution = Execution(making(lambda: {"A": command()}))
    execution.step("A")
    place = execution.where("A")
    source = Path(__file__).read_text().splitlines()
    assert source[place.line - 1].strip() == place.text
    assert place.text.endswith("# here")
    assert (place.function, place.file) == (command.__name__, __file__)
    assert [found.file for found in execution.waits_for("A")] == [__file__]
    assert str(execution.trace[0]) == f"1. A: waits in {command.__name__}, line {place.line}: {place.text}"
    execution.close()


async def inner() -> None:
    """Wait in the innermost."""
    await asyncio.sleep(0)


async def outer() -> None:
    """Wait for it."""
    await inner()


def test_all_lines_from_its_own_to_the_innermost() -> None:
    """Before the first step it is the first line, after the last there is none."""
    execution = Execution(making(lambda: {"A": outer()}))
    assert [place.text for place in execution.waits_for("A")] == ["async def outer() -> None:"]
    execution.step("A")
    assert [(place.function, place.text) for place in execution.waits_for("A")] == [
        ("outer", "await inner()"),
        ("inner", "await asyncio.sleep(0)"),
    ]
    execution.step("A")
    assert (execution.waits_for("A"), execution.where("A"), str(execution.trace[1])) == ([], None, "2. A: has ended")
    assert [(step.source and step.source.text, step.target and step.target.text) for step in execution.trace] == [
        ("async def outer() -> None:", "await inner()"),
        ("await inner()", None),
    ]


def test_a_child_s_line() -> None:
    """A child that is asyncio's own coroutine waits in none of the user's lines, and the refusal says no line."""
    execution = Execution(making(lambda: {"A": in_a_group()})).step("A")
    assert (execution.where("A1"), execution.waits_for("A1"), execution.ended("A1")) == (None, [], False)
    execution.close()


def test_the_lines_of_an_installed_library_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The line that has called it is told."""
    file = tmp_path / "library.py"
    file.write_text("import asyncio\n\n\nasync def waits(call):\n    await call()\n")
    spec = importlib.util.spec_from_file_location("library", file)
    library = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(library)

    async def calls() -> None:
        await library.waits(inner)

    def texts() -> list[str]:
        execution = Execution(making(lambda: {"A": calls()})).step("A")
        found = [place.text for place in execution.waits_for("A")]
        execution.close()
        return found

    places.is_ours.cache_clear()
    assert texts() == ["await library.waits(inner)", "await call()", "await asyncio.sleep(0)"]
    monkeypatch.setattr(places, "_NOT_OURS", (*places._NOT_OURS, str(tmp_path)))
    places.is_ours.cache_clear()
    assert texts() == ["await library.waits(inner)", "await asyncio.sleep(0)"]
    monkeypatch.undo()
    places.is_ours.cache_clear()


@pytest.mark.parametrize("name", ["<ipython-input-1-abc>", "/tmp/ipykernel_1/2.py", "<stdin>"])
def test_a_cell_is_the_user_s_own(name: str) -> None:
    """However the kernel calls it."""
    source = "async def waits():\n    await sleep(0)\n"
    room: dict[str, Any] = {"sleep": asyncio.sleep}
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    exec(compile(source, name, "exec"), room)
    execution = Execution(making(lambda: {"A": room["waits"]()})).step("A")
    assert str(execution.where("A")) == "waits, line 2: await sleep(0)"
    execution.close()
    del linecache.cache[name]


def code_of(function: Any) -> CodeType:
    """Return its code."""
    return function.__code__


def test_what_is_ours() -> None:
    """This course, also where it is installed; neither the standard library nor what lies beside it."""
    assert places.is_ours(code_of(Execution.step))
    assert places.is_ours(code_of(code_of))
    assert not places.is_ours(code_of(asyncio.sleep))
    assert sysconfig.get_path("purelib") in places._NOT_OURS
