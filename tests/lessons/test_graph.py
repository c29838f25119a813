"""The progress graph: what passes where is counted right, and said right."""

from functools import cache
from math import comb

import pytest

from fluvius_demo.errors import BadRequestError, ScheduleError
from fluvius_demo.lessons.designs import DESIGNS
from fluvius_demo.lessons.graph import FEWEST, MOST, Node, Part, ProgressGraph, Traffic, progress_graph, story_rows
from fluvius_demo.lessons.graph_words import failing_of, in_words, tally_of
from fluvius_demo.lessons.interleave import Report, Story, Verdict, explore, steps_of
from fluvius_demo.lessons.outcomes import Finding, Outcome
from fluvius_demo.lessons.programs import PROGRAMS

RUNS = [(program, design) for program in ("two deposits", "a late child", "one account") for design in DESIGNS]


@cache
def ran(program: str, design: str) -> Report:
    """Run every order of a program of the bank on this design."""
    return explore(PROGRAMS[program].make(DESIGNS[design].aggregate))


@cache
def graph(program: str, design: str) -> ProgressGraph:
    """Return its graph."""
    return progress_graph(ran(program, design))


def told(*stories: tuple[Outcome, list[str]], exhaustive: bool = True) -> Report:
    """Return a report of these outcomes, each with its schedules."""
    report = Report(exhaustive=exhaustive)
    for number, (outcome, schedules) in enumerate(stories):
        verdict = Verdict((("A", Finding(outcome, "", "")),))
        report.stories.append(Story(verdict, schedules[0], 0, len(schedules)))
        report.orders += [(schedule, number) for schedule in schedules]
    return report


def passes(schedule: str, source: Node, target: Node) -> bool:
    """Return whether an order goes from one place to the other; counted anew from the start, unlike in the graph."""
    names = [name[0] for name in steps_of(schedule)]
    before, after = names[: sum(source)], names[: sum(target)]
    counts = [(some.count("A"), some.count("B")) for some in (before, after)]
    return len(names) >= sum(target) and counts == [source, target]


@pytest.mark.parametrize(("program", "design"), RUNS, ids=lambda value: value.replace(" ", "-"))
class TestWhatPasses:
    """The bank's programs, on every design."""

    def test_each_edge_counts_the_orders_through_it(self, program: str, design: str) -> None:
        """By outcome, as a count of every order one by one gives them."""
        report = ran(program, design)
        for (source, target), traffic in graph(program, design).edges.items():
            numbers = [number for schedule, number in report.orders if passes(schedule, source, target)]
            outcomes = [report.stories[number].outcome for number in numbers]
            assert traffic.outcomes == {outcome: outcomes.count(outcome) for outcome in set(outcomes)}

    def test_each_diagonal_is_crossed_by_every_order_that_lasts(self, program: str, design: str) -> None:
        """As many edges end at so many steps together as orders have so many steps or more."""
        lengths = [len(steps_of(schedule)) for schedule, _ in ran(program, design).orders]
        found = graph(program, design)
        for steps in range(1, max(lengths) + 1):
            crossing = [traffic.orders for (_, target), traffic in found.edges.items() if sum(target) == steps]
            assert sum(crossing) == sum(length >= steps for length in lengths)

    def test_each_place_is_left_or_stayed_at(self, program: str, design: str) -> None:
        """What comes to a place goes on from there, or ends there."""
        found = graph(program, design)
        left: dict[Node, int] = {}
        for (source, _), traffic in found.edges.items():
            left[source] = left.get(source, 0) + traffic.orders
        for node, traffic in found.nodes.items():
            ending = found.ends[node].orders if node in found.ends else 0
            assert traffic.orders == left.get(node, 0) + ending

    def test_the_tally_is_the_report_s(self, program: str, design: str) -> None:
        """The share, too."""
        report, found = ran(program, design), graph(program, design)
        assert found.tally == report.tally
        failing = sum(count for outcome, count in report.tally.items() if outcome != "correct")
        assert found.share == failing / len(report.orders)

    def test_all_places_are_reached_or_not(self, program: str, design: str) -> None:
        """Never both, never neither."""
        found = graph(program, design)
        assert found.reached | found.unreached == set(found.grid())
        assert not found.reached & found.unreached


