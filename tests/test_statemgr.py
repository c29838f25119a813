"""The store in memory: what each method does, and when it lets others in."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import InitVar, dataclass
from typing import Any

import pytest

from fluvius_demo.banking import Account
from fluvius_demo.errors import ConflictError, NotFoundError
from fluvius_demo.records import Resource
from fluvius_demo.statemgr import MemoryStateManager, StoreCall

ANA = Account(identifier="ana", domain_sid="branch-1", owner="Ana", balance=100)
BEN = Account(identifier="ben", owner="Ben")
Work = Callable[[MemoryStateManager], Awaitable[Any]]

OPERATIONS: list[tuple[Work, StoreCall]] = [
    (lambda store: store.fetch("account", "ana"), StoreCall("fetch", "account", "ana")),
    (lambda store: store.fetch_with_domain_sid("account", "ana", "branch-1"), StoreCall("fetch", "account", "ana")),
    (lambda store: store.create("account", identifier="ben", owner="Ben"), StoreCall("create", "account", "")),
    (lambda store: store.insert(BEN), StoreCall("insert", "account", "ben")),
    (lambda store: store.update(ANA, balance=0), StoreCall("update", "account", "ana")),
    (lambda store: store.invalidate(ANA), StoreCall("update", "account", "ana")),
    (lambda store: store.transaction().commit(), StoreCall("commit", "", "")),
]
NAMES = ["fetch", "fetch_with_domain_sid", "create", "insert", "update", "invalidate", "commit"]
each_operation = pytest.mark.parametrize(("work", "call"), OPERATIONS, ids=NAMES)


def run(work: Work) -> Any:
    """Run the work on a store of accounts and plain resources that holds Ana's account."""

    async def scenario() -> Any:
        store = MemoryStateManager({"account": Account, "thing": Resource})
        await store.insert(ANA)
        store.calls.clear()
        return await work(store)

    return asyncio.run(scenario())


class TestEveryCallAwaits:
    """A real store takes time, and lets others run meanwhile."""

    @each_operation
    def test_another_task_gets_its_turn(self, work: Work, call: StoreCall) -> None:
        """Whatever is called, something else runs before it returns."""

        async def scenario(store: MemoryStateManager) -> bool:
            turn = asyncio.Event()
            asyncio.get_running_loop().call_soon(turn.set)
            await work(store)
            return turn.is_set()

        assert run(scenario)

    @each_operation
    def test_the_gate_sees_each_call_before_it_counts(self, work: Work, call: StoreCall) -> None:
        """The gate is awaited once, with the StoreCall, while the store is still as it was; `calls` counts the same."""

        async def scenario(store: MemoryStateManager) -> None:
            seen = []

            async def gate(shown: StoreCall) -> None:
                seen.append((shown, [account.balance for account in store.all("account")]))

            store.gate = gate
            await work(store)
            assert seen == [(call, [100])]
            assert store.calls == {call.operation: 1}

        run(scenario)

    @each_operation
    def test_each_call_takes_the_latency(self, work: Work, call: StoreCall, monkeypatch: pytest.MonkeyPatch) -> None:
        """The latency is slept once for each call, in seconds."""
        slept = []

        async def sleep(seconds: float) -> None:
            slept.append(seconds)

        async def scenario(store: MemoryStateManager) -> None:
            store.latency = 0.25
            with monkeypatch.context() as patched:
                patched.setattr(asyncio, "sleep", sleep)
                await work(store)

        run(scenario)
        assert slept == [0.25]

    @each_operation
    def test_a_gate_that_raises_stops_the_call(self, work: Work, call: StoreCall) -> None:
        """A store that cannot be reached changes nothing."""

        async def gate(shown: StoreCall) -> None:
            raise OSError("the store is away")

        async def scenario(store: MemoryStateManager) -> None:
            before, store.gate = store.all("account"), gate
            with pytest.raises(OSError, match=r"^the store is away$"):
                await work(store)
            assert store.all("account") == before

        run(scenario)


