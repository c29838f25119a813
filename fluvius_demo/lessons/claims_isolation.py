"""C01 to C03, C05, C14 and C19: what one command sees and does while there is another."""

import asyncio
from contextlib import suppress
from itertools import permutations

from fluvius_demo.aggregate import Aggregate
from fluvius_demo.banking import Bank
from fluvius_demo.errors import NotFoundError
from fluvius_demo.lessons import situations
from fluvius_demo.lessons.claims_trials import NOTHING, after_a_second_inside, at_once, own_events_at_once, whose
from fluvius_demo.lessons.claims_verdict import Part, check
from fluvius_demo.lessons.outcomes import Finding, compared
from fluvius_demo.lessons.overlap import overlap
from fluvius_demo.lessons.trial import deposited, finding_of, itself, seen_by
from fluvius_demo.lessons.turns import Body, Turn, play

NESTED = "for nested commands in one task"
OUTER = "for the outer one of two nested commands in one task"


@check("C01", remedy="start a task for each command; a command alone opens no new Context")
async def own_context(design: type[Aggregate]) -> list[Part]:
    """Whose context does a command see while there is another, in another task and in the same one?"""
    return [
        Part("in two tasks", await at_once(design, _named)),
        Part(OUTER, await after_a_second_inside(design), limits=True),
    ]


def _named(aggregate: Aggregate) -> str:
    return aggregate.context.name.removesuffix("'s deposit")


@check("C02", remedy="keep what runs apart by task, and lift the guard in a finally")
async def no_overlapping_errors(design: type[Aggregate]) -> list[Part]:
    """Is "Overlapping context" raised anywhere where the legacy class does?"""

    def without(finding: Finding) -> Finding:
        return compared("no such error", finding.seen if "Overlapping context" in finding.seen else "no such error")

    return [
        Part("in two tasks", without(await situations.two_overlap(design))),
        Part("after an error", without(await situations.after_error(design))),
        Part(NESTED, without(await situations.nested(design))),
    ]


@check("C03", remedy="give each call its own queue of responses, as process_command does")
async def no_interference(design: type[Aggregate]) -> list[Part]:
    """Does each deposit get to its account in every order of two? And each response to its caller?"""
    deposits = {"A": ("ana", 100_00), "B": ("ben", 50_00)}
    orders = sorted(set(permutations("AAABBB")))
    kept_apart = Part(f"in all {len(orders)} orders of two deposits", compared("own", "own"))
    for order in orders:
        found = (await overlap(design, deposits, order)).finding
        if found.outcome != "correct":
            kept_apart = Part(f"in the order {''.join(order)} of two deposits", found)
            break
    return [
        kept_apart,
        Part("where the domain has one queue of responses", await _one_queue(design), limits=True),
    ]


async def _one_queue(design: type[Aggregate]) -> Finding:
    bank, responses = await Bank.opened(design, ana=0, ben=0), []

    def command(name: str) -> Body:
        async def body(turn: Turn) -> str:
            aggregate = bank.aggregate
            await turn("respond")
            async with aggregate.command_aggregate(*bank.depositing(name, 1_00)) as proxy:
                responses.append(proxy.create_response({"account": name}))
            await turn("take the response")
            return responses.pop(0).data.account

        return body

    _, lanes = await play({name: command(name) for name in ("ana", "ben")}, ("ana", "ben", "ben", "ana"))
    return compared("ana for ana, ben for ben", ", ".join(f"{lane.result} for {name}" for name, lane in lanes.items()))


@check("C05", remedy="end the command for everybody who has inherited it: a flag on what they share")
async def isolation_at_once(design: type[Aggregate]) -> list[Part]:
    """Does each of two commands get its own events? Does a task that one of them has started outlive it?"""

    return [
        Part("for the events of two tasks", await own_events_at_once(design)),
        Part("for a task that outlives the command it was started in", await _outlives(design), limits=True),
    ]


async def _outlives(design: type[Aggregate]) -> Finding:
    bank = await Bank.opened(design, ana=0)
    aggregate, over = bank.aggregate, asyncio.Event()

    async def child() -> str:
        await over.wait()
        return whose(aggregate)

    async def parent() -> str:
        async with aggregate.command_aggregate(*bank.depositing("ana", 1_00)):
            task = asyncio.create_task(child())
        over.set()
        return await task

    return await finding_of(parent(), NOTHING, NOTHING, itself)


@check("C14", remedy="set nothing before the command is open, and reset by the token at its end")
async def isolated_either_way(design: type[Aggregate]) -> list[Part]:
    """The document's two commands: at once, one after the other, and one after the other where the second fails."""
    bank = await Bank.opened(design, ana=0, ben=0)
    aggregate = bank.aggregate

    async def in_sequence() -> str:
        seen = []
        for name in ("ana", "ben"):
            async with aggregate.command_aggregate(*bank.depositing(name, 1_00)):
                seen.append(_named(aggregate))
        return " and ".join(seen)

    async def second_fails() -> str:
        await deposited(bank, "ana", 1_00)
        with suppress(NotFoundError):
            await deposited(bank, "cleo", 1_00)
        try:
            return f"the address of {aggregate.aggroot.identifier} with the object of {aggregate.rootobj.identifier}"
        except (AttributeError, RuntimeError):
            return NOTHING

    return [
        Part("in two tasks", await at_once(design, seen_by)),
        Part("one after the other in one task", await finding_of(in_sequence(), "ana and ben", "ana and ben", itself)),
        Part(OUTER, await after_a_second_inside(design), limits=True),
        Part(
            "after a second one that could not be opened",
            await finding_of(second_fails(), NOTHING, NOTHING, itself),
            limits=True,
        ),
    ]


@check("C19", remedy="refuse a second command of this aggregate in the Context of the first")
async def check_not_needed(design: type[Aggregate]) -> list[Part]:
    """Does money go astray without the check? Where a design still refuses, it has kept a part of the check."""
    nested = await situations.nested(design)
    return [
        Part("in two tasks", await situations.two_overlap(design)),
        Part(NESTED, nested, limits=nested.outcome == "refused"),
    ]
