"""The one axis on which everything is judged."""

from dataclasses import FrozenInstanceError
from typing import Any, get_args

import pytest

from fluvius_demo.errors import BadRequestError
from fluvius_demo.lessons.outcomes import ALL_OUTCOMES, OUTCOMES, Finding, Outcome, compared


class TestTheAxis:
    """Four words, from good to bad."""

    def test_the_words_stand_in_their_order(self) -> None:
        """The order is what "the worst finding" goes by."""
        assert OUTCOMES == ("correct", "refused", "wrong", "stuck")

    def test_the_type_knows_the_same_words(self) -> None:
        """So that a type checker finds a fifth one."""
        assert get_args(Outcome) == ALL_OUTCOMES

    def test_the_two_for_pitfalls_come_last(self) -> None:
        """What is only missing here is not worse than what went wrong; no command alone is judged by either."""
        assert (*OUTCOMES, "leaked", "not applicable") == ALL_OUTCOMES


class TestCompared:
    """Nothing was raised: then it is right, or silently wrong."""

    @pytest.mark.parametrize(
        ("expected", "seen", "outcome"),
        [
            ("100 on ana", "100 on ana", "correct"),
            ("100 on ana", "100 on ben", "wrong"),
            (None, None, "correct"),
            (None, "ana", "wrong"),
            ([], ["stray"], "wrong"),
            ({"ana": 1}, {"ana": 0}, "wrong"),
            ("1", 1, "wrong"),
        ],
    )
    def test_equal_is_correct_and_all_else_wrong(self, expected: Any, seen: Any, outcome: Outcome) -> None:
        """Compared as values; things that merely read the same differ."""
        assert compared(expected, seen).outcome == outcome

    def test_the_evidence_is_kept_as_text(self) -> None:
        """Both sides, as they print."""
        assert compared({"ana": 100}, ["stray"]) == Finding("wrong", "{'ana': 100}", "['stray']")


class TestOfError:
    """Whatever was raised was loud: refused."""

    def test_the_evidence_is_the_type_and_the_text(self) -> None:
        """As in the last line of a traceback."""
        error = BadRequestError("do it", "it is late", "be early")
        assert Finding.of_error("that it works", error) == Finding(
            "refused", "that it works", "BadRequestError: Cannot do it: it is late. To solve this, be early."
        )

    def test_an_error_without_a_text_is_its_type(self) -> None:
        """As in the last line of a traceback: no colon with nothing behind it."""
        assert Finding.of_error("that it works", TimeoutError()).seen == "TimeoutError"

    def test_an_address_is_left_out(self) -> None:
        """It would be another one on the next run."""
        assert Finding.of_error("", ValueError("<Token var=<x at 0x7f00ff> at 0xAB>")).seen == (
            "ValueError: <Token var=<x>>"
        )

    def test_a_finding_cannot_be_changed(self) -> None:
        """Evidence is not edited."""
        with pytest.raises(FrozenInstanceError):
            compared(1, 1).outcome = "wrong"  # type: ignore[misc]
