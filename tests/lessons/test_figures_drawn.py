"""The figures of the notebooks as they come out: everything legible, nothing on top of something else, no big files."""

import asyncio
from collections.abc import Callable
from functools import cache
from itertools import combinations
from typing import NamedTuple
from unittest import mock

import pytest
from drawn import letters
from matplotlib.backend_bases import RendererBase
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from fluvius_demo.lessons.designs import DESIGNS
from fluvius_demo.lessons.figures import crowd, timelines, two_contexts, verdict_grid, waits
from fluvius_demo.lessons.load import Waiting
from fluvius_demo.lessons.outcomes import ALL_OUTCOMES, Outcome
from fluvius_demo.lessons.overlap import Overlap, overlap
from fluvius_demo.lessons.pictures import DOTS, SMALL, Picture
from fluvius_demo.lessons.pitfall_view import grouped
from fluvius_demo.lessons.pitfalls.pitfall import GROUP_NAMES
from fluvius_demo.lessons.scenarios import PITFALLS, SITUATIONS, matrix, verdict

LARGEST_BYTES = 150_000
TALLEST_BYTES = 500_000  # 29 rows of hatches
ROUNDING_PX = 1.5  # how far a letter's box may reach over the edge of the canvas, or into another one


@cache
def ran(design: str, customers: int = 0) -> Overlap:
    """Run the two deposits of every notebook, or those of so many customers."""
    if not customers:
        return asyncio.run(overlap(DESIGNS[design].aggregate, {"A": ("ana", 100_00), "B": ("ben", 50_00)}, "ABABAB"))
    names = [f"customer {number}" for number in range(1, customers + 1)]
    return asyncio.run(overlap(DESIGNS[design].aggregate, {name: (name, 1_00) for name in names}, names * 3))


@cache
def outcomes() -> dict[str, dict[str, Outcome]]:
    """Run all situations on all designs; the hundred come out as the two do, and take as long as all the rest."""

    async def row(name: str) -> dict[str, Outcome]:
        return {key: (await verdict(name, design.aggregate)).outcome for key, design in DESIGNS.items()}

    async def table() -> dict[str, dict[str, Outcome]]:
        return {name: await row(name.replace("100", "two")) for name in SITUATIONS}

    return asyncio.run(table())


def pitfalls() -> Picture:
    """Draw the whole matrix, group by group; its first row shows every outcome, whatever this Python has."""
    table, groups = grouped(asyncio.run(matrix({name: design.aggregate for name, design in DESIGNS.items()})))
    table[next(iter(table))] = dict(zip(DESIGNS, ALL_OUTCOMES, strict=True))
    return verdict_grid(table, groups)


def twenty() -> dict[str, Waiting]:
    """Return a measurement of twenty commands as it may come out."""
    queued = Waiting([(number * 0.0171, (number + 1) * 0.0171) for number in range(20)], most_at_once=1)
    return {"behind a lock": queued, "isolated": Waiting([(0.0005, 0.019)] * 20, most_at_once=20)}


LANES = {
    "parent": [(1, "sets", "red"), (2, "starts a task", "red"), (4, "afterwards", "red")],
    "child": [(2, "starts with", "red"), (3, "sets", "blue")],
}
NOTEBOOKS: dict[str, Callable[[], Picture]] = {
    "00 a taste": lambda: timelines({"legacy": ran("legacy"), "isolated": ran("isolated")}),
    "01 two overlap": lambda: timelines({"legacy": ran("legacy")}),
    "01 a hundred overlap": lambda: crowd({"legacy": ran("legacy", 100)}),
    "01 no guard": lambda: timelines({"without the guard": ran("unguarded")}),
    "01 a lock": lambda: timelines({"behind a lock": ran("locked")}),
    "01 the bill": lambda: waits(twenty()),
    "02 a Context is copied": lambda: two_contexts(LANES, copied_at=2),
    "02 two overlap": lambda: timelines({"legacy": ran("legacy"), "migrated": ran("migrated")}),
    "02 a hundred overlap": lambda: crowd({name: ran(name, 100) for name in ("legacy", "migrated")}),
    "02 all designs": lambda: verdict_grid(outcomes()),
    "05 all pitfalls": pitfalls,
}

ONE_OF_A_KIND = ["01 a hundred overlap", "01 no guard", "01 the bill", "02 a Context is copied", "02 all designs"]


@cache
def picture(name: str) -> Picture:
    """Draw this figure once for all tests here."""
    return NOTEBOOKS[name]()


class Shown(NamedTuple):
    """A file, and what was drawn into it: each text with its place and its background's, in pixels of the file."""

    png: bytes
    canvas: Bbox
    places: dict[Text, Bbox]
    grounds: dict[Text, Bbox]


