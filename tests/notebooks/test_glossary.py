"""The glossary says what the course says, where the course says it; and every rule about that can fail."""

from __future__ import annotations

from pathlib import Path

import pytest
from documents import NOTEBOOKS, Section, as_html, sections
from glossary import (
    EVERYDAY,
    GLOSSARY_RULES,
    Course,
    Entry,
    GlossaryRule,
    bold_terms_are_entries,
    entries,
    is_explained_where_it_leads,
    is_not_used_before,
    is_short,
    is_sorted,
)
from nbformat.v4 import new_markdown_cell
from small_notebooks import ROOT, write

COURSE = {path.name: sections(path) for path in NOTEBOOKS}
GLOSSARY = entries(ROOT / "GLOSSARY.md")
HERE = "01_x.ipynb"


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """A notebook with an opening, two sections and a closing."""
    cells = [
        "# X\n\n**What you will learn:** what late children are.",
        "## 1. One (2 minutes)\n\n**Explain.** A **late child** is late: `a token`. A late child again. Not *that*.",
        "## 2. Two\n\nSee [the token](y.ipynb). `set` returns a **token**.\n\n- **A label** says so.",
        "## In production…\n\nContexts and *tokens* are reset.",
    ]
    return {HERE: sections(write(tmp_path / HERE, *map(new_markdown_cell, cells)))}


def entry(term: str, fragment: str, text: str = "One sentence.") -> Entry:
    """Return an entry that leads to a section of that notebook."""
    return Entry(term, text, HERE, fragment)


@pytest.mark.parametrize("rule", GLOSSARY_RULES, ids=lambda rule: rule.__name__)
def test_the_glossary_keeps_the_rule(rule: GlossaryRule) -> None:
    """The one on disk, beside the notebooks on disk."""
    assert list(rule(GLOSSARY, COURSE)) == []


def test_no_rule_is_left_out() -> None:
    """All that are tested below are kept."""
    tested = [is_sorted, is_short, is_explained_where_it_leads, is_not_used_before, bold_terms_are_entries]
    assert tested == GLOSSARY_RULES


def here(*texts: str) -> Course:
    """Return a notebook with a section for each of these paragraphs, named 1, 2, …"""
    return {HERE: [Section(2, str(number), as_html(f"<p>{text}</p>")) for number, text in enumerate(texts, start=1)]}


def test_everyday_words_are_terms() -> None:
    """Nothing is excused that is not there."""
    assert {one.term for one in GLOSSARY} >= EVERYDAY


class TestEntries:
    """An entry is a heading, one or two sentences, and where the term first stands."""

    def test_they_are_read_as_they_stand(self, tmp_path: Path) -> None:
        """What a heading says, without the link, and where that leads."""
        paper = tmp_path / "GLOSSARY.md"
        link = "[01: One](notebooks/01_x.ipynb#1.-One%3F-(2-minutes))"
        text = f"# G\n\nAll.\n\n## late child\n\nOne `a.b`. [Two](notebooks/00_y.ipynb#2).\n\nFirst in {link}.\n"
        paper.write_text(text, encoding="utf-8")
        assert entries(paper) == [Entry("late child", "One Code. Two.", HERE, "1.-One?-(2-minutes)")]

    @pytest.mark.parametrize("text", ["One.", "One, such as 3.5 or that: yes. Two?"])
    def test_one_or_two_sentences_will_do(self, text: str) -> None:
        """Whatever points are in them."""
        assert list(is_short([entry("a", "x", text)], {})) == []

    @pytest.mark.parametrize("text", ["", "None at all", "One. Two. Three."])
    def test_other_texts_will_not(self, text: str) -> None:
        """A glossary is no lesson."""
        assert len(list(is_short([entry("a", "x", text)], {}))) == 1

    def test_they_are_sorted(self) -> None:
        """Capitals or not; twice is once too often."""
        one, two, three = entry("context variable", "x"), entry("Context", "x"), entry("copy", "x")
        assert list(is_sorted([two, one, three], {})) == []
        assert list(is_sorted([one, two, three], {})) == ["Context stands after context variable"]
        assert list(is_sorted([one, one], {})) == ["context variable stands after context variable"]

    @pytest.mark.parametrize("text", ["late child", "Late children", "late-child"])
    def test_a_term_has_forms(self, text: str) -> None:
        """At the start of a sentence, and in the plural."""
        assert entry("late child", "x").form.fullmatch(text)

    @pytest.mark.parametrize(("term", "text"), [("Context", "context"), ("task", "multitask"), ("set", "sets-up")])
    def test_other_words_are_none(self, term: str, text: str) -> None:
        """A capital of the term counts, and a longer word is another word."""
        assert not entry(term, "x").form.search(text)


class TestBesideTheCourse:
    """A term is explained where it first stands."""

    def test_a_good_glossary(self, course: Course) -> None:
        """Keeps all rules; an opening, a link and code do not count as a use."""
        good = [entry("late child", "1.-One-(2-minutes)"), entry("token", "2.-Two")]
        assert [problem for rule in GLOSSARY_RULES for problem in rule(good, course)] == []

    @pytest.mark.parametrize(
        ("term", "fragment"),
        [("late child", "2.-Two"), ("token", "nowhere"), ("child", "1.-One-(2-minutes)"), ("label", "2.-Two")],
    )
    def test_a_term_has_to_be_set_apart(self, course: Course, term: str, fragment: str) -> None:
        """In the very section to which its entry leads, and as a whole."""
        assert list(is_explained_where_it_leads([entry(term, fragment)], course)) == [
            f"{term} is not set apart in {HERE}#{fragment}"
        ]

    def test_a_later_place_is_too_late(self, course: Course) -> None:
        """A reader has met it before."""
        (problem,) = is_not_used_before([entry("token", "In-production…")], course)
        assert problem == f"token first stands in {HERE}#2.-Two, and not in {HERE}#In-production…"

    def test_a_longer_term_is_another_one(self, course: Course) -> None:
        """A late child is no use of the term child."""
        terms = [entry("late child", "1.-One-(2-minutes)"), entry("late", "1.-One-(2-minutes)")]
        assert list(is_not_used_before(terms, course)) == []
        assert list(is_not_used_before([entry("late", "2.-Two"), terms[0]], course)) != []
        terms = [entry("late child", "1"), entry("late", "2")]
        assert list(is_not_used_before(terms, here("A late child.", "It is late."))) == []

    def test_words_of_every_day_may_stand_before(self, course: Course) -> None:
        """But they have to be explained."""
        assert list(is_not_used_before([entry("child", "2.-Two")], course)) == []

    def test_bold_is_for_terms(self, course: Course) -> None:
        """Each has an entry that leads there; a label and italics are none."""
        assert list(bold_terms_are_entries([entry("late child", "2.-Two")], course)) == [
            f"'late child' is bold in {HERE}#1.-One-(2-minutes), where no entry leads",
            f"'token' is bold in {HERE}#2.-Two, where no entry leads",
        ]
        assert list(bold_terms_are_entries([], here("<strong>late</strong> is a label here."))) == []
