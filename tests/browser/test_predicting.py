"""A question answered by keyboard and by mouse: the page and the kernel keep the same prediction, until the run."""

from __future__ import annotations

import re

import pytest
from nbformat.v4 import new_code_cell
from playwright.sync_api import Locator, expect

from .findings import errors
from .lab import SIZE, Lab
from .lab_server import LabServer

ASK = """\
from fluvius_demo.lessons.predict import happened, predict, review
predict("a first taste")"""
RUN = """\
from fluvius_demo.lessons.predictions.record import RECORD, question_of
happened("a first taste", question_of("a first taste").choices[1].seen)"""
KEPT = "__import__('fluvius_demo.lessons.predictions.record', fromlist=['RECORD']).RECORD.predicted"
OVERFLOWS = "part => part.scrollWidth > part.clientWidth + 1"


class AskedPage:
    """A question in the page, with the cell that answers it below."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.question, self.answer, self.look_back = map(lab.output, ("predict(", "happened(", 'review("00")'))
        self.standing = self.question.get_by_role("status")

    def letter(self, letter: str) -> Locator:
        """Return the button with this letter, chosen or not."""
        return self.question.get_by_role("button", name=re.compile(f"^(✓ )?{letter}$"))

    def press(self, *keys: str) -> None:
        """Press these keys, one after the other, wherever the focus is."""
        for key in keys:
            self.lab.page.keyboard.press(key)

    def run(self, text: str) -> None:
        """Run the first cell with this text, and no other."""
        self.lab.run_cell(text)


@pytest.fixture
def page(lab: Lab, server: LabServer) -> AskedPage:
    """Give a question that was asked, in a notebook of its own, with nothing run after it."""
    server.add("asked.ipynb", *map(new_code_cell, (ASK, RUN, 'review("00")')))
    lab.open_notebook("asked.ipynb")
    lab.run_cell("predict(")
    return AskedPage(lab)


def test_a_prediction_is_made_by_keyboard(page: AskedPage) -> None:
    """As notebook 00 says: Ctrl+Enter stays at the question, Tab goes to the letters, Space and Enter press."""
    page.lab.select_cell("predict(")
    page.press("Control+Enter")
    expect(page.lab.cell("predict(").locator(".jp-InputPrompt")).to_have_text("[2]:")
    expect(page.standing).to_contain_text("No prediction yet")
    page.press("Tab", "Tab", "Space")
    expect(page.standing).to_contain_text("Your prediction: (a).")
    page.press("Tab", "Tab", "Enter")
    expect(page.standing).to_contain_text("Your prediction: (c).")
    expect(page.letter("c")).to_have_text("✓ c")
    assert page.lab.kernel_value(KEPT) == "{'a first taste': 2}"
    page.run("happened(")
    expect(page.answer.get_by_role("status")).to_contain_text(re.compile(r"You predicted \(c\).*What happened: \(b\)"))
    page.letter("b").click()
    expect(page.standing).to_contain_text("your prediction, (c), stays")
    page.run("review(")
    expect(page.look_back.get_by_role("listitem").first).to_contain_text("look again: A taste")
    assert errors(page.lab) == []
    assert page.lab.complaints == []


def test_the_other_beliefs_unfold_by_keyboard(page: AskedPage) -> None:
    """What leads to the choices that nobody made is hidden until one asks."""
    page.letter("b").click()
    page.run("happened(")
    expect(page.answer).to_contain_text("As you predicted")
    belief = page.answer.get_by_text("“Different accounts, so nothing is shared.”")
    expect(belief).to_be_hidden()
    page.answer.locator("summary").focus()
    page.press("Enter")
    expect(belief).to_be_visible()


def test_nothing_is_cut_at_200_percent(page: AskedPage) -> None:
    """With half the room the texts wrap, and each letter stays beside its choice."""
    page.run("happened(")
    page.run("review(")
    page.lab.page.set_viewport_size({"width": SIZE["width"] // 2, "height": SIZE["height"] // 2})
    for part in (page.question, page.answer, page.look_back):
        for shown in part.locator(".widget-html-content, .jp-RenderedHTMLCommon").all():
            assert not shown.evaluate(OVERFLOWS)
    for letter in "abcd":
        expect(page.letter(letter)).to_have_text(letter)
        assert not page.letter(letter).evaluate(OVERFLOWS)
