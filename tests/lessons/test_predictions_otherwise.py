"""The questions of notebook 03 come out otherwise where the design, or the program, is another one."""

from fluvius_demo.lessons.designs import DESIGNS
from fluvius_demo.lessons.graph import progress_graph
from fluvius_demo.lessons.interleave import Report, explore, replay
from fluvius_demo.lessons.predictions.record import question_of
from fluvius_demo.lessons.programs import PROGRAMS


def letter(name: str, seen: object) -> str:
    """Return the letter of the choice that expected this."""
    return "abcd"[question_of(name).came_true(seen)]


def report(program: str, design: str) -> Report:
    """Run every order."""
    return explore(PROGRAMS[program].make(DESIGNS[design].aggregate))


def test_whose_account_a_sees_depends_on_the_design() -> None:
    """The other one's, its own, or none: the isolated class notes it when it has fetched the account."""
    found = {}
    for design in ("unguarded", "migrated", "isolated"):
        execution = replay(PROGRAMS["two deposits"].make(DESIGNS[design].aggregate), "AB")
        found[design] = letter("whose account", execution.seen("A")["account"])
        execution.close()
    assert found == {"unguarded": "b", "migrated": "a", "isolated": "c"}


def test_how_most_orders_end_depends_on_the_design() -> None:
    """Wrong, refused or correct."""
    found = {}
    for design in ("unguarded", "legacy", "isolated"):
        tally = report("two deposits", design).tally
        found[design] = letter("how most orders end", max(tally, key=tally.get))
    assert found == {"unguarded": "a", "legacy": "c", "isolated": "b"}


def test_where_nothing_fails_no_place_is_the_first() -> None:
    """And without a guard it is where both have opened."""
    found = {}
    for design in ("unguarded", "isolated"):
        graph = progress_graph(report("two deposits", design))
        found[design] = letter("where failing begins", [graph.place(node) for node in graph.lost[:1]])
    assert found == {"unguarded": "a", "isolated": "d"}


def test_with_a_version_or_a_lock_no_withdrawal_is_lost() -> None:
    """Without them one of the two can be."""
    found = {}
    for program in ("one account", "one account, with a lock", "one account, with If-Match"):
        stories = report(program, "isolated").stories
        found[program] = letter("what is left", {story.verdict.state for story in stories})
    assert list(found.values()) == ["b", "a", "a"]
