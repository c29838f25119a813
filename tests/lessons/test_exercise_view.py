"""The result of a check as text, as HTML and as a picture: the same is said in each, and nothing by colour alone."""

import re
import xml.etree.ElementTree as ET
from itertools import pairwise
from typing import Any

import pytest

from fluvius_demo.lessons.exercises import BoxOffice, UnguardedOffice, check, solution, two_bookings
from fluvius_demo.lessons.exercises.check import SOLVED_IN
from fluvius_demo.lessons.exercises.check_view import checked_html
from fluvius_demo.lessons.exercises.checked import Checked, DrawnOrder
from fluvius_demo.lessons.exercises.lanes_svg import order_svg, wrapped
from fluvius_demo.lessons.exercises.solutions.two_instances import MyOffice
from fluvius_demo.lessons.exercises.steps import STEPS
from fluvius_demo.lessons.exercises.wrong_answers import WRONG_ANSWERS

SVG = "{http://www.w3.org/2000/svg}"


def results() -> dict[str, Checked]:
    """Return results of every kind: passed, not yet with a picture and without one, and not to be checked."""
    found = {f"{wrong.step}: {wrong.belief.name}": check(wrong.step, wrong.answer) for wrong in WRONG_ANSWERS}
    return found | {"passed": check("reset by token", MyOffice), "cannot": check("reset by token", 5)}


RESULTS = results()
PICTURES = {name: found.picture for name, found in RESULTS.items() if found.picture}
each_result = pytest.mark.parametrize("found", RESULTS.values(), ids=RESULTS)
each_picture = pytest.mark.parametrize("order", PICTURES.values(), ids=PICTURES)


