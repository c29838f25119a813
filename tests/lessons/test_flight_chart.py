"""The chart of commands in flight says in words what it draws."""

from xml.etree import ElementTree

import pytest

from fluvius_demo.lessons.flight_chart import FlightChart

SVG = "{http://www.w3.org/2000/svg}"


def bars(chart: FlightChart) -> list[float]:
    """Return the heights of the bars."""
    group = ElementTree.fromstring(chart.svg()).find(f"{SVG}g")
    return [float(bar.get("height")) for bar in group.iter(f"{SVG}rect")]


class TestFlightChart:
    """A bar for each tick, and the ends below."""

    def test_it_is_empty_at_first(self) -> None:
        """It can be shown before anything has run."""
        assert bars(FlightChart()) == []
        assert FlightChart().words() == "nothing has run yet."

    @pytest.mark.parametrize("counts", [[1], [3, 7, 0], [100, 50], [12_345], [0, 0]])
    def test_the_bars_are_as_high_as_the_counts(self, counts: list[int]) -> None:
        """In proportion, within the picture."""
        chart = FlightChart()
        for count in counts:
            chart.add(count, {})
        highest = max(*counts, 1)
        found = bars(chart)
        assert max(found) <= 160
        for count, height in zip(counts, found, strict=True):
            assert height == pytest.approx(max(found) * count / highest, abs=0.2)

    def test_the_words_say_the_same(self) -> None:
        """The most, when that was, what is open, what has ended; in the picture and for a screen reader."""
        chart = FlightChart().add(3, {}).add(9, {"ok": 2}).add(1, {"ok": 9, "gave <up>": 1})
        words = "3 ticks; at most 9 commands open at once, in tick 2; 1 open now. Ended: 1 gave <up>, 9 ok."
        assert repr(chart) == f"In words: {words}"
        assert ElementTree.fromstring(chart.svg()).get("aria-label") == words
        assert "1 gave &lt;up&gt; · 9 ok" in chart.svg()

    def test_what_it_was_told_cannot_change_under_it(self) -> None:
        """A counter that goes on counting does not change a chart that is done."""
        ended = {"ok": 1}
        chart = FlightChart().add(1, ended)
        ended["ok"] = 2
        assert chart.ended == {"ok": 1}
