"""What the tests of calls share: a gate that stops a task at a call to the store, and a bank with one more command."""

import asyncio
from typing import Any

from fluvius_demo import Bank
from fluvius_demo.records import CommandBundle
from fluvius_demo.statemgr import StoreCall


class Hold:
    """A gate: the task of this name stops at its `place`-th call to the store, until it is let go.

    With an `operation`, only calls of this kind count. `reached` is set when the task is there; `passed` says how many
    calls of the task have come by.
    """

    def __init__(self, name: str, place: int = 1, operation: str | None = None) -> None:
        self.name, self.place, self.operation = name, place, operation
        self.passed = 0
        self.reached, self.go = asyncio.Event(), asyncio.Event()

    async def __call__(self, call: StoreCall) -> None:
        """Stop here, if this is the call."""
        if asyncio.current_task().get_name() != self.name or self.operation not in (None, call.operation):
            return
        self.passed += 1
        if self.passed == self.place:
            self.reached.set()
            await self.go.wait()


def started(bank: Bank, *commands: CommandBundle, name: str = "held") -> asyncio.Task[Any]:
    """Start a call in a task of its own."""
    return asyncio.create_task(bank.process_command(*commands), name=name)


def bank_that(process: Any) -> type[Bank]:
    """Return a kind of Bank with one more command, `do`, which runs `process(self, aggregate, statemgr, payload)`."""
    bank = type("TestedBank", (Bank,), {})
    meta = type("Meta", (), {"key": "do", "resources": ("account",)})
    type("Do", (bank.Command,), {"Meta": meta, "_process": process})
    return bank
