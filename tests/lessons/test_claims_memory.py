"""C26 to C28, what is claimed about memory: every verdict, by made-up designs and tables, and by the package's own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from test_claims import FAILS, HOLDS, IN_PART, table

from fluvius_demo import IsolatedAggregate, LegacyAggregate, MigratedAggregate
from fluvius_demo.aggregate import Aggregate, RestrictedAggregateProxy
from fluvius_demo.lessons import claims
from fluvius_demo.lessons.claims import changed_by_a_command
from fluvius_demo.lessons.freed import freed

SIX = ["_aggroot", "_cmdmeta", "_command", "_context", "_evt_queue", "_rootobj"]


class Changing(IsolatedAggregate):
    """A design that keeps its command elsewhere, but for so many attributes of its own."""

    attributes: tuple[str, ...] = ()

    @asynccontextmanager
    async def command_aggregate(self, *opening: Any) -> AsyncIterator[RestrictedAggregateProxy]:
        """Run a command; the attributes are anew in each."""
        async with super().command_aggregate(*opening) as proxy:
            vars(self).update({name: object() for name in self.attributes})
            yield proxy


def changing(number: int) -> type[Aggregate]:
    """Return a design that changes so many attributes of its instance in each command."""
    return type(f"Changing{number}", (Changing,), {"attributes": tuple(SIX[:number])})


class TestStoredInInstances:
    """C26: how many of its own attributes an instance changes in a command."""

    @pytest.mark.parametrize("number", [0, 1, 6])
    def test_they_are_found_by_name(self, number: int) -> None:
        """What the domain has given it, and what it makes once for all, is not changed."""
        assert changed_by_a_command(changing(number)) == SIX[:number]

    def test_those_of_the_packages_own_designs(self) -> None:
        """Legacy keeps all six there."""
        assert changed_by_a_command(LegacyAggregate) == SIX
        assert changed_by_a_command(MigratedAggregate) == changed_by_a_command(IsolatedAggregate) == []

    @pytest.mark.parametrize(
        ("before", "after", "verdict"),
        [
            (LegacyAggregate, MigratedAggregate, HOLDS),
            (LegacyAggregate, IsolatedAggregate, HOLDS),
            (MigratedAggregate, IsolatedAggregate, HOLDS),
            (LegacyAggregate, changing(1), IN_PART),
            (changing(6), changing(5), IN_PART),
            (LegacyAggregate, LegacyAggregate, FAILS),
            (changing(1), changing(6), FAILS),
            (IsolatedAggregate, LegacyAggregate, FAILS),
        ],
    )
    def test_none_at_all_holds_and_fewer_is_a_part(
        self, before: type[Aggregate], after: type[Aggregate], verdict: str
    ) -> None:
        """As many, or more, is none."""
        assert claims.stored_in_instances(before, after).verdict == verdict

    def test_it_says_its_figures(self) -> None:
        """And the name of the design before."""
        assert str(claims.stored_in_instances(LegacyAggregate, MigratedAggregate)) == (
            "C26 “No need to store context state in instances” CONFIRMED: "
            "attributes of the instance that a command changes: 0 on MigratedAggregate, 6 on LegacyAggregate."
        )


class TestCleansUp:
    """C27: whether the migrated design keeps the root object in any situation."""

    @pytest.mark.parametrize(
        ("legacy", "migrated", "verdict"),
        [("aaa", "aaa", HOLDS), ("kkk", "aca", HOLDS), ("aaa", "aak", FAILS), ("kkk", "kkk", FAILS)],
    )
    def test_one_is_enough(self, legacy: str, migrated: str, verdict: str) -> None:
        """Whatever legacy keeps; what the collector frees is not kept."""
        assert claims.cleans_up(table(legacy, migrated)).verdict == verdict

    def test_it_names_the_situations(self) -> None:
        """Or says that there is none."""
        assert (
            claims.cleans_up(table("aaa", "kak")).evidence == "the root object is kept “with a task”; “with the proxy”"
        )
        assert claims.cleans_up(table("kkk", "aaa")).evidence == "the root object is freed in every situation"


class TestCollectsBetter:
    """C28: in how many situations each design frees the root object at once."""

    @pytest.mark.parametrize(
        ("legacy", "migrated", "verdict"),
        [("aka", "aaa", HOLDS), ("cca", "caa", HOLDS), ("aka", "caa", FAILS), ("aaa", "aca", FAILS)],
    )
    def test_only_more_is_better(self, legacy: str, migrated: str, verdict: str) -> None:
        """What the collector frees, or what is kept, is not freed at once."""
        assert claims.collects_better(table(legacy, migrated)).verdict == verdict

    def test_it_says_both_figures(self) -> None:
        """With the remedy, where it is refuted."""
        assert str(claims.collects_better(table("aaa", "akk"))) == (
            "C28 “Better garbage collection behavior” REFUTED: freed at once in 1 of 3 situations; on legacy in 3. "
            "Instead: reset the variable by its token, and empty the frame."
        )


class TestThePackagesOwn:
    """The table of what is freed as it comes out here."""

    def test_both_claims_are_refuted(self) -> None:
        """The migrated design keeps in three situations what legacy frees at once."""
        found = asyncio.run(freed())
        assert str(claims.cleans_up(found)).startswith("C27 “Automatic cleanup reduces memory leaks” REFUTED: ")
        assert claims.collects_better(found).verdict == FAILS
        assert claims.collects_better(found).evidence == "freed at once in 2 of 5 situations; on legacy in 5"
