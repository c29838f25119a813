"""A burst as a picture and as text: both say the same, nothing is said by colour alone, and all of it can be seen."""

import asyncio
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from itertools import pairwise

import pytest

from fluvius_demo.lessons.colours import COLOURS
from fluvius_demo.lessons.designs import DESIGNS
from fluvius_demo.lessons.load import Waiting, waiting
from fluvius_demo.lessons.load_view import heading, load_svg, load_text
from fluvius_demo.lessons.outcomes import Finding, Outcome

SVG = "{http://www.w3.org/2000/svg}"
SMALLEST_PX = 16
LETTER_PX = 9.4  # how wide one is at most, on average, at 16 px
MIXED: list[Outcome] = ["correct", "wrong", "refused", "stuck"]


def a_run(commands: int, outcomes: Sequence[Outcome] = ("correct",), design: str = "isolated") -> Waiting:
    """Return a run in which each command waits a little longer than the one before; outcomes take turns."""
    findings = [
        Finding(outcome, "1 on <a>", "an <error>")
        for outcome, _ in zip(outcomes * commands, range(commands), strict=False)
    ]
    spans = [(0.001 * place, 0.001 * place + 0.015) for place in range(commands)]
    return Waiting(spans, commands, findings, design, 0.005)


def texts(svg: str) -> list[str]:
    """Return what is written in the picture, from the front to the back."""
    return [text.text or "" for text in ET.fromstring(svg).iter(f"{SVG}text")]


def bars(svg: str, outcome: Outcome) -> list[ET.Element]:
    """Return the bars of an outcome, the key's own left out."""
    found = [part for part in ET.fromstring(svg) if part.get("stroke") == COLOURS[outcome]]
    return [part for part in found if part.tag in (f"{SVG}path", f"{SVG}rect")]


def ends(path: ET.Element) -> tuple[float, float]:
    """Return where a bar begins and ends: "M12 3H45" → 12, 45."""
    begin, end = path.get("d")[1:].split("H")
    return float(begin.split()[0]), float(end)


class TestWords:
    """Text, title and description of a real run agree."""

    @pytest.mark.parametrize("design", list(DESIGNS))
    def test_text_and_picture_say_the_same(self, design: str) -> None:
        """The heading is the text's first line; the description is the text."""
        run = asyncio.run(waiting(DESIGNS[design].aggregate, 6, latency=0))
        drawn, told = ET.fromstring(load_svg(run)), load_text(run)
        assert drawn.get("role") == "img"
        assert drawn.find(f"{SVG}desc").text == told
        assert drawn.find(f"{SVG}title").text == drawn.get("aria-label") == told.splitlines()[0]
        assert ": ".join(texts(load_svg(run))[:2]) == told.splitlines()[0]
        assert f"at work at the same time: {run.most_at_once} at most" in told

    def test_the_heading(self) -> None:
        """What was run, and what came of it."""
        run = Waiting([(0.0, 0.010), (0.0, 0.020)], 2, a_run(2).findings, "isolated", 0.005)
        assert heading(run) == (
            "isolated: 2 commands at once, store takes 5 ms",
            "all done after 20 ms; 100 commands/s",
        )

    def test_one_command_is_not_called_many(self) -> None:
        """And has no shares of a hundred."""
        assert load_text(a_run(1)).splitlines() == [
            "isolated: 1 command, store takes 5 ms: all done after 15 ms; 66.7 commands/s",
            "at work at the same time: 1 at most",
            "outcomes: ✓ 1 correct",
        ]

    def test_what_went_wrong_is_told_with_evidence(self) -> None:
        """The first of each kind; a refusal by its error alone."""
        assert load_text(a_run(8, MIXED)).splitlines()[-4:] == [
            "outcomes: ✓ 2 correct, ✕ 2 refused, ≠ 2 wrong, … 2 stuck",
            "the first refused: an <error>",
            "the first wrong: expected 1 on <a>; seen an <error>",
            "the first stuck: expected 1 on <a>; seen an <error>",
        ]

    def test_where_nobody_is_served_no_share_is(self) -> None:
        """And the picture can be drawn all the same."""
        run = a_run(3, ["wrong"])
        assert "within" not in load_text(run)
        assert "≠ 3 wrong" in texts(load_svg(run))


