"""What cannot be stepped, or goes another way the second time, is refused with a clear text."""

import asyncio
import random
import signal
from collections.abc import Callable, Coroutine
from itertools import count
from typing import Any

import pytest
from quiet import quietly
from scenes import making, steps

from fluvius_demo.errors import BadRequestError, NotRepeatableError, NotSteppableError
from fluvius_demo.lessons.interleave import Execution, Make, explore, run_alone

Work = Coroutine[Any, Any, Any]
BECAUSE = (
    "in a run that is stepped by hand: threads, processes, sockets and signals decide by themselves who goes next. To "
    "solve this, put a coroutine that awaits a future, an event or a queue in its place."
)


async def loop_of() -> asyncio.AbstractEventLoop:
    """Return the running loop."""
    return asyncio.get_running_loop()


async def thread() -> None:
    """Run a function in a thread."""
    await asyncio.to_thread(print, "never")


async def executor() -> None:
    """Run a function in an executor."""
    await (await loop_of()).run_in_executor(None, print, "never")


async def connection() -> None:
    """Open a socket."""
    await asyncio.open_connection("127.0.0.1", 9)


async def server() -> None:
    """Listen on a socket."""
    await asyncio.start_server(print, "127.0.0.1", 0)


async def process() -> None:
    """Start a program."""
    await asyncio.create_subprocess_exec("never")


async def handler() -> None:
    """Take a signal."""
    (await loop_of()).add_signal_handler(signal.SIGINT, print)


async def address() -> None:
    """Ask for an address."""
    await (await loop_of()).getaddrinfo("localhost", 80)


async def swallowed() -> None:
    """Take no notice of the refusal."""
    try:
        await thread()
    except Exception:
        await asyncio.sleep(0)


USES = {thread: "run_in_executor", executor: "run_in_executor", connection: "create_connection"}
USES |= {server: "create_server", process: "subprocess_exec", handler: "add_signal_handler", address: "getaddrinfo"}
USES |= {swallowed: "run_in_executor"}


class TestWhatDecidesByItself:
    """Threads, sockets, processes, signals."""

    @pytest.mark.parametrize("use", USES, ids=lambda use: use.__name__)
    def test_it_is_refused(self, use: Callable[[], Work]) -> None:
        """By hand, in every order and alone: never taken for an outcome, even where the command swallows it."""
        text = f"Cannot use the event loop's {USES[use]}() {BECAUSE}"
        make = making(lambda: {"A": use(), "B": steps(2)})
        execution = Execution(make).run_on()
        for judge in (execution.verdict, lambda: explore(make), lambda: run_alone(use())):
            with pytest.raises(NotSteppableError) as caught:
                judge()
            assert str(caught.value) == text
        execution.close()


class TestRunsWithoutEnd:
    """A command that goes round in a loop would hold the search for ever."""

    TEXT = (
        "Cannot run this to its end: it has not ended after 10000 steps. "
        "To solve this, have it wait for an event instead of going round in a loop."
    )

    def scene(self, kind: str) -> Make:
        """Return a scene that never ends."""

        async def rounds() -> None:
            for _ in count():
                await asyncio.sleep(1)

        async def callbacks() -> None:
            def again() -> None:
                asyncio.get_running_loop().call_soon(again)

            again()

        async def timers() -> None:
            def again() -> None:
                asyncio.get_running_loop().call_later(1, again)

            again()

        return making(lambda: {"A": {"steps": rounds, "callbacks": callbacks, "timers": timers}[kind]()})

    @pytest.mark.parametrize("kind", ["steps", "callbacks", "timers"])
    def test_it_is_refused(self, kind: str) -> None:
        """And closing such a run comes to an end, too, without a warning."""

        async def scenario() -> list[str]:
            make, texts = self.scene(kind), []
            execution = Execution(make, virtual_time=True)
            for act in (execution.run_on, lambda: explore(make, virtual_time=True)):
                with pytest.raises(NotSteppableError) as caught:
                    act()
                texts.append(str(caught.value))
            execution.close()
            return texts

        assert quietly(scenario(), debug=False) == [self.TEXT] * 2


