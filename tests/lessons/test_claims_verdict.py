"""How a verdict follows from the parts, and what it says."""

import asyncio
from typing import Any

import pytest

from fluvius_demo.isolated import IsolatedAggregate
from fluvius_demo.lessons.claims import as_data, judge
from fluvius_demo.lessons.claims_verdict import CHECKS, Judged, Part, check, judged, weighed
from fluvius_demo.lessons.claims_words import CLAIMS
from fluvius_demo.lessons.outcomes import Finding, absent, compared

IN_PART = "confirmed within a limit"
MARKS = {
    "✓": compared("a", "a"),
    "✕": Finding("refused", "a", "TypeError: no. To solve this, do it"),
    "≠": compared("a", "b"),
    "?": absent("threads", "this Python has none"),
}


def parts(marks: str) -> list[Part]:
    """Return a part for each mark; those after a bar limit."""
    plain, _, limiting = marks.partition("|")
    named = [(mark, False) for mark in plain] + [(mark, True) for mark in limiting]
    return [Part(f"in case {number}", MARKS[mark], limits) for number, (mark, limits) in enumerate(named, start=1)]


class TestWeighed:
    """Parts that refute, and parts that limit."""

    @pytest.mark.parametrize(
        ("marks", "verdict", "evidence"),
        [
            ("✓✓", "confirmed", "it holds in case 1, in case 2"),
            ("✓|✓", "confirmed", "it holds in case 1, in case 2"),
            ("✓|≠", IN_PART, "it holds in case 1; not in case 2: b (expected: a)"),
            ("✓|✕", IN_PART, "it holds in case 1; not in case 2: TypeError: no (expected: a)"),
            ("✓|≠≠", IN_PART, "it holds in case 1; not in case 2: b (expected: a); not in case 3: b (expected: a)"),
            ("✓≠≠", "refuted", "in case 2: b (expected: a)"),
            ("✕|✓", "refuted", "in case 1: TypeError: no (expected: a)"),
            ("✓≠|≠", "refuted", "in case 2: b (expected: a)"),
            ("✓?", "confirmed", "it holds in case 1; not tried in case 2: this Python has none"),
            ("≠?", "refuted", "in case 1: b (expected: a); not tried in case 2: this Python has none"),
            ("?", "not applicable", "not tried in case 1: this Python has none"),
            ("?|✓", "not applicable", "it holds in case 2; not tried in case 1: this Python has none"),
            ("?|≠", "not applicable", "not in case 2: b (expected: a); not tried in case 1: this Python has none"),
        ],
    )  # fmt: skip
    def test_the_verdict_and_the_evidence(self, marks: str, verdict: str, evidence: str) -> None:
        """The first part that refutes is the counter-example; of those that limit, all are named."""
        found = weighed("C01", parts(marks))
        assert (found.verdict, found.evidence) == (verdict, evidence)

    @pytest.mark.parametrize("marks", ["✓", "?", "✓|≠", "≠"])
    def test_a_remedy_only_where_something_is_to_be_mended(self, marks: str) -> None:
        """Not for what holds, nor for what could not be tried."""
        assert bool(weighed("C01", parts(marks), "mend it").remedy) == ("≠" in marks)


class TestChecks:
    """A check, by itself."""

    @pytest.fixture(autouse=True)
    def _as_it_was(self, monkeypatch: Any) -> None:
        for id, registered in CHECKS.items():
            monkeypatch.setitem(CHECKS, id, registered)

    def test_an_error_that_it_did_not_expect_refutes(self) -> None:
        """It is loud, and no reason to stop."""

        @check("C01", remedy="mend it")
        async def broken(_design: type) -> list[Part]:
            raise LookupError("lost")

        found = asyncio.run(judge("C01", IsolatedAggregate))
        assert found == Judged(
            CLAIMS["C01"], "refuted", "at all: LookupError: lost (expected: that the scenario runs)", "mend it"
        )

    def test_it_is_given_the_design(self) -> None:
        """And returns its parts."""

        @check("C01", remedy="mend it")
        async def named(design: type) -> list[Part]:
            return [Part("by name", compared("IsolatedAggregate", design.__name__))]

        assert asyncio.run(judge("C01", IsolatedAggregate)) == judged("C01", "confirmed", "it holds by name")


def test_as_data_has_five_texts_for_each() -> None:
    """Ready for JSON."""
    assert as_data([judged("C06", "refuted", "it leaks", "reset it"), judged("C02", "confirmed", "it holds")]) == [
        {
            "id": "C06",
            "words": "No manual cleanup required",
            "verdict": "refuted",
            "evidence": "it leaks",
            "remedy": "reset it",
        },
        {
            "id": "C02",
            "words": 'No more "Overlapping context" errors',
            "verdict": "confirmed",
            "evidence": "it holds",
            "remedy": "",
        },
    ]
