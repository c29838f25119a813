"""One call of `process_command` is one transaction: its writes wait here until they are applied together.

The transaction is found through a context variable of its own, not through the aggregate. So a call keeps its own
writes on every design of Aggregate, and what a broken design mixes up is the command, as in the real framework.
"""

from contextvars import ContextVar, Token
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Literal, NamedTuple, Self

from fluvius_demo.errors import TransactionEndedError
from fluvius_demo.records import Resource

if TYPE_CHECKING:
    from fluvius_demo.statemgr import StateManager

_current: ContextVar["Transaction | None"] = ContextVar("fluvius_transaction", default=None)

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
    """

    manager: "StateManager"
    parent: "Transaction | None" = None
    writes: dict[Key, Write] = field(default_factory=dict)
    expected: dict[Key, str] = field(default_factory=dict)
    ended: bool = False
    _token: Token | None = None

    def stage(self, key: Key, write: Write) -> None:
        """Keep a write for the commit; an object that is inserted and then updated in one call is still new."""
        staged = self.writes.get(key)
        kind = "insert" if staged is not None and staged.kind == "insert" else write.kind
        self.writes[key] = Write(kind, write.record)

    async def commit(self) -> None:
        """Check and apply everything in one step that nothing can interrupt, or raise and apply nothing."""
        await self.manager.apply(self)

    def __enter__(self) -> Self:
        self.parent = _current.get()
        while self.parent is not None and self.parent.ended:  # or tasks that start tasks would chain for ever
            self.parent = self.parent.parent
        self._token = _current.set(self)
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _exc: BaseException | None, _tb: TracebackType | None
    ) -> None:
        # A child task may hold this object for long: it must neither write through it nor keep the call's objects.
        self.ended = True
        self.writes, self.expected = {}, {}
        token, self._token = self._token, None
        _current.reset(token)


def current(manager: "StateManager", attempted: str) -> Transaction | None:
    """Return the running transaction on this store, or None outside of a call.

    Raises TransactionEndedError where the call has ended: a child task that outlives its call.
    """
    transaction = _current.get()
    while transaction is not None and transaction.manager is not manager:
        transaction = transaction.parent
    if transaction is not None and transaction.ended:
        raise TransactionEndedError(
            attempted,
            "the call of process_command that started this code has ended, and its transaction with it",
            "await the work inside of the command, or make a new call for it",
        )
    return transaction
