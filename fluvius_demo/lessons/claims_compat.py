"""C21, C22 and C29: what code that was written for the legacy class meets."""

from collections.abc import Callable
from contextvars import Context
from typing import Any

from fluvius_demo.aggregate import Aggregate, RestrictedAggregateProxy
from fluvius_demo.banking import Bank, DepositMoney
from fluvius_demo.command import Command
from fluvius_demo.legacy import LegacyAggregate
from fluvius_demo.lessons.claims_async import PROPERTIES
from fluvius_demo.lessons.claims_cleanup import AFTER, left_after
from fluvius_demo.lessons.claims_verdict import Part, check
from fluvius_demo.lessons.outcomes import Finding, compared
from fluvius_demo.records import ActivityLog

SENTENCE = "Aggregate context is not initialized."
OUTSIDE = "for create_event outside of a command"
SAME = "as on legacy"

# What is sent to a bank in a day; the last one is refused.
DAY: list[tuple[str, str, dict[str, Any]]] = [
    ("open-account", "ana", {"owner": "Ana"}),
    ("open-account", "ben", {"owner": "Ben"}),
    ("deposit-money", "ana", {"amount": 100_00}),
    ("withdraw-money", "ana", {"amount": 10_00}),
    ("transfer-money", "ana", {"to": "ben", "amount": 40_00}),
    ("withdraw-money", "ben", {"amount": 50_00}),
]


class NotedBank(Bank):
    """The bank, with one more processor of deposits."""


@NotedBank.command_processor(DepositMoney)
def note(_command: Command, aggregate: RestrictedAggregateProxy, _statemgr: Any, _payload: Any) -> ActivityLog:
    """Log the deposit."""
    return aggregate.create_activity("deposited")


@check("C21", remedy="look for code that asks an aggregate whether a command runs; it is now told by an exception")
async def still_works(design: type[Aggregate]) -> list[Part]:
    """Does the same day at the same bank come out the same as on the legacy class?"""
    before, after = await _day(LegacyAggregate), await _day(design)
    parts = [Part(f"for {kind}", compared(SAME, SAME if after[kind] == before[kind] else "another")) for kind in before]
    old, new = (" or ".join(dict.fromkeys(_outside(kind).values())) for kind in (LegacyAggregate, design))
    return [*parts, Part("for a property that is read outside of a command", compared(old, new), limits=True)]


async def _day(design: type[Aggregate]) -> dict[str, Any]:
    bank, messages, responses, refusals = NotedBank(design), [], [], []
    bank.subscribe("money-moved", messages.append)
    for key, account, payload in DAY:
        try:
            responses.append(await bank.process_command(bank.command(key, account, **payload)))
        except Exception as error:
            refusals.append((type(error), str(error)))
    other = await Bank.opened(design, ana=1_00)
    aggregate: Any = other.aggregate
    async with aggregate.command_aggregate(*other.depositing("ana", 1_00)) as proxy:
        seen = (aggregate.context.name, aggregate.command.identifier, aggregate.aggroot, aggregate.rootobj.balance)
        used = (proxy.get_context().name, proxy.get_aggroot(), proxy.get_rootobj().balance, sorted(vars(proxy)))
    return {
        "properties": seen,
        "methods": used,
        "decorated processors": bank.activity_log,
        "events": bank.event_log,
        "responses": responses,
        "messages": messages,
        "refusals": refusals,
        "balances": bank.balances(),
    }


@check("C22", remedy="refuse create_event as well, and forget a command at its end")
async def better_errors(design: type[Aggregate]) -> list[Part]:
    """Is a missing context an error that says so, where the legacy class was silent or obscure?"""
    old, new = (sum(SENTENCE in told for told in _outside(kind).values()) for kind in (LegacyAggregate, design))
    told = f"{new} of 4 say so, on legacy {old}"
    better = Part(f"for properties ({told})", compared("more", "more")) if new > old else None
    return [
        better or Part("for properties", compared("more of 4 say so than on legacy", told)),
        Part(OUTSIDE, _told(create_event, design), limits=True),
        Part(AFTER, await left_after(design), limits=True),
    ]


@check("C29", remedy="give the queue no default, so that create_event needs a command, too")
async def not_initialized(design: type[Aggregate]) -> list[Part]:
    """Is it raised, as a RuntimeError, by the four properties and by create_event?"""
    seen = _outside(design)
    return [
        *(Part(f"for {name}", compared(f"RuntimeError: {SENTENCE}", seen[name])) for name in PROPERTIES),
        Part(OUTSIDE, _told(create_event, design), limits=True),
    ]


def create_event(aggregate: Any) -> Any:
    """Create an event, here outside of a command."""
    return aggregate.create_event("stray", {}, None)


def _told(use: Callable[[Any], Any], design: type[Aggregate]) -> Finding:
    return compared(f"RuntimeError: {SENTENCE}", told_outside(design, use))


def _outside(design: type[Aggregate]) -> dict[str, str]:
    return {name: told_outside(design, lambda aggregate, name=name: getattr(aggregate, name)) for name in PROPERTIES}


def told_outside(design: type[Aggregate], use: Callable[[Any], Any]) -> str:
    """Use a new aggregate in an empty Context; return what is raised: the document's sentence alone, if it is that."""
    try:
        got = Context().run(use, Bank(design).aggregate)
    except RuntimeError as error:
        return f"RuntimeError: {SENTENCE if str(error).startswith(SENTENCE) else error}"
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return f"no error, but {got and type(got).__name__}"
