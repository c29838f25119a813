"""How many commands, how long, how many at once, and what came of them."""

import asyncio
import sys
from itertools import pairwise

import pytest
from gates import Hold, started
from helpers import end_of, in_a_loop, needs

from fluvius_demo import Bank
from fluvius_demo.errors import InsufficientFundsError, NestedCommandError, NotFoundError
from fluvius_demo.monitor.metrics import BUCKETS, Metrics
from fluvius_demo.monitor.watched import WatchedFrame, watch

client = pytest.importorskip("prometheus_client")

TOTAL, SECONDS, IN_FLIGHT = "fluvius_commands_total", "fluvius_command_seconds", "fluvius_commands_in_flight"
DEPOSIT = "deposit-money"


def value(metrics: Metrics, name: str, **labels: str) -> float | None:
    """Return what Prometheus would read; None where there is no such series."""
    return metrics.registry.get_sample_value(name, labels)


async def deposit(bank: Bank, account: str = "ana") -> None:
    """Deposit a cent."""
    await bank.process_command(bank.command(DEPOSIT, account, amount=1))


async def every_outcome(bank: Bank) -> None:
    """Make five commands: two deposits, and one that is refused, one that fails, one that is cancelled."""
    await deposit(bank)
    await deposit(bank)
    with pytest.raises(InsufficientFundsError):
        await bank.process_command(bank.command("withdraw-money", "ana", amount=900))
    for error in (KeyError, asyncio.CancelledError):
        with pytest.raises(error):
            async with bank.aggregate.command_aggregate(*bank.depositing("ana", 1)):
                raise error


class TestCounts:
    """Each command that has ended, by its key and what came of it."""

    @in_a_loop
    async def test_every_outcome_is_counted(self) -> None:
        """Those of one key apart from those of another."""
        bank, metrics = await Bank.opened(ana=100), Metrics()
        with watch(bank.aggregate, metrics):
            await every_outcome(bank)
        assert metrics.counts() == {
            (DEPOSIT, "cancelled"): 1,
            (DEPOSIT, "failed"): 1,
            (DEPOSIT, "ok"): 2,
            ("withdraw-money", "refused"): 1,
        }
        assert value(metrics, TOTAL, key=DEPOSIT, outcome="ok") == 2

    @in_a_loop
    async def test_unwatched_nothing_is(self) -> None:
        """Neither before nor after the block."""
        bank, metrics = await Bank.opened(ana=100), Metrics()
        await deposit(bank)
        with watch(bank.aggregate, metrics):
            pass
        await deposit(bank)
        assert metrics.counts() == {}

    @in_a_loop
    async def test_a_command_that_did_not_open_has_no_duration(self) -> None:
        """Its object is missing: it is counted as refused, and never was in flight."""
        bank, metrics = await Bank.opened(), Metrics()
        with watch(bank.aggregate, metrics), pytest.raises(NotFoundError):
            await deposit(bank, "nobody")
        assert metrics.counts() == {(DEPOSIT, "refused"): 1}
        assert value(metrics, f"{SECONDS}_count", key=DEPOSIT) == 0
        assert value(metrics, IN_FLIGHT, key=DEPOSIT) == 0

    @in_a_loop
    async def test_a_block_that_is_entered_again_is_no_other_command(self) -> None:
        """It is refused; the command that is open stays in flight, and is counted once, when it ends."""
        bank, metrics = await Bank.opened(ana=100), Metrics()
        with watch(bank.aggregate, metrics):
            block = bank.aggregate.command_aggregate(*bank.depositing("ana", 1))
            async with block:
                with pytest.raises(NestedCommandError):
                    await block.__aenter__()
                assert value(metrics, IN_FLIGHT, key=DEPOSIT) == 1
            with pytest.raises(NestedCommandError):
                await block.__aenter__()
        assert metrics.counts() == {(DEPOSIT, "ok"): 1}

    @needs("threads")
    @in_a_loop
    async def test_threads_lose_none(self) -> None:
        """Four threads with a bank and a loop each, and one instance for them all."""
        metrics = Metrics()

        async def work() -> None:
            bank = await Bank.opened(ana=0)
            with watch(bank.aggregate, metrics):
                for _ in range(50):
                    await deposit(bank)

        switching = sys.getswitchinterval()
        sys.setswitchinterval(1e-6)
        try:
            await asyncio.gather(*(asyncio.to_thread(asyncio.run, work()) for _ in range(4)))
        finally:
            sys.setswitchinterval(switching)
        assert metrics.counts() == {(DEPOSIT, "ok"): 200}
        assert value(metrics, f"{SECONDS}_count", key=DEPOSIT) == 200
        assert value(metrics, IN_FLIGHT, key=DEPOSIT) == 0


