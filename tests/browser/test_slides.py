"""The slides can be read from the last row: nothing is too small, nothing overflows, on no slide of any notebook."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from workshop.outputs import notebooks
from workshop.parts import HEIGHT, WIDTH
from workshop.pictures import LEAST_LETTER
from workshop.slides import write_slides

from .npm_packages import npm_package

LEAST = HEIGHT / 30  # pixels: letters
LEAST_DRAWN = LEAST_LETTER  # letters in a picture or a drawing
FAULTS = """([width, height, least, leastDrawn]) => {
    const faults = [], slides = Reveal.getSlides();
    slides.forEach((slide, number) => {
        const fault = (what, element) => faults.push(`${number + 1}: ${what}: ${element.textContent.slice(0, 60)}`);
        const {h, v} = Reveal.getIndices(slide);
        Reveal.slide(h, v ?? 0);
        if (slide.scrollHeight > slide.clientHeight || slide.scrollWidth > slide.clientWidth) fault('overflows', slide);
        for (const element of slide.querySelectorAll(':not(aside, aside *)')) {
            const {left, top, right, bottom} = element.getBoundingClientRect(), svg = element.ownerSVGElement;
            const edge = svg ? svg.getBoundingClientRect() : new DOMRect(0, 0, width, height);
            const isOver = left < edge.left || top < edge.top || right > edge.right || bottom > edge.bottom;
            // A drawing that is shown in parts holds all of itself, and hides the rest.
            const isSeen = !svg || (element.matches('text') && bottom > edge.top && top < edge.bottom);
            if (isOver && isSeen) fault('outside', element);
            if (element.matches('img')) {
                const size = element.dataset.letters * element.width / element.naturalWidth;
                if (element.width < element.naturalWidth) fault('a picture made smaller', slide);
                if (size < leastDrawn) fault(`${size} pixels in a picture`, slide);
            }
            if (![...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim())) continue;
            if (svg && !element.closest('text')) continue;
            const scale = svg ? svg.getBoundingClientRect().width / svg.viewBox.baseVal.width : 1;
            const size = parseFloat(getComputedStyle(element).fontSize) * scale;
            if (size < (svg ? leastDrawn : least)) fault(`${size} pixels`, element);
        }
    });
    return [slides.length, faults];
}"""


@pytest.fixture(scope="module")
def slides(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder with the slides."""
    folder = tmp_path_factory.mktemp("slides")
    npm_package("reveal.js")
    write_slides(folder)
    return folder


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Give an empty page of the size of a slide."""
    context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT})
    yield context.new_page()
    context.close()


def show(page: Page, path: Path) -> None:
    """Open slides and wait until they are there."""
    page.goto(path.as_uri())
    page.wait_for_function("() => window.Reveal?.isReady()")


def faults(page: Page) -> tuple[int, list[Any]]:
    """Return how many slides there are, and what cannot be read on them."""
    count, found = page.evaluate(FAULTS, [WIDTH, HEIGHT, LEAST, LEAST_DRAWN])
    return count, found


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem)
def test_every_slide_can_be_read(page: Page, slides: Path, path: Path) -> None:
    """No letter is smaller than 1/30 of the height, nothing is cut, and nothing is fetched from elsewhere."""
    complaints, fetched = [], []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: fetched.append(request.url))
    show(page, slides / f"{path.stem}.html")
    count, found = faults(page)
    assert found == []
    assert count > 10
    assert complaints == []
    assert [url for url in fetched if not url.startswith(("data:", slides.as_uri()))] == []


def test_what_cannot_be_read_is_found(page: Page, slides: Path) -> None:
    """Letters that are too small, also in a picture, and text that goes over the edge."""
    show(page, slides / "00_start_here.html")
    page.add_style_tag(content="h2 { font-size: 20px !important } p.key { height: 800px }")
    page.eval_on_selector("img", "picture => { picture.dataset.letters = 10 * picture.naturalWidth / picture.width }")
    _, found = faults(page)
    assert {fault.split(": ")[1] for fault in found} == {"20 pixels", "10 pixels in a picture", "overflows", "outside"}


def test_a_text_that_a_drawing_cuts_is_found(page: Page, slides: Path) -> None:
    """What a drawing shown in parts hides as a whole is no fault."""
    show(page, slides / "01_overlapping_context.html")
    assert faults(page)[1] == []
    for rows, cut in ((-30, 0), (8, 1)):
        page.eval_on_selector("svg text", f"text => text.setAttribute('y', {rows})")
        assert [fault.split(": ")[1] for fault in faults(page)[1]] == ["outside"] * cut


def test_the_key_s_shows_the_notes(page: Page, slides: Path) -> None:
    """The presenter's window has what WORKSHOP.md and the notebook say; Space goes on in both."""
    show(page, slides / "01_overlapping_context.html")
    page.keyboard.press("Space")
    with page.expect_popup() as opened:
        page.keyboard.press("s")
    notes = opened.value.locator(".speaker-controls-notes")
    expect(notes).to_contain_text("A bank with two accounts.")
