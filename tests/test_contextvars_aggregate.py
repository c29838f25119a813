"""The migration document's test script: `python tests/test_contextvars_aggregate.py`, from any folder.

It prints the transcript that the document expects, of the migrated class, and then what it finds about isolation,
cleanup and concurrent execution on all three classes. Nothing of that is typed in: the exit code says whether it is
what PINNED says. Under pytest the same functions are tests.
"""

import asyncio
import contextlib
import io
import sys
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from fluvius_demo import IsolatedAggregate, LegacyAggregate, MemoryStateManager, MigratedAggregate
from fluvius_demo.records import CommandBundle, DomainContext, Resource

DESIGNS = {"legacy": LegacyAggregate, "migrated": MigratedAggregate, "isolated": IsolatedAggregate}

# What is found about (legacy, migrated, isolated), on the course's axis: correct, refused, wrong or stuck.
PINNED = {
    "isolation, one after the other": ["correct", "correct", "correct"],
    "isolation, one inside the other": ["refused", "wrong", "refused"],
    "cleanup, after a command": ["correct", "wrong", "correct"],
    "cleanup, after an error": ["stuck", "correct", "correct"],
    "concurrent execution, in two tasks": ["refused", "correct", "correct"],
}

DOCUMENT = """\
🚀 Starting contextvars Aggregate tests...
Testing context isolation with contextvars...

Initial context state: {'has_context': False, 'has_command': False, ...}

--- Executing Command 1 ---
Command 1 context state: {'has_context': True, 'has_command': True, ...}
Command 1 resource: resource1
Command 1 context name: context1

--- Executing Command 2 ---
Command 2 context state: {'has_context': True, 'has_command': True, ...}
Command 2 resource: resource2
Command 2 context name: context2

✅ Context isolation test completed successfully!
"""

Finding = tuple[str, str]  # the outcome, and what was seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource1(Resource):
    """What command 1 is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource2(Resource):
    """What command 2 is about."""


class Existing:
    """The meta of both commands."""

    class Meta:
        new_resource = False


async def made(design: type) -> Any:
    """Return an aggregate of this design, on a store that holds both resources."""
    store = MemoryStateManager({"resource1": Resource1, "resource2": Resource2})
    for record in (Resource1(identifier="1"), Resource2(identifier="2")):
        await store.insert(record)
    undeclared = {}.__getitem__
    lookups = {"lookup_event": undeclared, "lookup_message": undeclared, "lookup_response": undeclared}
    return design(SimpleNamespace(domain_name="example", statemgr=store, **lookups))


def command(aggregate: Any, number: int) -> Any:
    """Return the block of command 1 or 2."""
    context = DomainContext(name=f"context{number}", source="script")
    bundle = CommandBundle("example", f"command{number}", 0, f"resource{number}", str(number))
    return aggregate.command_aggregate(context, bundle, Existing)


async def transcript() -> None:
    """Print the document's transcript: command 1, then command 2, on the migrated class."""
    aggregate = await made(MigratedAggregate)
    print("Testing context isolation with contextvars...\n")
    print(f"Initial context state: {aggregate.get_context_state()}\n")
    seen = []
    for number in (1, 2):
        print(f"--- Executing Command {number} ---")
        async with command(aggregate, number):
            print(f"Command {number} context state: {aggregate.get_context_state()}")
            print(f"Command {number} resource: {aggregate.aggroot.resource}")
            print(f"Command {number} context name: {aggregate.context.name}\n")
            seen.append((aggregate.aggroot.resource, aggregate.context.name))
    assert seen == [("resource1", "context1"), ("resource2", "context2")]
    print("✅ Context isolation test completed successfully!")


def compared(expected: Any, seen: Any) -> Finding:
    """Return correct or wrong: nothing was raised."""
    return "correct" if seen == expected else "wrong", f"saw {seen}"


async def one_after_the_other(aggregate: Any) -> Finding:
    """Does each of two commands in one task see its own context?"""
    seen = []
    for number in (1, 2):
        async with command(aggregate, number):
            seen.append(aggregate.context.name)
    return compared(["context1", "context2"], seen)


async def one_inside_the_other(aggregate: Any) -> Finding:
    """Does a command still see its own context after another was opened, or refused, inside of it?"""
    refusal = ""
    async with command(aggregate, 1):
        try:
            async with command(aggregate, 2):
                pass
        except RuntimeError as error:
            refusal = str(error)
        outcome, seen = compared("context1", aggregate.context.name)
    return ("refused", refusal) if outcome == "correct" and refusal else (outcome, seen)


