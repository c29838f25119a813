"""What the tests of watched commands share: a watcher that notes what it hears, and a deposit."""

from typing import Any

from helpers import end_of

from fluvius_demo import Bank
from fluvius_demo.frame import Metadata
from fluvius_demo.monitor.watched import Ended, WatchedFrame, Watcher, Who


class Heard(Watcher):
    """Notes all that it hears, as (what, id, more)."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []
        self.who: list[Who] = []

    def asked(self, frame: WatchedFrame) -> None:
        """Note who."""
        self.who.append(frame.who)
        self.calls.append(("asked", frame.who.id))

    def opened(self, frame: WatchedFrame) -> None:
        """Note it."""
        self.calls.append(("opened", frame.who.id))

    def annotated(self, frame: WatchedFrame, values: Metadata) -> None:
        """Note the values."""
        self.calls.append(("annotated", frame.who.id, dict(values)))

    def ended(self, frame: WatchedFrame, outcome: Ended, seconds: float | None) -> None:
        """Note the outcome, and whether it had opened."""
        self.calls.append(("ended", frame.who.id, outcome, seconds is not None))


async def deposit(bank: Bank, account: str = "ana", amount: int = 5) -> Any:
    """Run a deposit; return its responses or its error."""
    return await end_of(bank.process_command(bank.command("deposit-money", account, amount=amount)))
