"""The watched frame tells its watchers of each command, in order, and changes nothing about the command."""

import asyncio
import copy
from collections.abc import Callable
from typing import Any

import pytest
from gates import Hold, started
from heard import Heard, deposit
from helpers import in_a_loop, made, needs, opening, run

from fluvius_demo import Bank, IsolatedAggregate, LegacyAggregate, MigratedAggregate
from fluvius_demo.frame import CommandFrame, Metadata, current
from fluvius_demo.monitor.watched import Ended, WatchedFrame, Watcher, Who, watch, who_of


class TestWhatIsTold:
    """The calls, and their order."""

    @in_a_loop
    async def test_asked_opened_annotated_ended(self) -> None:
        """Asked before anything has begun, opened once all can be read, ended when nothing is left."""
        aggregate, seen = made(IsolatedAggregate), []

        class Looking(Watcher):
            def asked(self, frame: WatchedFrame) -> None:
                seen.append(("asked", aggregate.get_context_state()["has_context"], frame.rootobj is not None))

            def opened(self, frame: WatchedFrame) -> None:
                seen.append(("opened", aggregate.get_context_state()["has_context"], frame.rootobj is not None))

            def annotated(self, frame: WatchedFrame, values: Metadata) -> None:
                seen.append(("annotated", dict(aggregate.metadata), dict(values)))

            def ended(self, frame: WatchedFrame, outcome: Ended, seconds: float | None) -> None:
                seen.append(("ended", current.get() is None, frame.command is None, dict(frame.noted), outcome))

        with watch(aggregate, Looking()):
            async with aggregate.command_aggregate(*opening("a")):
                aggregate.annotate(request="r-1")
                aggregate.annotate(shard=3)
        assert seen == [
            ("asked", False, False),
            ("opened", True, True),
            ("annotated", {"request": "r-1"}, {"request": "r-1"}),
            ("annotated", {"request": "r-1", "shard": 3}, {"shard": 3}),
            ("ended", True, True, {"request": "r-1", "shard": 3}, "ok"),
        ]

    @in_a_loop
    async def test_the_watchers_are_told_in_the_order_in_which_they_were_named(self) -> None:
        """Each hears of a moment before anybody hears of the next."""
        order = []

        class Named(Watcher):
            def __init__(self, name: str) -> None:
                self.name = name

            def asked(self, frame: WatchedFrame) -> None:
                order.append(f"asked {self.name}")

            def ended(self, frame: WatchedFrame, outcome: Ended, seconds: float | None) -> None:
                order.append(f"ended {self.name}")

        aggregate = made(IsolatedAggregate)
        with watch(aggregate, Named("one"), Named("two")):
            await run(aggregate)
        assert order == ["asked one", "asked two", "ended one", "ended two"]

    @in_a_loop
    async def test_who_is_the_command_in_text(self) -> None:
        """Its id, its key, its root; a command that no domain has numbered has no id."""
        bank, aggregate, heard = await Bank.opened(ana=0), made(IsolatedAggregate), Heard()
        with watch(bank.aggregate, heard), watch(aggregate, heard):
            await deposit(bank)
            await run(aggregate, "a")
        assert heard.who == [
            Who("bank-1", "deposit-money", "account/ana", None),
            Who("?", "write-note", "note/a", None),
        ]

    @in_a_loop
    async def test_the_parent_is_the_nearest_open_command_around_it(self) -> None:
        """Watched or not, of any aggregate; a task that has outlived a command names that one no more."""
        outer, inner, heard, gate = await Bank.opened(ana=0), await Bank.opened(ana=0), Heard(), asyncio.Event()

        async def late() -> None:
            await gate.wait()
            await deposit(inner)

        with watch(inner.aggregate, heard):
            async with outer.aggregate.command_aggregate(*outer.depositing("ana", 5)):
                await deposit(inner)
                task = asyncio.create_task(late())
            gate.set()
            await task
        assert [who.parent for who in heard.who] == ["bank-1", None]

    @in_a_loop
    async def test_two_overlapping_commands_are_two(self) -> None:
        """The second opens and ends while the first is open."""
        bank, heard = await Bank.opened(ana=0, ben=0), Heard()
        hold = bank.statemgr.gate = Hold("held", operation="update")
        with watch(bank.aggregate, heard):
            task = started(bank, bank.command("deposit-money", "ana", amount=5))
            await hold.reached.wait()
            await deposit(bank, "ben")
            hold.go.set()
            await task
        assert heard.calls == [
            ("asked", "bank-1"),
            ("opened", "bank-1"),
            ("asked", "bank-2"),
            ("opened", "bank-2"),
            ("ended", "bank-2", "ok", True),
            ("ended", "bank-1", "ok", True),
        ]

    @needs("threads")
    @in_a_loop
    async def test_a_thread_that_annotates_is_heard(self) -> None:
        """It works for the command; the watcher is called in the thread."""
        bank, heard = await Bank.opened(ana=0), Heard()
        with watch(bank.aggregate, heard):
            async with bank.aggregate.command_aggregate(*bank.depositing("ana", 5)):
                await asyncio.to_thread(bank.aggregate.annotate, by="thread")
        assert heard.calls[2] == ("annotated", "bank-1", {"by": "thread"})