class TestWhatIsStored:
    """What the methods return, and what is there afterwards."""

    def test_a_created_object_is_not_stored(self) -> None:
        """`create` makes an object of its data and its fields, fields counting first; nobody can fetch it yet."""

        async def scenario(store: MemoryStateManager) -> None:
            made = await store.create("account", {"identifier": "ben", "owner": "Ben"}, balance=5, owner="B.")
            assert made == Account(identifier="ben", owner="B.", balance=5)
            assert store.committed("account", "ben") is None

        run(scenario)

    def test_insert_and_update_return_what_is_stored(self) -> None:
        """Outside of a call both give back the stored object, with its etag."""

        async def scenario(store: MemoryStateManager) -> None:
            ben = await store.insert(BEN)
            assert (ben, ben._etag) == (await store.fetch("account", "ben"), "account/ben@1")
            ben = await store.update(ben, balance=7)
            assert (ben, ben._etag, ben.balance) == (await store.fetch("account", "ben"), "account/ben@2", 7)

        run(scenario)

    def test_the_etag_counts_the_versions_of_one_object(self) -> None:
        """Each write to an object counts, an invalidation included; an etag that a writer brings along is void."""

        async def scenario(store: MemoryStateManager) -> None:
            ana = await store.update(ANA, _etag="account/ana@99")
            await store.insert(BEN)
            await store.invalidate(ana)
            etags = [store.committed("account", name)._etag for name in ("ana", "ben")]
            assert etags == ["account/ana@3", "account/ben@1"]

        run(scenario)

    @pytest.mark.parametrize(
        ("operation", "meanwhile", "kind"),
        [
            (lambda store: store.insert(BEN), lambda store: store.insert(BEN), ConflictError),
            (lambda store: store.update(ANA, balance=5), lambda store: store.invalidate(ANA), NotFoundError),
        ],
        ids=["insert", "update"],
    )
    def test_what_counts_is_what_the_store_finds_when_it_is_reached(
        self, operation: Work, meanwhile: Work, kind: type[Exception]
    ) -> None:
        """A write that is overtaken on its way meets what the other has left."""

        async def scenario(store: MemoryStateManager) -> None:
            there, go = asyncio.Event(), asyncio.Event()

            async def gate(shown: StoreCall) -> None:
                if asyncio.current_task().get_name() == "overtaken":
                    there.set()
                    await go.wait()

            store.gate = gate
            overtaken = asyncio.create_task(operation(store), name="overtaken")
            await there.wait()
            await meanwhile(store)
            left = store.all("account")
            go.set()
            with pytest.raises(kind):
                await overtaken
            assert store.all("account") == left

        run(scenario)

    def test_an_update_writes_the_whole_object(self) -> None:
        """What others wrote since the object was fetched is lost (P28)."""

        async def scenario(store: MemoryStateManager) -> tuple[str, int]:
            await store.update(ANA, owner="Anna")
            ana = await store.update(ANA, balance=7)
            return ana.owner, ana.balance

        assert run(scenario) == ("Ana", 7)

    def test_all_lists_the_living_of_one_kind_by_name(self) -> None:
        """`all` is ordered by identifier, and leaves out what was invalidated and what is of another kind."""

        async def scenario(store: MemoryStateManager) -> list[str]:
            zoe = await store.insert(Account(identifier="zoe", owner="Zoe"))
            for record in (Account(identifier="al", owner="Al"), BEN, Resource(identifier="cy")):
                await store.insert(record)
            await store.invalidate(zoe)
            return [account.identifier for account in store.all("account")]

        assert run(scenario) == ["al", "ana", "ben"]

    def test_an_object_of_this_domain_is_found(self) -> None:
        """`fetch_with_domain_sid` finds what belongs to the domain_sid."""
        assert run(lambda store: store.fetch_with_domain_sid("account", "ana", "branch-1")).owner == "Ana"

    def test_a_write_of_several_objects_is_all_or_nothing(self) -> None:
        """An object that cannot be stored keeps the others of its transaction out, too."""

        @dataclass(frozen=True, slots=True, kw_only=True)
        class Note(Resource):
            text: InitVar[str]  # dataclasses.replace() refuses such a record

        async def scenario() -> None:
            store = MemoryStateManager({"account": Account, "note": Note})
            with store.transaction() as transaction:
                await store.insert(ANA)
                await store.insert(Note(identifier="note", text="hello"))
                with pytest.raises((TypeError, ValueError), match="InitVar"):  # TypeError from 3.13 on
                    await transaction.commit()
            assert store.all("account") == []

        asyncio.run(scenario())
