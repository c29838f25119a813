"""What it costs to read a value, by where it is kept: from an argument to a property of an aggregate."""

import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from typing import Any

import asgiref.local
import werkzeug.local

from fluvius_demo.aggregate import Aggregate
from fluvius_demo.banking import Bank
from fluvius_demo.isolated import IsolatedAggregate
from fluvius_demo.legacy import LegacyAggregate
from fluvius_demo.lessons.running import run_alone
from fluvius_demo.lessons.timing import Comparison, Timed, compare, repeated
from fluvius_demo.migrated import MigratedAggregate
from fluvius_demo.records import DomainContext

VALUE = DomainContext(name="what is read")

Place = AbstractAsyncContextManager[Any]


@dataclass(frozen=True)
class Read:
    """One way to read: an expression that reads a value from its `place`, and what keeps a value there for a while."""

    expression: str
    keep: Callable[[DomainContext], Place]

    def inside(self, work: Callable[[Any], Any]) -> Any:
        """Return what `work` returns; it is given the place, in a fresh Context in which the value is kept there."""

        async def run() -> Any:
            async with self.keep(VALUE) as place:
                return work(place)

        end = run_alone(run())  # which gives it a fresh Context
        if end.error is not None:
            raise end.error
        return end.result


class Slots:
    """An object with one attribute."""

    __slots__ = ("context",)

    def __init__(self, context: DomainContext) -> None:
        self.context = context


def in_attribute_of(make: Callable[[], Any], value: DomainContext) -> Place:
    """Keep the value in an attribute of what `make` returns."""
    place = make()
    place.context = value
    return nullcontext(place)


def in_variable(value: DomainContext) -> Place:
    """Keep it in a context variable."""
    place = ContextVar("place")
    place.set(value)
    return nullcontext(place)


def behind_proxy(value: DomainContext) -> Place:
    """Keep it in an attribute of an object in a context variable, behind a LocalProxy: as Flask's `request.method`."""
    variable = ContextVar("place")
    variable.set(Slots(value))
    return nullcontext(werkzeug.local.LocalProxy(variable))


@asynccontextmanager
async def in_command(design: type[Aggregate], value: DomainContext) -> AsyncIterator[Aggregate]:
    """Keep it as the context of an open command."""
    bank = Bank(design)
    aggregate = bank.aggregate
    async with aggregate.command_aggregate(*bank.opening(bank.command("open-account", "ana", owner="Ana"), value)):
        yield aggregate


READS: dict[str, Read] = {
    "an attribute": Read("place.context", lambda value: nullcontext(Slots(value))),
    "an argument": Read("place", nullcontext),
    "ContextVar.get": Read("place.get()", in_variable),
    "threading.local": Read("place.context", partial(in_attribute_of, threading.local)),
    "werkzeug Local": Read("place.context", partial(in_attribute_of, werkzeug.local.Local)),
    "werkzeug LocalProxy": Read("place.context", behind_proxy),
    "asgiref Local": Read("place.context", partial(in_attribute_of, asgiref.local.Local)),
    "IsolatedAggregate.context": Read("place.context", partial(in_command, IsolatedAggregate)),
    "LegacyAggregate.context": Read("place.context", partial(in_command, LegacyAggregate)),
    "MigratedAggregate.context": Read("place.context", partial(in_command, MigratedAggregate)),
}


def reads(rounds: int = 15) -> Comparison:
    """Return how many seconds one read takes, and how that compares with an attribute of an object with slots.

    The statement is repeated 128 times inside of each loop, so that the loop's own share is a twentieth at most, even
    where a read takes a nanosecond. Each read takes a reference to the value and gives it back: on Python 3.12 and 3.13
    that is most of what an argument or an attribute costs, where one value is read over and over.
    """
    return compare({name: timed(read) for name, read in READS.items()}, "an attribute", rounds=rounds)


def timed(read: Read) -> Timed:
    """Return a function of a number of reads that returns how many seconds they take: a multiple of 128, scaled.

    What is read from is a local variable, and so is what takes the value.
    """

    def seconds(number: int) -> float:
        statement = f"value = {read.expression}"
        return read.inside(lambda place: repeated(statement, {"given": place}, number, setup="place = given"))

    return seconds
