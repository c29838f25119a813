"""Domain: whose command runs which processors, on which design."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
from gates import bank_that

from fluvius_demo import Bank, Domain, IsolatedAggregate, LegacyAggregate, MemoryStateManager, MigratedAggregate
from fluvius_demo.errors import ForbiddenError, NotFoundError

DESIGNS = [LegacyAggregate, MigratedAggregate, IsolatedAggregate]
each_design = pytest.mark.parametrize("design", DESIGNS)


def ran(bank: Bank, *keys: str) -> dict[str, list[Any]]:
    """Run these commands on Ana's account as one call, and return the data of the responses by type."""
    commands = [bank.command(key, "ana") for key in keys]
    responses = asyncio.run(bank.process_command(*commands))
    return {kind: [response.data.account for response in found] for kind, found in responses.items()}


def opened(kind: type[Bank], design: type = IsolatedAggregate) -> Bank:
    """Return such a bank with an account for Ana."""
    return asyncio.run(kind.opened(design, ana=0))


async def as_async_generator(self: Any, aggregate: Any, statemgr: Any, payload: Any) -> AsyncIterator[Any]:
    """Yield two responses."""
    yield aggregate.create_response({"account": "one"})
    yield aggregate.create_response({"account": "two"})


async def as_coroutine(self: Any, aggregate: Any, statemgr: Any, payload: Any) -> list[Any]:
    """Return two responses."""
    return [aggregate.create_response({"account": "one"}), aggregate.create_response({"account": "two"})]


def as_function(self: Any, aggregate: Any, statemgr: Any, payload: Any) -> list[Any]:
    """Return two responses without awaiting."""
    return [aggregate.create_response({"account": "one"}), aggregate.create_response({"account": "two"})]


def as_generator(self: Any, aggregate: Any, statemgr: Any, payload: Any) -> Iterator[Any]:
    """Yield two responses without awaiting."""
    yield aggregate.create_response({"account": "one"})
    yield aggregate.create_response({"account": "two"})


def answering(name: str) -> Callable[..., Any]:
    """Return a processor that responds with this name."""

    def process(self: Any, aggregate: Any, statemgr: Any, payload: Any) -> Any:
        return aggregate.create_response({"account": name})

    return process


class TestProcessors:
    """A command runs its `_process` and whatever was declared with `@command_processor`."""

    @each_design
    @pytest.mark.parametrize("process", [as_async_generator, as_coroutine, as_function, as_generator])
    def test_process_may_have_any_form(self, design: type, process: Callable[..., Any]) -> None:
        """An async generator, a coroutine and a plain function do the same, on every design."""
        assert ran(opened(bank_that(process), design), "do") == {"default-response": ["one", "two"]}

    def test_a_processor_is_given_the_command_its_aggregate_the_store_and_the_payload(self) -> None:
        """`self` is the command with its bundle, and the aggregate is the restricted proxy."""
        given = []

        def process(self: Any, aggregate: Any, statemgr: Any, payload: Any) -> None:
            given.append((self.bundle.command, self.bundle.id, type(aggregate).__name__, statemgr, payload))

        bank = opened(bank_that(process))
        asyncio.run(bank.process_command(bank.create_command("do", "account", "ana", {"any": "thing"})))
        assert given == [("do", "bank-1", "RestrictedAggregateProxy", bank.statemgr, {"any": "thing"})]

    def test_higher_priorities_run_first_and_equal_ones_as_declared(self) -> None:
        """`_process` has priority 0 and was declared first."""
        kind = bank_that(answering("_process"))
        command = kind._commands["do"]
        for name, priority in [("late", -1), ("same", 0), ("soon", 1), ("first", 5), ("soon too", 1)]:
            kind.command_processor(command, priority=priority)(answering(name))
        kind.command_processor(command)(answering("last of 0"))
        order = ["first", "soon", "soon too", "_process", "same", "last of 0", "late"]
        assert ran(opened(kind), "do") == {"default-response": order}

    def test_the_decorated_function_stays_what_it_is(self) -> None:
        """It can be called and decorated again."""
        process, kind = answering("x"), bank_that(answering("y"))
        assert kind.command_processor(kind._commands["do"])(process) is process

    def test_events_are_consumed_after_all_processors_ran(self) -> None:
        """The second processor still finds the first one's event in the queue; the log has both, in order."""
        waiting = []

        async def process(self: Any, aggregate: Any, statemgr: Any, payload: Any) -> None:
            waiting.append(bank.aggregate.get_context_state()["evt_queue_size"])
            await aggregate.deposit(amount=len(waiting))

        kind = bank_that(process)
        kind.command_processor(kind._commands["do"])(process)
        bank = opened(kind)
        ran(bank, "do")
        assert waiting == [0, 1]
        assert [event.args["amount"] for event in bank.event_log] == [1, 2]

    def test_where_a_later_processor_fails_nothing_of_the_earlier_one_remains(self) -> None:
        """All processors of a command belong to one transaction."""

        async def process(self: Any, aggregate: Any, statemgr: Any, payload: Any) -> None:
            await aggregate.deposit(amount=5)

        def failing(self: Any, aggregate: Any, statemgr: Any, payload: Any) -> None:
            raise KeyError("lost")

        kind = bank_that(process)
        kind.command_processor(kind._commands["do"])(failing)
        bank = opened(kind)
        for _ in range(2):
            with pytest.raises(KeyError, match="lost"):
                ran(bank, "do")
            assert (bank.balances(), bank.event_log) == ({"ana": 0}, [])

    def test_a_command_that_nothing_processes_is_refused(self) -> None:
        """It is declared, but without `_process` and processors; the text says what to give it."""
        kind = type("TestedBank", (Bank,), {})
        type("Idle", (kind.Command,), {"Meta": type("Meta", (), {"key": "idle"})})
        with pytest.raises(NotFoundError) as caught:
            ran(opened(kind), "idle")
        assert str(caught.value) == (
            "Cannot process 'idle': nothing processes it. To solve this, give it _process or a @command_processor."
        )


