"""What each rule costs: that commands run its statement as often as it says, and how the figures are reckoned."""

import gc
from collections import Counter
from collections.abc import Callable
from contextvars import copy_context
from typing import Any

import pytest

from fluvius_demo import frame as frame_module
from fluvius_demo import isolated as isolated_module
from fluvius_demo.frame import CommandFrame
from fluvius_demo.frame import current as variable
from fluvius_demo.isolated import IsolatedAggregate
from fluvius_demo.lessons import rules as module
from fluvius_demo.lessons.one_command import Work, bank_of, empty, opening_of, timed, used, without_waiting
from fluvius_demo.lessons.rules import RULES, SECTIONS, TOGETHER, Rule, alone, rules
from fluvius_demo.lessons.timing import Comparison, Interval, Timing

NAMES = [rule.name for rule in RULES]
NESTING, OWNER, FINDING, ENDED, EMPTIES = RULES
EMPTY, USED = SECTIONS
LOOPS = 5
each_work = pytest.mark.parametrize("work", [empty, used], ids=["empty", "used"])


class CountedVariable:
    """The variable of the running command; counts who asks for it."""

    def __init__(self, counts: Counter[str], asked: str) -> None:
        self.counts, self.asked = counts, asked

    def get(self) -> Any:
        """Ask."""
        self.counts[self.asked] += 1
        return variable.get()

    set, reset = variable.set, variable.reset


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count what the commands of an isolated aggregate do."""
    counts: Counter[str] = Counter()
    closed, owner = CommandFrame.closed, CommandFrame.owner  # the slots

    class CountedFrame(CommandFrame):
        """Counts how often it is given an owner, asked whether it has ended, and closed."""

        __slots__ = ()

        @property
        def closed(self) -> bool:
            """Whether the command has ended."""
            counts["asks whether it has ended"] += 1
            return closed.__get__(self)

        @closed.setter
        def closed(self, value: bool) -> None:
            closed.__set__(self, value)

        @property
        def owner(self) -> Any:
            """Whose command it is."""
            return owner.__get__(self)

        @owner.setter
        def owner(self, value: Any) -> None:
            counts["owners"] += 1
            owner.__set__(self, value)

        async def __aenter__(self) -> Any:
            before = counts["frame looks"]
            proxy = await super().__aenter__()
            counts["looks on entering"] += counts["frame looks"] - before
            return proxy

        def close(self) -> int:
            counts["closes"] += 1
            return super().close()

    monkeypatch.setattr(IsolatedAggregate, "_frame_type", CountedFrame)
    monkeypatch.setattr(isolated_module, "current", CountedVariable(counts, "a use looks"))
    monkeypatch.setattr(frame_module, "current", CountedVariable(counts, "frame looks"))
    return counts


def made_up(seconds: Callable[[str], tuple[float, ...]]) -> Callable[..., Comparison]:
    """Return a `compare` that gives these samples to each variant by name."""

    def compare(variants: dict[str, Any], base: str, *, rounds: int) -> Comparison:
        return {name: Timing(seconds(name), Interval.exact(0), Interval.exact(0)) for name in variants}

    return compare


def reckoned(monkeypatch: pytest.MonkeyPatch, seconds: Callable[[str], tuple[float, ...]]) -> list[Any]:
    """Return the rows of a run in which every variant has taken these seconds."""
    monkeypatch.setattr(module, "compare", made_up(seconds))
    monkeypatch.setattr(module, "with_own_code", lambda work, design, _copies: timed(work, bank_of(design)))
    return rules()


def exactly(name: str) -> tuple[float, ...]:
    """Return seconds without any noise: nothing costs 1 ns, an added statement 3 ns, a command 1,000 or 2,000."""
    costs = {rule.statement: 3e-9 for rule in RULES} | {rule.without: 1e-9 for rule in RULES}
    return (({EMPTY: 1e-6, USED: 2e-6} | costs)[name],)


class TestHowOften:
    """A command runs each rule's statement as often as its row is multiplied by."""

    @each_work
    def test_commands_run_it_that_often(self, work: Work, counts: Counter[str]) -> None:
        """Counted on the real class, for each of five commands."""
        timed(work, bank_of(IsolatedAggregate))(LOOPS)
        times = {rule: LOOPS * (rule.in_empty if work is empty else rule.in_used) for rule in RULES}
        assert {
            NESTING: counts["looks on entering"],
            OWNER: counts["owners"],
            FINDING: counts["a use looks"],
            ENDED: counts["asks whether it has ended"],
            EMPTIES: counts["closes"],
        } == times

    def test_there_is_something_to_count(self) -> None:
        """A used command uses its frame; an empty one does not."""
        assert {rule.in_empty for rule in (FINDING, ENDED)} == {0}
        assert all(rule.in_used > 0 for rule in RULES)
        assert len(set(NAMES)) == len(RULES)


