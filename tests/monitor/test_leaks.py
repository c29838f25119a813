"""What ended commands have left behind is found, with its holder; what the program keeps on purpose is not."""

import asyncio
import gc
from collections.abc import Callable
from typing import Any
from weakref import ref

import pytest
from gates import Hold, bank_that, started
from helpers import end_of, in_a_loop, made, opening

from fluvius_demo import Bank, IsolatedAggregate
from fluvius_demo.errors import InsufficientFundsError
from fluvius_demo.monitor.leaks import Leak, Leaks
from fluvius_demo.monitor.watched import Watcher, Who, watch
from fluvius_demo.records import DomainContext

KEPT: list[Any] = []


class Solid:
    """A record with room for nothing more."""

    __slots__ = ()
    _deleted = False


class Planted:
    """A bank whose command `do` keeps something, by `keep(aggregate, bundle)`, and then deposits; and its leaks."""

    def __init__(self, keep: Callable[[Any, Any], Any]) -> None:
        self.keep, self.kept, self.leaks, self.over = keep, [], Leaks(), asyncio.Event()

    async def opened(self, **balances: int) -> "Planted":
        """Open the bank."""
        planted = self

        async def process(self: Any, aggregate: Any, statemgr: Any, payload: Any) -> None:
            planted.kept.append(planted.keep(aggregate, self.bundle))
            await aggregate.deposit(amount=1)

        self.bank = await bank_that(process).opened(**(balances or {"ana": 100}))
        return self

    async def do(self, account: str = "ana", **more: Any) -> None:
        """Run the command, watched, to its end; in a task of its own."""
        with watch(self.bank.aggregate, self.leaks):
            await asyncio.create_task(self.bank.process_command(self.bank.command("do", account), **more))
        await asyncio.sleep(0)  # until its next turn the loop holds that task

    def found(self) -> list[tuple[str, str, str]]:
        """Return the leaks as (id, kind, held by)."""
        return [(leak.who.id, leak.kind, leak.held_by) for leak in self.leaks.found()]

    async def let_go(self) -> None:
        """End what was kept."""
        self.over.set()
        for each in self.kept:
            if isinstance(each, asyncio.Handle):
                each.cancel()
            elif isinstance(each, asyncio.Task):
                await end_of(each)
        self.kept.clear()
        KEPT.clear()
        self.over.clear()
        await asyncio.sleep(0)


async def watch_balance(_kept: Any, over: asyncio.Event) -> None:
    """Wait, with something in a variable."""
    await over.wait()


def timer(call: Any, *args: Any) -> asyncio.TimerHandle:
    """Start a timer that is not due for an hour."""
    return asyncio.get_running_loop().call_later(3600, call, *args)


def forget(account: Any) -> Callable[[], Any]:
    """Return a function that keeps the account."""

    def later() -> Any:
        return account

    return later


async def planted(keep: Callable[[Any, Any], Any], **balances: int) -> Planted:
    """Return an open bank that keeps this."""
    return await Planted(keep).opened(**balances)


class TestRootObjects:
    """The object that the command was about, as it was before the command replaced it."""

    @in_a_loop
    async def test_a_timer(self) -> None:
        """Until it is cancelled; then the object is freed, and nothing is kept of it."""
        bank = await planted(lambda aggregate, _bundle: timer(print, aggregate.get_rootobj()))
        await bank.do()
        assert bank.leaks.found() == [
            Leak(Who("bank-1", "do", "account/ana", None), "root object", "a timer due later, calling print")
        ]
        await bank.let_go()
        assert bank.found() == []
        assert not bank.leaks._objects

    @in_a_loop
    async def test_a_task(self) -> None:
        """One that the command has started and not awaited."""
        bank = await planted(
            lambda aggregate, _: asyncio.create_task(watch_balance(aggregate.get_rootobj(), bank.over))
        )
        await bank.do()
        assert bank.found() == [("bank-1", "root object", "a task waiting in watch_balance")]
        await bank.let_go()
        assert bank.found() == []

    @in_a_loop
    async def test_a_closure(self) -> None:
        """A listener that was subscribed from within the command: nothing of asyncio holds it."""
        bank = await planted(lambda aggregate, _: bank.bank.subscribe("money-moved", forget(aggregate.get_rootobj())))
        await bank.do()
        assert bank.found() == [("bank-1", "root object", "a closure: forget.<locals>.later (variable account)")]
        bank.bank._handlers.clear()
        assert bank.found() == []

    @in_a_loop
    async def test_a_global_list(self) -> None:
        """Of a module."""
        bank = await planted(lambda aggregate, _: KEPT.append(aggregate.get_rootobj()))
        await bank.do()
        assert bank.found() == [("bank-1", "root object", f"a global list of module {__name__}: KEPT")]
        await bank.let_go()

    @in_a_loop
    async def test_two_holders_of_one_object(self) -> None:
        """Two leaks, in the order of their texts; two holders of the same words are one."""

        def keep(aggregate: Any, _bundle: Any) -> Any:
            bank.kept += [timer(print, aggregate.get_rootobj()), timer(id, aggregate.get_rootobj())]
            return timer(print, aggregate.get_rootobj())

        bank = await planted(keep)
        await bank.do()
        assert bank.found() == [
            ("bank-1", "root object", "a timer due later, calling id"),
            ("bank-1", "root object", "a timer due later, calling print"),
        ]
        await bank.let_go()

    @in_a_loop
    async def test_a_refused_command(self) -> None:
        """Its object is still the stored one, and so no leak; once somebody has replaced it, it is one."""

        async def process(_self: Any, aggregate: Any, _statemgr: Any, _payload: Any) -> None:
            kept.append(timer(print, aggregate.get_rootobj()))
            await aggregate.withdraw(amount=1_000)

        bank, leaks, kept = await bank_that(process).opened(ana=100), Leaks(), []
        with watch(bank.aggregate, leaks):
            assert isinstance(await end_of(bank.process_command(bank.command("do", "ana"))), InsufficientFundsError)
            await asyncio.sleep(0)
            assert leaks.found() == []
            await bank.process_command(bank.command("deposit-money", "ana", amount=1))
        found = [(leak.who.id, leak.kind, leak.held_by) for leak in leaks.found()]
        assert found == [("bank-1", "root object", "a timer due later, calling print")]
        kept[0].cancel()


