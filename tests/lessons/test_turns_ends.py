"""What a run of turns leaves behind: nothing. And in whose Context everything runs."""

import asyncio
from collections.abc import Callable, Coroutine
from contextvars import ContextVar, copy_context
from typing import Any

import pytest
from quiet import quietly

from fluvius_demo.lessons.turns import ROUNDS, Body, Lane, Turn, alone, play

colour: ContextVar[str] = ContextVar("colour", default="none")


def painter(paint: str) -> Body:
    """Return a body that says which colour it finds, and sets its own in its first turn."""

    async def body(turn: Turn) -> str:
        found = colour.get()
        await turn("paint")
        colour.set(paint)
        await turn("close")
        return f"{found}, then {colour.get()}"

    return body


async def for_ever(turn: Turn) -> None:
    """Take one turn and never come back from it."""
    await turn("step")
    await asyncio.Event().wait()


def fails(error: BaseException) -> Body:
    """Return a body that raises in its first turn."""

    async def body(turn: Turn) -> None:
        await turn("step")
        raise error

    return body


class TestContexts:
    """Each body has a fresh Context of its own, and `look` is called in it."""

    def test_a_body_sees_nothing_of_its_caller_nor_of_the_others(self) -> None:
        """Nor does the caller see anything of them."""

        async def scenario() -> tuple[list[Any], str]:
            colour.set("black")
            _, lanes = await play({"A": painter("red"), "B": painter("blue")}, "ABAB")
            return [lane.result for lane in lanes.values()], colour.get()

        assert asyncio.run(scenario()) == (["none, then red", "none, then blue"], "black")

    def test_look_is_called_for_each_open_command_after_each_step(self) -> None:
        """Open is who had a turn and asks for another one; whose turn it is makes no difference."""
        steps, _ = asyncio.run(play({"A": painter("red"), "B": painter("blue")}, "ABBA", colour.get))
        assert [(step.name, dict(step.views)) for step in steps] == [
            ("A", {"A": "red"}),
            ("B", {"A": "red", "B": "blue"}),
            ("B", {"A": "red"}),
            ("A", {}),
        ]

    def test_nobody_looks_into_a_command_that_waits_for_somebody_else(self) -> None:
        """It is neither open nor ended."""
        steps, _ = asyncio.run(play({"A": for_ever, "B": painter("blue")}, "AB", colour.get))
        assert [(step.name, dict(step.views)) for step in steps[:2]] == [("A", {}), ("B", {"B": "blue"})]

    def test_without_look_there_are_no_views(self) -> None:
        """The steps are the same."""
        steps, _ = asyncio.run(play({"A": painter("red")}))
        assert [(step.label, step.views) for step in steps] == [("paint", {}), ("close", {})]


