"""The progress graph as SVG: well formed, said in words, and the same without its colours."""

import re
from functools import cache
from xml.etree import ElementTree

import pytest

from fluvius_demo.lessons.colours import COLOURS
from fluvius_demo.lessons.designs import DESIGNS
from fluvius_demo.lessons.graph import ProgressGraph, progress_graph
from fluvius_demo.lessons.graph_words import in_words
from fluvius_demo.lessons.interleave import explore
from fluvius_demo.lessons.outcomes import OUTCOMES
from fluvius_demo.lessons.programs import PROGRAMS
from fluvius_demo.lessons.svg import progress_svg, stroke

SVG = "{http://www.w3.org/2000/svg}"
SMALLEST_PX = 13.4  # ten points


@cache
def graph(design: str, program: str = "two deposits") -> ProgressGraph:
    """Run every order of a program on this design."""
    return progress_graph(explore(PROGRAMS[program].make(DESIGNS[design].aggregate)))


def drawn(found: ProgressGraph, walk: str = "", **options: object) -> ElementTree.Element:
    """Draw the graph with a walk, and read what was drawn."""
    path = found.path(walk)
    options = {"here": path[-1], "path": path, **options}
    return ElementTree.fromstring(progress_svg(found, **options))


def texts(svg: ElementTree.Element) -> list[str]:
    """Return every text that is seen."""
    return [element.text or "" for element in svg.iter(f"{SVG}text")]


GRAPHS = {
    **{design: (lambda design=design: graph(design)) for design in DESIGNS},
    "late": lambda: graph("locked", "a late child"),
    "stuck": lambda: graph("locked", "a command in a command"),
    "long": lambda: graph("legacy", "two long calls"),
    "unexplored": ProgressGraph.empty,
}


@pytest.mark.parametrize("name", GRAPHS)
class TestEverySvg:
    """Whatever it shows."""

    def test_it_is_an_image_with_title_and_description(self, name: str) -> None:
        """For those who do not see it; both stand first, as they must."""
        found = GRAPHS[name]()
        svg = drawn(found, "AAB", title="a <title> & more")
        words = in_words(found, (2, 1))
        assert svg.tag == f"{SVG}svg"
        assert [(child.tag, child.text) for child in svg][:2] == [
            (f"{SVG}title", "a <title> & more"),
            (f"{SVG}desc", words),
        ]
        assert (svg.get("role"), svg.get("aria-label")) == ("img", f"a <title> & more. {words}")

    def test_nothing_has_an_id(self, name: str) -> None:
        """So many of these can be on one page, and none refers to another's parts."""
        svg = drawn(GRAPHS[name](), "AAB")
        assert [element.tag for element in svg.iter() if "id" in element.attrib] == []
        assert "url(" not in ElementTree.tostring(svg, encoding="unicode")

    def test_no_text_is_small_or_cut(self, name: str) -> None:
        """Ten points; and wherever a text begins or ends, its letters lie inside."""
        svg = drawn(GRAPHS[name](), "AAB", title="one per command")
        assert float(svg.get("font-size", 0)) >= SMALLEST_PX
        assert not [element for element in svg.iter(f"{SVG}text") if element.get("font-size")]
        for element in svg.iter(f"{SVG}text"):
            wide, x = 7.4 * len(element.text or ""), float(element.get("x", -1))
            left = x - {"middle": wide / 2, "end": wide}.get(element.get("text-anchor", ""), 0)
            assert left >= -1, element.text
            assert left + wide <= 361, element.text
            assert 12 < float(element.get("y", -1)) < float(svg.get("height", 0)) - 4, element.text

    def test_the_same_graph_gives_the_same_text(self, name: str) -> None:
        """Nothing in it comes from chance."""
        assert progress_svg(GRAPHS[name]()) == progress_svg(GRAPHS[name]())


class TestLines:
    """What they say."""

    def test_each_edge_says_what_passes(self) -> None:
        """Under the pointer: from where, to where, how many."""
        found = graph("legacy")
        said = [group.findtext(f"{SVG}title") for group in drawn(found).iter(f"{SVG}g")]
        wanted = [f"{found.place(a)} → {found.place(b)}: {traffic}" for (a, b), traffic in found.edges.items()]
        assert said == wanted
        assert "A 1, B 0 → A 1, B 1: 1 refused" in said

    def test_outcomes_differ_without_their_colours(self) -> None:
        """In width, and in what lies on them."""
        plain = {re.sub("#[0-9A-F]{6}", "", stroke("M0 0h1", outcome)) for outcome in OUTCOMES}
        assert len(plain) == len(OUTCOMES)

    def test_the_thin_line_is_left_out_where_all_fail(self) -> None:
        """There, nothing is green."""
        for design in ("legacy", "isolated", "unguarded"):
            found = graph(design)
            groups = list(drawn(found).iter(f"{SVG}g"))
            for group, traffic in zip(groups, found.edges.values(), strict=True):
                colours = {element.get("stroke") for element in group.iter(f"{SVG}path")} - {"white"}
                assert colours == {COLOURS[outcome] for outcome, count in traffic.outcomes.items() if count}

    def test_the_key_names_what_occurs(self) -> None:
        """Nothing else, and how to read a line where something fails."""
        assert texts(drawn(graph("isolated")))[-1:] == ["correct"]
        assert texts(drawn(graph("legacy")))[-3:] == [
            "correct",
            "refused",
            "thick part of a line: share of failing orders",
        ]

    def test_the_gap_has_its_word(self) -> None:
        """As far as it fits."""
        assert texts(drawn(graph("locked")))[16:19] == ["never reached:", "who comes", "second waits"]
        small = texts(ElementTree.fromstring(progress_svg(graph("locked"), width=240)))
        assert "never reached:" not in small
        assert {"never", "reached"} <= set(small)


class TestTheWalk:
    """The way so far, and where it has come to."""

    def test_the_path_is_drawn_and_ends_at_the_marker(self) -> None:
        """One polyline on another; the marker at the last point."""
        svg = drawn(graph("isolated"), "ABB")
        lines = [element.get("points", "").split() for element in svg.iter(f"{SVG}polyline")]
        assert lines[0] == lines[1]
        assert len(lines[0]) == 4
        marker = [element for element in svg.iter(f"{SVG}circle") if float(element.get("r", 0)) > 3]
        assert [f"{element.get('cx')},{element.get('cy')}" for element in marker] == lines[0][-1:]
        assert "you are here" in texts(svg)

    def test_without_a_walk_there_is_neither(self) -> None:
        """Only the graph."""
        svg = ElementTree.fromstring(progress_svg(graph("isolated")))
        assert "you are here" not in texts(svg)
        assert not list(svg.iter(f"{SVG}polyline"))

    def test_a_walk_may_lead_out_of_the_graph(self) -> None:
        """Then the picture grows: nobody knew how many steps there are."""
        svg = drawn(ProgressGraph.empty(size=(2, 2)), "AAAAB")
        assert {"0", "1", "2", "3", "4"} <= set(texts(svg))

    def test_what_is_not_explored_is_grey_and_says_so(self) -> None:
        """No outcome's colour is in it."""
        text = progress_svg(ProgressGraph.empty(), here=(1, 1))
        assert "not explored yet: nobody knows where it fails" in text
        assert not [colour for colour in COLOURS.values() if colour in text]
