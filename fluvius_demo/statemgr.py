"""StateManager: where the objects are stored. Every call awaits, as a real store does, and so lets others in."""

import asyncio
from abc import ABC, abstractmethod
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from fluvius_demo.errors import BadRequestError, ConflictError, NotFoundError, PreconditionFailedError
from fluvius_demo.records import Resource
from fluvius_demo.transaction import Key, Transaction, Write, current


class StoreCall(NamedTuple):
    """What a gate is shown: `operation` is the method's name, or "commit"."""

    operation: str
    resource: str = ""
    identifier: str = ""


Gate = Callable[[StoreCall], Awaitable[None]]


class StateManager(ABC):
    """What a store offers to aggregates and commands.

    - Inside of a call of `process_command`, writes wait in its transaction; a read sees its own call's writes.
    - An action's writes count together, once it has ended well.
    - Outside of calls and actions each write is applied at once, as in a database without BEGIN.
    - `resources` names what can be stored: the resource's name and its record class.
    """

    def __init__(self, resources: Mapping[str, type[Resource]]) -> None:
        self._types = dict(resources)
        self._names = {record_type: name for name, record_type in self._types.items()}

    @abstractmethod
    async def call(self, operation: str, resource: str = "", identifier: str = "") -> None:
        """Go to the store and back."""

    @abstractmethod
    def committed(self, resource: str, identifier: str) -> Resource | None:
        """Return what is stored under this address, an invalidated object included."""

    @abstractmethod
    def write(self, writes: Mapping[Key, Write]) -> None:
        """Store all of these and give each a new etag; nothing is awaited."""

    def transaction(self) -> Transaction:
        """Return a new transaction on this store: `with store.transaction() as tx: …; await tx.commit()`."""
        return Transaction(self)

    def savepoint(self) -> Transaction:
        """Return a transaction within the running one, for one action: all that it writes counts, or nothing."""
        return Transaction(self, base=current(self, "run an action"), savepoint=True)

    async def fetch(self, resource: str, identifier: str) -> Any:
        """Return the object. Raises NotFoundError, also for one that was invalidated."""
        attempted = f"fetch {resource} {identifier!r}"
        await self.call("fetch", resource, identifier)
        record = self._visible(resource, identifier, attempted)
        if record is None or record._deleted:
            raise NotFoundError(
                attempted, f"there is no such {resource}", f"create the {resource} first or check its name"
            )
        return record

    async def fetch_with_domain_sid(self, resource: str, identifier: str, domain_sid: str) -> Any:
        """Return the object if it belongs to this `domain_sid`. Raises NotFoundError as if there were none."""
        record = await self.fetch(resource, identifier)
        if record.domain_sid != domain_sid:
            raise NotFoundError(
                f"fetch {resource} {identifier!r} of {domain_sid!r}",
                f"{domain_sid!r} has no such {resource}",
                "check the domain_sid of the command",
            )
        return record

    async def create(self, resource: str, data: Mapping[str, Any] | None = None, **fields: Any) -> Any:
        """Return a new object that is not stored yet. Raises BadRequestError for fields that it does not have."""
        await self.call("create", resource)
        attempted = f"create {resource}"
        if resource not in self._types:
            raise NotFoundError(attempted, "no such resource is stored here", f"use one of: {', '.join(self._types)}")
        return _checked(attempted, self._types[resource], **{**(data or {}), **fields})

    async def insert(self, record: Resource) -> Any:
        """Store a new object and return it. Raises ConflictError where one exists."""
        resource, identifier = key = self._key(record)
        await self.call("insert", resource, identifier)
        known = self._visible(resource, identifier, f"insert {resource} {identifier!r}")
        if known is not None:
            raise _taken(key, known)
        return self._put(key, Write("insert", record))

    async def update(self, record: Resource, **changes: Any) -> Any:
        """Store `record` with these changes and return it.

        The whole object is written: what others wrote since `record` was fetched is lost, unless the call's
        If-Match finds it out.
        """
        resource, identifier = key = self._key(record)
        attempted = f"update {resource} {identifier!r}"
        if changes.get("identifier", identifier) != identifier:
            raise BadRequestError(attempted, "an object keeps its identifier", "insert a new one instead")
        changed = _checked(attempted, replace, record, **changes)
        await self.call("update", resource, identifier)
        known = self._visible(resource, identifier, attempted)
        if known is None or known._deleted:
            raise NotFoundError(attempted, f"there is no such {resource}", "insert it first")
        return self._put(key, Write("update", changed))

    async def invalidate(self, record: Resource) -> None:
        """Mark the object as deleted; from then on a fetch raises NotFoundError."""
        await self.update(record, _deleted=True)

    def expect(self, resource: str, identifier: str, etag: str) -> None:
        """Have this etag checked again when the running call is committed; outside of a call, do nothing."""
        transaction = current(self, f"expect etag {etag} of {resource} {identifier!r}")
        if transaction is not None:
            transaction.expected[resource, identifier] = etag

    async def apply(self, transaction: Transaction) -> None:
        """Go to the store with the whole transaction. After the one await nothing can come between."""
        await self.call("commit")
        self.settle(transaction)

    def settle(self, transaction: Transaction) -> None:
        """Check the whole transaction, then store it, at once. Raises ConflictError, and stores nothing."""
        for key, etag in transaction.expected.items():
            known = self.committed(*key)
            if known is None or known._etag != etag:
                found = "it is gone" if known is None else f"it is {known._etag} by now"
                raise PreconditionFailedError(
                    f"commit a change of {key[0]} {key[1]!r} with If-Match {etag}",
                    found,
                    "load it again and repeat",
                )
        self.check(transaction)
        self.write(transaction.writes)

    def check(self, transaction: Transaction, base: Transaction | None = None) -> None:
        """Raise ConflictError where a write does not fit what is stored by now, or waits in `base`."""
        for key, write in transaction.writes.items():
            staged = base.staged(key) if base is not None else None
            known = staged.record if staged is not None else self.committed(*key)
            if write.kind == "insert" and known is not None:
                raise _taken(key, known)
            if write.kind == "update" and (known is None or known._deleted):
                raise ConflictError(
                    f"commit a change of {key[0]} {key[1]!r}",
                    "it was deleted meanwhile",
                    "load it again and repeat",
                )

    def _key(self, record: Resource) -> Key:
        if type(record) not in self._names:
            raise BadRequestError(
                f"store {record!r}", "its type is not stored here", f"use one of: {', '.join(self._types)}"
            )
        return self._names[type(record)], record.identifier

    def _visible(self, resource: str, identifier: str, attempted: str) -> Resource | None:
        transaction = current(self, attempted)
        staged = transaction.staged((resource, identifier)) if transaction is not None else None
        return staged.record if staged is not None else self.committed(resource, identifier)

    def _put(self, key: Key, write: Write) -> Resource | None:
        attempted = f"{write.kind} {key[0]} {key[1]!r}"
        transaction = current(self, attempted)
        if transaction is None:
            self.write({key: write})
        else:
            transaction.stage(key, write)
        return self._visible(*key, attempted)