class TestContextsAndCommands:
    """What came from the sender counts where something holds it that was started within the command."""

    @in_a_loop
    async def test_a_task_and_a_timer_of_the_command(self) -> None:
        """Each holds what it was given."""

        def keep(aggregate: Any, bundle: Any) -> Any:
            bank.kept.append(timer(print, bundle))
            return asyncio.create_task(watch_balance(aggregate.get_context(), bank.over))

        bank = await planted(keep)
        await bank.do()
        assert bank.found() == [
            ("bank-1", "context", "a task waiting in watch_balance"),
            ("bank-1", "context", "a timer due later, calling print"),  # the command has its context
            ("bank-1", "command", "a timer due later, calling print"),
        ]
        await bank.let_go()

    @in_a_loop
    async def test_the_sender_keeps_its_own(self) -> None:
        """A task that sends and then waits, with context and bundle in variables; and a timer that it has set."""
        bank = await planted(lambda _aggregate, _bundle: None)
        sent, over = asyncio.Event(), asyncio.Event()

        async def session() -> None:
            context, command, meta = bank.bank.depositing("ana", 1)
            again = timer(print, context, command)
            async with bank.bank.aggregate.command_aggregate(context, command, meta) as proxy:
                await proxy.deposit(amount=1)
                bank.bank.aggregate.consume_events()
            sent.set()
            await over.wait()
            again.cancel()

        with watch(bank.bank.aggregate, bank.leaks):
            task = asyncio.create_task(session())
            await sent.wait()
        assert len(bank.leaks._objects) == 2
        assert bank.found() == []
        over.set()
        await task

    @in_a_loop
    async def test_one_context_for_many_commands(self) -> None:
        """It counts once, and only for the command whose timer holds it; not for each that has ended."""
        context = DomainContext(source="test")
        bank = await planted(lambda _aggregate, _bundle: None, ana=1, ben=1)
        for _ in range(3):
            await bank.do(context=context)
        assert bank.found() == []
        bank.keep = lambda aggregate, _bundle: timer(print, aggregate.get_context())
        await bank.do("ben", context=context)
        bank.keep = lambda _aggregate, _bundle: None
        await bank.do(context=context)
        assert bank.found() == [("bank-4", "context", "a timer due later, calling print")]
        await bank.let_go()
        assert bank.found() == []


