"""The questions of notebook 05 come out otherwise where the design is another one."""

import asyncio

import pytest

from fluvius_demo.lessons.outcomes import Finding
from fluvius_demo.lessons.pitfall_view import tried
from fluvius_demo.lessons.predictions.record import question_of


def letter(name: str, finding: Finding) -> str:
    """Return the letter of the choice that expected this, as the notebook hands it over."""
    seen = finding.seen if finding.outcome == "wrong" else finding.outcome
    return "abcd"[question_of(name).came_true(seen)]


@pytest.mark.parametrize(
    ("name", "id", "expected"),
    [
        ("None at the end", "P05", {"set None": "c", "migrated": "b", "isolated": "a"}),
        ("run in a Context", "P24", {"migrated": "b", "one per command": "a", "isolated": "d"}),
    ],
)
def test_where_the_money_goes_depends_on_the_design(name: str, id: str, expected: dict[str, str]) -> None:
    """To its own account, to the other one's, or nowhere."""
    findings = asyncio.run(tried(id, *expected)).findings
    assert {design: letter(name, findings[design]) for design in expected} == expected


def test_who_keeps_the_account_depends_on_the_design() -> None:
    """All three keep it, or none does."""
    findings, question = asyncio.run(tried("P10", "migrated")).findings, question_of("Ana's account")
    assert [question.came_true(findings[design].seen) for design in ("migrated", "isolated")] == [2, 3]