class TestNothingIsLeft:
    """Whatever happens: no task goes on, and no complaint comes up later."""

    def test_after_ends_of_every_kind(self) -> None:
        """Success, an error, a cancellation and a stuck lane, in one run."""

        async def scenario() -> list[tuple[str, bool]]:
            bodies = {
                "A": painter("red"),
                "B": fails(ValueError()),
                "C": fails(asyncio.CancelledError()),
                "D": for_ever,
            }
            _, lanes = await play(bodies, "ABCD")
            return [(type(lane.error).__name__, lane.stuck) for lane in lanes.values()]

        assert quietly(scenario()) == [
            ("NoneType", False),
            ("ValueError", False),
            ("CancelledError", False),
            ("CancelledError", True),
        ]

    def test_the_caller_gets_its_own_context_back(self) -> None:
        """Not one variable is set or changed."""

        async def scenario() -> None:
            before = dict(copy_context().items())
            await play({"A": painter("red"), "B": for_ever}, "AB", colour.get)
            assert dict(copy_context().items()) == before

        quietly(scenario())

    def test_a_run_that_is_cancelled_takes_its_commands_with_it(self) -> None:
        """At whatever moment the cancellation comes, it stays a cancellation."""

        async def cancelled_after(rounds: int) -> bool:
            playing = asyncio.create_task(play({"A": painter("red"), "B": for_ever, "C": painter("blue")}, "ABC"))
            for _ in range(rounds):
                await asyncio.sleep(0)
            if playing.done():
                return False
            playing.cancel()
            with pytest.raises(asyncio.CancelledError):
                await playing
            assert asyncio.all_tasks() == {asyncio.current_task()}
            return True

        async def scenario() -> int:
            rounds = 1
            while await cancelled_after(rounds):
                rounds += 1 if rounds < ROUNDS // 2 else 7
            return rounds

        assert quietly(scenario()) > 2 * ROUNDS  # it was cancelled while it waited for B, too

    def test_a_cancelled_run_waits_until_its_commands_have_cleaned_up(self) -> None:
        """Also where that takes a while."""
        told: list[str] = []

        async def slow_to_end(turn: Turn) -> None:
            try:
                await turn("step")
            finally:
                await asyncio.sleep(0)
                told.append("cleaned up")

        async def scenario() -> None:
            playing = asyncio.create_task(play({"A": slow_to_end, "B": for_ever}, "B"))
            for _ in range(5):
                await asyncio.sleep(0)
            playing.cancel()
            with pytest.raises(asyncio.CancelledError):
                await playing
            assert told == ["cleaned up"]

        quietly(scenario())

    def test_a_stuck_command_may_ask_for_a_turn_while_it_cleans_up(self) -> None:
        """There are no more turns: it is cancelled there again, and the run ends."""

        async def asks_again(turn: Turn) -> None:
            try:
                await for_ever(turn)
            finally:
                await turn("clean up")

        async def scenario() -> bool:
            playing = asyncio.create_task(play({"A": asks_again}))
            for _ in range(10 * ROUNDS):
                await asyncio.sleep(0)
            ended = playing.done()
            playing.cancel()
            await asyncio.wait([playing])
            return ended

        assert quietly(scenario())

    def test_an_error_in_look_ends_the_run(self) -> None:
        """It is raised, and the commands are gone."""

        def look() -> None:
            raise ValueError("a bug in look")

        async def scenario() -> None:
            with pytest.raises(ValueError, match="a bug in look"):
                await play({"A": painter("red"), "B": for_ever}, "AB", look)

        quietly(scenario())

    def test_an_interrupt_gets_through(self) -> None:
        """Ctrl-C in a body is not kept like an error; the other commands are cleaned up."""
        told: list[str] = []

        async def other(turn: Turn) -> None:
            try:
                await for_ever(turn)
            finally:
                told.append("cleaned up")

        with pytest.raises(KeyboardInterrupt):
            asyncio.run(play({"A": other, "B": fails(KeyboardInterrupt())}, "AB"))
        assert told == ["cleaned up"]


class TestAlone:
    """One coroutine, in a fresh task and Context, to its end."""

    def test_it_runs_to_its_end(self) -> None:
        """And keeps the result."""

        async def work() -> str:
            for _ in range(5 * ROUNDS):  # longer than one turn of `play` may take
                await asyncio.sleep(0)
            return colour.get()

        async def scenario() -> Lane:
            colour.set("red")
            return await alone(work())

        lane = asyncio.run(scenario())
        assert (lane.result, lane.error, lane.stuck) == ("none", None, False)

    def test_an_error_is_kept(self) -> None:
        """It is not raised."""

        async def fails() -> None:
            raise ValueError("a bug")

        lane = asyncio.run(alone(fails()))
        assert (repr(lane.error), lane.stuck) == ("ValueError('a bug')", False)

    @pytest.mark.parametrize("make", [lambda: asyncio.Event().wait(), lambda: asyncio.sleep(3600)])
    def test_what_never_ends_is_stuck_and_gone(self, make: Callable[[], Coroutine[Any, Any, Any]]) -> None:
        """Nothing is left running, and nobody waits for the hour."""

        async def scenario() -> tuple[bool, bool]:
            lane = await alone(make())
            return lane.stuck, lane.ended

        assert quietly(scenario()) == (True, True)
