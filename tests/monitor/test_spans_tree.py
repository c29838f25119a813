"""Whose child a span is, and that no ended one is anybody's parent."""

import asyncio
from collections.abc import Iterator
from contextvars import copy_context

import pytest
from helpers import in_a_loop

from fluvius_demo import Bank
from fluvius_demo.errors import MovedCommandError
from fluvius_demo.monitor.watched import watch

pytest.importorskip("opentelemetry.sdk")

from opentelemetry import trace
from traced import Traced, complaints, open_command


@pytest.fixture
def traced() -> Traced:
    """Give each test its own spans."""
    return Traced()


@pytest.fixture(autouse=True)
def nothing_is_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """No test may be complained of."""
    yield
    assert complaints(caplog) == []


class TestTheTree:
    """Whose child a span is."""

    @in_a_loop
    async def test_commands_and_other_spans_nest(self, traced: Traced) -> None:
        """The request's, the command's, one that is begun in there, the command inside of that."""
        bank, other = await Bank.opened(ana=0), await Bank.opened(ben=0)
        begin = traced.tracer.start_as_current_span
        with watch(bank.aggregate, traced.watcher), watch(other.aggregate, traced.watcher), begin("request"):
            async with open_command(bank, "ana"):
                with begin("query"):
                    async with open_command(other, "ben"):
                        pass
            with begin("answer"):
                pass
        assert traced.tree() == {"ben": "query", "query": "ana", "ana": "request", "answer": "request", "request": None}

    @in_a_loop
    async def test_commands_one_after_the_other_are_no_family(self, traced: Traced) -> None:
        """And the Context is as it was before."""
        bank = await Bank.opened(ana=0, ben=0)
        before = dict(copy_context())
        with watch(bank.aggregate, traced.watcher):
            for account in ("ana", "ben"):
                async with open_command(bank, account):
                    pass
                assert dict(copy_context()) == before
        assert traced.tree() == {"ana": None, "ben": None}

    @in_a_loop
    async def test_commands_at_the_same_time_are_no_family(self, traced: Traced) -> None:
        """Each task has its own current span."""
        bank, first_is_open, second_is_open = await Bank.opened(ana=0, ben=0), asyncio.Event(), asyncio.Event()

        async def run(account: str, opened: asyncio.Event, waits_for: asyncio.Event) -> None:
            async with open_command(bank, account):
                opened.set()
                await waits_for.wait()
                with traced.tracer.start_as_current_span(f"{account}'s query"):
                    pass

        with watch(bank.aggregate, traced.watcher):
            await asyncio.gather(run("ana", first_is_open, second_is_open), run("ben", second_is_open, first_is_open))
        assert traced.tree() == {"ana's query": "ana", "ben's query": "ben", "ana": None, "ben": None}

    @in_a_loop
    async def test_a_task_that_the_command_starts_works_for_it(self, traced: Traced) -> None:
        """Its command is the command's child."""
        bank, other = await Bank.opened(ana=0), await Bank.opened(ben=0)

        async def inner() -> None:
            async with open_command(other, "ben"):
                pass

        with watch(bank.aggregate, traced.watcher), watch(other.aggregate, traced.watcher):
            async with open_command(bank, "ana"):
                await asyncio.create_task(inner())
        assert traced.tree() == {"ben": "ana", "ana": None}

    @in_a_loop
    async def test_an_ended_command_is_nobodys_parent(self, traced: Traced) -> None:
        """A task that outlives its command begins a trace anew, or goes on below the request; its own spans count."""
        bank, go = await Bank.opened(ana=0, ben=0, cy=0), asyncio.Event()

        async def late() -> None:
            await go.wait()
            with traced.tracer.start_as_current_span("late work"):
                async with open_command(bank, "cy"):
                    pass
            async with open_command(bank, "ben"):
                pass

        with watch(bank.aggregate, traced.watcher), traced.tracer.start_as_current_span("request"):
            async with open_command(bank, "ana"):
                task = asyncio.create_task(late())
            go.set()
            await task
        tree = traced.tree()
        assert (tree["ben"], tree["cy"]) == ("request", "late work")


class TestOutOfOrder:
    """Blocks that are left elsewhere, or in another order: nothing is logged, and no ended span comes back."""

    @in_a_loop
    async def test_left_in_another_context(self, traced: Traced) -> None:
        """The span ends; in the task that goes on, no later command becomes its child."""
        bank = await Bank.opened(ana=0, ben=0)
        with watch(bank.aggregate, traced.watcher):
            block = open_command(bank, "ana")
            await block.__aenter__()

            async def leave() -> None:
                with pytest.raises(MovedCommandError):
                    await block.__aexit__(None, None, None)
                assert trace.get_current_span() is trace.INVALID_SPAN  # inherited, and ended

            await asyncio.create_task(leave())
            async with open_command(bank, "ben"):
                pass
            assert trace.get_current_span() is trace.INVALID_SPAN
        assert traced.tree() == {"ana": None, "ben": None}

    @in_a_loop
    async def test_left_where_it_is_not_known(self, traced: Traced) -> None:
        """A task that was there before has a current span of its own, and keeps it."""
        bank, opened = await Bank.opened(ana=0), asyncio.Event()
        with watch(bank.aggregate, traced.watcher):
            block = open_command(bank, "ana")

            async def leave() -> None:
                with traced.tracer.start_as_current_span("other work") as own:
                    await opened.wait()
                    with pytest.raises(MovedCommandError):
                        await block.__aexit__(None, None, None)
                    assert trace.get_current_span() is own

            task = asyncio.create_task(leave())
            await asyncio.sleep(0)
            await block.__aenter__()
            opened.set()
            await task
        assert traced.tree() == {"ana": None, "other work": None}

    @in_a_loop
    async def test_the_first_is_left_first(self, traced: Traced) -> None:
        """The younger one stays current until it ends; then none is."""
        bank, other = await Bank.opened(ana=0), await Bank.opened(ben=0)
        with watch(bank.aggregate, traced.watcher), watch(other.aggregate, traced.watcher):
            older, younger = open_command(bank, "ana"), open_command(other, "ben")
            await older.__aenter__()
            await younger.__aenter__()
            own = trace.get_current_span()
            await older.__aexit__(None, None, None)
            assert trace.get_current_span() is own
            await younger.__aexit__(None, None, None)
            assert trace.get_current_span() is trace.INVALID_SPAN
        assert traced.tree() == {"ana": None, "ben": "ana"}

    @in_a_loop
    async def test_tasks_that_start_tasks_do_not_chain_them(self, traced: Traced) -> None:
        """Each runs a command and starts the next one in it; the last one holds no more than the first."""
        bank, depths = await Bank.opened(ana=0), []

        async def link(left: int) -> None:
            async with open_command(bank, "ana"):
                depths.append(depth())
                following = asyncio.create_task(link(left - 1)) if left else None
            if following:
                await following

        def depth() -> int:
            from opentelemetry import context

            running, found = context.get_value("fluvius-command"), 0
            while running is not None:
                running, found = context.get_value("fluvius-command", running.before), found + 1
            return found

        with watch(bank.aggregate, traced.watcher):
            await link(5)
        assert depths == [1] * 6
