"""Group 3, children: tasks that a command starts, knowingly or not, and that may outlive it."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack
from contextvars import Context
from functools import partial
from typing import Any

from fluvius_demo.aggregate import Aggregate
from fluvius_demo.banking import Account, Bank
from fluvius_demo.lessons.one_command import bank_of
from fluvius_demo.lessons.outcomes import Finding, absent
from fluvius_demo.lessons.pitfalls.pitfall import group, limit
from fluvius_demo.lessons.trial import deposited, finding_of, itself

children = group("children")

Job = Callable[[], Awaitable[Any]]


async def _both_paid(work: Coroutine[Any, Any, Any], bank: Bank, note: str = "") -> Finding:
    hope, expected = f"that both get their money{note}", f"{ {'ana': 100_00, 'ben': 50_00} }{note}"
    return await finding_of(work, hope, expected, lambda _: f"{bank.balances()}{note}")


@children(
    "P08",
    "a child task outlives its command",
    remedy="await children inside of the command; a closed flag on the state reaches every copy, a reset only one",
    met_by=("encode/databases#230", "encode/databases#456"),
)
async def late_child(design: type[Aggregate]) -> Finding:
    """A task of Ana's command makes an event when the command has ended. Does the event count, or is the task told?"""
    bank = await Bank.opened(design, ana=0)
    aggregate, ended = bank.aggregate, asyncio.Event()

    async def thank() -> None:
        await ended.wait()
        aggregate.create_event("ana-thanked", {}, None)

    async def ana() -> list[str]:
        async with aggregate.command_aggregate(*bank.depositing("ana", 1_00)) as proxy:
            child = asyncio.create_task(thank())
            await proxy.deposit(amount=1_00)
            counted = aggregate.consume_events()
        ended.set()
        await child
        return [event.event for event in counted]

    return await finding_of(ana(), "that the late event counts", ["money-deposited", "ana-thanked"], itself)


class Worker:
    """Does jobs for others, in one task, which the first job starts: it lives on in a copy of that job's Context."""

    def __init__(self, context: Context | None = None) -> None:
        self.context, self.task = context, None
        self.jobs: asyncio.Queue[tuple[Job, asyncio.Queue[Any]]] = asyncio.Queue()

    async def do(self, job: Job) -> Any:
        """Hand over a job, and return what it returns, or raise what it raises."""
        if self.task is None:
            self.task = asyncio.create_task(self.work(), context=self.context)
        done: asyncio.Queue[Any] = asyncio.Queue()
        self.jobs.put_nowait((job, done))
        if isinstance(result := await done.get(), Exception):
            raise result
        return result

    async def work(self) -> None:
        """Do the jobs as they come, for ever."""
        while True:
            job, done = await self.jobs.get()
            try:
                done.put_nowait(await job())
            except Exception as error:
                done.put_nowait(error)


async def handed_over(bank: Bank, account: str, amount: int, worker: Worker) -> None:
    """Run a whole command in this task, as `deposited` does; but its one action is a job for the worker."""
    aggregate = bank.aggregate
    async with aggregate.command_aggregate(*bank.depositing(account, amount)) as proxy:
        await worker.do(partial(proxy.deposit, amount=amount))
        aggregate.consume_events()


@children(
    "P09",
    "a worker is started by the first command",
    remedy="start the worker with create_task(…, context=Context()), and let each job open its own command",
    met_by=("aio-libs/aiojobs#362", "python-trio/trio#289"),
)
async def lazy_worker(design: type[Aggregate]) -> Finding:
    """Ana's command started a worker. When it has ended, Ben's hands it his deposit. Does Ben get his money?"""
    bank, worker = await Bank.opened(design, ana=0, ben=0), Worker()

    async def one_by_one() -> None:
        await asyncio.create_task(handed_over(bank, "ana", 100_00, worker))
        await asyncio.create_task(handed_over(bank, "ben", 50_00, worker))

    return await _both_paid(one_by_one(), bank)


