"""A rush at the bank: hundreds of overlapping commands, a slow store that fails now and then, callers who give up.

There is no clock in it. Time goes by in ticks: in each, some callers send their command, and the store answers those
whose turn has come. Who and when comes from a seed, so that the same rush comes out the same every time.
"""

import asyncio
import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from fluvius_demo.banking import Account, Bank
from fluvius_demo.isolated import IsolatedAggregate
from fluvius_demo.records import CommandBundle
from fluvius_demo.statemgr import MemoryStateManager, StoreCall

store_log = logging.getLogger("store")

ROUNDS = 60  # how often the loop goes round in a tick: from one answer of the store to the next takes fewer than 30
GIVES_UP, FAILS = 0.04, 0.01  # of the callers; of the store's calls
FORTY = tuple(f"c{number:02}" for number in range(40))
LONGEST = 4  # ticks until the store answers


class Rush:
    """A bank and its callers. `sent`: how many have asked; `ended`: what they were told, by kind; `tick`: the time."""

    def __init__(
        self, bank: type[Bank] = Bank, *, commands: int = 300, accounts: Sequence[str] = FORTY, seed: int = 1
    ) -> None:
        self.random, self.commands = Random(seed), commands
        self.names = accounts
        self.bank = bank(IsolatedAggregate, statemgr=MemoryStateManager({"account": Account}, gate=self._answer))
        self.tick, self.sent = 0, 0
        self.ended: Counter[str] = Counter()
        self._asked: list[CommandBundle] = []
        self._due: dict[int, list[asyncio.Future[None]]] = defaultdict(list)
        self._given_up: dict[int, list[asyncio.Task[Any]]] = defaultdict(list)
        self._tasks: set[asyncio.Task[Any]] = set()

    def ask(self, *wishes: CommandBundle) -> None:
        """Have these commands sent in the next tick, all at once, by callers with patience."""
        self._asked += wishes

    async def run(self, told: Callable[[], Any] = lambda: None, *, pace: float = 0.0) -> None:
        """Run until everybody was told something, or nobody gets on any more; `told` is called at the end of each tick.

        `pace`: seconds that a tick lasts at least, for people who watch; it changes nothing else.
        """
        if not self.bank.statemgr.all("account"):
            await self._filled()
        while self.sent < self.commands or self._asked or self._due:
            self.tick += 1
            for wish in self._asked:
                self._send(wish)
            self._asked.clear()
            for _ in range(min(self._below(5, 15), self.commands - self.sent)):
                task = self._send(self._wish())
                if self.random.random() < GIVES_UP:
                    self._given_up[self.tick + self._below(2, 6)].append(task)
            for answer in self._due.pop(self.tick, ()):
                if not answer.done():
                    answer.set_result(None)
            for task in self._given_up.pop(self.tick, ()):
                task.cancel()
            for _ in range(ROUNDS):
                await asyncio.sleep(0)
            told()
            if pace:
                await asyncio.sleep(pace)

    @property
    def waiting(self) -> int:
        """How many callers still wait."""
        return len(self._tasks)

    async def close(self) -> None:
        """Send everybody home who still waits."""
        left = list(self._tasks)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _filled(self) -> None:
        gate, self.bank.statemgr.gate = self.bank.statemgr.gate, None
        for name in self.names:
            await self.bank.statemgr.insert(Account(identifier=name, owner=name, balance=20_00))
        self.bank.statemgr.gate = gate

    def _send(self, wish: CommandBundle) -> asyncio.Task[None]:
        self.sent += 1
        task = asyncio.create_task(self._told(wish), name=f"caller {self.sent}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _wish(self) -> CommandBundle:
        account, other = (self.names[self._below(0, len(self.names))] for _ in range(2))
        amount = self._below(1, 30) * 1_00
        match self._below(0, 4):
            case 0:
                return self.bank.command("withdraw-money", account, amount=amount)
            case 1 if account != other:
                return self.bank.command("transfer-money", account, to=other, amount=amount)
            case _:
                return self.bank.command("deposit-money", account, amount=amount)

    async def _told(self, wish: CommandBundle) -> None:
        try:
            await self.bank.process_command(wish)
        except asyncio.CancelledError:
            self.ended["gave up"] += 1
            raise
        except Exception as error:
            self.ended[type(error).__name__] += 1
        else:
            self.ended["ok"] += 1

    async def _answer(self, call: StoreCall) -> None:
        store_log.info(" ".join(filter(None, call)))
        fails, answer = self.random.random() < FAILS, asyncio.get_running_loop().create_future()
        self._due[self.tick + self._below(1, LONGEST + 1)].append(answer)
        await answer
        if fails:
            store_log.warning("the connection is lost")
            raise ConnectionError("the store has hung up")

    def _below(self, low: int, high: int) -> int:
        """Return a number from `low` on, below `high`; `random()` is the same on every Python."""
        return low + int(self.random.random() * (high - low))
