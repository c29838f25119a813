"""The stories as inline SVG: rows of lettered boxes, counts and outcomes, in words as well."""

import xml.etree.ElementTree as ET

import pytest

from fluvius_demo.lessons.designs import DESIGNS
from fluvius_demo.lessons.interleave import Report, explore, steps_of
from fluvius_demo.lessons.programs import PROGRAMS
from fluvius_demo.lessons.svg_stories import stories_svg

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module", params=["legacy", "unguarded"])
def report(request: pytest.FixtureRequest) -> Report:
    """Return some orders of three deposits: few stories on one design, many on the other."""
    return explore(PROGRAMS["three deposits"].make(DESIGNS[request.param].aggregate), limit=300, samples=0)


def texts(svg: str) -> list[str]:
    """Return what is written in the picture."""
    return [text.text or "" for text in ET.fromstring(svg).iter(f"{SVG}text")]


def test_each_story_is_a_row_of_letters_a_count_and_an_outcome(report: Report) -> None:
    """The letters are those of its simplest order; nothing is told by colour alone."""
    told = " ".join(texts(stories_svg(report, most=3)))
    for story in sorted(report.stories, key=lambda story: (-story.orders, story.switches, story.schedule))[:3]:
        assert f"{' '.join(steps_of(story.schedule))} {story.orders} " in told
        assert f" {story.outcome}" in told


def test_what_does_not_fit_is_counted(report: Report) -> None:
    """With room for two, the last line says how many more there are; with room for all, there is no such line."""
    left = f"… and {len(report.stories) - 2} more stories"
    assert texts(stories_svg(report, most=2))[-1] == left
    assert "more stories" not in stories_svg(report, most=len(report.stories))


def test_the_words_are_in_the_picture(report: Report) -> None:
    """A screen reader is told the same rows."""
    drawn = ET.fromstring(stories_svg(report, most=4))
    described = drawn.find(f"{SVG}desc").text
    assert drawn.get("role") == "img"
    assert described.count(" orders such as ") == min(4, len(report.stories))


def test_everything_lies_within_the_picture(report: Report) -> None:
    """No box begins or ends outside of its width and height."""
    drawn = ET.fromstring(stories_svg(report, width=360))
    height = float(drawn.get("height"))
    for box in drawn.iter(f"{SVG}rect"):
        if box.get("x"):
            assert 0 <= float(box.get("x")) <= 360 - float(box.get("width"))
            assert 0 <= float(box.get("y")) <= height - 20