@limit("P09", remedy="start the worker with create_task(…, context=Context()), and let each job open its own command")
async def worker_of_an_open_command(design: type[Aggregate], remedied: bool) -> Finding:
    """The command of Ana that started the worker is still open, and Ben's hands over his deposit. Does Ben get it?"""
    bank, worker = await Bank.opened(design, ana=0, ben=0), Worker(Context() if remedied else None)

    async def ana() -> None:
        await worker.do(partial(asyncio.sleep, 0))  # the first job: it starts the worker
        job = partial(deposited, bank, "ben", 50_00)
        ben = worker.do(job) if remedied else handed_over(bank, "ben", 50_00, worker)
        await asyncio.create_task(ben, context=Context())  # another request: nothing of Ana's is in it

    return await _both_paid(deposited(bank, "ana", 100_00, ana), bank)


@children(
    "P17", "a child that starts at once", remedy="let each task open its own command", met_by=("python/cpython#157301",)
)
async def eager_child(design: type[Aggregate]) -> Finding:
    """Inside of Ana's command, an eager task opens Ben's at once, and both stay open. Do both get their money?"""
    if sys.version_info < (3, 12):
        return absent("eager tasks, which came with Python 3.12", "Python 3.11")
    bank, go_on = bank_of(design), asyncio.Event()  # its store answers at once, so Ben's is open at once
    await bank.statemgr.insert(Account(identifier="ana", owner="Ana"))
    await bank.statemgr.insert(Account(identifier="ben", owner="Ben"))

    async def ana() -> None:
        aggregate, loop = bank.aggregate, asyncio.get_running_loop()
        async with aggregate.command_aggregate(*bank.depositing("ana", 100_00)) as proxy:
            ben = asyncio.Task(deposited(bank, "ben", 50_00, go_on.wait), loop=loop, eager_start=True)
            await proxy.deposit(amount=100_00)
            aggregate.consume_events()
            go_on.set()
            await ben

    return await _both_paid(ana(), bank)


@children(
    "P18", "gather makes tasks", remedy="open a command in the task that works in it", met_by=("encode/databases#452",)
)
async def opened_by_gather(design: type[Aggregate]) -> Finding:
    """A task that has served Ben opens Ana's commands at two banks at once, by gather. Does Ana get her money?"""
    first, second = await Bank.opened(design, ana=0, ben=0), await Bank.opened(design, ana=0)
    aggregate, other = first.aggregate, second.aggregate

    async def ben_then_ana() -> None:
        await deposited(first, "ben", 50_00)
        async with AsyncExitStack() as stack:
            proxy, _ = await asyncio.gather(
                stack.enter_async_context(aggregate.command_aggregate(*first.depositing("ana", 100_00))),
                stack.enter_async_context(other.command_aggregate(*second.depositing("ana", 100_00))),
            )
            await proxy.deposit(amount=100_00)
            aggregate.consume_events()

    return await _both_paid(ben_then_ana(), first)


@children(
    "P19", "wait_for makes a task, or none", remedy="asyncio.timeout makes none", met_by=("python/cpython#102123",)
)
async def opened_by_wait_for(design: type[Aggregate]) -> Finding:
    """A task that has served Ben opens Ana's command by `wait_for(…, 60)`. Does Ana get her money?"""
    bank, where = await Bank.opened(design, ana=0, ben=0), await where_wait_for_runs()
    aggregate = bank.aggregate

    async def ben_then_ana() -> None:
        await deposited(bank, "ben", 50_00)
        async with AsyncExitStack() as stack:
            opening = stack.enter_async_context(aggregate.command_aggregate(*bank.depositing("ana", 100_00)))
            proxy = await asyncio.wait_for(opening, 60)
            await proxy.deposit(amount=100_00)
            aggregate.consume_events()

    return await _both_paid(ben_then_ana(), bank, f"; wait_for runs in {where}")


async def where_wait_for_runs() -> str:
    """Return whose task `wait_for` runs a coroutine in, on this Python: its own up to 3.11, the caller's since."""

    async def task() -> asyncio.Task[Any] | None:
        return asyncio.current_task()

    return "the caller's task" if await asyncio.wait_for(task(), 60) is await task() else "a task of its own"


@children(
    "P24", "Context.run only makes a coroutine", remedy="create_task(…, context=…)", met_by=("PrefectHQ/prefect#8523",)
)
async def run_in_a_context(design: type[Aggregate]) -> Finding:
    """Inside of Ana's command, `await Context().run(…)` is to run Ben's apart. Does Ana still get her money?"""
    bank = await Bank.opened(design, ana=0, ben=0)
    work = deposited(bank, "ana", 100_00, lambda: Context().run(deposited, bank, "ben", 50_00))
    return await _both_paid(work, bank)
