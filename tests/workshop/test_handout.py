"""The handout is one page, says what the README and the errors say, and is large enough to read."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from html import unescape

import pytest

from fluvius_demo.errors import BadRequestError, NotFoundError
from workshop import handout
from workshop.chromium import NONE_FOUND, is_required

README = (handout.ROOT / "README.md").read_text(encoding="utf-8")
SOURCE = handout.html()


def words(html: str) -> str:
    """Return what a reader of the page reads."""
    return " ".join(unescape(re.sub(r"<[^>]+>", "", html)).split())


@pytest.fixture(scope="module")
def printed() -> Iterator[tuple[handout.Fit, bytes]]:
    """Give how the page fits, and the PDF; Playwright is closed before any test runs, for it keeps a loop running."""
    try:
        with handout.opened(SOURCE) as page:
            fit, pdf = handout.fitted(page), handout.pdf(page)
    except NotFoundError:
        if is_required(os.environ):
            pytest.fail(NONE_FOUND, pytrace=False)
        pytest.skip(NONE_FOUND)
    return fit, pdf


def test_every_point_of_the_checklist_is_on_it() -> None:
    """The thirteen points are the README's, word for word, without their links."""
    points = handout.checklist(README)
    assert len(points) == 13
    assert sorted(re.findall(r"\[(P\d\d)\]", " ".join(points))) == [f"P{number:02}" for number in range(1, 30)]
    for point in points:
        assert re.sub(r"[\[\]`]", "", point) in words(SOURCE)


def test_code_in_a_point_is_code() -> None:
    """Backticks become an element, and what looks like HTML does not."""
    assert handout.as_html("a `Context()` for <all> ([P01])") == "a <code>Context()</code> for &lt;all&gt; (P01)"


def test_it_needs_nothing_from_elsewhere() -> None:
    """No script, no font and no picture is fetched."""
    assert not re.search(r"<script|<link|<img|url\((?!#)|src=|@import", SOURCE)


def test_it_is_one_page(printed: tuple[handout.Fit, bytes]) -> None:
    """The PDF has one page, of the size A4."""
    _, pdf = printed
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    [box] = re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert [round(float(side)) for side in box] == [595, 842]
    assert b"/StructTreeRoot" in pdf, "a screen reader needs the tags"


def test_nothing_sticks_out_and_all_can_be_read(printed: tuple[handout.Fit, bytes]) -> None:
    """All of it lies within the margins, and no text is smaller than 7.5 points."""
    fit, _ = printed
    assert fit.room >= 0
    assert fit.outside == []
    assert fit.smallest >= 7.49


@pytest.mark.usefixtures("printed")
def test_too_much_is_refused() -> None:
    """What does not fit on one page is not printed on two: the builder says so."""
    long = SOURCE.replace("</ul>", "<li>one more point</li>" * 40 + "</ul>")
    with handout.opened(long) as page, pytest.raises(BadRequestError, match=r"at 7\.5 pt it is .* pixels too long"):
        handout.fitted(page)


@pytest.mark.usefixtures("printed")
def test_the_largest_text_that_has_room_is_taken() -> None:
    """With less to be told, it is larger."""
    with handout.opened(re.sub("<li>.*?</li>", "", SOURCE, flags=re.DOTALL)) as page:
        assert handout.fitted(page).size == max(handout.SIZES)


@pytest.mark.usefixtures("printed")
def test_too_wide_is_refused() -> None:
    """A part that is wider than the page is seen, too."""
    wide = SOURCE.replace("<h2>", "<p style='width: 900px'>wide</p><h2>", 1)
    with handout.opened(wide) as page, pytest.raises(BadRequestError, match="1 parts are too wide"):
        handout.fitted(page)


def test_without_a_browser_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`make handout` ends with an error text, and with no traceback."""
    monkeypatch.setattr(handout, "find_browser", lambda playwright: None)
    assert handout.main() == 1
    told = capsys.readouterr().err
    assert told.startswith("Cannot print the handout: found neither Chrome nor Chromium. To solve this, install one")
