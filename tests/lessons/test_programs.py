"""What every order of the bank's programs comes to on each design, counted; and the simplest order that goes wrong."""

from functools import cache

import pytest

from fluvius_demo.lessons.designs import DESIGNS
from fluvius_demo.lessons.interleave import Report, explore, replay
from fluvius_demo.lessons.outcomes import Outcome
from fluvius_demo.lessons.programs import PROGRAMS

COUNTS = """
program                     design            correct  refused  wrong  stuck
two deposits                unguarded              30       26    196      0
two deposits                legacy                  2        8      0      0
two deposits                locked                 10        0      0      0
two deposits                one per command       252        0      0      0
two deposits                migrated              252        0      0      0
two deposits                isolated              252        0      0      0
a failing command           unguarded               0       11      4      0
a failing command           legacy                  0        6      0      0
a failing command           locked                  0        6      0      0
a failing command           one per command         0       15      0      0
a failing command           migrated                0       15      0      0
a failing command           isolated                0       15      0      0
a late child                unguarded              38       29    792      0
a late child                legacy                  2        9     11      0
a late child                locked                 11        0     35      0
a late child                one per command       462        0    462      0
a late child                migrated              462        0    462      0
a late child                isolated              462      462      0      0
a command in a command      unguarded               0       74     52      0
a command in a command      legacy                  0        6      0      0
a command in a command      locked                  0        0      0      6
a command in a command      one per command         0       15      0      0
a command in a command      migrated                0        0    330      0
a command in a command      isolated                0       15      0      0
one account                 unguarded               6       56    126      0
one account                 legacy                  6        6      6      0
one account                 locked                 24        0     24      0
one account                 one per command        42        0    210      0
one account                 migrated               42        0    210      0
one account                 isolated               42        0    210      0
one account, with a lock    unguarded              10        0      0      0
one account, with a lock    legacy                 10        0      0      0
one account, with a lock    locked                 10        0      0      0
one account, with a lock    one per command        10        0      0      0
one account, with a lock    migrated               10        0      0      0
one account, with a lock    isolated               10        0      0      0
one account, with If-Match  unguarded             140       48      0      0
one account, with If-Match  legacy                 10        8      0      0
one account, with If-Match  locked                 48        0      0      0
one account, with If-Match  one per command       252        0      0      0
one account, with If-Match  migrated              252        0      0      0
one account, with If-Match  isolated              252        0      0      0
"""
ROWS = [
    (line[:28].strip(), line[28:44].strip(), [int(count) for count in line[44:].split()])
    for line in COUNTS.strip().splitlines()[1:]
]


@cache
def report(program: str, design: str) -> Report:
    """Return every order of a program on a design."""
    return explore(PROGRAMS[program].make(DESIGNS[design].aggregate))


@pytest.mark.parametrize(("program", "design", "counts"), ROWS, ids=[f"{row[0]}, {row[1]}" for row in ROWS])
def test_every_order_is_counted(program: str, design: str, counts: list[int]) -> None:
    """All orders were run, and so many were correct, refused, wrong and stuck."""
    found = report(program, design)
    assert found.exhaustive
    assert [found.tally.get(word, 0) for word in ("correct", "refused", "wrong", "stuck")] == counts
    assert len({schedule for schedule, _ in found.orders}) == sum(counts)


def test_every_small_program_is_counted_on_every_design() -> None:
    """No row is missing, but for the two programs that take seconds: they have tests of their own."""
    small = PROGRAMS.keys() - {"three deposits", "two long calls"}
    assert {row[:2] for row in ROWS} == {(program, design) for program in small for design in DESIGNS}


SIMPLEST: list[tuple[str, str, Outcome, str, str]] = [
    ("two deposits", "unguarded", "wrong", "AAAABBBBBA", "A: 100 on ana, with the events of nobody; B: 50 on ben"),
    (
        "two deposits",
        "legacy",
        "refused",
        "AAAABA",
        "A: 100 on ana; B: RuntimeError: Overlapping context",
    ),
    ("a late child", "migrated", "wrong", "AAAAAA1BBBBB", "A: 100 on ana, with the events of ana; B: 50 on ben"),
    ("a late child", "isolated", "refused", "AAAAAA1BBBBB", ""),
    ("a command in a command", "locked", "stuck", "AAB", "A: waits for ever; B: waits for ever"),
    ("a command in a command", "migrated", "wrong", "AAAAAAABBBB", "A: 100 on fees, with the events of fees"),
    ("one account", "isolated", "wrong", "AAAABBBBBA", "A: -30 on ana, but 20 too much is there afterwards"),
]


@pytest.mark.parametrize(("program", "design", "outcome", "schedule", "told"), SIMPLEST)
def test_the_simplest_failing_order(program: str, design: str, outcome: Outcome, schedule: str, told: str) -> None:
    """The order with the fewest switches that fails in this way; replayed, it tells the same."""
    assert report(program, design).simplest(outcome) == schedule
    execution = replay(PROGRAMS[program].make(DESIGNS[design].aggregate), schedule)
    verdict = execution.verdict()
    assert verdict.outcome == outcome
    assert "; ".join(f"{name}: {finding.seen}" for name, finding in verdict.findings).startswith(told)
    execution.close()


@pytest.mark.parametrize("design", ["one per command", "migrated", "isolated"])
def test_isolation_alone_loses_an_update(design: str) -> None:
    """P28: where only the command's state is kept apart, a withdrawal is lost; a lock or If-Match mends it."""
    assert report("one account", design).tally["wrong"] == 210
    for remedy in ("one account, with a lock", "one account, with If-Match"):
        assert set(report(remedy, design).tally) == {"correct"}