class TestSeconds:
    """How long commands took, in buckets."""

    @in_a_loop
    async def test_each_that_opened_is_in_a_bucket(self) -> None:
        """Whatever came of it; together they took longer than no time."""
        bank, metrics = await Bank.opened(ana=100), Metrics()
        with watch(bank.aggregate, metrics):
            await every_outcome(bank)
        assert value(metrics, f"{SECONDS}_bucket", key=DEPOSIT, le="+Inf") == 4
        assert value(metrics, f"{SECONDS}_count", key=DEPOSIT) == 4
        assert value(metrics, f"{SECONDS}_sum", key=DEPOSIT) > 0

    @pytest.mark.parametrize(("seconds", "le"), [(40e-6, "5e-05"), (0.2, "0.25"), (10, "10.0"), (11, "+Inf")])
    def test_a_duration_falls_into_the_first_that_holds_it(self, seconds: float, le: str) -> None:
        """Told by hand, as no clock can be trusted to take so long."""
        metrics, frame = Metrics(), WatchedFrame.__new__(WatchedFrame)
        frame.who = type("who", (), {"key": "a"})
        metrics.ended(frame, "ok", seconds)
        counts = {
            bucket: value(metrics, f"{SECONDS}_bucket", key="a", le=bucket) for bucket in (*map(str, BUCKETS), "+Inf")
        }
        at = list(counts).index(le)
        assert list(counts.values()) == [0] * at + [1] * (len(counts) - at)  # each bucket counts those below it, too

    def test_three_steps_for_each_power_of_ten(self) -> None:
        """From 50 us to 10 s, and none more than two and a half times the one before."""
        assert (BUCKETS[0], BUCKETS[-1]) == (50e-6, 10)
        steps = [later / earlier for earlier, later in pairwise(BUCKETS)]
        assert all(1 < step <= 2.5 + 1e-9 for step in steps)


class TestInFlight:
    """Those that are open now."""

    @in_a_loop
    async def test_each_counts_while_it_is_open(self) -> None:
        """Beside others that come and go; one that is cancelled no longer does."""
        bank, metrics = await Bank.opened(ana=0, ben=0, cy=0), Metrics()

        def in_flight() -> float | None:
            return value(metrics, IN_FLIGHT, key=DEPOSIT)

        async def wait_inside(account: str, opened: asyncio.Event) -> None:
            async with bank.aggregate.command_aggregate(*bank.depositing(account, 1)):
                opened.set()
                await asyncio.Event().wait()

        with watch(bank.aggregate, metrics):
            assert in_flight() is None
            tasks = []
            for account, expected in (("ana", 1), ("ben", 2)):
                opened = asyncio.Event()
                tasks.append(asyncio.create_task(wait_inside(account, opened)))
                await opened.wait()
                assert in_flight() == expected
            await deposit(bank, "cy")
            assert in_flight() == 2
            for task, expected in zip(tasks, (1, 0), strict=True):
                task.cancel()
                assert isinstance(await end_of(task), asyncio.CancelledError)
                assert in_flight() == expected
        assert metrics.counts() == {(DEPOSIT, "cancelled"): 2, (DEPOSIT, "ok"): 1}

    @in_a_loop
    async def test_one_that_waits_for_its_object_is_not_open_yet(self) -> None:
        """The store takes its time; once the command has its object, it runs."""
        bank, metrics = await Bank.opened(ana=0), Metrics()
        gate = bank.statemgr.gate = Hold("held", operation="fetch")
        with watch(bank.aggregate, metrics):
            task = started(bank, bank.command(DEPOSIT, "ana", amount=1))
            await gate.reached.wait()
            assert not value(metrics, IN_FLIGHT, key=DEPOSIT)
            gate.go.set()
            await task
        assert metrics.counts() == {(DEPOSIT, "ok"): 1}

    @in_a_loop
    async def test_a_command_inside_of_another_is_one_more(self) -> None:
        """On another aggregate."""
        bank, other, metrics = await Bank.opened(ana=0), await Bank.opened(ben=0), Metrics()
        with watch(bank.aggregate, metrics), watch(other.aggregate, metrics):
            async with (
                bank.aggregate.command_aggregate(*bank.depositing("ana", 1)),
                other.aggregate.command_aggregate(*other.depositing("ben", 1)),
            ):
                assert value(metrics, IN_FLIGHT, key=DEPOSIT) == 2
        assert value(metrics, IN_FLIGHT, key=DEPOSIT) == 0