class TestTheGraph:
    """What it says of places."""

    def test_where_nothing_is_in_the_way_the_counts_are_binomial(self) -> None:
        """Five steps each, every order possible: as many ways as to choose when A goes."""
        for ((x, y), (x2, y2)), traffic in graph("two deposits", "isolated").edges.items():
            assert traffic.outcomes == {"correct": comb(x + y, x) * comb(10 - x2 - y2, 5 - x2)}

    def test_a_task_of_a_command_is_that_command_s_progress(self) -> None:
        """A1 goes across, as A does."""
        assert ProgressGraph().path("AA1B a1") == [(0, 0), (1, 0), (2, 0), (2, 1), (3, 1)]
        assert graph("a late child", "isolated").size == (6, 5)

    def test_names_are_taken_from_the_orders(self) -> None:
        """The first in the alphabet goes across."""
        found = progress_graph(told(("correct", ["XCC"])))
        assert (found.names, found.size, found.place((1, 0))) == (("C", "X"), (2, 1), "C 1, X 0")

    @pytest.mark.parametrize("schedules", [["AA"], ["ABC"], []], ids=["one", "three", "none"])
    def test_only_two_commands_have_a_graph(self, schedules: list[str]) -> None:
        """Others are refused, with what to do."""
        report = told(("correct", schedules)) if schedules else Report()
        with pytest.raises(BadRequestError, match="explore two that overlap"):
            progress_graph(report)

    def test_a_path_of_strangers_is_refused(self) -> None:
        """And one that cannot be read."""
        with pytest.raises(BadRequestError, match="Cannot draw C: the graph is of A and B"):
            ProgressGraph().path("ABC")
        with pytest.raises(ScheduleError):
            ProgressGraph().path("A?")

    def test_the_guard_and_the_lock_keep_everybody_out_of_the_middle(self) -> None:
        """Legacy and locked have the same gap; on isolated every place is reached."""
        assert graph("two deposits", "legacy").gap == graph("two deposits", "locked").gap == ((2, 2), (4, 4))
        assert graph("two deposits", "isolated").gap is None
        assert graph("two deposits", "isolated").unreached == set()

    def test_a_corner_is_no_gap(self) -> None:
        """Only what orders go round; here two ways end apart, and nothing lies behind."""
        assert progress_graph(told(("correct", ["AAAAA", "BBBBB"]))).gap is None

    def test_the_gap_is_the_largest_rectangle(self) -> None:
        """Of six by four steps the border is taken, the column of A 1, and A 5, B 1: three by three are left."""
        report = told(("correct", ["AAAAAABBBB", "BBBBAAAAAA", "ABBBBAAAAA", "AAAAABABBB"]))
        assert progress_graph(report).gap == ((2, 1), (4, 3))

    def test_lost_is_where_every_order_fails_but_not_before(self) -> None:
        """AB is lost, and what comes behind it is so, too, but is not named again."""
        found = progress_graph(told(("correct", ["AABB", "BBAA"]), ("wrong", ["ABAB", "ABBA", "BABA", "BAAB"])))
        assert found.lost == ((1, 1),)
        assert progress_graph(told(("stuck", ["AB", "BA"]))).lost == ((0, 0),)
        assert progress_graph(told(("correct", ["AB", "BA"]))).lost == ()

    def test_an_empty_graph_knows_its_size_alone(self) -> None:
        """Nothing is reached, and nothing is said to be out of reach."""
        found = ProgressGraph.empty(("A", "C"), (3, 2))
        assert (found.names, found.size, len(list(found.grid()))) == (("A", "C"), (3, 2), 12)
        assert (found.reached, found.unreached, found.tally, found.share, found.lost) == (set(), set(), {}, 0.0, ())
        assert found.gap is None


