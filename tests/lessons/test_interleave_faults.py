"""A cancellation or an error at every await of every command, in every order."""

import asyncio
from collections.abc import Coroutine, Mapping
from typing import Any

import pytest
from scenes import counting, ends_of, making, steps

from fluvius_demo.errors import BadRequestError
from fluvius_demo.lessons.interleave import (
    Execution,
    Fault,
    InjectedError,
    Make,
    explore,
    faults_of,
    replay,
)
from fluvius_demo.lessons.scene import FaultKind

KINDS: list[FaultKind] = ["cancel", "cancel late", "error"]
each_kind = pytest.mark.parametrize("kind", KINDS)


def test_there_is_a_fault_at_every_await() -> None:
    """A command of three steps waits twice; one of a single step never."""
    found = faults_of(explore(counting("ABC", 3, 1, 2)))
    assert [str(fault) for fault in found] == [
        "cancel at await 1 of A",
        "cancel at await 2 of A",
        "cancel at await 1 of C",
        "error at await 1 of A",
        "error at await 2 of A",
        "error at await 1 of C",
    ]
    assert len(faults_of(explore(counting("ABC", 3, 1, 2)), KINDS)) == 9
    assert faults_of(explore(counting("AB", 1, 1))) == []


def test_children_are_not_counted() -> None:
    """Faults hit the commands themselves."""

    async def starts() -> None:
        await asyncio.create_task(steps(3))

    assert [fault.command for fault in faults_of(explore(making(lambda: {"A": starts()})), ["cancel"])] == ["A"]


def noting(noted: list[str]) -> Make:
    """Return a scene in which A notes three steps and how it is ended."""

    async def notes() -> str:
        try:
            await steps(3, lambda: noted.append("step"))
        except (asyncio.CancelledError, InjectedError) as error:
            noted.append(type(error).__name__)
            raise
        return "whole"

    def commands() -> Mapping[str, Coroutine[Any, Any, Any]]:
        noted.clear()
        return {"A": notes(), "B": steps(2)}

    return making(commands, lambda: " ".join(noted))


NAMES = {"cancel": "CancelledError", "cancel late": "CancelledError", "error": "InjectedError"}


