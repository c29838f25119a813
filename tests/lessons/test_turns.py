"""Who goes next is written down: `play` follows the schedule."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pytest

from fluvius_demo.errors import BadRequestError
from fluvius_demo.lessons.turns import ROUNDS, Body, Lane, Step, Turn, play


def teller(told: list[str], name: str, turns: int = 2, rounds: int = 3) -> Body:
    """Return a body that says in each turn when it begins and when it ends, with rounds of the loop in between."""

    async def body(turn: Turn) -> str:
        for number in range(1, turns + 1):
            await turn(f"step {number}")
            told.append(f"{name}{number} begins")
            for _ in range(rounds):
                await asyncio.sleep(0)
            told.append(f"{name}{number} ends")
        return f"{name} is done"

    return body


def played(
    bodies: Mapping[str, Body], schedule: Iterable[str] = (), look: Callable[[], Any] | None = None
) -> tuple[list[Step], dict[str, Lane]]:
    """Play in a loop of its own."""
    return asyncio.run(play(bodies, schedule, look))


def order(steps: list[Step]) -> str:
    """Return who had the turns: `"A1 B1 A2"`; a dot marks one that waits."""
    return " ".join(f"{step.name}{step.label.removeprefix('step ')}{'.' * step.waits}" for step in steps)


async def for_ever(turn: Turn) -> None:
    """Take one turn and never come back from it."""
    await turn("step 1")
    await asyncio.Event().wait()


class TestTheWrittenOrder:
    """The turns are given as the schedule says, one at a time."""

    @pytest.mark.parametrize(
        ("schedule", "expected"),
        [
            ("ABAB", "A1 B1 A2 B2"),
            ("BBAA", "B1 B2 A1 A2"),
            ("ABBA", "A1 B1 B2 A2"),
            (iter(["B", "A", "A", "B"]), "B1 A1 A2 B2"),
        ],
    )
    def test_turns_come_in_the_order_of_the_schedule(self, schedule: Iterable[str], expected: str) -> None:
        """Any iterable of names will do, an iterator too."""
        told: list[str] = []
        steps, _ = played({name: teller(told, name) for name in "AB"}, schedule)
        assert order(steps) == expected
        assert told == [f"{turn} {what}" for turn in expected.split() for what in ("begins", "ends")]
        assert [step.number for step in steps] == [1, 2, 3, 4]

    @pytest.mark.parametrize(
        ("schedule", "expected"),
        [("", "A1 B1 C1 A2 B2 C2"), ("CC", "C1 C2 A1 B1 A2 B2"), ("B", "B1 A1 B2 C1 A2 C2")],
    )
    def test_after_the_schedule_the_rest_runs_in_the_order_of_the_names(self, schedule: str, expected: str) -> None:
        """One turn each, round and round."""
        steps, lanes = played({name: teller([], name) for name in "ABC"}, schedule)
        assert order(steps) == expected
        assert [lane.result for lane in lanes.values()] == ["A is done", "B is done", "C is done"]

    def test_a_name_that_has_ended_is_passed_over(self) -> None:
        """It takes no step number."""
        steps, _ = played({name: teller([], name) for name in "AB"}, "AAAABAB")
        assert order(steps) == "A1 A2 B1 B2"
        assert [step.number for step in steps] == [1, 2, 3, 4]

    def test_what_comes_before_the_first_turn_runs_first(self) -> None:
        """All bodies run up to their first turn, in the order of the names, before the schedule begins."""
        told: list[str] = []

        def body(name: str) -> Body:
            async def run(turn: Turn) -> None:
                told.append(f"{name} is here")
                await teller(told, name, turns=1)(turn)

            return run

        played({name: body(name) for name in "AB"}, "BA")
        assert told == ["A is here", "B is here", "B1 begins", "B1 ends", "A1 begins", "A1 ends"]

    def test_an_unknown_name_is_refused_before_anything_runs(self) -> None:
        """The text says which name and which there are."""
        told: list[str] = []
        with pytest.raises(BadRequestError) as caught:
            played({name: teller(told, name) for name in "AB"}, "ABC")
        assert str(caught.value) == (
            "Cannot give the next turn to 'C': there is no such command. To solve this, use only: A, B."
        )
        assert told == []

    def test_every_run_gives_the_same_steps(self) -> None:
        """Waiting for a lock included."""

        def run() -> list[Step]:
            lock = asyncio.Lock()
            return played({name: locking(lock, name, []) for name in "ABC"}, "CABBAC", lambda: 1)[0]

        assert [run() for _ in range(20)] == [run()] * 20


def locking(lock: asyncio.Lock, name: str, told: list[str]) -> Body:
    """Return a body that takes the lock in its first turn and lets it go in its second."""

    async def body(turn: Turn) -> None:
        await turn("step 1")
        async with lock:
            told.append(f"{name} has the lock")
            await turn("step 2")
        told.append(f"{name} is out")

    return body


class TestWaiting:
    """A lane that cannot use its turn is noted as waiting, and goes on as soon as it can."""

    def test_a_lane_behind_a_lock_waits_and_goes_on_by_itself(self) -> None:
        """B needs no further turn for the lock: it has it as soon as A is out."""
        told: list[str] = []
        lock = asyncio.Lock()
        steps, lanes = played({name: locking(lock, name, told) for name in "AB"}, "ABBABA")
        assert order(steps) == "A1 B1. B1. A2 B2"
        assert told == ["A has the lock", "A is out", "B has the lock", "B is out"]
        assert not any(lane.stuck or lane.error for lane in lanes.values())

    def test_a_lane_that_ends_by_itself_takes_the_step_in_which_that_is_noticed(self) -> None:
        """B waits for A's event and then has nothing more to do: its last turn shows that it is done."""

        def bodies() -> dict[str, Body]:
            event = asyncio.Event()

            async def waits(turn: Turn) -> None:
                await turn("step 1")
                await event.wait()

            async def sets(turn: Turn) -> None:
                await turn("step 1")
                event.set()

            return {"A": sets, "B": waits}

        steps, lanes = played(bodies(), "BA")
        assert order(steps) == "B1. A1 B1"
        assert not lanes["B"].stuck

    def test_stuck_lanes_are_told_from_ended_ones(self) -> None:
        """The others run to their end; the stuck one is cancelled, and its `finally` runs."""
        told: list[str] = []

        async def stuck(turn: Turn) -> None:
            try:
                await for_ever(turn)
            finally:
                told.append("cleaned up")

        steps, lanes = played({"A": stuck, "B": teller([], "B")}, "AB")
        assert order(steps) == "A1. B1 A1. B2 A1."
        assert [(name, lane.stuck, lane.result) for name, lane in lanes.items()] == [
            ("A", True, None),
            ("B", False, "B is done"),
        ]
        assert told == ["cleaned up"]

    def test_two_lanes_that_wait_for_each_other_are_both_stuck(self) -> None:
        """A deadlock ends the run; it does not hang."""
        first, second = asyncio.Lock(), asyncio.Lock()

        def body(outer: asyncio.Lock, inner: asyncio.Lock) -> Body:
            async def run(turn: Turn) -> None:
                await turn("step 1")
                async with outer:
                    await turn("step 2")
                    async with inner:
                        pass

            return run

        _, lanes = played({"A": body(first, second), "B": body(second, first)}, "ABAB")
        assert [lane.stuck for lane in lanes.values()] == [True, True]

    def test_long_work_is_not_taken_for_waiting(self) -> None:
        """Up to the documented number of rounds."""
        steps, _ = played({"A": teller([], "A", rounds=ROUNDS - 1)}, "AA")
        assert order(steps) == "A1 A2"


class TestEndings:
    """What a body returns or raises is kept in its lane; the others go on."""

    @pytest.mark.parametrize("error", [ValueError("a bug"), asyncio.CancelledError("hung up"), TimeoutError()])
    @pytest.mark.parametrize("turns", [0, 1])
    def test_an_error_is_kept(self, error: BaseException, turns: int) -> None:
        """A cancellation from inside is one, too; and it may come before the first turn."""

        async def fails(turn: Turn) -> None:
            for _ in range(turns):
                await turn("step 1")
            raise error

        steps, lanes = played({"A": fails, "B": teller([], "B")}, "ABAB")
        assert order(steps) == "A1 B1 B2" if turns else "B1 B2"
        assert (lanes["A"].error, lanes["A"].stuck, lanes["A"].result) == (error, False, None)
        assert (lanes["B"].error, lanes["B"].result) == (None, "B is done")
