"""One call of `process_command` is one transaction: its writes wait here until they are applied together.

Within it, each action has a transaction of its own (a savepoint): what it writes counts once it has ended well, with
its event, or not at all.

The transaction is found through a context variable of its own, not through the aggregate. So a call keeps its own
writes on every design of Aggregate, and what a broken design mixes up is the command, as in the real framework.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from contextvars import ContextVar, Token
from dataclasses import dataclass, field
from types import MappingProxyType, TracebackType
from typing import TYPE_CHECKING, Literal, NamedTuple, Self

from fluvius_demo.errors import SharedContextError, TransactionEndedError
from fluvius_demo.records import Resource
from fluvius_demo.scopes import renewed

if TYPE_CHECKING:
    from fluvius_demo.statemgr import StateManager

# The latest transaction on each store. Replaced as a whole and never changed, for Contexts copy only the reference.
_latest: ContextVar[Mapping["StateManager", "Transaction"]] = ContextVar(
    "fluvius_transactions",
    default=MappingProxyType({}),
)

Key = tuple[str, str]


class Write(NamedTuple):
    """One staged write; `insert` demands that the object is new, `update` that it is still there."""

    kind: Literal["insert", "update"]
    record: Resource


@dataclass(eq=False)
class Transaction:
    """The staged writes of one call, and the etags that its caller counts on.

    - Seen by the task that opened it and by every task and thread that inherits its Context.
    - A call inside a call is a transaction of its own; it does not see what the outer one has staged.
    - Once it has ended, whoever still holds it is refused.
    - With a `base` it is a savepoint: it sees what the base has staged, and hands its writes over to it when it ends
      well. A savepoint outside of any call has no base: then its writes are applied.
    """

    manager: "StateManager"
    base: "Transaction | None" = None
    savepoint: bool = False
    writes: dict[Key, Write] = field(default_factory=dict)
    expected: dict[Key, str] = field(default_factory=dict)
    ended: bool = False
    _task: asyncio.Task | None = None
    _token: Token | None = None
    _set: Mapping["StateManager", "Transaction"] = field(default_factory=dict)

    def staged(self, key: Key) -> Write | None:
        """Return the write that waits for this object, of this transaction or of its base."""
        return self.writes.get(key) or (self.base.staged(key) if self.base is not None else None)

    def stage(self, key: Key, write: Write) -> None:
        """Keep a write for the commit; an object that is inserted and then updated in one call is still new."""
        staged = self.writes.get(key)
        kind = "insert" if staged is not None and staged.kind == "insert" else write.kind
        self.writes[key] = Write(kind, write.record)

    async def commit(self) -> None:
        """Check and apply everything in one step that nothing can interrupt, or raise and apply nothing."""
        self.refuse_if_ended("commit")
        self.ended = True  # from here on, work that nobody has awaited cannot slip into it
        await self.manager.apply(self)

    def __enter__(self) -> Self:
        self.refuse_if_ended("open a transaction again")
        self._task = asyncio.current_task()
        outer = _latest.get().get(self.manager)
        if outer is not None and outer._shares_context_with(self._task):
            raise SharedContextError(
                "begin a call",
                "another task has one open in this very Context, so their writes would be mixed",
                "start each task without context=…, or give each its own: context=copy_context()",
            )
        self._set = {**_latest.get(), self.manager: self}
        self._token = _latest.set(self._set)
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        try:
            if self.savepoint and _error is None:
                self._hand_over()
        finally:
            self._leave()
            # A child task may hold this object for long: it must neither write through it nor keep the call's objects.
            self.ended = True
            self.writes, self.expected, self._task, self._token, self._set = {}, {}, None, None, {}

    def _leave(self) -> None:
        latest = _latest.get()
        with suppress(ValueError):  # left in another Context: that one holds it as ended
            _latest.reset(self._token)
            if latest is not self._set:  # another task shares this Context, and its call is still open
                outer = _latest.get().get(self.manager)
                others = {manager: call for manager, call in latest.items() if manager is not self.manager}
                _latest.set(others if outer is None else {**others, self.manager: outer})

    def _hand_over(self) -> None:
        self.refuse_if_ended("keep what an action has written")
        if self.base is None:
            self.manager.settle(self)
        else:
            self.manager.check(self, self.base)
            for key, write in self.writes.items():
                self.base.stage(key, write)
            self.base.expected.update(self.expected)

    def refuse_if_ended(self, attempted: str) -> None:
        """Raise TransactionEndedError where this transaction, or the one it belongs to, has ended."""
        if self.base is not None:
            self.base.refuse_if_ended(attempted)
        if self.ended:
            raise TransactionEndedError(
                attempted,
                "the call of process_command that started this code has ended, and its transaction with it",
                "await the work inside of the command, or make a new call for it",
            )

    def _shares_context_with(self, task: asyncio.Task | None) -> bool:
        if self._token is None or self._task is task:  # left already; or a call inside of a call
            return False
        token = renewed(_latest, self._token)
        self._token = token or self._token
        return token is not None


def current(manager: "StateManager", attempted: str) -> Transaction | None:
    """Return the running transaction on this store, or None outside of a call.

    Raises TransactionEndedError where the call has ended: a child task that outlives its call.
    """
    transaction = _latest.get().get(manager)
    if transaction is not None:
        transaction.refuse_if_ended(attempted)
    return transaction