class TestWatch:
    """Which commands a `watch` block is about."""

    @in_a_loop
    async def test_it_is_off_before_and_after_and_costs_no_watched_frame(self) -> None:
        """Outside of the block, frames are plain ones."""
        aggregate, heard = made(IsolatedAggregate), Heard()
        await run(aggregate)
        with watch(aggregate, heard):
            pass
        await run(aggregate)
        assert heard.calls == []
        assert type(aggregate.command_aggregate(*opening("a"))) is CommandFrame

    @in_a_loop
    async def test_blocks_inside_of_each_other_add_up(self) -> None:
        """The outer watchers come first; after the inner block they are alone again."""
        aggregate, outer, inner = made(IsolatedAggregate), Heard(), Heard()
        with watch(aggregate, outer):
            with watch(aggregate, inner):
                await run(aggregate)
                assert type(aggregate.command_aggregate(*opening("a"))).watchers == (outer, inner)
            await run(aggregate)
        assert (len(outer.calls), len(inner.calls)) == (6, 3)

    @in_a_loop
    async def test_a_command_that_was_made_before_goes_on_unwatched(self) -> None:
        """A block that is open, and one that is made and not entered yet."""
        aggregate, heard = made(IsolatedAggregate), Heard()
        before = aggregate.command_aggregate(*opening("a"))
        with watch(aggregate, heard):
            async with before:
                aggregate.annotate(request="r-1")
        assert heard.calls == []

    @in_a_loop
    async def test_one_that_was_made_inside_is_watched_to_its_end(self) -> None:
        """Also where that comes after the block's."""
        aggregate, heard = made(IsolatedAggregate), Heard()
        with watch(aggregate, heard):
            inside = aggregate.command_aggregate(*opening("a"))
        async with inside:
            pass
        assert [call[0] for call in heard.calls] == ["asked", "opened", "ended"]

    @in_a_loop
    async def test_another_aggregate_of_the_class_is_not_watched(self) -> None:
        """It is set on the instance."""
        aggregate, heard = made(IsolatedAggregate), Heard()
        other = type(aggregate)(aggregate)
        with watch(aggregate, heard):
            await run(other)
        assert heard.calls == []

    @in_a_loop
    async def test_a_copy_that_was_made_before_is_another_aggregate(self) -> None:
        """Watching either one does not watch the other."""
        aggregate, heard = made(IsolatedAggregate), Heard()
        twin = copy.copy(aggregate)
        with watch(aggregate, heard):
            await run(twin)
        with watch(twin, heard):
            await run(aggregate)
        assert heard.calls == []

    @in_a_loop
    async def test_the_block_ends_with_an_error_as_well(self) -> None:
        """Nothing is watched afterwards."""
        aggregate, heard = made(IsolatedAggregate), Heard()
        with pytest.raises(ValueError, match="broken"), watch(aggregate, heard):
            raise ValueError("broken")
        await run(aggregate)
        assert heard.calls == []

    @pytest.mark.parametrize("design", [LegacyAggregate, MigratedAggregate])
    def test_another_design_is_refused(self, design: type) -> None:
        """It has no frames; the error says what to do."""
        with pytest.raises(TypeError) as refused, watch(made(design), Heard()):
            pass
        assert str(refused.value) == (
            "Cannot watch Notes: only an IsolatedAggregate has frames to watch. "
            "To solve this, make the domain with that design."
        )


class TestTheCommandIsTheSame:
    """A watched command does what a plain one does."""

    @pytest.mark.parametrize("watched", [False, True], ids=["plain", "watched"])
    @in_a_loop
    async def test_its_results_and_what_it_leaves(self, watched: bool) -> None:
        """Responses, events, balances; and no command is left in the Context."""
        bank = await Bank.opened(ana=0, ben=7)
        with watch(bank.aggregate, *([Watcher()] if watched else [])):
            await deposit(bank)
            responses = await bank.process_command(bank.command("transfer-money", "ana", to="ben", amount=2))
        assert [response.data.balance for response in responses["account-state"]] == [3]
        assert [event.event for event in bank.event_log] == ["money-deposited", "money-transferred"]
        assert bank.balances() == {"ana": 3, "ben": 9}
        assert current.get() is None

    @pytest.mark.parametrize("method", ["asked", "opened", "annotated"])
    @in_a_loop
    async def test_a_watcher_that_hears_nothing_changes_nothing(self, method: str) -> None:
        """The methods of Watcher itself do nothing, so a subclass overrides what it wants to hear."""
        tell: Callable[..., None] = getattr(Watcher(), method)
        arguments = [None] * (2 if method == "annotated" else 1)
        assert tell(*arguments) is None

    @in_a_loop
    async def test_who_of_an_open_frame_is_the_same_as_when_it_was_asked_for(self) -> None:
        """For the plain one, whose text nobody has kept."""
        outer, inner = await Bank.opened(ana=0), await Bank.opened(ana=0)
        async with outer.aggregate.command_aggregate(*outer.depositing("ana", 5)):
            async with inner.aggregate.command_aggregate(*inner.depositing("ana", 5)):
                assert who_of(current.get()) == Who("bank-1", "deposit-money", "account/ana", "bank-1")
            assert who_of(current.get()) == Who("bank-1", "deposit-money", "account/ana", None)


class TestBlocksThatOverlap:
    """Two tasks watch one aggregate, and the one that began first ends first."""

    @in_a_loop
    async def test_each_block_takes_its_own_watchers_away(self) -> None:
        """In whatever order they end, also where both have the same watcher."""
        aggregate, shared, own = made(IsolatedAggregate), Watcher(), Watcher()
        first, second = watch(aggregate, shared, own), watch(aggregate, shared)
        first.__enter__()
        second.__enter__()
        assert aggregate._frame_type.watchers == (shared, own, shared)
        first.__exit__(None, None, None)
        assert aggregate._frame_type.watchers == (shared,)
        second.__exit__(None, None, None)
        assert aggregate._frame_type is CommandFrame

    @pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy])
    @in_a_loop
    async def test_a_copy_is_not_watched(self, copied: Callable[[Any], Any]) -> None:
        """Nobody has asked for it, and nobody would end it."""
        aggregate = made(IsolatedAggregate)
        with watch(aggregate, Watcher()):
            assert copied(aggregate)._frame_type is CommandFrame
