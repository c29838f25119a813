"""The rush comes out the same every time, under load and faults, and ends whatever its callers do."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest
from helpers import in_a_loop
from quiet import quietly

from fluvius_demo.banking import Bank, DepositMoney
from fluvius_demo.lessons.rush import ROUNDS, Rush


async def ran(**how: Any) -> tuple[Rush, list[int]]:
    """Run a rush; return it with how many waited at the end of each tick."""
    rush, waited = Rush(**how), []
    await rush.run(lambda: waited.append(rush.waiting))
    return rush, waited


class Blocked(Bank):
    """A bank whose deposits never come back."""


@Blocked.command_processor(DepositMoney, priority=1)
async def wait_for_ever(*_args: Any) -> AsyncIterator[None]:
    """Wait for what nobody sets."""
    await asyncio.Event().wait()
    yield None


class TestTheRush:
    """Hundreds of commands overlap, some fail, some are given up, and all are told something."""

    @in_a_loop
    async def test_everybody_is_told_something(self) -> None:
        """Each way to end occurs, most went well, and many overlapped."""
        rush, waited = await ran()
        assert sum(rush.ended.values()) == rush.sent == 300
        assert set(rush.ended) == {"ok", "InsufficientFundsError", "ConnectionError", "gave up"}
        assert rush.ended["ok"] > 200
        assert max(waited) > 50
        assert waited[-1] == rush.waiting == 0

    @in_a_loop
    async def test_the_same_seed_gives_the_same_rush(self) -> None:
        """Tick by tick, account by account."""
        (one, waited), (two, waited_again) = await ran(), await ran()
        assert (waited, one.ended, one.bank.balances()) == (waited_again, two.ended, two.bank.balances())

    @in_a_loop
    async def test_another_seed_gives_another(self) -> None:
        """It does follow from the seed."""
        assert (await ran(seed=1))[1] != (await ran(seed=2))[1]

    @in_a_loop
    async def test_a_slower_show_is_the_same_rush(self) -> None:
        """The pace is for the eye alone."""
        slow = Rush(commands=30)
        await slow.run(pace=0.0001)
        quick, _ = await ran(commands=30)
        assert (slow.tick, slow.ended, slow.bank.balances()) == (quick.tick, quick.ended, quick.bank.balances())

    @in_a_loop
    async def test_more_rounds_change_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """So a tick is long enough for all that can happen in it."""
        usual, waited = await ran()
        monkeypatch.setattr("fluvius_demo.lessons.rush.ROUNDS", 2 * ROUNDS)
        longer, waited_longer = await ran()
        assert (waited, usual.ended) == (waited_longer, longer.ended)


class TestAsking:
    """Commands of one's own, in place of the crowd or beside it."""

    @in_a_loop
    async def test_they_are_sent_together(self) -> None:
        """In the order in which they were asked, and nobody fills the bank again."""
        rush, waited = await ran(commands=0, accounts=("ana", "ben"), seed=2)
        assert (rush.sent, waited) == (0, [])
        for _ in range(2):
            rush.ask(*(rush.bank.command("deposit-money", name, amount=1_00) for name in rush.names))
            await rush.run()
        assert rush.bank.balances() == {"ana": 22_00, "ben": 22_00}
        assert rush.ended == {"ok": 4}


class TestItEnds:
    """Where commands wait for ever, it stops when nothing happens any more."""

    def test_who_waits_for_ever_is_sent_home(self) -> None:
        """The run ends, the stuck ones still wait, `close` cancels them, and nothing is left in the loop."""

        async def scenario() -> tuple[int, int, Counter[str]]:
            rush, _ = await ran(bank=Blocked, commands=40)
            stuck = rush.waiting
            await rush.close()
            return stuck, rush.waiting, rush.ended

        stuck, afterwards, ended = quietly(scenario())
        assert stuck > 0
        assert afterwards == 0
        assert sum(ended.values()) == 40