class TestTraffic:
    """How a line is divided."""

    def test_what_is_correct_has_no_thick_part(self) -> None:
        """The line is thin from end to end."""
        assert Traffic({"correct": 7}).parts() == []
        assert Traffic({}).share == 0

    def test_what_fails_altogether_fills_the_line(self) -> None:
        """Each outcome has its share of it."""
        assert Traffic({"wrong": 3, "refused": 1}).parts() == [Part("refused", 0, 0.25), Part("wrong", 0.25, 1)]

    def test_the_thick_part_is_as_long_as_the_share_and_in_the_middle(self) -> None:
        """A half is a half."""
        assert Traffic({"correct": 1, "stuck": 1}).parts() == [Part("stuck", 0.25, 0.75)]

    @pytest.mark.parametrize(("failing", "length"), [(1, FEWEST), (999, MOST)])
    def test_few_do_not_look_like_none_nor_many_like_all(self, failing: int, length: float) -> None:
        """One in a thousand can be seen."""
        (part,) = Traffic({"correct": 1000 - failing, "wrong": failing}).parts()
        assert part.end - part.start == pytest.approx(length)

    @pytest.mark.parametrize(
        ("outcomes", "words"),
        [
            ({}, "no order"),
            ({"wrong": 1}, "1 wrong"),
            ({"correct": 5}, "all 5 correct"),
            ({"wrong": 2, "correct": 1}, "3 orders: 1 correct, 2 wrong"),
        ],
    )
    def test_it_is_said_in_words(self, outcomes: dict[Outcome, int], words: str) -> None:
        """In the order of the outcomes."""
        assert str(Traffic(outcomes)) == words


class TestWords:
    """The graph in sentences."""

    def test_the_designs_of_two_deposits(self) -> None:
        """How many fail, where it begins, and where nobody comes."""
        assert in_words(graph("two deposits", "legacy")) == (
            "2 of 10 correct, 8 refused; every order through A 1, B 1 or 6 more places fails; "
            "A 2, B 2 to A 4, B 4 is never reached: who comes second is refused."
        )
        assert in_words(graph("two deposits", "locked")) == (
            "all 10 correct; A 2, B 2 to A 4, B 4 is never reached: who comes second waits."
        )
        assert in_words(graph("two deposits", "isolated")) == "all 252 correct."

    def test_where_no_place_decides(self) -> None:
        """The late child's order is not seen in its family's progress."""
        assert failing_of(graph("a late child", "isolated")).startswith("no place decides it")

    def test_where_two_places_decide_and_where_all_is_lost(self) -> None:
        """Two are named; the start alone is everywhere."""
        assert (
            failing_of(graph("two deposits", "unguarded")) == "every order through A 1, B 1 or through A 4, B 4 fails"
        )
        assert failing_of(progress_graph(told(("stuck", ["AB", "BA"])))) == "every order fails, whatever its way"

    def test_you_are_here(self) -> None:
        """With what passes there; where nobody passes, the place alone."""
        found = progress_graph(told(("correct", ["AB"]), ("wrong", ["BA"])))
        assert in_words(found, (1, 0)).endswith("; you are at A 1, B 0, passed by 1 correct.")
        assert in_words(ProgressGraph(), (2, 1)) == "not explored yet; you are at A 2, B 1."

    def test_a_part_of_the_orders_is_called_a_part(self) -> None:
        """Who stopped early does not say "all" without saying of what."""
        found = progress_graph(told(("correct", ["AB", "BA"]), exhaustive=False))
        assert in_words(found) == "all 2 correct (of the orders that were tried; there are more)."

    def test_none_is_a_word(self) -> None:
        """Not 0 of 3."""
        assert tally_of({"refused": 2, "wrong": 1}) == "none of 3 correct, 2 refused, 1 wrong"


def test_stories_of_the_most_orders_come_first() -> None:
    """Of equals the simpler one."""
    rows = story_rows(ran("two deposits", "legacy"))
    assert [(story.orders, story.outcome) for story in rows] == [(4, "refused"), (4, "refused"), (2, "correct")]
    assert [story.schedule for story in rows[:2]] == sorted(story.schedule for story in rows[:2])
