"""The stepper as HTML: well formed, escaped, and the same without its colours."""

from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from fluvius_demo.lessons import stepper_view as view
from fluvius_demo.lessons.bodies import deposit
from fluvius_demo.lessons.judging import Order
from fluvius_demo.lessons.levels import LEVELS, Progress
from fluvius_demo.lessons.listing import listing
from fluvius_demo.lessons.places import Place
from fluvius_demo.lessons.programs import PROGRAMS, Program
from fluvius_demo.lessons.stage import Role
from fluvius_demo.lessons.stepper import Stepper

TWO = PROGRAMS["two deposits"]


def text_of(html: str) -> str:
    """Return what is read on the page, and fail where an element is not closed in its turn."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return "".join(reader.texts)


class Reader(HTMLParser):
    """Collects the texts, and keeps the elements that are open."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """Open an element; a possible line break has no end."""
        if tag != "wbr":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the element that was opened last."""
        assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        """Do nothing: it is closed at once."""

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        self.texts.append(data)


class TestLanes:
    """One for each command, with its real source."""

    def test_the_source_is_that_of_the_file(self) -> None:
        """Every line of it, with the file's own numbers."""
        stepper = Stepper(TWO, "unguarded", "AA")
        lines = listing(stepper.start("A"))
        text = text_of(view.lanes_html(stepper))
        assert lines[0].number == deposit.__code__.co_firstlineno
        assert "async with aggregate.command_aggregate(" in text
        for line in lines:
            assert text.count(line.text) >= 2  # in A's lane and in B's
            assert f"{line.number:4} " in text

    def test_the_line_that_waits_has_an_arrow(self) -> None:
        """And a background, and is named to a screen reader; one in each lane."""
        stepper = Stepper(TWO, "unguarded", "AA")
        html = view.lanes_html(stepper)
        assert html.count("▶") == html.count('aria-current="step"') == html.count("background:#fff0b3") == 2
        line = stepper.execution.where("A").line
        assert f"▶{line:4} done = await command.deposit(amount=order.amount)" in text_of(html)

    def test_whoever_has_ended_waits_nowhere(self) -> None:
        """The source stays."""
        html = view.lanes_html(Stepper(TWO, "unguarded", "AAAAABBBBB"))
        assert "▶" not in html
        assert text_of(html).count("has ended, after 5 steps") == 2

    def test_the_way_inside_tells_two_waits_on_one_line_apart(self) -> None:
        """Reading the account, and writing it."""
        for schedule, function in (("AA", "StateManager.fetch"), ("AAA", "StateManager.update")):
            assert function in text_of(view.lanes_html(Stepper(TWO, "isolated", schedule)))

    def test_a_task_has_a_lane_of_its_own(self) -> None:
        """As soon as it was started."""
        program = PROGRAMS["a late child"]
        assert "A1" not in text_of(view.lanes_html(Stepper(program, "isolated", "AAA")))
        assert "A1: a task that A has started" in text_of(view.lanes_html(Stepper(program, "isolated", "AAAA")))

    def test_a_place_that_is_not_known_has_no_source(self) -> None:
        """Nor one in a file that is gone."""
        assert listing(None) == ()
        assert listing(Place("f", 3, "", "/nowhere.py")) == ()


class TestSlots:
    """What is seen of the commands' variables."""

    def test_what_has_changed_is_marked_in_words(self) -> None:
        """By a dot, the word "new", and bold letters."""
        stepper = Stepper(TWO, "unguarded", "A")
        stepper.step("B")
        html = view.slots_html(stepper)
        assert "● ben (new, was ana)" in text_of(html)
        assert html.count("●") == html.count('font-weight:bold">●') == 2

    def test_shared_variables_are_one_column(self) -> None:
        """Named as such."""
        text = text_of(view.slots_html(Stepper(TWO, "unguarded", "AB")))
        assert text.startswith("One set of variables, shared by all commands")
        assert text.count("deposit-money") == 1

    def test_each_context_has_a_column_elsewhere(self) -> None:
        """One for each command."""
        text = text_of(view.slots_html(Stepper(TWO, "isolated", "AABB")))
        assert text.startswith("What each command sees, in its own Context")
        assert "ana's depositben's deposit" in text


