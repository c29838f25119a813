"""The whole matrix: every cell, what remains of five pitfalls, the registry, and that nothing is left behind."""

import asyncio
import re
import threading
import warnings
from contextvars import Context, copy_context
from functools import cache
from typing import Any

import pytest
from pinned_matrix import HARMLESS_HERE, MARKS, PINNED, REMEDIED, WITHOUT, cells, found
from quiet import quietly
from test_pitfalls_children import IsolatedThatOpensInATask
from test_pitfalls_nesting import IsolatedWithoutIfMatch

from fluvius_demo.lessons import scenarios
from fluvius_demo.lessons.designs import DESIGNS
from fluvius_demo.lessons.mistakes import MISTAKES
from fluvius_demo.lessons.outcomes import ALL_OUTCOMES, Finding
from fluvius_demo.lessons.pitfalls.judge import judged_limit
from fluvius_demo.lessons.pitfalls.pitfall import GROUP_NAMES, group, link
from fluvius_demo.lessons.scenarios import GROUPS, LIMITS, PITFALLS, Matrix, limits, verdict
from fluvius_demo.migrated import MigratedAggregate

SIX = {name: design.aggregate for name, design in DESIGNS.items()}
IDS = [f"P{number:02}" for number in range(1, 30)]
AT_LARGE = ["P09", "P14", "P16", "P28", "P29"]

each_pitfall = pytest.mark.parametrize("id", IDS)


@cache
def as_run() -> Matrix:
    """Run the whole matrix in one loop, once for all tests here."""
    return asyncio.run(scenarios.matrix(SIX))


@cache
def remains(design: str) -> dict[str, tuple[Finding, Finding]]:
    """Run what remains on one design."""
    return asyncio.run(limits(SIX[design]))


class TestTheMatrix:
    """29 pitfalls, six designs."""

    def test_all_are_there_in_their_order(self) -> None:
        """None is left out, neither here nor there."""
        assert list(as_run()) == list(PITFALLS) == IDS
        assert [(id, design) for id, row in as_run().items() for design in row] == list(PINNED)

    @each_pitfall
    def test_each_cell(self, id: str) -> None:
        """One outcome, as pinned for this Python and this system."""
        row = {design: finding.outcome for design, finding in as_run()[id].items()}
        assert row == {design: PINNED[id, design] for design in DESIGNS}

    @each_pitfall
    def test_the_isolated_design_is_correct_or_refused(self, id: str) -> None:
        """Never wrong, stuck or leaked; or there is nothing to be tried here."""
        assert as_run()[id]["isolated"].outcome in ("correct", "refused", "not applicable")

    @each_pitfall
    def test_each_cell_has_its_evidence(self, id: str) -> None:
        """In one line, and nothing in it that differs from run to run."""
        for finding in as_run()[id].values():
            for told in (finding.expected, finding.seen):
                assert re.fullmatch(r".+", told), finding
                assert not re.search(r"0x[0-9a-f]{4}|\.py\b|\bseconds\b", told), finding

    def test_another_order_gives_the_same(self) -> None:
        """A second time, all backwards and in one loop: no pitfall leaves anything to the next."""

        async def scenario() -> dict[tuple[str, str], Finding]:
            return {(id, name): await verdict(id, SIX[name]) for id, name in reversed(PINNED)}

        assert asyncio.run(scenario()) == {(id, name): as_run()[id][name] for id, name in PINNED}

    def test_it_tells_how_far_it_is(self) -> None:
        """Each id as it begins."""
        told: list[str] = []
        asyncio.run(scenarios.matrix({}, told.append))
        assert told == IDS


class TestWhatRemains:
    """What no design of Aggregate can catch."""

    @pytest.mark.parametrize("design", DESIGNS)
    def test_without_the_remedy_and_with_it(self, design: str) -> None:
        """Two outcomes for each, as pinned."""
        assert {id: (plain.outcome, remedied.outcome) for id, (plain, remedied) in remains(design).items()} == {
            id: (cells(WITHOUT)[id, design], cells(REMEDIED)[id, design]) for id in AT_LARGE
        }

    def test_on_the_isolated_design_every_remedy_helps(self) -> None:
        """Silently wrong without it; with it correct, or loud."""
        assert {plain.outcome for plain, _ in remains("isolated").values()} == {"wrong"}
        assert {remedied.outcome for _, remedied in remains("isolated").values()} == {"correct", "refused"}


