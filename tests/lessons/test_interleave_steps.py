"""A run by hand: who can go, one step, back again, and the schedule as text."""

import asyncio
import sys
from collections.abc import Coroutine
from contextvars import ContextVar
from typing import Any

import pytest
from scenes import counting, ends_of, making, steps

from fluvius_demo.errors import ScheduleError
from fluvius_demo.lessons.interleave import Execution, replay, steps_of

spoken: ContextVar[str] = ContextVar("spoken", default="nothing")


def passing_on() -> dict[str, Coroutine[Any, Any, Any]]:
    """Return two commands: B waits for A's event."""
    event = asyncio.Event()

    async def sets() -> str:
        await asyncio.sleep(0)
        event.set()
        return "set"

    async def waits() -> bool:
        return await event.wait()

    return {"A": sets(), "B": waits()}


class TestStepping:
    """One step runs one command to its next await."""

    def test_a_step_runs_one_command_and_nobody_else(self) -> None:
        """Nothing has run before the first step; the trace says who, and who can go then."""
        noted: list[str] = []
        execution = Execution(
            making(lambda: {name: steps(2, lambda name=name: noted.append(name)) for name in ("A", "B")})
        )
        assert (noted, execution.ready, execution.commands, execution.trace) == ([], ("A", "B"), ("A", "B"), [])
        execution.step("B")
        assert noted == ["B"]
        execution.step("B").step("A")
        assert noted == ["B", "B", "A"]
        assert [(step.number, step.name, step.ready) for step in execution.trace] == [
            (1, "B", ("A", "B")),
            (2, "B", ("A",)),
            (3, "A", ("A",)),
        ]
        assert (execution.schedule, execution.over, execution.verdict()) == ("BBA", False, None)
        execution.step("A")
        assert (execution.over, ends_of(execution.verdict())) == (True, {"A": "None", "B": "None"})

    def test_whoever_waits_for_another_cannot_go(self) -> None:
        """Until that one has done it."""
        execution = Execution(making(passing_on)).step("B")
        assert (execution.ready, execution.ended("B")) == (("A",), False)
        assert execution.step("A").ready == ("A",)
        assert execution.step("A").ready == ("B",)
        assert (execution.ended("A"), execution.ended("B")) == (True, False)
        assert ends_of(execution.step("B").verdict()) == {"A": "'set'", "B": "True"}

    def test_run_on(self) -> None:
        """In turn; or one of them first, as far as it can go."""
        assert Execution(counting("ABC", 2, 3, 1)).run_on().schedule == "ABCABB"
        assert Execution(counting("ABC", 2, 3, 1)).run_on("B").schedule == "BBBACA"
        assert Execution(making(passing_on)).run_on("B").schedule == "BAAB"
        assert Execution(counting("AB", 2, 2)).step("B").run_on("B").run_on().schedule == "BBAA"

    @pytest.mark.parametrize("back", [0, 1, 3, 5])
    def test_undo_any_number_and_go_another_way(self, back: int) -> None:
        """What comes after depends only on the steps that are left."""
        execution = replay(counting("AB", 3, 3), "ABABA")
        for _ in range(back):
            execution.undo()
        left = "ABABA"[: 5 - back]
        assert (execution.schedule, len(execution.trace)) == (left, 5 - back)
        fresh = replay(counting("AB", 3, 3), left)
        assert (execution.ready, execution.trace) == (fresh.ready, fresh.trace)
        assert sorted(execution.run_on("B").schedule) == list("AAABBB")

    def test_undo_at_the_start_and_reset(self) -> None:
        """There is nothing before the start."""
        execution = Execution(counting("AB", 2, 2))
        assert execution.undo().schedule == ""
        assert execution.run_on().undo().over is False
        assert execution.run_on().verdict() is not None
        assert execution.reset().ready == ("A", "B")
        assert (execution.trace, execution.verdict()) == ([], None)

    def test_children_have_names_of_their_own(self) -> None:
        """A's are A1, A2, … as they are started, by A or by one another; B's are B1, …"""

        async def tree(depth: int) -> None:
            if depth:
                await asyncio.gather(tree(0), asyncio.create_task(tree(depth - 1)))

        execution = Execution(making(lambda: {"A": tree(2), "B": tree(1)}))
        assert execution.names == ("A", "B")
        execution.run_on("A")
        assert execution.names == ("A", "A1", "A2", "A3", "A4", "B", "B1", "B2")
        assert execution.schedule == "ABA1A2B1B2A3A4BA1A"
        assert steps_of(execution.schedule) == ["A", "B", "A1", "A2", "B1", "B2", "A3", "A4", "B", "A1", "A"]
        assert replay(making(lambda: {"A": tree(2), "B": tree(1)}), execution.schedule).over

    def test_more_than_nine_children(self) -> None:
        """They are listed in the order of their numbers."""

        async def starts() -> None:
            await asyncio.gather(*(steps(1) for _ in range(11)))

        execution = replay(making(lambda: {"A": starts(), "B": steps(1)}), "AA11A2B")
        assert execution.names == ("A", *(f"A{number}" for number in range(1, 12)), "B")
        execution.close()

    @pytest.mark.skipif(sys.version_info < (3, 12), reason="there are eager tasks from Python 3.12 on")
    def test_an_eager_child_has_its_name_at_once(self) -> None:
        """It is A's, although it has never been in the queue when B wakes it."""
        event = asyncio.Event()

        async def starts() -> None:
            asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
            await asyncio.create_task(event.wait())

        execution = Execution(making(lambda: {"A": starts(), "B": steps(1, event.set)})).step("A")
        assert (execution.names, execution.ended("A1")) == (("A", "A1", "B"), False)
        assert execution.step("B").ready == ("A1",)
        execution.close()

    def test_a_callback_takes_a_step_under_a_name_like_a_child_s(self) -> None:
        """It matters who goes before it. A callback that is taken back cannot run."""
        noted: list[str] = []

        async def asks() -> None:
            spoken.set("asked")
            loop = asyncio.get_running_loop()
            loop.call_soon(lambda: noted.append(spoken.get()))
            loop.call_soon(noted.append, "never").cancel()

        execution = replay(making(lambda: {"A": asks(), "B": steps(1, lambda: noted.append("B"))}), "A")
        assert (execution.ready, execution.names) == (("B", "A1"), ("A", "A1", "A2", "B"))
        assert (execution.ended("A1"), execution.ended("A2"), execution.where("A1")) == (False, True, None)
        assert execution.variables("A1") == {"spoken": "asked"}
        execution.run_on("A1")
        assert (noted, execution.ended("A1"), execution.schedule) == (["asked", "B"], True, "AA1B")


