"""The load sliders by keyboard: each change is run in the kernel, and the page shows that run and the one before."""

from __future__ import annotations

from ast import literal_eval

import pytest
from nbformat.v4 import new_code_cell
from playwright.sync_api import Locator, expect

from .findings import check_visible, errors
from .lab import Lab
from .lab_server import LabServer

SOURCE = """\
from fluvius_demo.lessons.sliders import load_sliders
box = load_sliders("legacy", 3, 1)
box"""
CUT = """part => part.scrollWidth > part.clientWidth + 1 || part.scrollHeight > part.clientHeight + 1"""
# Of words in a picture: the boxes that they really take. Those that are as good as on each other count, too.
COVERED = """svg => {
    const boxes = [...svg.querySelectorAll('text')].map(text => [text.textContent, text.getBoundingClientRect()]);
    return boxes.flatMap(([one, a], place) => boxes.slice(place + 1)
        .filter(([, b]) => a.left < b.right && b.left < a.right && a.top + 4 < b.bottom && b.top + 4 < a.bottom)
        .map(([other]) => `${one} / ${other}`));
}"""


class LoadPage:
    """The sliders in the page, and the box behind them in the kernel."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.output = lab.output("box = load_sliders")
        self.said = self.output.get_by_role("status")
        self.pictures = self.output.locator('svg[role="img"]')
        self.design = self.output.get_by_label("Design", exact=True)

    def slider(self, place: int) -> Locator:
        """Return the handle of a slider, from the left; its name is a text beside it."""
        return self.output.get_by_role("slider").nth(place)

    def check(self, *headings: str) -> None:
        """Fail unless these runs are shown, the newer first, in words that are the kernel's."""
        expect(self.said).to_contain_text(f"{headings[0]}: all done after")
        expect(self.pictures).to_have_count(len(headings))
        for picture, heading in zip(self.pictures.all(), headings, strict=True):
            expect(picture.locator("text").first).to_have_text(heading)
            check_visible(picture)
            assert picture.evaluate(COVERED) == []
        assert self.said.text_content() == literal_eval(self.lab.kernel_value("box.text"))
        assert errors(self.lab) == []
        assert self.lab.complaints == []


@pytest.fixture
def page(lab: Lab, server: LabServer) -> LoadPage:
    """Give the sliders in a notebook of its own that was run."""
    server.add("sliders.ipynb", new_code_cell(SOURCE))
    lab.open_notebook("sliders.ipynb")
    lab.run_all()
    return LoadPage(lab)


def test_the_load_is_changed_by_keyboard(page: LoadPage) -> None:
    """More commands, a slower store, another design; what was refused is named, and the run before stays."""
    page.check("legacy: 3 commands at once, store takes 1 ms")
    expect(page.pictures.get_by_text("✕ 2 refused", exact=True)).to_be_visible()
    page.slider(0).focus()
    page.lab.page.keyboard.press("ArrowRight")
    page.check(
        "legacy: 10 commands at once, store takes 1 ms",
        "legacy: 3 commands at once, store takes 1 ms",
    )
    page.slider(1).focus()
    page.lab.page.keyboard.press("ArrowRight")
    page.check(
        "legacy: 10 commands at once, store takes 2 ms",
        "legacy: 10 commands at once, store takes 1 ms",
    )
    page.design.focus()
    page.lab.page.keyboard.press("Space")
    page.lab.page.keyboard.type("iso")
    page.lab.page.keyboard.press("Enter")
    page.check(
        "isolated: 10 commands at once, store takes 2 ms",
        "legacy: 10 commands at once, store takes 2 ms",
    )
    expect(page.pictures.first.get_by_text("✓ 10 correct", exact=True)).to_be_visible()


def test_names_and_values_are_not_cut(page: LoadPage) -> None:
    """Each slider's name and value has room."""
    for name in ("Design", "Commands in flight", "Store takes (ms)"):
        label = page.output.locator(".widget-label", has_text=name)
        expect(label).to_be_visible()
        assert not label.evaluate(CUT)
    for value in ("3", "1"):
        shown = page.output.locator(".widget-readout", has_text=value)
        expect(shown).to_be_visible()
        assert not shown.evaluate(CUT)
