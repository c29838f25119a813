"""How many parts have room on a slide, and which sentence of a paragraph stands there."""

import pytest
from bs4 import BeautifulSoup

from workshop import parts
from workshop.parts import ROOM, Part
from workshop.sentences import key_sentence

LINE = Part("x", 100, ("<ul>", "</ul>"), 10)


@pytest.mark.parametrize(("count", "expected"), [(0, []), (1, [1]), (5, [5]), (6, [3, 3]), (11, [4, 4, 3])])
def test_a_list_is_spread_evenly(count: int, expected: list[int]) -> None:
    """It takes as few slides as it can, with about as much on each."""
    assert [len(slide) for slide in parts.packed([LINE] * count)] == expected


def test_a_frame_takes_room_of_its_own() -> None:
    """Five items alone would just fill the slide."""
    item = Part("x", ROOM // 5, ("<ul>", "</ul>"), 10)
    assert [len(slide) for slide in parts.packed([item] * 5)] == [3, 2]


@pytest.mark.parametrize(("count", "expected"), [(15, [5, 5, 5]), (16, [3])])
def test_what_takes_more_than_three_slides_is_shortened(count: int, expected: list[int]) -> None:
    """To the first, whose last two make room for how many are missing."""
    found = parts.shortened([LINE] * count, "points")
    assert [len(slide) for slide in found] == expected
    assert ("… and 14 more points" in found[-1][-1].html) == (count == 16)


def test_larger_text_is_higher() -> None:
    """In lines, and in the height of a line."""
    usual, larger = (parts.text("word " * 12, "question", size) for size in (parts.TEXT, 36))
    assert 2 * (usual.height - 20) < larger.height - 20


def test_what_is_printed_is_no_html() -> None:
    """It is shown as it is."""
    assert parts.printed("<b>\n&")[0].html == "&lt;b&gt;\n"


def test_what_has_room_on_one_slide_stays_together() -> None:
    """A list that would begin at the foot of a slide begins on the next one."""
    text = Part("text", ROOM - 150)
    assert parts.packed([text, LINE, LINE]) == [[text], [LINE, LINE]]
    assert parts.packed([text, LINE]) == [[text, LINE]]


def test_neighbours_share_their_frame() -> None:
    """What comes with a key is a fragment."""
    item = parts.item("b")
    assert parts.html([parts.text("a"), item, item]) == "<p>a</p><ul><li>b</li><li>b</li></ul>"
    assert parts.html(parts.on_click([item], 1)) == '<div class="fragment"><ul><li>b</li></ul></div>'


def test_a_table_repeats_its_head() -> None:
    """A long cell makes its row higher."""
    found = f"<tr><td>1</td><td>2</td></tr><tr><td>1</td><td>{'long ' * 50}</td></tr>"
    soup = BeautifulSoup(f"<table><tr><th>a</th><th>b</th></tr>{found}</table>", "html.parser")
    low, high = parts.rows(soup.table)
    assert "<thead><tr><th>a</th>" in low.frame[0]
    assert low.frame == high.frame
    assert low.height < high.height


def test_code_loses_what_is_blank_twice() -> None:
    """A line too long for the slide counts as two."""
    short, blank, long = parts.program(f"a\n\n\n{'b' * 100}\n")
    assert (plain := parts.plain(blank.html)) == "\n", plain
    assert 2 * short.height == long.height


SENTENCES = {
    "One sentence that is long enough for it? Another one.": "One sentence that is long enough for it?",
    "Short. And the next one with it. Not this.": "Short. And the next one with it. Not this.",
    "None. The migrated class still has no <code>try</code>. No.": "None. "
    "The migrated class still has no <code>try</code>.",
    "<strong>Explain.</strong> Nobody asked for it in <em>this. No</em>.": "Nobody asked for it in <em>this. No</em>.",
    "<strong>Look for:</strong> an object that lives very <em>long. A</em> x.": "<strong>Look for:</strong> "
    "an object that lives very <em>long.</em>",
    f"{'word ' * 20}, {'word ' * 40}.": f"{'word ' * 20}".strip() + " …",
}


@pytest.mark.parametrize("prose", SENTENCES)
def test_the_key_sentence(prose: str) -> None:
    """It is the first, with the second where it is short; what was open is closed; a very long one is cut."""
    assert key_sentence(BeautifulSoup(f"<p>{prose}</p>", "html.parser").p) == SENTENCES[prose]