@cache
def shown(name: str) -> Shown:
    """Have the file of this figure made, and look on."""
    figure, places, grounds = picture(name).figure, {}, {}
    canvas = Bbox.null()
    draw = Text.draw

    def noting(text: Text, renderer: RendererBase) -> None:
        draw(text, renderer)
        if text.get_visible() and text.get_text().strip():
            # Noted again whenever it is drawn again: the last time counts.
            canvas.set(figure.bbox)
            places[text] = text.get_window_extent(renderer)
            if text.get_bbox_patch():
                grounds[text] = text.get_bbox_patch().get_window_extent(renderer)

    with mock.patch.object(Text, "draw", noting):
        return Shown(picture(name).png(), canvas, places, grounds)


def said(name: str, text: Text) -> str:
    """Return a text and where it stands, for a failure that can be acted on."""
    return f"{text.get_text()!r} at {[round(number) for number in shown(name).places[text].extents]}"


@pytest.mark.parametrize("name", NOTEBOOKS)
class TestLegible:
    """Every text can be read."""

    def test_no_text_is_small(self, name: str) -> None:
        """And the file says how small: whoever enlarges it for a slide needs to know."""
        sizes = {said(name, text): text.get_fontsize() for text in shown(name).places}
        assert [text for text, size in sizes.items() if size < SMALL] == []
        assert letters(shown(name).png) == pytest.approx(min(sizes.values()) * DOTS / 72, abs=0.1)

    def test_no_text_lies_on_another(self, name: str) -> None:
        """Each has its place to itself."""
        boxes = {text: box.padded(-ROUNDING_PX / 2) for text, box in shown(name).places.items()}
        pairs = [(a, b) for a, b in combinations(boxes, 2) if boxes[a].overlaps(boxes[b])]
        assert [f"{said(name, a)} and {said(name, b)}" for a, b in pairs] == []

    def test_no_background_hides_another_text(self, name: str) -> None:
        """The white boxes behind the labels cover lines and hatches alone."""
        _, _, places, grounds = shown(name)
        pairs = [(a, b) for a, ground in grounds.items() for b in places if a is not b and ground.overlaps(places[b])]
        assert [f"{said(name, a)} hides {said(name, b)}" for a, b in pairs] == []

    def test_no_text_is_cut(self, name: str) -> None:
        """All of it is in the file."""
        canvas = shown(name).canvas.padded(ROUNDING_PX)
        inside = {text: all(canvas.contains(*at) for at in box.corners()) for text, box in shown(name).places.items()}
        assert [said(name, text) for text, is_in in inside.items() if not is_in] == []

    def test_every_note_is_drawn(self, name: str) -> None:
        """Matplotlib leaves out a note whose point lies outside of its axes, without a word."""
        notes = [text for axes in picture(name).figure.axes for text in axes.texts if text.get_text()]
        assert [text.get_text() for text in notes if text not in shown(name).places] == []


class TestTheFile:
    """What a notebook stores."""

    @pytest.mark.parametrize("name", NOTEBOOKS)
    def test_it_is_small(self, name: str) -> None:
        """Ten figures must not make the course slow to load."""
        assert len(shown(name).png) < (TALLEST_BYTES if name == "05 all pitfalls" else LARGEST_BYTES)

    @pytest.mark.parametrize("name", ONE_OF_A_KIND)
    def test_the_same_run_gives_the_same_bytes(self, name: str) -> None:
        """Else running a notebook again would change its file."""
        assert NOTEBOOKS[name]().png() == shown(name).png

    @pytest.mark.parametrize("name", ["01 no guard", "01 the bill", "02 a Context is copied"])
    def test_shown_again_it_is_the_same(self, name: str) -> None:
        """A second cell with the same picture stores the same image."""
        first = shown(name).png
        assert picture(name).png() == first


class TestAllPitfalls:
    """The matrix with its groups."""

    def test_every_group_has_its_title(self) -> None:
        """Drawn once, in their order, and above the group's rows."""
        places = [(text.get_text(), box) for text, box in shown("05 all pitfalls").places.items()]
        titles = {text: box.y0 for text, box in places if text in GROUP_NAMES}
        rows = {text[:3]: box.y1 for text, box in places if text[:3] in PITFALLS}
        assert sorted(text for text, _ in places if text in GROUP_NAMES) == sorted(GROUP_NAMES)
        assert sorted(titles.values(), reverse=True) == [titles[group] for group in GROUP_NAMES]
        assert all(rows[id] < titles[pitfall.group] for id, pitfall in PITFALLS.items())

    def test_every_outcome_is_drawn_and_said(self) -> None:
        """Leaked, too; and not applicable, in short where it is drawn, for a cell is small."""
        drawn = {text.get_text().partition(" ")[2] for text in shown("05 all pitfalls").places}
        assert drawn >= {*ALL_OUTCOMES, "n/a"} - {"not applicable"}
        told = "; ".join(f"{outcome} on {name}" for outcome, name in zip(ALL_OUTCOMES, DESIGNS, strict=True))
        assert f"\n- P03 set and never reset: {told}.\n" in picture("05 all pitfalls").words
