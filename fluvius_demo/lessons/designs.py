"""The designs compared. Three are the package's own; the other three are what people try first."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from fluvius_demo.aggregate import Aggregate, AggregateDomain, CommandMeta, RestrictedAggregateProxy
from fluvius_demo.isolated import IsolatedAggregate
from fluvius_demo.legacy import LegacyAggregate
from fluvius_demo.migrated import MigratedAggregate
from fluvius_demo.records import CommandBundle, DomainContext


class UnguardedAggregate(LegacyAggregate):
    """The legacy class without its guard: a second command overwrites the first one's variables."""

    @asynccontextmanager
    async def command_aggregate(
        self, context: DomainContext, command_bundle: CommandBundle, command_meta: CommandMeta
    ) -> AsyncIterator[RestrictedAggregateProxy]:
        """Run a command, whoever else is running one."""
        self._context = None  # this is what the guard looks at
        async with super().command_aggregate(context, command_bundle, command_meta) as proxy:
            yield proxy


class LockedAggregate(LegacyAggregate):
    """The legacy class behind a lock: one command at a time, the others queue.

    It also lifts the guard after a command that failed; without that, one error would refuse everybody in the queue.
    """

    def __init__(self, domain: AggregateDomain) -> None:
        super().__init__(domain)
        self._lock = asyncio.Lock()

    @asynccontextmanager
    async def command_aggregate(
        self, context: DomainContext, command_bundle: CommandBundle, command_meta: CommandMeta
    ) -> AsyncIterator[RestrictedAggregateProxy]:
        """Run a command as soon as no other one runs."""
        async with self._lock:
            try:
                async with super().command_aggregate(context, command_bundle, command_meta) as proxy:
                    yield proxy
            finally:
                self._context = None


class OnePerCommandAggregate(LegacyAggregate):
    """The legacy class, a new instance for each command: nothing is shared, and nobody can ask it what runs."""

    per_command = True


@dataclass(frozen=True)
class Design:
    """A design with its name in tables and one sentence on what it does."""

    name: str
    aggregate: type[Aggregate]
    idea: str


DESIGNS: dict[str, Design] = {
    design.name: design
    for design in (
        Design("unguarded", UnguardedAggregate, "instance variables, no guard"),
        Design("legacy", LegacyAggregate, "instance variables, a guard refuses the second command"),
        Design("locked", LockedAggregate, "instance variables, a lock queues the second command"),
        Design("one per command", OnePerCommandAggregate, "instance variables of a new instance for each command"),
        Design("migrated", MigratedAggregate, "six context variables, never reset"),
        Design("isolated", IsolatedAggregate, "one context variable with one frame, reset by its token"),
    )
}