class TestVerdictAndGraph:
    """What became of the run, and of every order."""

    def test_an_outcome_has_its_mark_and_its_word(self) -> None:
        """With what was wanted and what was seen."""
        text = text_of(view.verdict_html(Stepper(TWO, "legacy", "AAAABA")))
        assert "A ✓ correct wanted: 100 on ana; seen: 100 on ana" in text
        assert "B ✕ refused wanted: 50 on ben; seen: RuntimeError: Overlapping context: ben's deposit" in text
        assert "Afterwards ana holds 100, ben holds 0" in text

    def test_before_the_end_there_is_none(self) -> None:
        """It says so."""
        assert "Not over yet." in text_of(view.verdict_html(Stepper(TWO, "legacy", "AAA")))

    def test_the_graph_says_where_one_is(self) -> None:
        """Before and after all orders were tried."""
        stepper = Stepper(TWO, "legacy", "AAB")
        for told in ("nobody has tried them yet", "10 orders (all of them)"):
            html = view.graph_html(stepper)
            svg = html[html.index("<svg") : html.index("</svg>") + 6]
            ElementTree.fromstring(svg)
            assert "you are here" in svg
            assert told in text_of(html)
            stepper.try_all()

    def test_three_commands_have_stories_instead(self) -> None:
        """How many orders tell it, and the simplest of them."""
        stepper = Stepper(PROGRAMS["three deposits"], "legacy")
        stepper.try_all()
        html = view.graph_html(stepper)
        assert "you are here" not in html
        assert "12 orders such as AAABCA: A correct, B refused, C refused" in text_of(html)
        assert "12 as AAABCA: A ✓ correct; B ✕ refused; C ✕ refused" in stepper.text


class TestTheRest:
    """The goal, what has happened, and the page without widgets."""

    def test_a_goal_says_when_it_was_won(self) -> None:
        """And what there is to notice, but no hint."""
        level = LEVELS[1]
        before, after = (text_of(view.goal_html(Stepper.of_level(level, "", text))) for text in ("", "AAAABA"))
        assert before.startswith(f"{level.name}. {level.goal}")
        assert level.notice not in before
        assert after.startswith(f"✓ solved: {level.name}. {level.goal}✓ Won. {level.notice}")
        assert level.hint not in before + after

    def test_what_was_solved_is_listed(self) -> None:
        """In the order of the levels."""
        names = [LEVELS[2].name, LEVELS[0].name]
        told = text_of(view.solved_html(Progress(set(names))))
        assert told == f"Solved so far: 2 of {len(LEVELS)}: ✓ {names[1]}, ✓ {names[0]}."
        assert text_of(view.solved_html(Progress())) == f"Solved so far: 0 of {len(LEVELS)}."

    def test_what_has_happened_is_announced(self) -> None:
        """To a screen reader, politely."""
        html = view.said_html("Step 1: A < B")
        assert 'role="status"' in html
        assert 'aria-live="polite"' in html
        assert text_of(html) == "Step 1: A < B"

    @pytest.mark.parametrize("level", LEVELS, ids=lambda level: level.name)
    def test_the_page_holds_all_of_it(self, level: object) -> None:
        """Every part, well formed, without scripts, style sheets, names of elements or anything from outside."""
        stepper = Stepper.of_level(level)
        stepper.run_on()
        html = view.page_html(stepper)
        text = text_of(html)
        assert stepper.text in text
        assert stepper.schedule in text
        assert not [word for word in ("<script", "<style", " id=", " class=", "href", "src=") if word in html]

    def test_the_same_run_gives_the_same_page(self) -> None:
        """Byte for byte: notebooks store it."""
        one, other = (view.page_html(Stepper(TWO, "legacy", "AAAABA")) for _ in range(2))
        assert one == other

    def test_names_from_outside_are_escaped(self) -> None:
        """A program may be called as anybody likes."""
        roles = {"A": Role(deposit, Order("<b>&", 1)), "B": Role(deposit, Order("ben", 1))}
        stepper = Stepper(Program("<script>", "<i>", roles), "unguarded")
        stepper.run_on()
        html = view.page_html(stepper)
        assert not [tag for tag in ("<script>", "<i>", "<b>&") if tag in html]
        assert "<script>" in text_of(html)
