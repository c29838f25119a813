"""The stepper driven by mouse and by keyboard, two levels to the win: the page says what the kernel's model says."""

from __future__ import annotations

import re
from ast import literal_eval
from typing import Any

import pytest
from nbformat.v4 import new_code_cell
from playwright.sync_api import Locator, expect

from .findings import check_visible, errors
from .lab import Lab
from .lab_server import LabServer

SOURCE = """\
from fluvius_demo.lessons.levels import Progress
from fluvius_demo.lessons.widgets import stepper
box = stepper("The second is refused", progress=Progress())
box"""
FOCUSED = "() => document.activeElement.textContent"


class SteppedPage:
    """A stepper in the page, and the model behind it in the kernel."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.output = lab.output("box = stepper")
        self.level, self.design, self.schedule = (
            self.output.get_by_label(name, exact=True) for name in ("Level", "Design", "Schedule")
        )
        self.said = self.output.get_by_role("status")
        self.text = self.output.locator("pre")

    def button(self, name: str) -> Locator:
        """Return the button with this name."""
        return self.output.get_by_role("button", name=name, exact=True)

    def model(self, *attributes: str) -> list[Any]:
        """Return what the stepper in the kernel has by these names."""
        return literal_eval(self.lab.kernel_value(f"[{', '.join(f'box.stepper.{name}' for name in attributes)}]"))

    def click(self, *names: str) -> None:
        """Click these buttons, one after the other."""
        for name in names:
            self.button(name).click()

    def press(self, *keys: str) -> None:
        """Press these keys, one after the other, wherever the focus is."""
        for key in keys:
            self.lab.page.keyboard.press(key)

    def tab_to(self, control: Locator, key: str = "Tab") -> None:
        """Press a key until the focus is on this control; no more than 20 times."""
        for _ in range(20):
            self.press(key)
            if control.evaluate("control => control === document.activeElement"):
                return
        pytest.fail(f"{key} does not get there; the focus is on {self.lab.page.evaluate(FOCUSED)!r}")

    def check(self, schedule: str, *, won: bool = False) -> None:
        """Fail unless the kernel is at this schedule, and the page shows just that."""
        expect(self.schedule).to_have_value(schedule)
        message, text, *stands = self.model("message", "text", "schedule", "won")
        assert stands == [schedule, won]
        expect(self.said).to_have_text(message)
        expect(self.text).to_have_text(text)
        assert self.text.text_content() == text
        picture = self.output.locator('svg[role="img"]')
        expect(picture.get_by_text("you are here")).to_be_visible()
        check_visible(picture)
        expect(self.output.get_by_text("✓ Won.")).to_have_count(int(won))

    def check_won(self, schedule: str, **outcomes: str) -> None:
        """Fail unless kernel and page say that the level is won, and which command came to which end."""
        self.check(schedule, won=True)
        found = self.lab.kernel_value("{name: found.outcome for name, found in box.stepper.verdict.findings}")
        assert literal_eval(found) == outcomes
        for name, outcome in outcomes.items():
            expect(
                self.output.get_by_role("listitem").filter(has_text=re.compile(f"^{name} . {outcome} "))
            ).to_be_visible()
            expect(self.said).to_contain_text(re.compile(f"{name}: . {outcome}"))
        expect(self.said).to_contain_text("Solved! ")
        assert errors(self.lab) == []
        assert self.lab.complaints == []


@pytest.fixture
def page(lab: Lab, server: LabServer) -> SteppedPage:
    """Give a stepper at its second level, in a notebook of its own that was run."""
    server.add("stepper.ipynb", new_code_cell(SOURCE))
    lab.open_notebook("stepper.ipynb")
    lab.run_all()
    return SteppedPage(lab)


def test_a_level_is_won_by_mouse(page: SteppedPage) -> None:
    """On the way a step is taken back, everything is, and the same schedule is looked at on another design."""
    page.check("")
    page.click("Step A", "Step A", "Step A", "Undo")
    page.check("AA")
    page.design.select_option("isolated")
    expect(page.said).to_contain_text("The same schedule on isolated.")
    page.check("AA")
    assert page.model("design") == ["isolated"]
    page.design.select_option("legacy")
    expect(page.output.get_by_text("all commands", exact=True)).to_be_visible()
    page.click("Reset")
    page.check("")
    expect(page.button("Undo")).to_be_disabled()
    page.click("Step A", "Step A", "Step A", "Step A", "Step B")
    expect(page.button("Step B")).to_be_disabled()
    page.click("Step A")
    page.check_won("AAAABA", A="correct", B="refused")


def test_a_level_is_won_by_keyboard(page: SteppedPage) -> None:
    """From the notebook's cell on, by keys alone; a bad schedule is explained, left to be mended, and harms nothing."""
    page.tab_to(page.level)
    page.press("Space", "5", "Enter")
    expect(page.said).to_contain_text("Money goes astray.")
    page.tab_to(page.button("Step A"))
    page.press("Space", "Tab", "Enter")
    page.check("AB")
    page.tab_to(page.schedule)
    page.press("End", "a", "q", "Enter")
    expect(page.said).to_contain_text("there is no Q")
    expect(page.schedule).to_have_value("ABaq")
    assert page.model("schedule") == ["AB"]
    page.press("Backspace", "Enter")
    page.check("ABA")
    page.tab_to(page.button("Undo"), "Shift+Tab")
    page.press("Space", "Tab")
    page.check("AB")
    page.press("Enter")
    page.check("")
    page.tab_to(page.schedule)
    page.press("a", "b", "a", "Enter")
    page.check("ABA")
    page.tab_to(page.button("Step A"), "Shift+Tab")
    page.press("Space", "Enter", "Space")
    expect(page.button("Step A")).to_be_disabled()
    page.tab_to(page.button("Step B"))
    page.press("Space")
    page.check_won("ABAAAAB", A="wrong", B="refused")