class TestBars:
    """A row for each command."""

    @pytest.mark.parametrize("commands", [1, 20, 40, 100])
    def test_each_command_has_a_bar_that_can_be_seen(self, commands: int) -> None:
        """At least 3 px high, and none upon another one."""
        found = bars(load_svg(a_run(commands)), "correct")
        heights = [float(bar.get("stroke-width")) for bar in found]
        places = [float(bar.get("d").split()[1].split("H")[0]) for bar in found]
        assert len(found) == commands
        assert min(heights) >= 3
        assert all(low - high >= heights[0] for high, low in pairwise(places))

    def test_of_too_many_the_rest_is_counted(self) -> None:
        """A hundred are drawn."""
        svg = load_svg(a_run(130))
        assert len(bars(svg, "correct")) == 100
        assert texts(svg)[-1] == "… and 30 more commands, which are not drawn"
        assert "… and" not in load_svg(a_run(100))

    def test_waiting_is_dotted_and_ends_where_work_begins(self) -> None:
        """The first one waits for nobody."""
        svg = load_svg(a_run(5))
        dotted = [part for part in ET.fromstring(svg) if part.get("stroke-dasharray") == "2 4"]
        works = [ends(bar)[0] for bar in bars(svg, "correct")]
        assert [ends(bar)[1] for bar in dotted] == works[1:]
        assert "waits" in texts(svg)
        assert "waits" not in texts(load_svg(a_run(1)))

    def test_runs_to_the_same_end_have_the_same_scale(self) -> None:
        """So that a bar of the same length took as long."""
        long, short = a_run(20), a_run(5)
        first = [ends(bars(load_svg(run, long.total), "correct")[0]) for run in (long, short)]
        assert first[0] == first[1] != ends(bars(load_svg(short), "correct")[0])

    def test_a_refusal_that_took_no_time_can_be_seen(self) -> None:
        """It has a width."""
        findings = [Finding("correct", "", ""), Finding("refused", "", "")]
        (refused,) = bars(load_svg(Waiting([(0.0, 0.1), (0.0, 0.0)], 1, findings, "legacy", 0.005)), "refused")
        assert float(refused.get("width")) >= 3


class TestWithoutColour:
    """Each outcome has its own way, its mark and its word."""

    def test_bars_differ_in_shape(self) -> None:
        """Full, hollow, striped, dotted."""
        svg = load_svg(a_run(4, MIXED))
        ways = {outcome: bars(svg, outcome)[0] for outcome in MIXED}
        assert ways["refused"].tag == f"{SVG}rect"
        assert ways["refused"].get("fill") == "white"
        assert len({ways[outcome].get("stroke-dasharray") for outcome in ("correct", "wrong", "stuck")}) == 3

    def test_neighbours_share_a_label(self) -> None:
        """With the mark, the word and their rows."""
        found = texts(load_svg(a_run(20, ["correct", *["refused"] * 19])))
        assert found.count("✕ refused") == found.count("rows 2 to 20") == 1
        assert {"✓ 1 correct", "✕ 19 refused"} <= set(found)

    def test_one_row_has_its_label(self) -> None:
        """Without its number: it stands beside it."""
        found = texts(load_svg(a_run(20, ["wrong", *["correct"] * 19])))
        assert found.count("≠ wrong") == 1
        assert not [text for text in found if text.startswith("rows")]


class TestLegible:
    """Nothing is cut, covered or tiny."""

    @pytest.mark.parametrize("commands", [1, 3, 20, 50, 100, 130])
    @pytest.mark.parametrize("outcomes", [["correct"], ["refused"], MIXED], ids=lambda outcomes: outcomes[-1])
    def test_every_text_lies_within_the_picture(self, commands: int, outcomes: list[Outcome]) -> None:
        """However many commands there are, and whatever becomes of them."""
        drawn = ET.fromstring(load_svg(a_run(commands, outcomes, "one per command")))
        width, height = float(drawn.get("width")), float(drawn.get("height"))
        for text in drawn.iter(f"{SVG}text"):
            wide = len(text.text) * LETTER_PX
            begin = float(text.get("x")) - {"end": wide, "middle": wide / 2}.get(text.get("text-anchor"), 0)
            assert -1 <= begin <= begin + wide <= width + 1
            assert 12 <= float(text.get("y")) <= height - 4
        assert float(drawn.get("font-size")) >= SMALLEST_PX
        assert not [text for text in drawn.iter(f"{SVG}text") if text.get("font-size")]

    def test_labels_do_not_lie_on_each_other(self) -> None:
        """Where rows are too thin for all of them, some are left out; the key still counts them."""
        drawn = ET.fromstring(load_svg(a_run(100, MIXED)))
        lines = [text for text in drawn.iter(f"{SVG}text") if text.text in ("✕ refused", "≠ wrong", "… stuck")]
        places = [float(line.get("y")) for line in lines]
        assert all(low - high >= SMALLEST_PX for high, low in pairwise(places))
        assert "≠ 25 wrong" in texts(load_svg(a_run(100, MIXED)))

    @pytest.mark.parametrize("until", [0.00037, 0.012, 0.0121, 0.1, 1.53, 16.0])
    def test_the_axis_has_a_few_round_numbers(self, until: float) -> None:
        """From nought on, evenly, up to the end at most."""
        written = texts(load_svg(Waiting([(0.0, until)], 1, a_run(1).findings, "isolated", 0.005)))
        ticks = [float(text.replace(",", "")) for text in written[2 : written.index("ms since all asked")]]
        assert 3 <= len(ticks) <= 7
        assert ticks[0] == 0
        assert ticks[-1] <= until * 1000
        assert ticks == pytest.approx([ticks[1] * place for place in range(len(ticks))])
        assert f"{ticks[1]:e}"[0] in "125"

    def test_what_is_said_is_escaped(self) -> None:
        """An error's text may hold anything; the picture has no id, so that a page can hold many."""
        svg = load_svg(a_run(2, ["refused"]))
        assert "<error>" not in svg
        assert " id=" not in svg
