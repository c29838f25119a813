"""C23 to C28: how a judged claim reads; each verdict about cost, C23 to C25, by made-up rows."""

import pytest

from fluvius_demo import LegacyAggregate, MigratedAggregate
from fluvius_demo.lessons import claims
from fluvius_demo.lessons.claims import CLAIMS, Claim, Judged
from fluvius_demo.lessons.measured import Row
from fluvius_demo.lessons.timing import Interval

Rows = dict[str, Row]

HOLDS, IN_PART, FAILS = "confirmed", "confirmed within a limit", "refuted"


def row(name: str, value: float, ratio: float | None = None, unit: str = "ns") -> Row:
    """Return a row; its intervals are wide, so that one of their ends in place of the value would be found out."""
    own = None if ratio is None else Interval(ratio, ratio / 2, ratio * 2)
    return Row("section", name, Interval(value, value / 2, value * 2), unit, own)


def reads(variable: float, checked: float) -> Rows:
    """Return the rows of reads; both are so many times an attribute, which takes 2 ns."""
    ratios = {"an attribute": 1.0, "ContextVar.get": variable, "MigratedAggregate.context": checked}
    return {name: row(name, 2 * ratio, ratio) for name, ratio in ratios.items()}


def taking(ratio: float) -> Rows:
    """Return rows in which migrated takes so many times what legacy takes."""
    return {"legacy": row("legacy", 100, 1), "migrated": row("migrated", 100 * ratio, ratio)}


def bursts(gain: float) -> Rows:
    """Return the rows of bursts in which migrated serves so many times what the lock does in the largest one."""
    rates = {
        "locked, 5 ms, 1 in flight": 50,
        "locked, 5 ms, 1,000 in flight": 60,
        "migrated, 5 ms, 1 in flight": 50,
        "migrated, 5 ms, 1,000 in flight": 60 * gain,
        "isolated, 5 ms, 1,000 in flight": 7,
    }
    return {name: row(name, rate, unit="commands/s") for name, rate in rates.items()}


def at_once(gain: float) -> Rows:
    """Return the rows of whole deposits in which locked takes so many times what migrated takes."""
    return {"locked": row("locked", 100 * gain), "migrated": row("migrated", 100)}


def table(legacy: str, migrated: str) -> dict[str, dict[str, str]]:
    """Return a table of what is freed: a letter (at once, collector, kept) for each of three situations, on each."""
    words = {"a": "at once", "c": "by the collector", "k": "kept"}
    pairs = zip(("with a task", "with a timer", "with the proxy"), legacy, migrated, strict=True)
    return {situation: {"legacy": words[old], "migrated": words[new]} for situation, old, new in pairs}


class TestTheSix:
    """The claims that are judged by figures."""

    def test_each_judge_judges_its_own(self) -> None:
        """All six, each once."""
        freed = table("aaa", "aaa")
        judged = [
            claims.access_is_fast(reads(2, 2)),
            claims.no_impact(taking(1), taking(1)),
            claims.scales(bursts(80), at_once(1)),
            claims.stored_in_instances(LegacyAggregate, MigratedAggregate),
            claims.cleans_up(freed),
            claims.collects_better(freed),
        ]
        assert [one.claim for one in judged] == [CLAIMS[f"C{number}"] for number in range(23, 29)]


class TestInOneLine:
    """A judged claim as text."""

    CLAIM = Claim("C99", "It helps")

    def test_it_has_the_words_the_verdict_and_the_evidence(self) -> None:
        """And no remedy where there is none."""
        assert str(Judged(self.CLAIM, HOLDS, "7 of 7")) == "C99 “It helps” CONFIRMED: 7 of 7."

    def test_a_remedy_comes_last(self) -> None:
        """As what to do instead."""
        text = "C99 “It helps” CONFIRMED WITHIN A LIMIT: 5 of 7. Instead: do more."
        assert str(Judged(self.CLAIM, IN_PART, "5 of 7", "do more")) == text

    @pytest.mark.parametrize(
        ("judged", "instead"),
        [
            (claims.cleans_up(table("aaa", "aca")), ""),
            (claims.cleans_up(table("aaa", "aka")), "close the command and empty what outlives it, as isolated does"),
            (claims.collects_better(table("aca", "aaa")), ""),
            (claims.collects_better(table("aaa", "aaa")), "reset the variable by its token, and empty the frame"),
            (claims.collects_better(table("aaa", "aka")), "reset the variable by its token, and empty the frame"),
        ],
    )
    def test_the_remedy_is_there_only_where_the_claim_does_not_hold(self, judged: Judged, instead: str) -> None:
        """A claim that holds within a limit does not hold beyond it."""
        assert judged.remedy == instead
        assert (judged.verdict == HOLDS) == (not instead)
        assert str(judged).partition(" Instead: ")[2] == (f"{instead}." if instead else "")
        assert "\n" not in str(judged)


