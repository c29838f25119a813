"""The rendered pages have no serious barrier for anybody, and everything can be read at 200 % zoom."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from workshop.outputs import notebooks
from workshop.pages import write_pages

from .npm_packages import npm_package

# A window of 1280 pixels at 200 % has room for 640 of them.
ZOOMED = {"width": 640, "height": 400}
BARRIERS = """async () => {
    document.querySelectorAll('details').forEach(details => details.open = true);
    const {violations} = await axe.run({resultTypes: ['violations']});
    return violations.filter(({impact}) => ['serious', 'critical'].includes(impact))
        .map(({id, nodes}) => `${id}, ${nodes.length} times, such as ${nodes[0].html.slice(0, 200)}`);
}"""
# Two frames: in the first one the page finds out what can be scrolled now.
CUT = """async width => {
    for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
    const found = [];
    if (document.documentElement.scrollWidth > width) found.push('the page scrolls sideways');
    for (const element of document.querySelectorAll('body *')) {
        const {left, right} = element.getBoundingClientRect(), style = getComputedStyle(element);
        const box = element.closest('.scroll');
        const hides = ['hidden', 'clip'].includes(style.overflowX) && element.scrollWidth > element.clientWidth;
        if (hides || (!box && !element.matches('.skip') && (left < 0 || right > width + 1)))
            found.push(`cut: ${element.outerHTML.slice(0, 200)}`);
        if (element === box && box.scrollWidth > box.clientWidth && box.tabIndex !== 0)
            found.push(`not to be scrolled by keyboard: ${element.outerHTML.slice(0, 200)}`);
    }
    return found;
}"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder with the pages."""
    folder = tmp_path_factory.mktemp("pages")
    write_pages(folder)
    return folder


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Give an empty page, on a screen with two dots for each pixel, as at 200 %."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, device_scale_factor=2)
    yield context.new_page()
    context.close()


def barriers(page: Page) -> list[Any]:
    """Return what axe-core calls serious or critical, too little contrast included; what unfolds is unfolded."""
    page.add_script_tag(path=npm_package("axe-core") / "axe.min.js")
    return page.evaluate(BARRIERS)


def cut(page: Page) -> list[Any]:
    """Return what is cut, or cannot be reached by the keyboard, at 200 %."""
    page.set_viewport_size(ZOOMED)
    return page.evaluate(CUT, ZOOMED["width"])


@pytest.mark.parametrize("name", ["index", *(path.stem for path in notebooks())])
def test_a_page_is_for_everybody(page: Page, pages: Path, name: str) -> None:
    """No serious violation, nothing cut, no error; and nothing is fetched from anywhere but the page itself."""
    complaints, fetched = [], []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("request", lambda request: fetched.append(request.url))
    page.goto((pages / f"{name}.html").as_uri())
    assert [url for url in fetched[1:] if not url.startswith("data:")] == []
    assert barriers(page) == []
    assert cut(page) == []
    assert complaints == []


def test_barriers_are_found(page: Page) -> None:
    """Grey on white, and a picture without words."""
    content = '<main><p style="color:#aaa">some words</p><img src="data:,"></main>'
    page.set_content(f'<html lang="en"><title>x</title>{content}')
    assert [found.partition(",")[0] for found in barriers(page)] == ["color-contrast", "image-alt"]


def test_what_is_cut_is_found(page: Page) -> None:
    """A wide paragraph, a hidden end of a line, and a box that only a mouse can scroll."""
    wide = '<div style="width:900px">x</div>'
    page.set_content(
        f'{wide}<div style="width:90px;overflow:hidden;white-space:nowrap">{"word " * 90}</div>'
        f'<div class="scroll" style="overflow-x:auto">{wide}</div>'
    )
    assert [found.partition(":")[0] for found in cut(page)] == [
        "the page scrolls sideways", "cut", "cut", "not to be scrolled by keyboard",
    ]  # fmt: skip