def words(html: str) -> str:
    """Return what HTML says, without the pictures."""
    text = re.sub(r"<svg.*?</svg>|<[^>]+>", " ", html)
    return " ".join(text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").split())


def drawn(order: DrawnOrder) -> ET.Element:
    """Return the picture as XML."""
    return ET.fromstring(order_svg(order))


def flat(text: str) -> str:
    """Return a text without its blanks, for it may be wrapped anywhere, and without the marks of code."""
    return re.sub(r"[\s`]", "", text)


@each_result
def test_both_forms_say_the_same(found: Checked) -> None:
    """Result, trials, evidence, belief: whatever the page says, the text says, too."""
    html, text = flat(words(checked_html(found))), flat(repr(found))
    told: list[Any] = [found.step.title, found.cannot, found.found.remark]
    told += [trial.name for trial in found.found.trials]
    told += [trial.finding.seen for trial in found.found.trials if not trial.passed]
    if found.found.belief is not None:
        told += [found.found.belief.name, found.found.belief.thought, found.found.belief.instead]
    if found.passed:
        told.append(found.step.gained)
    assert [one for one in told if flat(one) not in html or flat(one) not in text] == []


@each_result
def test_the_result_is_a_word(found: Checked) -> None:
    """Beside the colour stands "passed ✓" or "not yet …"."""
    result = "passed ✓" if found.passed else "not yet …"
    assert repr(found).splitlines()[0] == f"{found.step.title}: {result}"
    assert f"{found.step.title}: {result}" in checked_html(found)


@each_result
def test_the_picture_is_of_the_first_trial_that_has_one(found: Checked) -> None:
    """Of those that failed: a trial that passed has none."""
    drawn_by = [trial for trial in found.found.trials if trial.picture]
    assert found.picture == (drawn_by[0].picture if drawn_by else None)
    assert not any(trial.passed for trial in drawn_by)


def test_there_are_pictures() -> None:
    """Of most of the wrong answers; else the tests of them would look at nothing."""
    assert len(PICTURES) > len(RESULTS) / 2


@each_result
def test_the_notebook_gets_both(found: Checked) -> None:
    """The page with the picture, and the text for whoever sees no page."""
    bundle = found._repr_mimebundle_()
    assert bundle == {"text/plain": repr(found), "text/html": checked_html(found)}
    assert bundle["text/html"].count("<svg") == bundle["text/html"].count("<desc>") == bool(found.picture)


@each_result
def test_hints_unfold_one_out_of_the_other(found: Checked) -> None:
    """Three, where something is still to be done, and none where it is passed; all are closed at first."""
    html = checked_html(found)
    shown = re.findall(r"Hint (\d) of 3</summary>", html)
    assert shown == ([] if found.passed else ["1", "2", "3"])
    said = flat(words(html))
    for number, hint in enumerate(found.step.hints, start=1):
        assert (flat(f"Hint {number} of 3{hint}") in said) != found.passed
    assert html.endswith("</details></details></details></div>") != found.passed
    assert "<details open" not in html


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_hints_do_not_give_the_code(step: Any) -> None:
    """The third may name a method, none has a line that could be copied."""
    assert len(set(step.hints)) == 3
    code = [part for hint in step.hints for part in re.findall(r"`([^`]+)`", hint)]
    assert [part for part in code if re.search(r"=|\n|:$", part)] == []


@each_picture
def test_the_picture_has_a_lane_for_each_and_a_box_for_each_step(order: DrawnOrder) -> None:
    """With its number, how it stopped, and the line at which it waits."""
    root = drawn(order)
    texts = [text.text or "" for text in root.iter(f"{SVG}text")]
    said = flat("".join(texts))
    assert set(order.lanes) <= set(texts)
    assert [text for text in texts if text.isdigit()] == [str(number + 1) for number in range(len(order.moves))]
    assert all(flat(move.line) in said and flat(move.stop) in said for move in order.moves)
    boxes = [box for box in root.iter(f"{SVG}rect") if box.get("rx")]
    assert len(boxes) == len(order.moves)


@each_picture
def test_the_picture_ends_with_what_was_wanted_and_seen(order: DrawnOrder) -> None:
    """For each command, by mark and word; at least one of them is not as it should be."""
    said = flat("".join(text.text or "" for text in drawn(order).iter(f"{SVG}text")))
    for lane, finding in order.findings:
        assert re.search(rf"{flat(lane)}:.{finding.outcome}", said)
        if finding.outcome != "correct":
            assert flat(f"Wanted: {finding.expected}") in said
            assert flat(f"Seen: {finding.seen}") in said
    assert any(finding.outcome != "correct" for _, finding in order.findings)


@each_picture
def test_the_picture_says_its_words(order: DrawnOrder) -> None:
    """A screen reader is told the same, step by step; and the fault, where one was injected."""
    root = drawn(order)
    described = root.find(f"{SVG}desc").text
    assert root.get("role") == "img"
    assert root.get("aria-label") == described == " ".join(repr(order).splitlines())
    assert all(f"{number}. {move.lane} {move.stop}" in described for number, move in enumerate(order.moves, start=1))
    assert order.fault in described


@each_picture
def test_everything_lies_within_the_picture(order: DrawnOrder) -> None:
    """No box, and no text at seven pixels a letter, reaches over its edge or lies on the next one."""
    root = drawn(order)
    width, height = float(root.get("width")), float(root.get("height"))
    boxes = [
        [float(box.get(name)) for name in ("x", "y", "width", "height")]
        for box in root.iter(f"{SVG}rect")
        if box.get("x")
    ]
    assert all(x >= 0 and x + w <= width and y >= 0 and y + h <= height for x, y, w, h in boxes)
    assert all(one[1] + one[3] <= other[1] for one, other in pairwise(boxes))
    texts = [text for text in root.iter(f"{SVG}text") if not text.get("text-anchor")]
    assert all(float(text.get("x")) + 7 * len(text.text or "") <= width + 20 for text in texts)
    assert all(float(text.get("y")) <= height for text in root.iter(f"{SVG}text"))


class TestTwoBookings:
    """An order of the learner's choice, as a picture."""

    def test_noah_pays_for_mias_seat(self) -> None:
        """Without the guard, in the order that the notebook shows."""
        order = two_bookings(UnguardedOffice, "AABBAB")
        findings = {lane: (finding.outcome, finding.seen) for lane, finding in order.findings}
        assert findings["Mia"] == ("wrong", "C5 for Noah, on Noah's card")
        assert order._repr_mimebundle_() == {"text/plain": repr(order), "text/html": order_svg(order)}

    def test_what_is_left_is_run_to_the_end(self) -> None:
        """Whoever can go on does, and is drawn."""
        order = two_bookings(BoxOffice, "A")
        assert [move.lane for move in order.moves].count("Mia") == 3
        assert order.moves[1].stop == "ends with RuntimeError"


def test_a_solution_is_source() -> None:
    """It can be read in a page and as text, runs as it is, and says nothing of the file that it comes from."""
    for step in SOLVED_IN:
        source = solution(step)
        compile(repr(source), step, "exec")
        assert not repr(source).startswith('"""')
        assert source._repr_html_().startswith("<pre")


def test_code_is_wrapped_where_it_can_be_read() -> None:
    """At a blank, behind a bracket or a point; a word that is longer than the box is cut."""
    line = "booking = Booking(customer, await self.hall.card_of(customer))"
    assert wrapped(line, 28) == ["booking = Booking(customer,", "  await self.hall.card_of(", "  customer))"]
    assert wrapped(line, 100) == [line]
    assert wrapped("", 20) == []
    assert wrapped("x" * 50, 20) == ["x" * 20]