class TestLedger:
    """All verdicts as text."""

    def test_no_line_is_longer_than_asked_and_nothing_is_lost(self) -> None:
        """A blank line between two; what goes on is set in."""
        first, second = (Judged(CLAIMS[name], "confirmed", f"it is {name} " * 9) for name in ("C23", "C24"))
        told = claims.ledger([first, second], width=60)
        assert max(map(len, told.splitlines())) <= 60
        assert [" ".join(each.split()) for each in told.split("\n\n")] == [str(first), str(second)]
        assert all(line.startswith("    ") for line in told.split("\n\n")[0].splitlines()[1:])


class TestAccessIsFast:
    """C23: less than ten reads of an attribute, of the bare variable and of the property over it."""

    @pytest.mark.parametrize(
        ("variable", "checked", "verdict"),
        [(3, 9.9, HOLDS), (3, 10, IN_PART), (10, 3, IN_PART), (10, 36, FAILS)],
    )
    def test_the_verdict_follows_from_both(self, variable: float, checked: float, verdict: str) -> None:
        """Ten times is not fast any more."""
        assert claims.access_is_fast(reads(variable, checked)).verdict == verdict

    def test_it_says_its_figures(self) -> None:
        """Of both."""
        assert str(claims.access_is_fast(reads(3, 40))) == (
            "C23 “Context variable access is very fast” CONFIRMED WITHIN A LIMIT: ContextVar.get takes 6 ns, "
            "3 times an attribute, MigratedAggregate.context takes 80 ns, 40 times an attribute. "
            "Instead: read it once, and pass it on."
        )


class TestNoImpact:
    """C24: a whole deposit, and a command alone, take less than a tenth longer."""

    @pytest.mark.parametrize(
        ("whole", "alone", "verdict"),
        [
            (1.05, 1.09, HOLDS),
            (0.5, 0.5, HOLDS),
            (1.05, 1.1, IN_PART),
            (1.1, 1.05, FAILS),
            (1.5, 1.5, FAILS),
        ],
    )
    def test_the_whole_deposit_decides(self, whole: float, alone: float, verdict: str) -> None:
        """A command alone can only limit it."""
        assert claims.no_impact(taking(whole), taking(alone)).verdict == verdict

    def test_it_says_its_figures(self) -> None:
        """With their intervals."""
        assert str(claims.no_impact(taking(1), taking(1.5))) == (
            "C24 “No significant performance impact” CONFIRMED WITHIN A LIMIT: a whole deposit takes 1.00 times "
            "(0.50 to 2.00) what it takes on legacy, a command alone 1.50 times (0.75 to 3.00); on which side of 1.1 "
            "is too noisy to tell. Instead: keep one frame in one variable, as isolated does."
        )


class TestScales:
    """C25: half as many commands again, on a store that takes its time and on one that does not."""

    @pytest.mark.parametrize(
        ("slow", "quick", "verdict"),
        [(80, 1.6, HOLDS), (80, 1.5, IN_PART), (1.5, 80, FAILS), (0.5, 0.5, FAILS)],
    )
    def test_the_slow_store_decides(self, slow: float, quick: float, verdict: str) -> None:
        """The other one can only limit it."""
        assert claims.scales(bursts(slow), at_once(quick)).verdict == verdict

    def test_it_says_its_figures(self) -> None:
        """Of the largest burst, on the store that it names; a loss as well."""
        assert str(claims.scales(bursts(80), at_once(0.95))) == (
            "C25 “Better scalability for concurrent operations” CONFIRMED WITHIN A LIMIT: with 1,000 in flight and a "
            "store that takes 5 ms, migrated serves 80 times what the lock lets through; "
            "with a store that answers at once 0.95 times. Instead: look for what the commands wait for."
        )
        slower = {name.replace("5 ms", "20 ms"): rate for name, rate in bursts(0.5).items()}
        assert "a store that takes 20 ms, migrated serves 0.5 times" in claims.scales(slower, at_once(1)).evidence
        both = bursts(80) | slower  # the slowest store counts
        assert claims.scales(both, at_once(1)) == claims.scales(slower, at_once(1))

    def test_without_the_migrated_design_it_says_what_is_missing(self) -> None:
        """And what to do."""
        without = {name: row for name, row in bursts(80).items() if not name.startswith("migrated")}
        with pytest.raises(KeyError, match=r"^.Cannot judge C25: migrated was not measured, only locked, 5 ms, "):
            claims.scales(without, at_once(1))