class TestSubclassedDomains:
    """A domain that derives from another has its commands; the other does not get those of its heir."""

    def test_a_new_command_does_not_leak_into_the_parent(self) -> None:
        """The parent and a sibling know nothing of it."""
        kind, sibling = bank_that(answering("x")), bank_that(answering("y"))
        assert "do" in kind._commands
        assert "do" not in Bank._commands
        assert ran(opened(sibling), "do") == {"default-response": ["y"]}
        assert set(Domain._commands) == set()

    def test_the_parents_commands_are_there(self) -> None:
        """What a bank can, every kind of bank can."""
        bank = opened(bank_that(answering("x")))
        asyncio.run(bank.process_command(bank.command("deposit-money", "ana", amount=5)))
        assert bank.balances() == {"ana": 5}

    def test_a_new_processor_of_an_old_command_does_not_leak_either(self) -> None:
        """Only the heir runs it, beside the parent's own."""
        parent = bank_that(answering("parent"))
        heir = type("Heir", (parent,), {})
        heir.command_processor(parent._commands["do"])(answering("heir"))
        assert ran(opened(parent), "do") == {"default-response": ["parent"]}
        assert ran(opened(heir), "do") == {"default-response": ["parent", "heir"]}


class TestDesigns:
    """The design is chosen for each domain that is made."""

    @each_design
    def test_a_domain_runs_on_every_design(self, design: type) -> None:
        """Its aggregate is of that design and has the domain's actions."""
        bank = opened(Bank, design)
        asyncio.run(bank.process_command(bank.command("deposit-money", "ana", amount=5)))
        assert isinstance(bank.aggregate, design)
        assert bank.balances() == {"ana": 5}

    def test_isolated_is_the_design_of_choice(self) -> None:
        """Who says nothing gets the one that keeps commands apart."""
        assert isinstance(Bank().aggregate, IsolatedAggregate)

    @each_design
    def test_all_commands_share_one_aggregate(self, design: type) -> None:
        """One instance serves every command of its domain, and another domain has another."""
        bank = Bank(design)
        assert bank.aggregate is bank.aggregate
        assert bank.aggregate is not Bank(design).aggregate
        assert type(bank.aggregate) is type(Bank(design).aggregate)

    def test_a_design_may_ask_for_one_aggregate_per_command(self) -> None:
        """Then each look at `aggregate` gives a new one, and a whole command runs on one of them."""
        design = type("OnePerCommand", (LegacyAggregate,), {"per_command": True})
        bank = opened(Bank, design)
        assert bank.aggregate is not bank.aggregate
        asyncio.run(bank.process_command(bank.command("deposit-money", "ana", amount=5)))
        assert [event.args for event in bank.event_log] == [{"amount": 5}]

    @each_design
    def test_a_domain_needs_no_actions(self, design: type) -> None:
        """A domain whose commands only read or write through the store leaves `Actions` alone."""
        kind = type("Quiet", (Domain,), {})
        assert isinstance(kind(design, statemgr=MemoryStateManager({})).aggregate, design)


class TestContexts:
    """Who asks: the command's own context, then the call's, then the domain's."""

    @pytest.mark.parametrize(
        ("own", "given", "seen"), [(1, 1, "own"), (0, 1, "given"), (1, 0, "own"), (0, 0, "unnamed")]
    )
    def test_the_nearest_context_counts(self, own: bool, given: bool, seen: str) -> None:
        """A command without a context of its own takes the next one."""

        def process(self: Any, aggregate: Any, statemgr: Any, payload: Any) -> Any:
            return aggregate.create_response({"account": aggregate.get_context().name})

        bank = opened(bank_that(process))
        mine, calls = (bank.setup_context(name=name) if on else None for name, on in (("own", own), ("given", given)))
        (response,) = asyncio.run(bank.process_command(bank.command("do", "ana", context=mine), context=calls)).values()
        assert response[0].data.account == seen

    def test_the_domains_context_names_the_domain(self) -> None:
        """`setup_context` fills in the domain and its revision, and takes any other field."""
        kind = type("Shop", (Bank,), {"domain_name": "shop", "revision": 3})
        context = kind().setup_context(user_id="ana")
        assert (context.domain, context.revision, context.user_id) == ("shop", 3, "ana")


class TestOpening:
    """`opening` prepares a command for `command_aggregate`, as `process_command` does."""

    def test_it_returns_context_bundle_and_class(self) -> None:
        """The bundle has its id, its context and its checked payload."""
        bank = Bank()
        context, bundle, kind = bank.opening(bank.command("deposit-money", "ana", amount=5))
        assert bundle.context is context
        assert (bundle.id, bundle.payload.amount, kind.Meta.key) == ("bank-1", 5, "deposit-money")

    def test_it_refuses_what_process_command_refuses(self) -> None:
        """A command that does not exist, or not on this resource, is not prepared."""
        bank = Bank()
        with pytest.raises(NotFoundError, match="there is no such command"):
            bank.opening(bank.command("close-account", "ana"))
        with pytest.raises(ForbiddenError, match="it is not allowed on the resource 'branch'"):
            bank.opening(bank.create_command("deposit-money", "branch", "ana", {"amount": 5}))
