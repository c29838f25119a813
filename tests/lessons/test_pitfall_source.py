"""The code of a scenario, as a reader unfolds it: all that runs in it, and nothing that does not."""

import ast

import pytest

from fluvius_demo.lessons.pitfall_source import source_of
from fluvius_demo.lessons.scenarios import LIMITS, PITFALLS

TESTS = [*PITFALLS.values(), *LIMITS.values()]


def names(source: str) -> list[str]:
    """Return the functions and classes that stand at the left margin."""
    return [node.name for node in ast.parse(source).body]


def shown(id: str) -> list[str]:
    """Return what is shown of a pitfall, by name."""
    return names(source_of(PITFALLS[id].test))


@pytest.mark.parametrize("scenario", TESTS, ids=lambda one: f"{type(one).__name__}-{one.id}")
def test_it_is_python_and_begins_with_the_scenario(scenario: object) -> None:
    """The scenario itself comes first, without its decorator; each part stands there once."""
    source = source_of(scenario.test)
    assert source.startswith(f"async def {scenario.test.__name__}(")
    assert len(names(source)) == len(set(names(source)))
    assert "remedy=" not in source


def test_a_scenario_without_helpers_stands_alone() -> None:
    """What lies in other files, such as an ordinary deposit, is not repeated with each."""
    assert shown("P03") == ["never_reset"]


def test_helpers_follow_in_the_order_of_their_first_use() -> None:
    """Those of its own file."""
    assert shown("P02") == ["shallow_copies", "_children_of_two", "_workers_of_an_ended_one", "_taken"]


def test_a_class_and_what_lies_in_a_table_are_helpers_too() -> None:
    """A worker, and the three troubles of P21, which are situations of an earlier lesson."""
    assert "Worker" in shown("P09")
    assert shown("P21")[1:4] == ["after_error", "after_cancellation", "after_timeout"]


def test_a_helper_that_is_wrapped_is_found() -> None:
    """The subclass of P06 is made by a cached function."""
    assert "_subclass" in shown("P06")


def test_what_only_words_the_finding_is_left_out() -> None:
    """It says nothing about what happens."""
    assert "_both_paid" not in shown("P18")
