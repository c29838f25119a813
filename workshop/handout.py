"""The handout: one page A4, to be printed. `python -m workshop.handout` writes build/handout.pdf.

Its picture is drawn, its checklist is the README's, and its error texts are raised anew each time.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment
from markupsafe import Markup, escape
from playwright.sync_api import Page, sync_playwright

from fluvius_demo.errors import BadRequestError, NotFoundError
from workshop.chromium import NONE_FOUND, find_browser
from workshop.handout_errors import told
from workshop.handout_picture import context_svg

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = ROOT / "workshop" / "handout.html.j2"
HANDOUT = ROOT / "build" / "handout.pdf"
# In points. Fonts differ from machine to machine, so the largest is taken with which all is on the page.
SIZES = (9.5, 9.25, 9.0, 8.75, 8.5, 8.25, 8.0, 7.75, 7.5)

# How far the last line is from the margin, in pixels (less than 0: it is over it); what sticks out; the smallest text.
_MEASURE = """size => {
  const main = document.querySelector('main');
  main.style.setProperty('--size', size + 'pt');
  const box = main.getBoundingClientRect(), style = getComputedStyle(main);
  const floor = box.bottom - parseFloat(style.paddingBottom), side = box.right - parseFloat(style.paddingRight);
  const all = [...main.querySelectorAll('*')], drawn = all.filter(one => one.getBoundingClientRect().width);
  const own = one => [...one.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
  const scale = one => one.ownerSVGElement ? one.getScreenCTM().a : 1;
  return {
    size,
    room: floor - Math.max(...drawn.map(one => one.getBoundingClientRect().bottom)),
    outside: drawn.filter(one => one.getBoundingClientRect().right > side + 0.5 || one.scrollWidth > one.clientWidth + 1
      && !one.ownerSVGElement && getComputedStyle(one).display !== 'inline').map(one => one.textContent.slice(0, 60)),
    smallest: Math.min(...drawn.filter(own).map(one => parseFloat(getComputedStyle(one).fontSize) * scale(one) * 0.75)),
  };
}"""


class Fit(NamedTuple):
    """How the page looks at one size of text, in points; `room` is what is free at the foot, in pixels."""

    size: float
    room: float
    outside: list[str]
    smallest: float


def checklist(readme: str) -> list[str]:
    """Return the points of the README's checklist, as Markdown, each in one line."""
    section = readme.partition("\n## Before you move state into a ContextVar\n")[2].partition("\n## ")[0]
    return [" ".join(point.split()) for point in re.findall(r"^- \[ \] (.*(?:\n  .*)*)", section, re.MULTILINE)]


def html() -> str:
    """Return the page: complete, with nothing to be fetched."""
    points = checklist((ROOT / "README.md").read_text(encoding="utf-8"))
    template = Environment(autoescape=True).from_string(TEMPLATE.read_text(encoding="utf-8"))
    return template.render(picture=Markup(context_svg()), checklist=map(as_html, points), errors=told())


def as_html(point: str) -> Markup:
    """Return a point of the checklist: code as code, and a link's text without its link."""
    plain = str(escape(re.sub(r"\[(\w+)\]", r"\1", point)))
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", plain))


@contextmanager
def opened(source: str) -> Iterator[Page]:
    """Give the page in a browser, as wide and as high as the paper. Raises NotFoundError where there is no browser."""
    with sync_playwright() as playwright:
        path = find_browser(playwright)
        if path is None:
            found, remedy = NONE_FOUND.split(". ", 1)
            raise NotFoundError("print the handout", found[0].lower() + found[1:], remedy[0].lower() + remedy[1:])
        with playwright.chromium.launch(executable_path=path) as browser:
            page = browser.new_page(viewport={"width": 794, "height": 1123})
            page.emulate_media(media="print")
            page.set_content(source)
            yield page


def fitted(page: Page) -> Fit:
    """Choose the largest text with which all of it is on the page. Raises BadRequestError where none is."""
    for size in SIZES:
        fit = Fit(**page.evaluate(_MEASURE, size))
        if fit.room >= 0 and not fit.outside:
            return fit
    wrong = f"at {fit.size} pt it is {-fit.room:.0f} pixels too long, and {len(fit.outside)} parts are too wide"
    raise BadRequestError("put the handout on one page", wrong, "shorten a point of the checklist or an error's advice")


def pdf(page: Page) -> bytes:
    """Return the page as a PDF, with the tags that a screen reader needs."""
    return page.pdf(prefer_css_page_size=True, print_background=True, tagged=True)


def main() -> int:
    """Write the PDF and say where it is; return the exit code."""
    try:
        with opened(html()) as page:
            fit = fitted(page)
            HANDOUT.parent.mkdir(exist_ok=True)
            HANDOUT.write_bytes(pdf(page))
    except (NotFoundError, BadRequestError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{HANDOUT.relative_to(ROOT).as_posix()}: one page A4, text from {fit.smallest:.1f} pt")
    return 0


if __name__ == "__main__":
    sys.exit(main())