class TestNoLeak:
    """What is held on purpose."""

    @pytest.mark.parametrize(
        "keep",
        [
            lambda _aggregate, _bundle: None,
            lambda aggregate, _bundle: aggregate,
            lambda aggregate, bundle: [aggregate.get_rootobj(), aggregate.get_context(), bundle],
            lambda _aggregate, _bundle: timer(int),
            lambda _aggregate, _bundle: asyncio.create_task(asyncio.sleep(0)),
        ],
        ids=["nothing", "the proxy", "a variable", "a timer without it", "a task without it"],
    )
    @in_a_loop
    async def test_what_is_kept(self, keep: Callable[[Any, Any], Any]) -> None:
        """Nothing, the proxy, a variable of the code that runs, a timer or a task whose Context has the ended frame."""
        bank = await planted(keep)
        await bank.do()
        assert bank.found() == []
        await bank.let_go()

    @in_a_loop
    async def test_ended_frames_are_counted(self) -> None:
        """A kept task, finished or not, keeps its command's frame, which is empty."""
        bank = await planted(lambda _aggregate, _bundle: asyncio.create_task(asyncio.sleep(0)))
        await bank.do()
        await bank.do()
        assert (bank.leaks.ended_frames(), bank.found()) == (2, [])
        await bank.let_go()
        assert bank.leaks.ended_frames() == 0

    @pytest.mark.parametrize(
        ("keep", "last", "held_by"),
        [
            (lambda aggregate, _: timer(print, aggregate.get_rootobj()), "bank-1", "a timer due later, calling print"),
            (
                lambda aggregate, _: KEPT.append(aggregate.get_rootobj()),
                "bank-2",
                "a global list of module test_leaks: KEPT",
            ),
        ],
        ids=["timer", "list"],
    )
    @in_a_loop
    async def test_while_the_command_is_open(self, keep: Callable[[Any, Any], Any], last: str, held_by: str) -> None:
        """What an open command was given is in use, also where an ended one was given the same, or others have it."""
        bank = await planted(keep)
        bank.bank.statemgr.gate = hold = Hold("held", operation="update")
        with watch(bank.bank.aggregate, bank.leaks):
            task = started(bank.bank, bank.bank.command("do", "ana"))
            await hold.reached.wait()
            await bank.bank.process_command(bank.bank.command("deposit-money", "ana", amount=1))
            assert bank.found() == []
            hold.go.set()
            await task
        assert bank.found() == [(last, "root object", held_by)]
        await bank.let_go()

    @in_a_loop
    async def test_a_task_that_works_for_an_open_command(self) -> None:
        """It has fetched an object that an ended command was about, and somebody has replaced it since."""
        bank = await Bank.opened(ana=100, ben=100)
        leaks, hold = Leaks(), Hold("held", operation="update")
        with watch(bank.aggregate, leaks):
            await end_of(bank.process_command(bank.command("withdraw-money", "ana", amount=1_000)))
            bank.statemgr.gate = hold
            transfer = started(bank, bank.command("transfer-money", "ben", to="ana", amount=1))
            await hold.reached.wait()
            await bank.process_command(bank.command("deposit-money", "ana", amount=1))
            await asyncio.sleep(0)
            assert len(leaks._objects) > 3  # what the transfer was given, and its target
            assert leaks.found() == []
            hold.go.set()
            await transfer

    @in_a_loop
    async def test_without_an_object_that_can_be_held(self) -> None:
        """A new object is not there yet, and a foreign record may have no room for weak references: the rest counts."""
        aggregate, leaks, kinds = made(IsolatedAggregate), Leaks(), []
        aggregate.statemgr._records["note", "a"] = Solid()
        with watch(aggregate, leaks):
            for new in (True, False):
                async with aggregate.command_aggregate(*opening("a", new=new)):
                    kinds.append([given.kind for given in leaks._objects.values()])
        assert kinds == [["context", "command"]] * 2


class TestManyCommands:
    """A watch may last for ever."""

    @in_a_loop
    async def test_nothing_is_kept(self) -> None:
        """After a thousand commands, some with one context, some refused."""
        bank, leaks, context = await Bank.opened(ana=0), Leaks(), DomainContext(source="test")
        with watch(bank.aggregate, leaks):
            for number in range(1_000):
                key, more = ("withdraw-money", {}) if number % 3 else ("deposit-money", {"context": context})
                await end_of(bank.process_command(bank.command(key, "ana", amount=1_000 - number, **more)))
        await asyncio.sleep(0)
        gc.collect()
        assert len(leaks._commands) == 0
        held = {id(context), id(bank.statemgr.committed("account", "ana"))}
        assert leaks._objects.keys() <= held
        del context, more, bank
        gc.collect()
        assert not leaks._objects

    @in_a_loop
    async def test_it_keeps_none_alive_itself(self) -> None:
        """What a command was given is freed at its end, without the collector."""
        bank, leaks, weak = await Bank.opened(ana=0), Leaks(), []

        class Looks(Watcher):
            def opened(self, frame: Any) -> None:
                weak.extend([ref(frame.rootobj), ref(frame.context), ref(frame.command)])

        gc.disable()
        try:
            with watch(bank.aggregate, leaks, Looks()):
                await bank.process_command(bank.command("deposit-money", "ana", amount=1))
            assert [each() for each in weak] == [None] * 3
            assert not leaks._objects
        finally:
            gc.enable()