class TestWhereItHits:
    """At the await with the fault's number, and nowhere else."""

    @each_kind
    @pytest.mark.parametrize("number", [1, 2])
    def test_the_command_has_come_so_far_and_no_farther(self, kind: FaultKind, number: int) -> None:
        """In every order; and what hit it is reported as injected."""
        report = explore(noting([]), fault=Fault(kind, "A", number))
        assert [story.verdict.state for story in report.stories] == [" ".join(["step"] * number + [NAMES[kind]])]
        findings = dict(report.stories[0].verdict.findings)
        assert (findings["A"].outcome, findings["A"].expected) == ("refused", "injected")
        assert findings["A"].seen.startswith(NAMES[kind])
        assert findings["B"].outcome == "correct"
        assert len(report.orders) == [0, 6, 10][number]

    @each_kind
    def test_an_await_that_is_never_reached(self, kind: FaultKind) -> None:
        """Then nothing happens."""
        noted: list[str] = []
        execution = Execution(noting(noted), fault=Fault(kind, "A", 3)).run_on()
        assert (ends_of(execution.verdict()), noted) == ({"A": "'whole'", "B": "None"}, ["step"] * 3)

    @each_kind
    def test_a_cancellation_of_the_command_s_own_is_not_called_injected(self, kind: FaultKind) -> None:
        """Nor is an error of its own."""

        async def ends() -> None:
            await asyncio.sleep(0)
            raise asyncio.CancelledError if kind != "error" else ValueError

        execution = Execution(making(lambda: {"A": ends()}), fault=Fault(kind, "A", 2)).run_on()
        assert dict(execution.verdict().findings)["A"].expected == ""

    def test_errors_in_a_group_are_still_the_injected_ones(self) -> None:
        """A TaskGroup wraps them."""

        async def groups() -> None:
            async with asyncio.TaskGroup():
                await asyncio.sleep(0)

        execution = Execution(making(lambda: {"A": groups()}), fault=Fault("error", "A", 1)).run_on()
        finding = dict(execution.verdict().findings)["A"]
        assert (finding.expected, finding.seen.startswith("ExceptionGroup")) == ("injected", True)

    @each_kind
    def test_a_fault_that_is_swallowed(self, kind: FaultKind) -> None:
        """The command goes on, and is not hit again."""

        async def swallows() -> int:
            count = 0
            for _ in range(3):
                try:
                    await asyncio.sleep(0)
                except (asyncio.CancelledError, InjectedError):
                    count += 1
            return count

        report = explore(making(lambda: {"A": swallows()}), fault=Fault(kind, "A", 2))
        assert [ends_of(story.verdict) for story in report.stories] == [{"A": "1"}]

    @each_kind
    @pytest.mark.parametrize("number", [1, 2, 3])
    def test_an_await_that_somebody_else_cancels_counts_too(self, kind: FaultKind, number: int) -> None:
        """B cancels A at its first await; A goes on, and its second await is still the second."""
        noted: list[str] = []

        async def goes_on() -> None:
            for name in ("first", "second", "third"):
                try:
                    await asyncio.sleep(0)
                except (asyncio.CancelledError, InjectedError):
                    noted.append(name)

        async def cancels(task: list[asyncio.Task[None]]) -> None:
            task[0].cancel()

        def commands() -> Mapping[str, Coroutine[Any, Any, Any]]:
            noted.clear()
            tasks: list[asyncio.Task[None]] = []

            async def known() -> None:
                tasks.append(asyncio.current_task())
                await goes_on()

            return {"A": known(), "B": cancels(tasks)}

        replay(making(commands), "ABAAA", fault=Fault(kind, "A", number)).close()
        assert noted == ["first", *{1: [], 2: ["second"], 3: ["third"]}[number]]

    def test_a_cancellation_comes_before_time_passes(self) -> None:
        """Whoever is cancelled as soon as it waits has not waited for its limit."""

        async def limited() -> float:
            try:
                async with asyncio.timeout(5):
                    await asyncio.Event().wait()
            except asyncio.CancelledError:
                return asyncio.get_running_loop().time()

        execution = Execution(making(lambda: {"A": limited()}), fault=Fault("cancel", "A", 1)).run_on()
        assert ends_of(execution.verdict()) == {"A": "0.0"}

    @each_kind
    def test_by_hand_and_back(self, kind: FaultKind) -> None:
        """Undo and replay keep the fault; the lines are those of the command itself."""
        execution = replay(noting([]), "AA", fault=Fault(kind, "A", 1))
        assert execution.ended("A")
        assert execution.undo().where("A").function == "noting.<locals>.notes"
        assert execution.step("A").ended("A")
        execution.close()

    @pytest.mark.parametrize("name", ["C", "A1", "a", ""])
    def test_a_fault_of_nobody_is_refused(self, name: str) -> None:
        """It would change nothing, and all would look well."""
        with pytest.raises(BadRequestError) as caught:
            explore(counting("AB", 2, 2), fault=Fault("cancel", name, 1))
        assert str(caught.value) == (
            f"Cannot inject the fault 'cancel at await 1 of {name}': there is no command {name}. "
            "To solve this, use one of A, B."
        )


class TestALockThatIsHandedOver:
    """B waits for A's lock; A lets go of it, so that it is as good as B's; B is cancelled before it goes on."""

    def scene(self, handed: list[str]) -> Make:
        """Return two commands that want the lock, and a third that takes it at the end."""

        def commands() -> Mapping[str, Coroutine[Any, Any, Any]]:
            lock = asyncio.Lock()
            handed.clear()

            async def locks(name: str) -> None:
                async with lock:
                    handed.append(name)
                    await asyncio.sleep(0)

            return {"A": locks("A"), "B": locks("B"), "C": locks("C")}

        return making(commands, lambda: "".join(handed))

    def test_asyncio_s_lock_survives_it(self) -> None:
        """C gets it."""
        handed: list[str] = []
        execution = replay(self.scene(handed), "ABCA", fault=Fault("cancel late", "B", 1))
        assert (execution.ready, handed) == (("B",), ["A"])
        execution.run_on()
        assert (ends_of(execution.verdict()), handed) == ({"A": "None", "B": "CancelledError", "C": "None"}, ["A", "C"])

    @pytest.mark.parametrize(
        ("kind", "number"), [("cancel", 1), ("cancel", 2), ("cancel late", 1), ("cancel late", 2), ("error", 2)]
    )
    def test_nobody_is_ever_stuck(self, kind: FaultKind, number: int) -> None:
        """In no order, wherever B is hit. (The lock's own await does not fail, and the lock is not made for it.)"""
        report = explore(self.scene([]), fault=Fault(kind, "B", number))
        assert "stuck" not in report.tally
        assert {"AC", "CA"} <= {story.verdict.state.replace("B", "") for story in report.stories}