class TestContexts:
    """Each command runs in a Context of its own, which can be looked into."""

    def test_what_each_holds(self) -> None:
        """And a child what its parent held; the caller's own is left alone."""

        async def child() -> None:
            spoken.set("the child")

        async def speaks(name: str) -> None:
            spoken.set(name)
            await asyncio.create_task(child())

        spoken.set("the caller")
        look = {"look": lambda name: {name: spoken.get()}, "shared": True}
        execution = Execution(making(lambda: {"A": speaks("a"), "B": speaks("b")}, **look))
        assert (execution.variables("A"), execution.value("A", spoken)) == ({}, None)
        execution.step("A")
        assert execution.variables("A1") == execution.variables("A") == {"spoken": "a"}
        assert (execution.seen("A"), execution.seen("B")) == ({"A": "a"}, {"B": "nothing"})
        execution.step("A1")
        assert [execution.value(name, spoken, "unset") for name in ("A", "A1", "B")] == ["a", "the child", "unset"]
        assert (spoken.get(), execution.shared) == ("the caller", True)
        execution.close()


class TestSchedules:
    """A schedule can be typed; one that cannot be followed is refused, and says why."""

    @pytest.mark.parametrize("text", ["ABA1", "aba1", " A B\nA1\t", "a b A1"])
    def test_blanks_and_small_letters(self, text: str) -> None:
        """They do not count."""
        assert steps_of(text) == ["A", "B", "A1"]

    @pytest.mark.parametrize(
        ("text", "wrong"), [("A-B", "-"), ("1A", "1"), ("A,B;", ",;"), ("ÄB", "Ä"), ("A\u0663", "\u0663")]
    )
    def test_anything_else_is_refused(self, text: str, wrong: str) -> None:
        """The text says what is wrong in it."""
        with pytest.raises(ScheduleError) as caught:
            replay(counting("AB", 2, 2), text)
        assert str(caught.value) == (
            f"Cannot read the schedule {text!r}: it has {wrong!r} in it. To solve this, write one capital letter for "
            "each step, ABBA, and a number behind it for a task that A has started, A1."
        )

    @pytest.mark.parametrize(
        ("schedule", "text"),
        [
            (
                "BBA",
                "'BBA': it could be followed up to 'B', but then B waits for somebody else in "
                "passing_on.<locals>.waits, line 28: return await event.wait() (left over: 'BA'). "
                "To solve this, choose one of those that can run: A.",
            ),
            (
                "AAAB",
                "'AAAB': it could be followed up to 'AA', but then A has ended (left over: 'AB'). "
                "To solve this, choose one of those that can run: B.",
            ),
            (
                "A1",
                "'A1': it could be followed up to '', but then there is no A1 yet (left over: 'A1'). "
                "To solve this, choose one of those that can run: A, B.",
            ),
            (
                "AABBC",
                "'AABBC': it could be followed up to 'AAB', but then B has ended (left over: 'BC'). "
                "To solve this, stop: it is over.",
            ),
        ],
    )
    def test_where_the_paths_part(self, schedule: str, text: str) -> None:
        """The text says how far it went, what happened then and who could go instead."""
        with pytest.raises(ScheduleError) as caught:
            replay(making(passing_on), schedule)
        assert str(caught.value) == f"Cannot follow the schedule {text}"

    @pytest.mark.parametrize("name", ["B", "C", "A1", "a", "", "AB"])
    def test_a_step_that_fails_changes_nothing(self, name: str) -> None:
        """The run goes on as if it had not been tried."""
        execution = replay(making(passing_on), "B")
        before = (execution.ready, execution.trace[:], execution.names, execution.where("A"), execution.where("B"))
        with pytest.raises(ScheduleError, match=f"^Cannot let {name} go next after 'B': "):
            execution.step(name)
        assert before == (execution.ready, execution.trace, execution.names, execution.where("A"), execution.where("B"))
        assert execution.run_on().schedule == "BAAB"

    def test_whom_there_is_not_cannot_be_looked_at(self) -> None:
        """The text says whom there is."""
        execution = Execution(counting("AB", 1, 1))
        for look in (execution.where, execution.seen, execution.variables, execution.ended):
            with pytest.raises(ScheduleError) as caught:
                look("C")
            assert str(caught.value) == "Cannot look at 'C': there is no such command yet. To solve this, use A, B."
        execution.close()
