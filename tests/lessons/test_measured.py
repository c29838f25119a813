"""What was measured: rows, the table, the data, and the machine."""

import json
import platform
import sys
from importlib.metadata import version
from typing import Any

import pytest

from fluvius_demo.lessons import measured as module
from fluvius_demo.lessons.measured import (
    Measured,
    Row,
    as_data,
    as_text,
    by_size,
    from_data,
    gathered,
    machine,
    number,
    rows_of,
)
from fluvius_demo.lessons.timing import Interval, Timing, compare

MACHINE = {"python": "CPython 3.11.7", "processors": 2, "platform": "Linux-6.1"}
KEPT = Row("memory", "a kept frame", Interval.exact(1_234), "bytes")
SLOW = Row("one command", "legacy", Interval(12.345, 12, 13), "us", Interval(3, 2.5, 3.5), "isolated")
NOISY = Row("one command", "migrated", Interval(4, 3, 5), "us", Interval(1.02, 0.96, 1.07), "isolated")
RUN = Measured(MACHINE, (KEPT, SLOW, NOISY))


@pytest.fixture
def versions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every package be there, in a version that says its name."""
    monkeypatch.setattr(module, "version", lambda name: f"{name} 1.0")


def told(ratio: Interval | None, to: str = "isolated") -> str:
    """Return the words of a row with this ratio."""
    return Row("section", "name", Interval.exact(1), "ns", ratio, to).told


class TestTold:
    """A ratio in words."""

    def test_without_a_ratio_there_is_nothing_to_tell(self) -> None:
        """An empty string, not None."""
        assert told(None) == told(None, "") == ""

    def test_an_exact_one_has_no_interval(self) -> None:
        """As the base's own, or a count's."""
        assert told(Interval.exact(1)) == "1.00 x isolated"
        assert told(Interval.exact(2.5)) == "2.50 x isolated"

    def test_one_that_tells_has_its_interval(self) -> None:
        """On either side of 1."""
        assert told(Interval(2, 1.5, 2.5)) == "2.00 x isolated (1.50 to 2.50)"
        assert told(Interval(0.5, 0.25, 0.75)) == "0.50 x isolated (0.25 to 0.75)"

    @pytest.mark.parametrize(("low", "high"), [(0.9, 1.2), (1, 1.2), (0.9, 1)])
    def test_one_that_may_be_1_says_so(self, low: float, high: float) -> None:
        """Also where 1 lies on the edge."""
        assert told(Interval(1, low, high)) == f"1.00 x isolated ({low:.2f} to {high:.2f}, too noisy to tell)"

    def test_a_share_is_held_against_nothing(self) -> None:
        """A share may be small and still tell; whether it is 1 is no question."""
        assert told(Interval(0.25, 0.125, 0.5), "of it") == "25.0% of it (12.5% to 50.0%)"
        assert told(Interval(0.75, 0.5, 1.5), "of it") == "75.0% of it (50.0% to 150.0%)"
        assert told(Interval(0.25, -0.5, 0.5), "of it") == "25.0% of it (-50.0% to 50.0%, too noisy to tell)"
        assert told(Interval.exact(0.25), "of it") == "25.0% of it"


class TestRowsOf:
    """A comparison as rows."""

    COMPARISON = {
        "fast": Timing((2e-6,), Interval(2e-6, 1e-6, 4e-6), Interval.exact(1)),
        "slow": Timing((8e-6,), Interval(8e-6, 8e-6, 8e-6), Interval(4, 2, 8)),
    }

    @pytest.mark.parametrize(("unit", "factor"), [("ns", 1_000), ("us", 1), ("ms", 0.001)])
    def test_seconds_become_the_unit(self, unit: str, factor: float) -> None:
        """The value, and the interval with it; the rows stand in the order of the variants."""
        fast, slow = rows_of("section", self.COMPARISON, unit)
        assert (fast.section, fast.name, fast.unit, slow.name) == ("section", "fast", unit, "slow")
        value = fast.value
        assert (value.value, value.low, value.high) == pytest.approx((2 * factor, 1 * factor, 4 * factor))
        assert slow.value.value == pytest.approx(8 * factor)

    def test_ratios_are_there_where_it_is_said_to_what(self) -> None:
        """And nowhere else."""
        assert [(row.ratio, row.to) for row in rows_of("section", self.COMPARISON)] == [(None, "")] * 2
        with_ratios = rows_of("section", self.COMPARISON, to="fast")
        assert [row.told for row in with_ratios] == ["1.00 x fast", "4.00 x fast (2.00 to 8.00)"]

    def test_they_are_made_of_what_compare_returns(self) -> None:
        """A thousandth of a second a loop, and half of that."""
        variants = {"whole": lambda loops: loops / 1_000, "half": lambda loops: loops / 2_000}
        whole, half = rows_of("section", compare(variants, "whole", rounds=1), "ms", to="whole")
        assert (whole.value.value, half.value.value, half.told) == (1, 0.5, "0.50 x whole")


class TestSection:
    """The rows of one section."""

    def test_they_are_found_by_name(self) -> None:
        """In their order."""
        assert RUN.section("one command") == {"legacy": SLOW, "migrated": NOISY}
        assert list(RUN.section("one command")) == ["legacy", "migrated"]

    def test_a_section_that_was_not_measured_is_an_error(self) -> None:
        """It names those that were."""
        with pytest.raises(KeyError) as caught:
            RUN.section("speed")
        assert caught.value.args == (
            "Cannot show 'speed': it was not measured. To solve this, use one of: memory, one command.",
        )


class TestBySize:
    """Rows that were measured at several sizes."""

    def test_they_are_found_by_what_and_size(self) -> None:
        """The size is the number after the last comma; rows of another unit, or without a size, are left out."""
        names = {"locked, 5 ms, 1 open": "ms", "locked, 5 ms, 1,000 open": "ms", "isolated, 10": "ms", "isolated": "ms"}
        names |= {"locked, 5 ms, 10 open": "us"}
        rows = {name: Row("load", name, Interval.exact(1), unit) for name, unit in names.items()}
        assert by_size(rows, "ms") == {
            "locked, 5 ms": {1: rows["locked, 5 ms, 1 open"], 1_000: rows["locked, 5 ms, 1,000 open"]},
            "isolated": {10: rows["isolated, 10"]},
        }


class TestText:
    """The table."""

    def test_it_names_the_machine_then_each_section_with_its_rows(self) -> None:
        """In columns: name, figure, unit, and the ratio where there is one."""
        assert as_text(RUN).splitlines() == [
            "CPython 3.11.7, 2 processors, Linux-6.1",
            "",
            "memory",
            "  a kept frame       1,234 bytes",
            "",
            "one command",
            "  legacy              12.3 us           3.00 x isolated (2.50 to 3.50)",
            "  migrated               4 us           1.02 x isolated (0.96 to 1.07, too noisy to tell)",
        ]

    @pytest.mark.parametrize(
        ("value", "text"),
        [
            (0, "0"),
            (7, "7"),
            (7.0, "7"),
            (0.5, "0.5"),
            (1.23456, "1.23"),
            (98.76, "98.8"),
            (99.96, "100"),
            (123.4, "123"),
            (999.6, "1,000"),
            (1_234_567.8, "1,234,568"),
            (0.000123456, "0.000123"),
            (-0.0456789, "-0.0457"),
            (-1_234.5, "-1,234"),
        ],
    )
    def test_a_figure_has_three_digits_that_count(self, value: float, text: str) -> None:
        """Or all of its whole ones, in groups; and none that are not there."""
        assert number(value) == text


class TestData:
    """The same figures to store."""

    def test_they_come_back_from_json_as_they_were(self) -> None:
        """With a ratio and without, to the last digit."""
        rows = (
            *RUN.rows,
            Row("s", "n", Interval(0.1 + 0.2, 1 / 3, 2 / 3), "ns", Interval(1 / 7, 1 / 9, 1 / 3), "of it"),
        )
        run = Measured(MACHINE, rows)
        assert from_data(json.loads(json.dumps(as_data(run)))) == run

    def test_they_are_plain(self) -> None:
        """A reader without this package understands them."""
        data = as_data(RUN)
        assert data["machine"] == MACHINE
        assert data["rows"][1] == {
            "section": "one command",
            "name": "legacy",
            "value": {"value": 12.345, "low": 12, "high": 13},
            "unit": "us",
            "ratio": {"value": 3, "low": 2.5, "high": 3.5},
            "to": "isolated",
        }
        assert data["rows"][0]["ratio"] is None

    @pytest.mark.usefixtures("versions")
    def test_a_run_of_this_machine_comes_back_too(self) -> None:
        """With all that is said of the machine."""
        run = gathered(iter(RUN.rows))
        assert (run.machine, run.rows) == (machine(), RUN.rows)
        assert from_data(json.loads(json.dumps(as_data(run)))) == run


class TestMachine:
    """What the figures depend on."""

    @pytest.mark.usefixtures("versions")
    def test_it_says_what_runs_and_on_what(self) -> None:
        """Interpreter, platform, processors, and the version of each package that is measured."""
        facts = machine()
        assert facts["python"] == f"{platform.python_implementation()} {platform.python_version()}"
        assert facts["platform"] == f"{platform.system()} {platform.machine()}"
        assert facts["processors"] is None or facts["processors"] >= 1
        assert facts["versions"] == {
            name: f"{name} 1.0" for name in ("fluvius-demo", "werkzeug", "asgiref", "structlog", "prometheus_client")
        }

    @pytest.mark.usefixtures("versions")
    @pytest.mark.parametrize("locked", [True, False])
    def test_it_says_whether_there_is_an_interpreter_lock(self, locked: bool, monkeypatch: pytest.MonkeyPatch) -> None:
        """As the interpreter says; one that cannot say has it."""
        monkeypatch.setattr(sys, "_is_gil_enabled", lambda: locked, raising=False)
        assert machine()["interpreter_lock"] is locked
        monkeypatch.delattr(sys, "_is_gil_enabled")
        assert machine()["interpreter_lock"] is True

    def test_the_versions_are_those_that_are_installed(self) -> None:
        """Where all of them are."""
        for name in ("werkzeug", "asgiref", "structlog", "prometheus_client"):
            pytest.importorskip(name)
        found: dict[str, Any] = machine()["versions"]
        assert found == {name: version(name) for name in found}
