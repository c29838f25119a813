"""Group 2, nesting and sharing: a command inside of a command, and what two of them share."""

import asyncio
from collections.abc import Mapping
from contextvars import ContextVar
from functools import cache, partial
from typing import Any

from fluvius_demo.aggregate import Aggregate
from fluvius_demo.banking import Bank
from fluvius_demo.collected import Collected
from fluvius_demo.command import Command
from fluvius_demo.lessons.outcomes import OUTCOMES, Finding, compared
from fluvius_demo.lessons.overlap import money
from fluvius_demo.lessons.pitfalls.pitfall import group, limit
from fluvius_demo.lessons.situations import stray_event, two_instances
from fluvius_demo.lessons.trial import deposited, finding_of, itself
from fluvius_demo.lessons.turns import Lane, Turn, play
from fluvius_demo.records import CommandBundle, ResponseRecord
from fluvius_demo.statemgr import StoreCall

BOTH = ("ana", "ben")
CALLS = ("fetch", "update", "commit")  # what a deposit asks of the store

nesting = group("nesting and sharing")


@nesting(
    "P01",
    "a mutable default",
    remedy="give the variable no default, or None (ruff's B039 finds the others)",
    met_by=("Chainlit/literalai-python#161", "ray-project/ray#49854"),
)
async def mutable_default(design: type[Aggregate]) -> Finding:
    """Code that runs in no command creates an event. Is it told so, or is the event lost, or found by a stranger?"""
    return await stray_event(design)


@nesting(
    "P02",
    "Contexts copy shallowly",
    remedy="keep with the state whose command it is, and mark it as ended when the command ends",
    met_by=("django/asgiref#473", "hynek/structlog#302"),
)
async def shallow_copies(design: type[Aggregate]) -> Finding:
    """Two commands have a child task each, and an ended one has two workers. Does each take its own events alone?"""
    finding = await _children_of_two(design)
    return finding if finding.outcome != "correct" else await _workers_of_an_ended_one(design)


async def _children_of_two(design: type[Aggregate]) -> Finding:
    bank = await Bank.opened(design, ana=0, ben=0)

    async def command(account: str, turn: Turn) -> str:
        aggregate = bank.aggregate

        async def child() -> None:
            aggregate.create_event(f"{account}'s child", {}, None)

        await turn("open")
        async with aggregate.command_aggregate(*bank.depositing(account, 1_00)):
            await turn("create events")
            aggregate.create_event(account, {}, None)
            await asyncio.create_task(child())
            await turn("take them")
            return _taken(account, aggregate)

    _, lanes = await play({name: partial(command, name) for name in BOTH})
    expected = {name: f"{name} takes the events of {name}, {name}'s child" for name in BOTH}
    return _worst(lanes, expected, {name: lane.result for name, lane in lanes.items()})


async def _workers_of_an_ended_one(design: type[Aggregate]) -> Finding:
    bank = await Bank.opened(design, ana=0)
    aggregate, both_have = bank.aggregate, asyncio.Barrier(2)

    async def worker(name: str) -> str:
        aggregate.create_event(name, {}, None)
        await both_have.wait()
        return _taken(name, aggregate)

    async def command_and_workers() -> str:
        async with aggregate.command_aggregate(*bank.depositing("ana", 1_00)):
            pass
        return "; ".join(await asyncio.gather(worker("worker 1"), worker("worker 2")))

    expected = "worker 1 takes the events of worker 1; worker 2 takes the events of worker 2"
    return await finding_of(command_and_workers(), expected, expected, itself)


def _taken(name: str, aggregate: Aggregate) -> str:
    events = [event.event for event in aggregate.consume_events()]
    return f"{name} takes the events of {', '.join(events) or 'nobody'}"


@nesting("P06", "a variable of the class", remedy="keep with the state which aggregate it belongs to")
async def class_variable(design: type[Aggregate]) -> Finding:
    """One task has commands open at two banks, of one design or of it and a subclass. Does each bank know its own?"""
    finding = await two_instances(design)
    if finding.outcome != "correct":
        return finding
    first, second = await Bank.opened(design, ana=0), await Bank.opened(_subclass(design), ben=0)
    one, other = first.aggregate, second.aggregate

    async def both() -> str:
        async with (
            one.command_aggregate(*first.depositing("ana", 1_00)),
            other.command_aggregate(*second.depositing("ben", 1_00)),
        ):
            return f"{one.command.identifier} at the first, {other.command.identifier} at the subclass's"

    expected = "ana at the first, ben at the subclass's"
    return await finding_of(both(), expected, expected, itself)


@cache  # the domain keeps each class that it has joined with its actions: one for each design is enough
def _subclass(design: type[Aggregate]) -> type[Aggregate]:
    return type(f"SubclassOf{design.__name__}", (design,), {})


