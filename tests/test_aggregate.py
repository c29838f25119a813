"""What all three aggregates share: one command's way from enter to exit, and who may do what in it."""

from typing import Any

import pytest
from helpers import Written, each_design, end_of, in_a_loop, made, opening
from pydantic import ValidationError

from fluvius_demo import Aggregate, IsolatedAggregate, LegacyAggregate, action
from fluvius_demo.errors import ForbiddenError, NotFoundError
from fluvius_demo.records import AggregateRoot, EventRecord
from fluvius_demo.statemgr import StoreCall

OFFERED = {"create_message", "create_response", "create_activity", "get_context", "get_rootobj", "get_aggroot"}
SHARED = {
    *{"aggroot", "command", "context", "rootobj", "get_aggroot", "get_context", "get_rootobj"},
    *{"command_aggregate", "before_command", "after_command", "fetch_command_rootobj", "consume_events"},
    *{"create_activity", "create_event", "create_message", "create_response", "init_resource"},
    *{"audit_created", "audit_updated", "if_match_verify", "per_command"},
}


class Steps:
    """A mixin that notes what runs, in order; it is where a command's hooks are seen."""

    def __init__(self, domain: Any) -> None:
        super().__init__(domain)
        self.steps: list[Any] = []
        self.statemgr.gate = self.gate

    async def gate(self, call: StoreCall) -> None:
        """Note a call to the store."""
        self.steps.append(call.operation)

    async def before_command(self, *args: Any) -> None:
        """Note the hook and its arguments."""
        self.steps.append(("before", *args))

    async def after_command(self, *args: Any) -> None:
        """Note the hook and its arguments."""
        self.steps.append(("after", *args))

    @action("note-read", resources=["note", "letter"])
    async def read(self: Any, *args: Any, **kwargs: Any) -> Any:
        """Note that the body ran."""
        self.steps.append("read")
        return "seen"

    @action("note-written", resources="note")
    async def change(self: Any, *, fail: bool = False, spoil: bool = False) -> Any:
        """Store a new version; then fail, or return data that the event does not take, or return as it should."""
        await self.statemgr.update(self.rootobj, text="changed")
        if fail:
            raise LookupError("on purpose")
        return {} if spoil else {"note": "a"}


def names(of: Any) -> set[str]:
    """Return the public names of a class or an object."""
    return {name for name in dir(of) if not name.startswith("_")}


async def run(aggregate: Aggregate, *args: Any, **kwargs: Any) -> str:
    """Run a command that does nothing and return its object's etag."""
    async with aggregate.command_aggregate(*opening(*args, **kwargs)):
        return aggregate.rootobj._etag if aggregate.rootobj else ""


class TestThePublicFace:
    """The three classes are exchangeable."""

    @each_design
    def test_all_have_the_same_public_names(self, design: type) -> None:
        """The migrated class adds exactly two methods to the legacy one; the isolated, what the document announces."""
        added = set() if design is LegacyAggregate else {"clear_context", "get_context_state"}
        if design is IsolatedAggregate:
            added |= {"annotate", "metadata", "inherited"}
        assert names(design) == SHARED | added

    @each_design
    @in_a_loop
    async def test_the_proxy_offers_the_actions_and_six_methods(self, design: type) -> None:
        """Neither events nor the store nor the properties can be reached through it."""
        async with made(design).command_aggregate(*opening()) as proxy:
            assert names(proxy) == OFFERED | {"write", "touch"}
            assert (proxy.get_aggroot(), proxy.get_context().name) == (AggregateRoot("note", "a"), "for a")
            assert proxy.get_rootobj()._etag == "note/a@1"

    @each_design
    @in_a_loop
    async def test_nothing_can_be_left_on_the_proxy(self, design: type) -> None:
        """Another command would find it there: setting and deleting are refused, with the way out."""
        async with made(design).command_aggregate(*opening()) as proxy:
            with pytest.raises(AttributeError, match=r"^Cannot change 'basket' of the proxy: .* To solve this, keep"):
                proxy.basket = []
            with pytest.raises(AttributeError, match=r"^Cannot change 'write' of the proxy: "):
                del proxy.write
            assert names(proxy) == OFFERED | {"write", "touch"}

    @each_design
    @in_a_loop
    async def test_inherited_actions_are_offered_too(self, design: type) -> None:
        """A subclass adds its actions to those of its bases, and an aggregate without any offers none."""
        async with made(design, Steps).command_aggregate(*opening()) as proxy:
            assert names(proxy) == OFFERED | {"write", "touch", "read", "change"}
        bare = type("Bare", (design,), {})
        async with bare(made(design)).command_aggregate(*opening("b")) as proxy:
            assert names(proxy) == OFFERED


