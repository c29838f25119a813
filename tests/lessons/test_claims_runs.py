"""Running the claims: by stored rows or by rows of today, and so that nothing is left behind."""

import asyncio
from contextvars import Context, copy_context
from typing import Any

import pytest
from quiet import quietly
from test_claims import at_once, bursts, reads, taking
from test_claims_ledger import FAILS, HOLDS, as_run

from fluvius_demo.lessons import claims
from fluvius_demo.lessons.claims import CHECKS, Judged, judge, verdicts
from fluvius_demo.lessons.designs import DESIGNS
from fluvius_demo.lessons.measured import Measured, reference
from fluvius_demo.migrated import MigratedAggregate


class TestRows:
    """C23 to C25 follow from rows: the stored ones, or those that are measured now."""

    def test_without_measuring_they_are_the_stored_ones(self) -> None:
        """As the bench has stored them."""
        assert claims.of_rows(reference()) == [as_run()[id] for id in ("C23", "C24", "C25")]

    def test_with_measuring_they_are_todays(self, monkeypatch: Any) -> None:
        """Whatever comes out; and the progress is told."""
        sections = {
            "a read": reads(1, 1),
            "a command with 4 reads and 3 events": taking(5),
            "a whole deposit": at_once(2) | taking(5),
            "throughput": bursts(0.5),
        }

        class Made(Measured):
            def section(self, name: str) -> Any:
                return sections[name]

        async def measured_now(told: Any) -> Measured:
            told("now")
            return Made({}, ())

        monkeypatch.setattr(claims, "measured_now", measured_now)
        said: list[str] = []
        today = {judged.claim.id: judged for judged in asyncio.run(verdicts(measure=True, told=said.append))}
        assert [today[id].verdict for id in ("C23", "C24", "C25")] == [HOLDS, FAILS, FAILS]
        assert {id for id in today if today[id] != as_run()[id]} == {"C23", "C24", "C25"}
        assert said == ["now"]

    @pytest.mark.long
    def test_they_can_be_measured(self) -> None:
        """In a few seconds: enough rows for all three."""
        said: list[str] = []
        found = claims.of_rows(asyncio.run(claims.measured_now(said.append)))
        assert [judged.claim.id for judged in found] == ["C23", "C24", "C25"]
        assert [told.partition(":")[0] for told in said] == ["1 of 4", "2 of 4", "3 of 4", "4 of 4"]


class TestNothingIsLeft:
    """Each verdict is the same wherever and whenever it is made."""

    @pytest.mark.parametrize("id", CHECKS)
    def test_a_check_leaves_no_trace(self, id: str) -> None:
        """No task, no complaint, no variable of the caller, no event in the queue that all migrated ones share."""

        async def scenario() -> int:
            before = dict(copy_context().items())
            for design in DESIGNS.values():
                await judge(id, design.aggregate)
            assert dict(copy_context().items()) == before
            return Context().run(MigratedAggregate._evt_queue_var.get).qsize()

        assert quietly(scenario(), debug=False) == 0

    def test_what_lies_in_the_shared_queue_before_changes_nothing(self) -> None:
        """It is emptied first: a stranger's event is no evidence."""

        async def scenario() -> list[Judged]:
            Context().run(MigratedAggregate._evt_queue_var.get).put("from before")
            return await verdicts()

        assert asyncio.run(scenario()) == list(as_run().values())
