"""All measurements in one: what is run in which order, how exactly, and what is said of it."""

import asyncio
from functools import partial
from typing import Any

import pytest
from made_up import burst, grown, row

from fluvius_demo.lessons import bench as module
from fluvius_demo.lessons.bench import EMPTY, USED, bench, in_words
from fluvius_demo.lessons.measured import Measured, Row, gathered
from fluvius_demo.lessons.one_command import FLOOR
from fluvius_demo.lessons.watching_cost import OFF, ON

PARTS = [
    "1 of 10: a read",
    "2 of 10: one command",
    "3 of 10: a whole deposit",
    "4 of 10: rules",
    "5 of 10: watching",
    "6 of 10: throughput",
    "7 of 10: growth",
    "8 of 10: what stays in memory",
    "9 of 10: threads and processes",
    "10 of 10: every order",
]
RULES = ("rules, in an empty command", "rules, in a command with 4 reads and 3 events")
MADE_UP: dict[str, list[Row]] = {
    "read_rows": [
        row("a read", "ContextVar.get", 9, ratio=3, to="an attribute"),
        row("a read", "IsolatedAggregate.context", 110, ratio=40, to="an attribute"),
    ],
    "empty_rows": [
        row(EMPTY, FLOOR, 250),
        row(EMPTY, "isolated", 1_500, ratio=6, to=FLOOR),
        row(EMPTY, "legacy", 9_000, ratio=36, to=FLOOR),
    ],
    "fetched_rows": [row("an empty command, its object fetched", "isolated", 2_100, ratio=0.25, to="legacy")],
    "used_rows": [
        row(USED, "migrated", 20_000, ratio=1.25, to="legacy"),
        row(USED, "isolated", 6_400, ratio=0.4, to="legacy"),
    ],
    "deposit_rows": [row("a whole deposit", "isolated", 66, "us", 0.84, "legacy")],
    "rules": [
        row(section, name, cost, ratio=share, to="of it")
        for section, share in zip(RULES, (0.09, 0.03), strict=True)
        for name, cost in (("a dear one", 70), ("a cheap one", 20), ("all of these", 90))
    ],
    "off_rows": [row(OFF, "all of these", 20, ratio=0.014, to="of it")],
    "on_rows": [row(ON, "off", 79, "us", 1, "off"), row(ON, "logging and metrics", 89, "us", 1.12, "off")],
    "load": burst(),
    "growth": grown(),
    "freed_rows": [
        Row("the root object is freed", f"after its task, {name}", None, word)
        for name, word in (("migrated", "kept"), ("isolated", "at once"))
    ],
    "parallel": [
        row("threads and processes", f"4 {workers}", 9_000, "commands/s", 1.8) for workers in ("threads", "processes")
    ],
    "orders": [row("every order", "two: 252 orders", 24_000, "orders/s")],
}
ANSWERS = [
    "Reading a context variable takes 9 ns",
    "An empty command takes 1,500 ns on isolated",
    "a command on isolated takes 0.4 times what it takes on legacy",
    "The rules of isolated are 9% of an empty command",
    "To be ready for watchers takes 1.4% of an empty command while there are none; logging and metrics together make a "
    "deposit take 12% longer",
    "With 1,000 commands in flight and a store that takes 5 ms, isolated serves 1,000 times",
    "One more command takes 1,400 ns while 10 are open",
    "The root object is kept on migrated in 1 of 1 situations",
    "the interpreter's lock 4 threads do 1.8 times the work of one",
]
SECTIONS = [*dict.fromkeys(made.section for rows in MADE_UP.values() for made in rows)]
WAITED_FOR = ("deposit_rows", "on_rows", "freed_rows")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """Replace everything that measures; return the list of what is called, each with what it is called with."""
    calls: list[tuple[str, Any]] = []

    def measure(name: str, *arguments: Any) -> list[Row]:
        calls.append((name, *arguments))
        return MADE_UP[name]

    async def wait_and_measure(name: str, *arguments: Any) -> list[Row]:
        assert asyncio.current_task()
        return measure(name, *arguments)

    for name in MADE_UP:
        monkeypatch.setattr(module, name, partial(wait_and_measure if name in WAITED_FOR else measure, name))
    return calls


class TestWhatIsRun:
    """Ten parts, one after the other."""

    @pytest.mark.usefixtures("asked")
    def test_the_sections_come_in_order(self) -> None:
        """All rows of all parts, as they were returned."""
        found = bench(told=[].append)
        assert found.rows == tuple(made for rows in MADE_UP.values() for made in rows)
        assert list(dict.fromkeys(made.section for made in found.rows)) == SECTIONS

    @pytest.mark.usefixtures("asked")
    def test_progress_is_told_before_each_part(self) -> None:
        """Which one it is, and of how many."""
        told: list[str] = []
        bench(told=told.append)
        assert told == PARTS

    @pytest.mark.parametrize(("quick", "rounds", "copies", "of_orders"), [(False, 31, 5, 5), (True, 7, 2, 1)])
    def test_each_is_asked_for_its_rounds(
        self, quick: bool, rounds: int, copies: int, of_orders: int, asked: list[tuple[str, Any]]
    ) -> None:
        """Quick takes fewer; what tells of itself how far it is tells it to the same."""

        def told(_text: str) -> None:
            pass

        bench(quick=quick, told=told)
        in_copies = ("empty_rows", "fetched_rows", "used_rows", "deposit_rows")
        assert asked == [
            ("read_rows", rounds),
            *((name, rounds, copies) for name in in_copies),
            ("rules", rounds),
            *((name, rounds, copies) for name in ("off_rows", "on_rows")),
            ("load", quick, told),
            ("growth", quick, told),
            ("freed_rows",),
            ("parallel", quick, told),
            ("orders", of_orders),
        ]

    @pytest.mark.usefixtures("asked")
    def test_an_error_is_raised(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A part that cannot be measured is not left out without a word."""
        told: list[str] = []
        monkeypatch.setattr(module, "rules", lambda _rounds: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            bench(told=told.append)
        assert told == PARTS[:4]


class TestInWords:
    """A sentence for each question, of the figures that were measured."""

    def test_each_question_has_its_answer(self, asked: list[tuple[str, Any]]) -> None:
        """In the order of the sections; they are part of what was measured."""
        words = bench(told=[].append).words
        assert len(asked) == len(MADE_UP)
        assert len(words) == len(ANSWERS)
        assert [(word, part) for word, part in zip(words, ANSWERS, strict=True) if part not in word] == []
        assert {word[-1] for word in words} == {"."}

    def test_other_figures_give_other_words(self) -> None:
        """Nothing is said by heart."""
        rows = [made for rows in MADE_UP.values() for made in rows]
        dearer = [row("a read", made.name, 77, ratio=7) if made.section == "a read" else made for made in rows]
        before, after = (in_words(Measured({}, tuple(each))) for each in (rows, dearer))
        assert after[0].startswith("Reading a context variable takes 77 ns, 7 times")
        assert before[1:] == after[1:]

    def test_without_a_section_there_is_no_answer(self) -> None:
        """It is named, and so are those that there are."""
        with pytest.raises(KeyError, match=r"Cannot show '.+': it was not measured\. To solve this, use one of: "):
            in_words(gathered(MADE_UP["empty_rows"]))