class MemoryStateManager(StateManager):
    """A store in memory.

    - `latency`: seconds that each call takes; 0 still gives way to other tasks once.
    - `gate`: awaited before each call with the `StoreCall`, so that a test decides who goes next.
    - `calls`: how many calls there were, by operation.
    """

    def __init__(
        self, resources: Mapping[str, type[Resource]], *, latency: float = 0, gate: Gate | None = None
    ) -> None:
        super().__init__(resources)
        self.latency, self.gate = latency, gate
        self.calls: Counter[str] = Counter()
        self._records: dict[Key, Resource] = {}
        self._versions: dict[Key, int] = defaultdict(int)

    async def call(self, operation: str, resource: str = "", identifier: str = "") -> None:
        """Count the call, pass the gate, take the time."""
        self.calls[operation] += 1
        if self.gate is not None:
            await self.gate(StoreCall(operation, resource, identifier))
        await asyncio.sleep(self.latency)

    def committed(self, resource: str, identifier: str) -> Resource | None:
        """Return what is stored under this address."""
        return self._records.get((resource, identifier))

    def write(self, writes: Mapping[Key, Write]) -> None:
        """Store all of these; an etag counts the versions: `account/ana@3`."""
        versions = {key: self._versions[key] + 1 for key in writes}
        stored = {
            key: replace(write.record, _etag=f"{key[0]}/{key[1]}@{versions[key]}") for key, write in writes.items()
        }
        self._versions.update(versions)
        self._records.update(stored)

    def all(self, resource: str) -> list[Any]:
        """Return the committed objects of one kind by identifier, without those that were invalidated."""
        found = (record for (name, _), record in sorted(self._records.items()) if name == resource)
        return [record for record in found if not record._deleted]


def _checked(attempted: str, make: Callable[..., Any], *args: Any, **fields: Any) -> Any:
    try:
        return make(*args, **fields)
    except TypeError as error:
        raise BadRequestError(
            attempted, str(error), "name only fields that the resource has, and all that it needs"
        ) from None


def _taken(key: Key, known: Resource) -> ConflictError:
    attempted = f"insert {key[0]} {key[1]!r}"
    if known._deleted:
        return ConflictError(attempted, "it was deleted, and its name stays taken", "choose another name")
    return ConflictError(attempted, "it exists already", "choose another name or update it")
