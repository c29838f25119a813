"""When the root object of a command is freed, on each design and in each situation."""

import asyncio
import gc
from typing import Any

import pytest

from fluvius_demo.isolated import IsolatedAggregate
from fluvius_demo.lessons.designs import DESIGNS, Design
from fluvius_demo.lessons.freed import AFTER_ITS_TASK, SAME_TASK, Freed, freed, freed_rows, when_freed

SITUATIONS = [SAME_TASK, *AFTER_ITS_TASK]
OTHERS = [name for name in DESIGNS if name != "migrated"]

# What the migrated design keeps, others do not: the end of a command empties nothing.
MIGRATED: dict[str, Freed] = {
    "after the command, in the same task": "kept",
    "after its task has ended": "at once",
    "with a finished child task kept": "kept",
    "with an armed timer": "kept",
    "with the proxy kept": "at once",
}


class Keeps(IsolatedAggregate):
    """A design that keeps the root object of its last command."""

    async def after_command(self, *_opening: Any) -> None:
        """Keep what was read in the body."""
        self.last = self.read

    @property
    def rootobj(self) -> Any:
        """The same, and noted."""
        self.read = super().rootobj
        return self.read


class Circle(IsolatedAggregate):
    """A design whose root object is part of a circle: only the collector can free that."""

    @property
    def rootobj(self) -> Any:
        """The same; it now holds itself."""
        rootobj = super().rootobj
        object.__setattr__(rootobj, "_updater", [rootobj])  # the deposit does not copy this one
        return rootobj


class TestTheTable:
    """Five situations, six designs."""

    def test_it_has_a_word_for_each(self) -> None:
        """The designs that empty what they kept free at once, whatever lives on; the migrated one does not."""
        table = asyncio.run(freed())
        assert list(table) == SITUATIONS == list(MIGRATED)
        assert table == {
            situation: {name: MIGRATED[situation] if name == "migrated" else "at once" for name in DESIGNS}
            for situation in SITUATIONS
        }

    def test_it_comes_out_the_same_again(self) -> None:
        """In a loop that has run it before; no timer is left armed."""

        async def cell() -> list[dict[str, Freed]]:
            found = [await when_freed(DESIGNS["migrated"].aggregate) for _ in range(3)]
            timers = [each for each in gc.get_objects() if isinstance(each, asyncio.TimerHandle)]
            loop = asyncio.get_running_loop()
            assert not [timer for timer in timers if timer._loop is loop and not timer.cancelled()]
            return found

        assert asyncio.run(cell()) == [MIGRATED] * 3

    def test_what_a_design_keeps_is_found(self) -> None:
        """The bank lives on, and with it the aggregate and what that keeps."""
        assert asyncio.run(when_freed(Keeps)) == dict.fromkeys(SITUATIONS, "kept")

    def test_the_collector_is_told_apart(self) -> None:
        """An object in a circle goes, but not at once."""
        assert asyncio.run(when_freed(Circle)) == dict.fromkeys(SITUATIONS, "by the collector")

    @pytest.mark.parametrize("on", [True, False])
    def test_the_collector_is_left_as_it_was(self, on: bool) -> None:
        """On or off."""
        (gc.enable if on else gc.disable)()
        try:
            asyncio.run(when_freed(IsolatedAggregate))
            assert gc.isenabled() == on
        finally:
            gc.enable()


class TestRows:
    """The same for the bench."""

    def test_the_word_is_the_unit(self) -> None:
        """And there is no figure."""
        designs = {name: Design(name, design, "") for name, design in {"circle": Circle, "keeps": Keeps}.items()}
        rows = asyncio.run(freed_rows({"isolated": DESIGNS["isolated"], **designs}))
        assert [row.name for row in rows[:3]] == [f"{SITUATIONS[0]}, {name}" for name in ("isolated", *designs)]
        assert [(row.value, row.unit) for row in rows] == [
            (None, "at once"),
            (None, "by the collector"),
            (None, "kept"),
        ] * len(SITUATIONS)
        assert {row.section for row in rows} == {"the root object is freed"}