class TestNothingIsLeft:
    """Each verdict is the same wherever and whenever it is asked for."""

    @each_pitfall
    def test_a_pitfall_leaves_no_trace(self, id: str) -> None:
        """No task or complaint, no variable, thread or filter, no handler of the loop, no event in the shared queue."""

        def state() -> list[Any]:
            handler = asyncio.get_running_loop().get_exception_handler()
            return [dict(copy_context().items()), {*threading.enumerate()}, [*warnings.filters], handler]

        async def scenario() -> int:
            before = state()
            for design in SIX.values():
                await verdict(id, design)
                for remedied in (False, True) if id in LIMITS else ():
                    await judged_limit(LIMITS[id], design, remedied=remedied)
            assert state() == before
            return Context().run(MigratedAggregate._evt_queue_var.get).qsize()

        assert quietly(scenario()) == 0


class TestEveryPitfallCanComeOutOtherwise:
    """No scenario says the same of everybody."""

    @each_pitfall
    def test_two_outcomes_are_reached(self, id: str) -> None:
        """By the six designs, the well-known mistakes, and two that are broken on purpose."""
        if id in HARMLESS_HERE:
            pytest.skip("nothing goes wrong there, on this Python or system")
        others = [design.aggregate for design in MISTAKES.values()]
        others += [IsolatedThatOpensInATask, IsolatedWithoutIfMatch]
        six = {finding.outcome for finding in as_run()[id].values()}
        assert len(six) > 1 or any(found(id, design).outcome not in six for design in others)

    def test_every_outcome_has_a_mark(self) -> None:
        """And each but *not applicable*, which depends on the system, is somewhere in the matrix."""
        assert tuple(MARKS.values()) == ALL_OUTCOMES
        assert {*PINNED.values()} | {"not applicable"} == {*ALL_OUTCOMES}


class TestTheRegistry:
    """Notebooks and tables print it."""

    @each_pitfall
    def test_a_pitfall_puts_a_question_and_has_a_remedy(self, id: str) -> None:
        """Each in one line; the name fits into a table, and the threads can be followed."""
        pitfall = PITFALLS[id]
        assert pitfall.id == id
        assert 0 < len(pitfall.name) <= 46
        assert re.fullmatch(r"[A-Z].+\?", pitfall.question)
        assert re.fullmatch(r".+[^.]", pitfall.remedy)
        assert all(link(thread).startswith("https://github.com/") for thread in pitfall.met_by)

    @pytest.mark.parametrize("id", AT_LARGE)
    def test_so_does_what_remains(self, id: str) -> None:
        """It belongs to a pitfall."""
        limit = LIMITS[id]
        assert limit.id == id
        assert re.fullmatch(r"[A-Z].+\?", limit.question)
        assert re.fullmatch(r".+[^.]", limit.remedy)

    def test_the_groups(self) -> None:
        """Five, in the order of the course; each pitfall is in one of them."""
        assert tuple(GROUPS) == GROUP_NAMES
        assert len(GROUP_NAMES) == 5
        assert sorted(id for ids in GROUPS.values() for id in ids) == IDS

    def test_a_group_that_the_course_has_not(self) -> None:
        """Is refused, with the ones that it has."""
        with pytest.raises(ValueError, match=r"^Cannot make the group 'others': the course has cleanup, nesting and "):
            group("others")

    @pytest.mark.parametrize("thread", ["agronholm/anyio", "anyio#497", "agronholm/anyio#", "a/b/c#1", "a/b#1 "])
    def test_a_thread_of_another_shape(self, thread: str) -> None:
        """Cannot be linked to."""
        with pytest.raises(ValueError, match=f"^Cannot link to '{thread}': it is not of the shape owner/repository#nu"):
            link(thread)
