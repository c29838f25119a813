"""What the store in memory refuses, and in which words."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from fluvius_demo.banking import Account
from fluvius_demo.errors import BadRequestError, ConflictError, DemoError, NotFoundError
from fluvius_demo.records import Resource
from fluvius_demo.statemgr import MemoryStateManager

ANA = Account(identifier="ana", domain_sid="branch-1", owner="Ana", balance=100)
Work = Callable[[MemoryStateManager], Awaitable[Any]]


def refusal(work: Work) -> DemoError:
    """Return the error that the work raises on a store that holds Ana's account; the store must stay as it was."""

    async def scenario() -> DemoError:
        store = MemoryStateManager({"account": Account, "thing": Resource})
        await store.insert(ANA)
        with pytest.raises(DemoError) as caught:
            await work(store)
        assert [account.balance for account in store.all("account")] == [100]
        assert store.all("thing") == []
        return caught.value

    return asyncio.run(scenario())


def refusal_once_invalidated(work: Work) -> DemoError:
    """Return the error that the work raises after Ana's account has been invalidated."""

    async def scenario() -> DemoError:
        store = MemoryStateManager({"account": Account})
        await store.insert(ANA)
        await store.invalidate(ANA)
        with pytest.raises(DemoError) as caught:
            await work(store)
        return caught.value

    return asyncio.run(scenario())


REFUSALS: dict[str, tuple[Work, type[DemoError], str]] = {
    "unknown object": (
        lambda store: store.fetch("account", "zoe"),
        NotFoundError,
        "fetch account 'zoe': there is no such account. To solve this, create the account first or check its name.",
    ),
    "object of another domain_sid": (
        lambda store: store.fetch_with_domain_sid("account", "ana", "branch-2"),
        NotFoundError,
        "fetch account 'ana' of 'branch-2': 'branch-2' has no such account. "
        "To solve this, check the domain_sid of the command.",
    ),
    "unknown resource": (
        lambda store: store.create("branch", identifier="x"),
        NotFoundError,
        "create branch: no such resource is stored here. To solve this, use one of: account, thing.",
    ),
    "wrong type of record": (
        lambda store: store.insert("ana"),
        BadRequestError,
        "store 'ana': its type is not stored here. To solve this, use one of: account, thing.",
    ),
    "object that exists": (
        lambda store: store.insert(ANA),
        ConflictError,
        "insert account 'ana': it exists already. To solve this, choose another name or update it.",
    ),
    "update of an unknown object": (
        lambda store: store.update(Account(identifier="ben", owner="Ben")),
        NotFoundError,
        "update account 'ben': there is no such account. To solve this, insert it first.",
    ),
}
FIELDS: dict[str, tuple[Work, str, str]] = {
    "unknown field": (lambda s: s.create("thing", identifier="x", red=1), "create thing", "keyword argument 'red'"),
    "missing field": (lambda s: s.create("thing"), "create thing", "keyword-only argument: 'identifier'"),
    "update of one": (lambda s: s.update(ANA, red=1), "update account 'ana'", "keyword argument 'red'"),
}


class TestRefusals:
    """Every refusal, to the letter."""

    @pytest.mark.parametrize(("work", "kind", "text"), REFUSALS.values(), ids=REFUSALS)
    def test_the_error_and_its_text(self, work: Work, kind: type[DemoError], text: str) -> None:
        """The type is exact, and so is the text."""
        error = refusal(work)
        assert (type(error), str(error)) == (kind, f"Cannot {text}")

    @pytest.mark.parametrize(("work", "attempted", "wrong"), FIELDS.values(), ids=FIELDS)
    def test_fields_are_checked(self, work: Work, attempted: str, wrong: str) -> None:
        """Unknown and missing fields are a bad request; the words for the fault are Python's own."""
        error = refusal(work)
        remedy = "name only fields that the resource has, and all that it needs"
        assert (type(error), error.attempted, error.remedy) == (BadRequestError, attempted, remedy)
        assert error.wrong.endswith(wrong)

    def test_an_update_cannot_move_an_object_to_another_name(self) -> None:
        """An object that is stored as `ana` and calls itself `ben` would hide one of the two accounts."""
        error = refusal(lambda store: store.update(ANA, identifier="ben"))
        assert (type(error), error.attempted) == (BadRequestError, "update account 'ana'")

    @pytest.mark.parametrize(
        "work",
        [lambda s: s.fetch("account", "ana"), lambda s: s.update(ANA, balance=5), lambda s: s.invalidate(ANA)],
        ids=["fetch", "update", "invalidate"],
    )
    def test_an_invalidated_object_is_gone(self, work: Work) -> None:
        """It is neither fetched nor changed any more."""
        error = refusal_once_invalidated(work)
        assert (type(error), error.wrong) == (NotFoundError, "there is no such account")

    def test_the_name_of_an_invalidated_object_stays_taken(self) -> None:
        """Its name is not given away again, and the text does not send the reader round in a circle."""
        error = refusal_once_invalidated(lambda store: store.insert(ANA))
        assert type(error) is ConflictError
        assert "update it" not in error.remedy  # an update would say that there is no such account
