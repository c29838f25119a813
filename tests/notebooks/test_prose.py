"""The texts of the course are in plain English, and every rule about that can fail."""

from __future__ import annotations

from pathlib import Path

import pytest
from documents import NOTEBOOKS, PAPERS, blocks, parsed, passages
from prose_rules import (
    MOST_WORDS,
    PROSE_RULES,
    ProseRule,
    abbreviations_are_explained,
    nothing_is_called_easy,
    sentences_are_short,
)


def said(rule: ProseRule, text: str) -> list[str]:
    """Return what a rule says about a text."""
    return list(rule(list(blocks(parsed(text)))))


def test_no_rule_is_left_out() -> None:
    """All that are tested below are kept."""
    assert [sentences_are_short, nothing_is_called_easy, abbreviations_are_explained] == PROSE_RULES


def words(count: int) -> str:
    """Return so many words."""
    return " ".join(["word"] * count)


@pytest.mark.parametrize("rule", PROSE_RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("path", [*PAPERS, *NOTEBOOKS], ids=lambda path: path.stem)
def test_document(path: Path, rule: ProseRule) -> None:
    """All that stands in it as prose keeps the rule: texts, questions and answers."""
    assert list(rule([text for passage in passages(path) for text in blocks(passage)])) == []


class TestSentences:
    """They can be read in one breath."""

    @pytest.mark.parametrize(
        "text",
        [
            words(MOST_WORDS) + ".",
            f"{words(20)}. {words(20)}? {words(20)}! {words(20)}; {words(20)}",
            f'"{words(20)}." {words(20)}',
            f"- {words(20)}\n- {words(20)}",
            f"| a | b |\n|---|---|\n| {words(20)} | {words(20)} |",
            f"**Explain.** {words(20)} `one({words(20)})`",
            f"    {words(40)}",
            f"{words(29)} – word",  # noqa: RUF001
        ],
    )
    def test_short_ones_are_left_alone(self, text: str) -> None:
        """A list's points, a table's cells and code are none."""
        assert said(sentences_are_short, text) == []

    @pytest.mark.parametrize(
        ("text", "count"),
        [
            (words(MOST_WORDS + 1), 31),
            (f"{words(5)}. {words(15)} **{words(16)}**, {words(5)}.", 36),
            (f"- {words(5)}\n- {words(31)}", 31),
            (f"<details><summary>{words(31)}</summary>\n\nword\n</details>", 31),
            (f"{words(30)} `code`.", 31),
        ],
    )
    def test_a_long_one_is_found(self, text: str, count: int) -> None:
        """Wherever it stands; code in it counts as a word."""
        (problem,) = said(sentences_are_short, text)
        assert problem.split(" words: ")[0] == str(count)


class TestTalkingDown:
    """Nobody is told that it is easy."""

    @pytest.mark.parametrize(
        "text",
        [
            *("It ran just now.", "It is just one.", "A simple picture.", "`simply(easy)`"),
            *(f"{who} just changed." for who in ("It has", "They have", "It had", "It is", "They are", "What you")),
        ],
    )
    def test_other_uses_are_left_alone(self, text: str) -> None:
        """What happened a moment ago, and code."""
        assert said(nothing_is_called_easy, text) == []

    @pytest.mark.parametrize(
        "text",
        [
            "Just reset it.",
            "It simply works.",
            "Obviously not.",
            "Of course it is.",
            "That is easy.",
            "You can easily do it.",
            "It is trivial.",
            "Evidently so.",
            "A no-brainer.",
            "As we all know, it waits.",
        ],
    )
    def test_it_is_found(self, text: str) -> None:
        """Whether or not it begins the sentence."""
        assert len(said(nothing_is_called_easy, text)) == 1


class TestAbbreviations:
    """Each is spelled out where it first stands."""

    @pytest.mark.parametrize(
        "text",
        [
            "CI (continuous integration) runs it.\n\nCI again.",
            "Continuous integration (CI) runs it.",
            "The order ABBA, as HTML.",
            "`CI` and P01.",
            "It takes 5 ns (nanoseconds).",
        ],
    )
    def test_what_is_known_is_left_alone(self, text: str) -> None:
        """Or spelled out, or no abbreviation."""
        assert said(abbreviations_are_explained, text) == []

    @pytest.mark.parametrize(
        "text", ["CI runs it. CI (continuous integration)\n\nX", "An ORM.", "Two ORMs.", "It takes 5 ns."]
    )
    def test_others_are_found(self, text: str) -> None:
        """At their first place, once."""
        late = "\n\n".join(reversed(text.split(" CI (")))
        assert len(said(abbreviations_are_explained, f"{late}\n\n{text}")) == 1