async def after_a_command(aggregate: Any) -> Finding:
    """Does its task see nothing of a command that has ended?"""
    async with command(aggregate, 1):
        pass
    try:
        return compared(None, aggregate.context and aggregate.context.name)
    except RuntimeError as error:
        return "correct", str(error)


async def after_an_error(aggregate: Any) -> Finding:
    """Can another task open a command after one that failed?"""
    with contextlib.suppress(LookupError):
        async with command(aggregate, 1):
            raise LookupError("on purpose")
    try:
        return await asyncio.create_task(one_after_the_other(aggregate))
    except RuntimeError as error:
        return "stuck", str(error)


async def in_two_tasks(aggregate: Any) -> Finding:
    """Do two commands that are open at the same time keep their context and their events?"""
    both = asyncio.Barrier(2)

    async def one(number: int) -> tuple[str, list[str]]:
        async with command(aggregate, number):
            await both.wait()
            aggregate.create_event(f"event{number}", {}, None)
            await both.wait()
            return aggregate.context.name, [event.event for event in aggregate.consume_events()]

    tasks = [asyncio.create_task(one(number)) for number in (1, 2)]
    try:
        seen = await asyncio.gather(*tasks)
    except RuntimeError as error:
        await both.abort()
        await asyncio.gather(*tasks, return_exceptions=True)
        return "refused", str(error)
    return compared([("context1", ["event1"]), ("context2", ["event2"])], seen)


PROBES: dict[str, Callable[[Any], Awaitable[Finding]]] = {
    "isolation, one after the other": one_after_the_other,
    "isolation, one inside the other": one_inside_the_other,
    "cleanup, after a command": after_a_command,
    "cleanup, after an error": after_an_error,
    "concurrent execution, in two tasks": in_two_tasks,
}


def findings() -> dict[str, list[Finding]]:
    """Return what each probe finds on each design; each runs on a fresh aggregate in a fresh event loop."""

    async def scenario(probe: Callable[[Any], Awaitable[Finding]], design: type) -> Finding:
        return await probe(await made(design))

    return {
        name: [asyncio.run(scenario(probe, design)) for design in DESIGNS.values()] for name, probe in PROBES.items()
    }


def outcomes(table: dict[str, list[Finding]]) -> dict[str, list[str]]:
    """Return a table's outcomes alone."""
    return {name: [outcome for outcome, _ in row] for name, row in table.items()}


def holds(aspect: str, seen: Iterable[str]) -> str:
    """Say whether an aspect holds; a refusal keeps two commands apart, but it is no execution."""
    good = {"correct", "refused"} if aspect == "isolation" else {"correct"}
    return "holds" if set(seen) <= good else "does not hold"


def in_columns(first: str, others: Iterable[str]) -> str:
    """Return one line of the table."""
    return (f"{first:36}" + "".join(f"{other:15}" for other in others)).rstrip()


def main() -> int:
    """Print the transcript, the two verifications and the table; return 0 if all is as pinned."""
    print("🚀 Starting contextvars Aggregate tests...")
    asyncio.run(transcript())
    table = findings()
    cleanup, concurrency = (
        table[name][1] for name in ("cleanup, after a command", "concurrent execution, in two tasks")
    )
    for title, (outcome, seen) in (("\nCleanup after", cleanup), ("Concurrent", concurrency)):
        print(f"{title} command execution: {'✅' if outcome == 'correct' else '❌'} {outcome} ({seen})")
    print("\n" + in_columns("", DESIGNS))
    for name, row in outcomes(table).items():
        print(in_columns(name, row))
    for aspect in dict.fromkeys(name.split(",")[0] for name in table):
        rows = [row for name, row in outcomes(table).items() if name.startswith(aspect)]
        print(in_columns(f"so {aspect}", (holds(aspect, column) for column in zip(*rows, strict=True))))
    as_pinned = outcomes(table) == PINNED
    print("\nAll of this is as pinned." if as_pinned else "\nThis is not what PINNED says.")
    return 0 if as_pinned else 1


def test_what_is_found_is_what_is_pinned() -> None:
    """Each probe finds on each class what PINNED says."""
    assert outcomes(findings()) == PINNED


def test_the_transcript_is_the_documents() -> None:
    """Line by line; where the document writes dots, the whole state stands."""
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        main()
    expected = DOCUMENT.splitlines()
    for line, wanted in zip(printed.getvalue().splitlines(), expected, strict=False):
        assert line == wanted or line.startswith(wanted.partition(" ...}")[0] + " 'has_aggroot': ")
    assert len(printed.getvalue().splitlines()) > len(expected)


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # for consoles that do not speak it, as on Windows
    sys.exit(main())
