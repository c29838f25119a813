"""Each check can come out another way: on another design, mended or broken, and with another script."""

import asyncio
from typing import Any

import pytest
from test_claims_ledger import FAILS, HOLDS, IN_PART, PINNED, THREADS
from test_scenarios_computed import MigratedThatResets, MigratedWithoutSharedQueue

from fluvius_demo.aggregate import Aggregate
from fluvius_demo.isolated import IsolatedAggregate
from fluvius_demo.legacy import LegacyAggregate
from fluvius_demo.lessons.claims import CHECKS, judge, verdicts
from fluvius_demo.lessons.designs import OnePerCommandAggregate, UnguardedAggregate
from fluvius_demo.lessons.kept import KeptAggregate, Six
from fluvius_demo.migrated import MigratedAggregate
from fluvius_demo.records import ResponseRecord


class KeptByTask(KeptAggregate):
    """Broken: a command is seen by its own task, and by nothing that this task starts."""

    def __init__(self, domain: Any) -> None:
        super().__init__(domain)
        self._by_task: dict[Any, Six] = {}

    def _put(self, six: Six) -> Any:
        task = asyncio.current_task()
        self._by_task[task] = six
        return task

    def _get(self, name: str) -> Any:
        return getattr(self._by_task[asyncio.current_task()], name)

    def _take_away(self, put: Any) -> None:
        del self._by_task[put]


class MigratedWithOtherResponses(MigratedAggregate):
    """Broken: what a caller is told is not what has happened."""

    def create_response(self, data: Any, _type: str | None = None, **kwargs: Any) -> ResponseRecord:
        """Return a response that says that the account is empty."""
        return super().create_response({**data, "balance": 0}, _type, **kwargs)


class MigratedThatClearsNothing(MigratedAggregate):
    """Broken: a method that is there, and does nothing."""

    def clear_context(self) -> None:
        """Clear nothing."""


OTHERWISE = [
    ("C01", OnePerCommandAggregate, HOLDS),
    ("C01", LegacyAggregate, FAILS),
    ("C02", LegacyAggregate, FAILS),
    ("C03", UnguardedAggregate, FAILS),
    ("C04", OnePerCommandAggregate, HOLDS),
    ("C04", KeptByTask, FAILS),
    ("C05", IsolatedAggregate, HOLDS),
    ("C05", UnguardedAggregate, FAILS),
    ("C06", IsolatedAggregate, HOLDS),
    ("C06", MigratedThatResets, HOLDS),
    ("C07", IsolatedAggregate, HOLDS),
    ("C07", LegacyAggregate, FAILS),
    ("C08", IsolatedAggregate, HOLDS),
    ("C09", UnguardedAggregate, FAILS),
    ("C10", LegacyAggregate, FAILS),
    ("C10", OnePerCommandAggregate, IN_PART),
    ("C11", IsolatedAggregate, HOLDS),
    ("C11", MigratedWithoutSharedQueue, HOLDS),
    ("C12", MigratedWithoutSharedQueue, HOLDS),
    ("C12", UnguardedAggregate, FAILS),
    ("C13", MigratedThatResets, HOLDS),
    ("C14", OnePerCommandAggregate, HOLDS),
    ("C14", UnguardedAggregate, FAILS),
    ("C15", MigratedWithoutSharedQueue, HOLDS),
    ("C15", UnguardedAggregate, FAILS),
    ("C16", LegacyAggregate, FAILS),
    ("C16", KeptByTask, FAILS),
    ("C17", MigratedThatClearsNothing, FAILS),
    ("C18", MigratedThatResets, HOLDS),
    ("C18", LegacyAggregate, FAILS),
    ("C19", OnePerCommandAggregate, HOLDS),
    ("C19", MigratedThatResets, HOLDS),
    ("C19", IsolatedAggregate, IN_PART),
    ("C20", LegacyAggregate, FAILS),
    ("C21", LegacyAggregate, HOLDS),
    ("C21", MigratedWithOtherResponses, FAILS),
    ("C22", IsolatedAggregate, HOLDS),
    ("C22", LegacyAggregate, FAILS),
    ("C26", LegacyAggregate, FAILS),
    ("C27", IsolatedAggregate, HOLDS),
    ("C29", IsolatedAggregate, HOLDS),
    ("C29", LegacyAggregate, FAILS),
    ("C31", IsolatedAggregate, HOLDS),
    ("C31", MigratedThatClearsNothing, FAILS),
    ("C32", MigratedThatClearsNothing, FAILS),
]


def on(id: str, design: type[Aggregate]) -> str:
    """Return the verdict about a claim on a design."""

    async def scenario() -> str:
        if id in CHECKS:
            return (await judge(id, design)).verdict
        return next(judged.verdict for judged in await verdicts(design) if judged.claim.id == id)

    return asyncio.run(scenario())


class TestOtherwise:
    """The verdicts follow what a design does."""

    @pytest.mark.parametrize(
        ("id", "design", "verdict"), OTHERWISE, ids=lambda value: value.__name__ if isinstance(value, type) else value
    )
    def test_another_design_another_verdict(self, id: str, design: type[Aggregate], verdict: str) -> None:
        """Other than the migrated design's."""
        if THREADS or id not in ("C10", "C11"):
            assert on(id, design) == verdict != PINNED[id]

    def test_each_check_comes_out_otherwise_somewhere(self) -> None:
        """Those by rows in test_claims.py, C28 in test_claims_memory.py; C30 below."""
        assert {*PINNED} - {id for id, *_ in OTHERWISE} == {"C23", "C24", "C25", "C28", "C30"}

    def test_a_mended_design_changes_what_it_mends_alone(self) -> None:
        """Without a default queue nothing is reset: the claims about that are as they were."""
        assert [on(id, MigratedWithoutSharedQueue) for id in ("C06", "C08", "C13")] == [FAILS, FAILS, FAILS]
        assert on("C12", MigratedThatResets) == IN_PART