def grows(*counts: int) -> Callable[[], dict[str, Work]]:
    """Return commands that take another number of steps each time that they are made."""
    given = iter(counts)
    return lambda: {"A": steps(next(given))}


def chance() -> Callable[[], dict[str, Work]]:
    """Return commands that draw their number of steps."""
    drawn = random.Random(7)
    return lambda: {"A": steps(drawn.choice([2, 3])), "B": steps(2)}


class TestChance:
    """A scene that goes another way the second time is refused with the first difference."""

    REMEDY = "take chance, clocks and whatever outlives a run out of the scene; make() must make all of it anew"

    @pytest.mark.parametrize(
        ("commands", "found"),
        [
            (chance(), "could run before B, now it is "),
            (
                grows(1, 1, 2),
                "the first difference is at step 1: once 1. A: has ended; then nobody can run, once 1. A: wai",
            ),
            (grows(1, 2, 2), "the first difference is at the end: once Verdict("),
            (grows(3, 2, 2), "it could be followed up to 'AA', but then A has ended (left over: 'A')"),
        ],
    )
    def test_other_steps(self, commands: Callable[[], dict[str, Work]], found: str) -> None:
        """Where another number could run at one place; no coroutine is left unawaited."""

        async def scenario() -> tuple[str, str, str]:
            with pytest.raises(NotRepeatableError) as caught:
                explore(making(commands))
            return caught.value.attempted, caught.value.wrong, caught.value.remedy

        attempted, wrong, remedy = quietly(scenario(), debug=False)
        assert attempted.startswith("run the order 'A")
        assert found in wrong
        assert remedy == self.REMEDY

    def test_another_verdict(self) -> None:
        """The steps are the same, and the end is not."""
        made = count()
        with pytest.raises(NotRepeatableError) as caught:
            explore(making(lambda: {"A": steps(2)}, lambda: next(made)))
        assert caught.value.attempted == "run the order 'AA' again"
        assert caught.value.wrong.startswith("the first difference is at the end: once Verdict(")
        assert caught.value.wrong.endswith("state='1')")

    def test_another_line(self) -> None:
        """The first difference is the step that leads there."""
        made = count()

        async def waits(early: bool) -> None:
            if early:
                await asyncio.sleep(0)
            else:
                await asyncio.sleep(1)

        with pytest.raises(NotRepeatableError) as caught:
            explore(making(lambda: {"A": waits(next(made) % 2 == 0)}))
        assert caught.value.wrong.startswith("the first difference is at step 1: once 1. A: waits in TestChance")

    def test_the_order_in_which_a_group_cancels_is_no_difference(self) -> None:
        """A TaskGroup keeps its tasks in a set, which has another order each time."""

        async def fails() -> None:
            raise ValueError

        async def groups() -> None:
            async with asyncio.TaskGroup() as group:
                for _ in range(4):
                    group.create_task(asyncio.Event().wait())
                group.create_task(fails())

        for _ in range(3):
            explore(making(lambda: {"A": groups()}), limit=20, samples=0)


class TestNames:
    """A command is called by a capital letter, so that a schedule can be read."""

    @pytest.mark.parametrize("name", ["a", "AB", "A1", "1", "", "Ä"])
    def test_other_names_are_refused(self, name: str) -> None:
        """And the coroutines are closed: none is left unawaited."""

        async def scenario() -> str:
            with pytest.raises(BadRequestError) as caught:
                Execution(making(lambda: {"B": steps(1), name: steps(1)}))
            return str(caught.value)

        assert quietly(scenario()) == (
            f"Cannot run the command {name}: the name is no capital letter. "
            "To solve this, call the commands A, B, C, …."
        )
