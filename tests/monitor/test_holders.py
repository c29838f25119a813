"""What holds an object is found by name, and what the program keeps on purpose is no find."""

import asyncio
from collections.abc import Callable
from contextvars import ContextVar, copy_context
from functools import lru_cache, partial
from typing import Any

import pytest
from helpers import in_a_loop

from fluvius_demo.banking import Account
from fluvius_demo.monitor import holders as holders_module
from fluvius_demo.monitor.holders import holders

KEPT: list[Any] = []
BY_NAME: dict[str, Any] = {}
VARIABLE: ContextVar[Any] = ContextVar("test_holders")
A_CACHE = lru_cache(lambda account: [account])


class Reminder:
    """Keeps an account, and has a method to call."""

    def __init__(self, account: Account) -> None:
        self.account = account

    def fire(self) -> None:
        """Do nothing."""


def account() -> Account:
    """Return an object to hold."""
    return Account(identifier="ana", owner="Ana")


def texts(held: Any) -> list[str]:
    """Return what holds this, in words."""
    return [holder.text for holder in holders([held])[0]]


async def watch_balance(_account: Any, over: asyncio.Event) -> None:
    """Wait, with the account in a variable."""
    await over.wait()


async def readings(account: Any, over: asyncio.Event) -> Any:
    """Wait for the first reading."""
    await over.wait()
    yield account


async def reader(every: Any) -> None:
    """Read until there are no more."""
    async for _ in every:
        pass


def counter(account: Any) -> Any:
    """Yield, with the account in a variable."""
    yield
    yield account


def a_closure(account: Any) -> Callable[[], Any]:
    """Return a function that keeps the account."""

    def later() -> Any:
        return account

    return later


class TestTimers:
    """What the loop calls later."""

    @pytest.mark.parametrize(
        ("call", "text"),
        [
            (lambda held: (print, held), "print"),
            (lambda held: (partial(print, held),), "print"),
            (lambda held: (Reminder(held).fire,), "Reminder.fire"),
            (lambda held: (KEPT.append, [[held]]), "list.append"),
            (lambda held: (a_closure(held),), "a_closure.<locals>.later (variable account)"),
            (lambda held: (lambda kept=held: kept,), "TestTimers.<lambda>.<locals>.<lambda>"),
        ],
    )
    def test_a_timer(self, call: Callable[[Any], Any], text: str) -> None:
        """By what it calls, however the object is in that."""

        async def main() -> None:
            held = account()
            timer = asyncio.get_running_loop().call_later(3600, *call(held))
            assert texts(held) == [f"a timer due later, calling {text}"]
            timer.cancel()
            assert texts(held) == []

        asyncio.run(main())

    @in_a_loop
    async def test_a_callback_that_is_about_to_run(self) -> None:
        """It goes with the loop's next turn."""
        held = account()
        asyncio.get_running_loop().call_soon(id, held)
        assert texts(held) == ["a callback about to run, calling id"]
        await asyncio.sleep(0)
        assert texts(held) == []

    @in_a_loop
    async def test_the_context_of_a_timer(self) -> None:
        """A context variable that somebody has set is kept by all that has copied the Context, also if cancelled."""
        held, loop = account(), asyncio.get_running_loop()
        context = copy_context()
        context.run(VARIABLE.set, held)
        timers = [loop.call_later(3600, print, context=context), loop.call_later(3600, print, context=context)]
        timers[0].cancel()
        assert texts(held) == ["the Context of a cancelled timer", "the Context of a timer due later, calling print"]
        timers[1].cancel()


class TestTasks:
    """Tasks and Futures."""

    @in_a_loop
    async def test_a_task_that_waits(self) -> None:
        """By the function that has the object in a variable, also if that is an asynchronous generator."""
        held, over = [account() for _ in range(2)], asyncio.Event()
        tasks = [
            asyncio.create_task(watch_balance(held[0], over)),
            asyncio.create_task(reader(readings([held[1]], over))),
        ]
        assert [texts(each) for each in held] == [
            ["a task about to begin watch_balance"],
            ["a task waiting in readings"],  # what it is to read
        ]
        await asyncio.sleep(0)
        assert [texts(each) for each in held] == [["a task waiting in watch_balance"], ["a task waiting in readings"]]
        over.set()
        await asyncio.gather(*tasks)
        assert [texts(each) for each in held] == [[], []]

    @in_a_loop
    async def test_the_running_task_holds_nothing(self) -> None:
        """Its variables are the program's, up to its outermost function, and so is its Context."""
        held = account()
        VARIABLE.set(held)

        async def inner(kept: Any) -> list[str]:
            await asyncio.sleep(0)
            return texts(kept)

        assert await inner(held) == []

    @in_a_loop
    async def test_a_finished_task(self) -> None:
        """By its result, or by its error, whose traceback has the variables; looking at it does not count as seen."""
        held = [account(), account()]

        async def find(kept: Any) -> Any:
            return kept

        async def fail(_kept: Any) -> None:
            raise ValueError

        tasks = [asyncio.create_task(find([held[0]])), asyncio.create_task(fail(held[1]))]
        await asyncio.wait(tasks)
        assert [texts(each) for each in held] == [
            ["a finished task's result (find)"],
            ["a finished task's error (fail)"],
        ]
        assert tasks[1]._log_traceback
        assert isinstance(tasks[1].exception(), ValueError)

    @in_a_loop
    async def test_a_future(self) -> None:
        """By its result, its error or a callback."""
        held, loop = [account() for _ in range(3)], asyncio.get_running_loop()
        futures = [loop.create_future() for _ in held]
        futures[0].set_result(held[0])
        futures[1].set_exception(ValueError(held[1]))
        futures[2].add_done_callback(partial(id, held[2]))
        assert [texts(each) for each in held] == [
            ["a Future's result"],
            ["a Future's error"],
            ["a Future's callback"],
        ]
        assert isinstance(futures[1].exception(), ValueError)

    @in_a_loop
    async def test_a_task_by_its_callback_or_its_context(self) -> None:
        """Two more ways in which a task holds something."""
        held, over, context = [account(), account()], asyncio.Event(), copy_context()
        task = asyncio.create_task(watch_balance(None, over), context=context)
        task.add_done_callback(partial(lambda _kept, _task: None, held[0]))
        context.run(VARIABLE.set, held[1])
        assert texts(held[0]) == ["a task's callback (watch_balance)"]
        assert "a task's Context (watch_balance)" in texts(held[1])
        over.set()
        await task