@nesting(
    "P07",
    "the token on a shared self",
    remedy="give each command an object of its own, which holds its token",
    met_by=("modern-python/that-depends#93",),
)
async def token_on_self(design: type[Aggregate]) -> Finding:
    """Two tasks overlap, the first to open is the first to close; then each does it once more. Do all four go well?"""
    bank = await Bank.opened(design, ana=0, ben=0)

    async def two(account: str, turn: Turn) -> None:
        for _ in range(2):
            await turn("open")
            await deposited(bank, account, 1_00, lambda: turn("close"))

    _, lanes = await play({name: partial(two, name) for name in BOTH})
    seen = {name: f"{money(balance)} on {name}" for name, balance in bank.balances().items()}
    return _worst(lanes, {name: f"2 on {name}" for name in BOTH}, seen)


@nesting("P28", "contextvars do not isolate the data", remedy="name the version that you have read, or lock the call")
async def lost_update(design: type[Aggregate]) -> Finding:
    """Two people have read one account; both deposit at once, with If-Match. Is all booked that they are told?"""
    return await _two_on_one_account(design, CALLS, if_match=True)


@limit("P28", remedy="name the version that you have read (If-Match), or take a lock for the whole call")
async def lost_update_after_the_commands(design: type[Aggregate], remedied: bool) -> Finding:
    """Both commands on one account have ended, and then their calls commit. Is all booked that the callers are told?"""
    return await _two_on_one_account(design, ("commit",), if_match=remedied)


async def _two_on_one_account(design: type[Aggregate], stops: tuple[str, ...], *, if_match: bool) -> Finding:
    bank, amounts = await Bank.opened(design, ana=0), {"A": 100_00, "B": 50_00}
    read = await bank.statemgr.fetch("account", "ana")
    asks = {"source": None, "headers": {"if-match": read._etag}} if if_match else {}
    sent = {name: bank.command("deposit-money", "ana", amount=amount) for name, amount in amounts.items()}
    lanes = await _at_once(bank, sent, stops, **asks)
    told = sum(amounts[name] for name, lane in lanes.items() if lane.result is not None)
    expected, seen = f"{money(told)} on ana", f"{money(bank.balances()['ana'])} on ana"
    return _worst(lanes, dict.fromkeys(lanes, expected), dict.fromkeys(lanes, seen))


@nesting("P29", "the next shared thing", remedy="collect the responses in an object of the call")
async def shared_responses(design: type[Aggregate]) -> Finding:
    """Two people send a command at the same time. Does each get the response about their own account?"""
    return await _answers(Bank, design, CALLS)


class SharedResponses(Bank):
    """As the framework had it: the responses wait on the domain, one of each type, and a caller takes what is there."""

    waiting: dict[str, list[ResponseRecord]] = {}

    async def _run(self, command: Command, collected: Collected) -> None:
        await super()._run(command, collected)
        self.waiting = {**self.waiting, **collected.responses}

    async def process_command(self, *commands: CommandBundle, **more: Any) -> dict[str, list[ResponseRecord]]:
        """Run the commands; return the responses that wait."""
        await super().process_command(*commands, **more)
        taken, self.waiting = self.waiting, {}
        return taken


@limit("P29", remedy="collect the responses in an object of the call, as this package's Domain does")
async def responses_on_the_domain(design: type[Aggregate], remedied: bool) -> Finding:
    """Both commands have ended, and their responses wait on the domain. Does each caller get their own?"""
    return await _answers(Bank if remedied else SharedResponses, design, ("commit",))


async def _answers(kind: type[Bank], design: type[Aggregate], stops: tuple[str, ...]) -> Finding:
    bank = await kind.opened(design, ana=0, ben=0)
    lanes = await _at_once(bank, {name: bank.command("deposit-money", name, amount=1_00) for name in BOTH}, stops)

    def answer(lane: Lane) -> str:
        about = [response.data.account for responses in (lane.result or {}).values() for response in responses]
        return f"{lane.name} gets a response about {' and '.join(about) or 'nobody'}"

    expected = {name: f"{name} gets a response about {name}" for name in BOTH}
    return _worst(lanes, expected, {name: answer(lane) for name, lane in lanes.items()})


_turn: ContextVar[Turn] = ContextVar("turn")


async def _at_once(
    bank: Bank, commands: Mapping[str, CommandBundle], stops: tuple[str, ...], **asks: Any
) -> dict[str, Lane]:
    """Send each command in a task of its own; they take turns at these calls to the store."""

    async def gate(call: StoreCall) -> None:
        if call.operation in stops:
            await _turn.get()(call.operation)

    async def send(name: str, turn: Turn) -> dict[str, list[ResponseRecord]]:
        _turn.set(turn)  # in the fresh Context of this task
        context = bank.setup_context(name=f"{name}'s deposit", **asks)
        return await bank.process_command(commands[name], context=context)

    bank.statemgr.gate = gate
    _, lanes = await play({name: partial(send, name) for name in commands})
    return lanes


def _worst(lanes: Mapping[str, Lane], expected: Mapping[str, str], seen: Mapping[str, str]) -> Finding:
    """Return the worst finding of the lanes, in the order of OUTCOMES; the first of them, where there are two."""

    def finding(name: str, lane: Lane) -> Finding:
        if lane.stuck:
            return Finding("stuck", expected[name], "it waits for ever")
        if lane.error is not None:
            return Finding.of_error(expected[name], lane.error)
        return compared(expected[name], seen[name])

    return max((finding(*named) for named in lanes.items()), key=lambda one: OUTCOMES.index(one.outcome))