@each_design
class TestTheWayOfACommand:
    """Fetch, before_command, body, after_command."""

    @in_a_loop
    async def test_hooks_run_in_order_with_the_commands_arguments(self, design: type) -> None:
        """Both hooks get context, bundle and meta, the very objects that the command was opened with."""
        aggregate, args = made(design, Steps), opening()
        async with aggregate.command_aggregate(*args):
            aggregate.steps.append("body")
        assert aggregate.steps == ["fetch", ("before", *args), "body", ("after", *args)]

    @in_a_loop
    async def test_the_properties_show_the_command(self, design: type) -> None:
        """Context and bundle are the given objects; the root is read from the bundle and fetched from the store."""
        aggregate, (context, bundle, meta) = made(design), opening("c", domain_sid="hq")
        async with aggregate.command_aggregate(context, bundle, meta):
            assert aggregate.context is aggregate.get_context() is context
            assert aggregate.command is bundle
            assert aggregate.aggroot == aggregate.get_aggroot() == AggregateRoot("note", "c", "hq")
            assert aggregate.rootobj is aggregate.get_rootobj() is aggregate.statemgr.committed("note", "c")
            assert await aggregate.fetch_command_rootobj(aggregate.aggroot) == aggregate.rootobj

    @in_a_loop
    async def test_a_body_that_fails_skips_after_command(self, design: type) -> None:
        """The body's error comes out as it is, and nothing claims that the command was done."""
        aggregate = made(design, Steps)
        with pytest.raises(LookupError, match="on purpose"):
            async with aggregate.command_aggregate(*opening()):
                raise LookupError("on purpose")
        assert [step[0] for step in aggregate.steps if isinstance(step, tuple)] == ["before"]

    @in_a_loop
    async def test_leftover_events_are_an_error(self, design: type) -> None:
        """A command whose events nobody took ends with a RuntimeError, and without after_command."""
        aggregate = made(design, Steps)
        with pytest.raises(RuntimeError) as raised:
            async with aggregate.command_aggregate(*opening()):
                aggregate.create_event("undeclared", {}, None)
        assert str(raised.value).startswith(
            "All events must be consumed by the command handler. Cannot end the command"
        )
        assert [step[0] for step in aggregate.steps if isinstance(step, tuple)] == ["before"]


@each_design
class TestTheRootObject:
    """Which object a command gets, and how it is fetched."""

    @in_a_loop
    async def test_a_new_resource_is_not_fetched(self, design: type) -> None:
        """There is no object yet, no call to the store, and nothing for If-Match to match."""
        aggregate = made(design)
        async with aggregate.command_aggregate(*opening("n", new=True, source=None)):
            assert aggregate.rootobj is None
        assert not aggregate.statemgr.calls

    @in_a_loop
    async def test_a_root_with_domain_sid_is_fetched_with_it(self, design: type, monkeypatch: Any) -> None:
        """The store is asked for that owner's object, and finds no other owner's."""
        aggregate, asked = made(design), []
        store, fetch = aggregate.statemgr, aggregate.statemgr.fetch_with_domain_sid
        monkeypatch.setattr(store, "fetch_with_domain_sid", lambda *args: asked.append(args) or fetch(*args))
        assert await run(aggregate, "c", domain_sid="hq") == "note/c@1"
        assert await run(aggregate, "a") == "note/a@1"
        assert asked == [("note", "c", "hq")]
        assert isinstance(await end_of(run(aggregate, "c", domain_sid="branch")), NotFoundError)


@each_design
class TestActions:
    """An action checks the resource, runs, and then emits its event."""

    @in_a_loop
    async def test_it_emits_its_arguments_and_its_result(self, design: type) -> None:
        """Keyword arguments are the event's args, the result is its data; both checked and returned."""
        aggregate = made(design, Steps)
        async with aggregate.command_aggregate(*opening()) as proxy:
            assert await proxy.write(text="hi") == {"note": "a", "length": 2}
            assert await proxy.read("by place", by="name") == "seen"
            assert aggregate.consume_events() == [
                EventRecord("note-written", {"text": "hi"}, Written(note="a", length=2)),
                EventRecord("note-read", {"by": "name"}, "seen"),
            ]

    @pytest.mark.parametrize(("name", "allowed"), [("write", "note"), ("read", "note, letter")])
    @in_a_loop
    async def test_another_resource_is_forbidden(self, design: type, name: str, allowed: str) -> None:
        """The body has not run, no event is there, and the text says where the action may go."""
        aggregate = made(design, Steps)
        async with aggregate.command_aggregate(*opening(resource="page")) as proxy:
            aggregate.steps.clear()
            with pytest.raises(ForbiddenError) as refused:
                await getattr(proxy, name)()
            assert (aggregate.steps, aggregate.consume_events()) == ([], [])
        assert str(refused.value) == (
            f"Cannot run the action '{name}' on page 'a': it is not allowed on the resource 'page'. "
            f"To solve this, send it to one of: {allowed}."
        )

    @in_a_loop
    async def test_without_key_or_resources_nothing_is_emitted_or_refused(self, design: type) -> None:
        """A bare `@action()` runs on any resource and tells nobody."""
        aggregate = made(design)
        async with aggregate.command_aggregate(*opening(resource="page")) as proxy:
            assert await proxy.touch() == "a"
            assert aggregate.consume_events() == []

    @pytest.mark.parametrize(("how", "kind"), [({"fail": True}, LookupError), ({"spoil": True}, ValidationError)])
    @in_a_loop
    async def test_an_action_that_fails_emits_and_writes_nothing(self, design: type, how: Any, kind: type) -> None:
        """In its body, or when the data of its event are checked: what was not done is not told, and not stored."""
        aggregate = made(design, Steps)
        async with aggregate.command_aggregate(*opening()) as proxy:
            assert isinstance(await end_of(proxy.change(**how)), kind)
            assert aggregate.consume_events() == []
            await proxy.change()
            assert [event.data for event in aggregate.consume_events()] == [Written(note="a")]
        assert aggregate.statemgr.committed("note", "a")._etag == "note/a@2"
