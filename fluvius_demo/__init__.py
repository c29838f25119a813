"""One concurrency bug, and its mending: commands that overlap, and where their state is kept.

>>> from fluvius_demo import Bank, IsolatedAggregate
>>> import asyncio
>>> bank = Bank(IsolatedAggregate)
>>> _ = asyncio.run(bank.process_command(bank.command("open-account", "ana", owner="Ana")))
>>> bank.balances()
{'ana': 0}
"""

try:
    from fluvius_demo.aggregate import Aggregate, RestrictedAggregateProxy, action
    from fluvius_demo.banking import Bank
    from fluvius_demo.command import Command
    from fluvius_demo.domain import Domain
    from fluvius_demo.isolated import IsolatedAggregate
    from fluvius_demo.legacy import LegacyAggregate
    from fluvius_demo.migrated import MigratedAggregate
    from fluvius_demo.statemgr import MemoryStateManager
except ModuleNotFoundError as missing:
    # Mostly another Python than the course's own: not even the doctor can be asked then.
    raise ImportError(
        f"Cannot import fluvius_demo: this Python has no {missing.name}. To solve this, use the course's own, "
        "`.venv/bin/python` (on Windows `.venv\\Scripts\\python`), or set it up with `make lab`."
    ) from None

__all__ = [
    "Aggregate",
    "Bank",
    "Command",
    "Domain",
    "IsolatedAggregate",
    "LegacyAggregate",
    "MemoryStateManager",
    "MigratedAggregate",
    "RestrictedAggregateProxy",
    "action",
]