class TestAlone:
    """A statement is run where a command would run it."""

    def test_it_runs_inside_of_an_open_command(self) -> None:
        """Which is the innermost, and open."""
        assert alone("assert current.get() is frame and frame.aggregate is aggregate and not frame.closed")(3) >= 0

    def test_a_statement_that_fails_is_heard(self) -> None:
        """So the test above can fail."""
        with pytest.raises(AssertionError):
            alone("assert frame.closed")(1)

    @pytest.mark.parametrize("code", sorted({code for rule in RULES for code in (rule.statement, rule.without)}))
    def test_each_statement_runs_and_leaves_nothing(self, code: str) -> None:
        """The command is open before and after it, and the caller's Context is as it was."""
        before = dict(copy_context())
        assert alone(f"{code}; assert current.get() is frame and not frame.closed")(2) >= 0
        assert dict(copy_context()) == before

    @pytest.mark.parametrize("rule", RULES, ids=NAMES)
    def test_each_statement_is_what_the_command_asks(self, rule: Rule) -> None:
        """Inside of a command: one is open here, the frame is its own, it has not ended, and there are no events."""
        aggregate = bank_of(IsolatedAggregate).aggregate
        opening = (aggregate, *opening_of(bank_of(IsolatedAggregate)))

        async def answer() -> Any:
            async with aggregate.command_aggregate(*opening[1:]):
                names = {**vars(module), "aggregate": aggregate, "frame": variable.get(), "opening": opening}
                return eval(rule.statement, names)

        asked = copy_context().run(without_waiting, answer())
        expected = {NESTING: True, FINDING: False, ENDED: False, EMPTIES: 0}
        assert asked() is aggregate if rule is OWNER else asked == expected[rule]


class TestTheFigures:
    """What the rows hold."""

    def test_a_cost_is_the_difference_as_often_as_it_is_run(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """2 ns each: 4 of them in an empty command, 20 in a used one; rules that are not run have no row."""
        rows = reckoned(monkeypatch, exactly)
        in_empty = {rule.name: 2 * rule.in_empty for rule in RULES if rule.in_empty} | {TOGETHER: 8}
        in_used = {rule.name: 2 * rule.in_used for rule in RULES} | {TOGETHER: 40}
        expected = [(EMPTY, *item, 1_000) for item in in_empty.items()]
        expected += [(USED, *item, 2_000) for item in in_used.items()]
        assert [(row.section, row.name) for row in rows] == [(section, name) for section, name, _, _ in expected]
        assert [row.value.value for row in rows] == pytest.approx([cost for _, _, cost, _ in expected])
        assert [row.ratio.value for row in rows] == pytest.approx([cost / whole for _, _, cost, whole in expected])
        assert {(row.unit, row.to) for row in rows} == {("ns", "of it")}

    def test_noise_shows_in_the_interval(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A rule that costs now more, now less than nothing: too noisy to tell; what always costs is told."""

        def told(*costs: float) -> str:
            def seconds(name: str) -> tuple[float, ...]:
                return costs * 8 if name == OWNER.statement else exactly(name) * 8 * len(costs)

            return next(row.told for row in reckoned(monkeypatch, seconds) if row.name == OWNER.name)

        assert told(11e-9, 21e-9) == "1.5% of it (1.0% to 2.0%)"
        assert told(0.5e-9, 2e-9).endswith(", too noisy to tell)")

    def test_it_measures(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """In earnest, but shortly: all rows are there, in their units, and no interval is upside down."""
        monkeypatch.setattr(gc, "collect", lambda: 0)  # there is much to collect after all the tests
        short = module.compare
        monkeypatch.setattr(module, "compare", lambda *given, rounds: short(*given, rounds=rounds, seconds=1e-5))
        rows = rules(rounds=3)
        named = [[row.name for row in rows if row.section == section] for section in SECTIONS]
        assert named == [[rule.name for rule in RULES if rule.in_empty] + [TOGETHER], [*NAMES, TOGETHER]]
        assert {(row.unit, row.to) for row in rows} == {("ns", "of it")}
        assert all(row.ratio.low <= row.ratio.value <= row.ratio.high for row in rows)