class TestWithoutALoop:
    """Functions and containers."""

    def test_a_closure(self) -> None:
        """By the variable's name; only where it has the very object, for a container in it is the caller's."""
        held, kept = account(), []
        kept.append(a_closure(held))
        assert texts(held) == ["a closure: a_closure.<locals>.later (variable account)"]
        kept[:] = [a_closure([held])]
        assert texts(held) == []

    def test_a_closure_that_runs_now(self) -> None:
        """Its variables are those of the code that runs."""
        held = account()

        def running() -> list[str]:
            return texts(held)

        assert running() == []

    def test_a_default_argument(self) -> None:
        """Of a lambda, as loops have them."""
        held = account()
        kept = [lambda account=held: account]
        assert texts(held) == ["a default argument of TestWithoutALoop.test_a_default_argument.<locals>.<lambda>"]
        kept.clear()

    def test_a_coroutine_that_nobody_awaits(self) -> None:
        """Also once it was closed, on the Pythons where it then keeps its arguments; and a generator."""
        held = account()
        coroutine = watch_balance(held, None)
        assert texts(held) == ["a coroutine that nobody awaits: watch_balance"]
        coroutine.close()
        assert texts(held) in ([], ["a coroutine that was closed: watch_balance"])
        del coroutine
        generator = counter(held)
        next(generator)
        assert texts(held) == ["a generator waiting in counter"]
        generator.close()
        assert texts(held) == []

    def test_a_global_container(self) -> None:
        """By its module and name, however deep in containers; a global variable is the program's own."""
        held = account()
        KEPT.append([(held,)])
        BY_NAME["ana"] = held
        try:
            assert texts(held) == [
                f"a global dict of module {__name__}: BY_NAME",
                f"a global list of module {__name__}: KEPT",
            ]
            globals()["HELD"] = held  # also beside the containers
            assert len(texts(held)) == 2
            KEPT.clear()
            BY_NAME.clear()
            assert texts(held) == []
        finally:
            KEPT.clear()
            BY_NAME.clear()
            globals().pop("HELD", None)

    def test_a_cache(self) -> None:
        """Of `functools.lru_cache`, as argument or as result."""
        held = account()
        A_CACHE(held)
        assert texts(held) == ["the cache of <lambda>"]
        A_CACHE.cache_clear()
        assert texts(held) == []

    def test_what_the_program_keeps(self) -> None:
        """A variable, a list in a variable, an instance in a variable."""
        held = account()
        kept = [[held], Reminder(held), {"ana": held}]
        assert texts(held) == []
        assert kept

    def test_a_proxy_without_an_object_is_left_alone(self) -> None:
        """Whatever asks it for its class gets an error."""

        class Proxy:
            def __init__(self, held: Any) -> None:
                self.held = held

            @property
            def __class__(self) -> type:
                raise RuntimeError("there is no object")

        held = account()
        proxy = Proxy(held)
        assert texts(held) == []
        del proxy


class TestTheSearch:
    """Many objects, and limits."""

    def test_each_object_gets_its_own(self) -> None:
        """In one search."""
        held = [account() for _ in range(3)]
        kept = [a_closure(held[0]), counter(held[2])]
        next(kept[1])
        assert [[each.text for each in found] for found in holders(held)] == [
            ["a closure: a_closure.<locals>.later (variable account)"],
            [],
            ["a generator waiting in counter"],
        ]
        assert holders([]) == []

    def test_it_does_not_find_itself(self) -> None:
        """It has looked at the object, the list, and nothing else."""
        held = account()
        kept = [held]
        seen = holders_module._Search([held]).seen
        assert [type(each) for each in seen.values()] == [Account, list]
        assert kept

    def test_it_keeps_nothing(self) -> None:
        """What it has looked at is freed as before."""
        held, kept = account(), []
        kept.append(a_closure(held))
        for _ in range(3):
            assert len(texts(held)) == 1
        kept.clear()
        assert texts(held) == []

    @pytest.mark.parametrize(("name", "limit"), [("LEVELS", 2), ("MOST", 2)])
    def test_it_ends(self, monkeypatch: pytest.MonkeyPatch, name: str, limit: int) -> None:
        """At so many removes, or so many objects."""
        held = account()
        deep: Any = held
        for _ in range(5):
            deep = [deep]
        KEPT.append(deep)
        try:
            assert len(texts(held)) == 1
            monkeypatch.setattr(holders_module, name, limit)
            assert texts(held) == []
        finally:
            KEPT.clear()
