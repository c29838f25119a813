"""Single checks, tried further: without threads, with another script, and on other sources."""

import asyncio
import threading
from typing import Any

import pytest
from test_claims_ledger import FAILS, HOLDS, IN_PART, UNTRIED

from fluvius_demo.aggregate import Aggregate
from fluvius_demo.banking import Bank
from fluvius_demo.isolated import IsolatedAggregate
from fluvius_demo.lessons import claims_async, claims_script, claims_tests, claims_threads, situations
from fluvius_demo.lessons.claims import judge
from fluvius_demo.lessons.claims_cleanup import left_after
from fluvius_demo.lessons.claims_python import names_in, oldest_grammar
from fluvius_demo.lessons.claims_script import documents_script, script_verifies
from fluvius_demo.lessons.claims_verdict import weighed
from fluvius_demo.migrated import MigratedAggregate


class TestWithoutThreads:
    """In a browser: what needs threads is left out, and the evidence says so."""

    @pytest.fixture(autouse=True)
    def _no_threads(self, monkeypatch: Any) -> None:
        def start(_thread: Any) -> None:
            raise RuntimeError("can't start new thread")

        monkeypatch.setattr(threading.Thread, "start", start)
        for module in (claims_async, claims_tests, claims_threads):
            monkeypatch.setattr(module, "THREADS", False)

    @pytest.mark.parametrize(
        ("id", "verdict", "untried"),
        [
            ("C04", IN_PART, ["by to_thread", "by run_in_executor"]),
            ("C09", HOLDS, ["in four threads"]),
            ("C10", UNTRIED, ["in threads"]),
            ("C11", UNTRIED, ["in threads"]),
        ],
    )
    def test_what_is_left_is_judged(self, id: str, verdict: str, untried: list[str]) -> None:
        """Or nothing is."""
        found = asyncio.run(judge(id, MigratedAggregate))
        assert found.verdict == verdict
        ends = [f"not tried {tried}: this Python has no threads" for tried in untried]
        assert found.evidence.endswith("; ".join(ends))


async def whole_script(design: type[Aggregate]) -> bool:
    """Do what the document's script does, and look after the block, too, and in two tasks."""
    probes = (left_after, situations.two_overlap)
    return await documents_script(design) and all([(await probe(design)).outcome == "correct" for probe in probes])


async def printing_script(design: type[Aggregate]) -> bool:
    """Compare nothing."""
    return bool(await Bank.opened(design))


class TestScripts:
    """C20: the script is judged by what it finds out."""

    @pytest.mark.parametrize(
        ("script", "design", "verdict", "held"),
        [
            (documents_script, IsolatedAggregate, IN_PART, 2),
            (whole_script, IsolatedAggregate, HOLDS, 4),
            (whole_script, MigratedAggregate, FAILS, 3),
            (printing_script, MigratedAggregate, IN_PART, 1),
        ],
    )
    def test_a_script_verifies_what_it_fails_on(self, script: Any, design: Any, verdict: str, held: int) -> None:
        """Whatever a script lets pass it has not verified."""
        parts = asyncio.run(script_verifies(design, script))
        assert weighed("C20", parts).verdict == verdict
        assert sum(part.holds for part in parts) == held

    def test_what_is_said_to_be_broken_is_broken(self, monkeypatch: Any) -> None:
        """Or nothing would follow from the script's success."""
        broken = situations.two_overlap
        monkeypatch.setitem(claims_script.BROKEN, "safety of commands at once", (IsolatedAggregate, broken))
        with pytest.raises(AssertionError, match="IsolatedAggregate is to break the safety of commands at once"):
            asyncio.run(script_verifies(MigratedAggregate))


class TestPython:
    """C30: the oldest grammar that knows a source, and what is new in 3.11."""

    @pytest.mark.parametrize(
        ("source", "minor"),
        [
            ("x = 1", 7),
            ("if (x := 1): pass", 8),
            ("match x:\n    case 1: pass", 10),
            ("try: pass\nexcept* OSError: pass", 11),
        ],
    )
    def test_the_oldest_grammar(self, source: str, minor: int) -> None:
        """As far as the parser can tell."""
        assert oldest_grammar(source) == minor

    @pytest.mark.parametrize(
        ("source", "names"),
        [
            ("from enum import Enum, StrEnum", ["enum.Enum", "enum.StrEnum"]),
            ("loop.create_task(f(), context=c)", ["create_task(context=…)"]),
            ("asyncio.create_task(f(), name='a')", ["asyncio.create_task"]),
            ("error.add_note('a')", ["add_note"]),
            ("asyncio.timeout(1)", ["asyncio.timeout"]),
        ],
    )
    def test_the_names_in_a_source(self, source: str, names: list[str]) -> None:
        """Imported ones, those of asyncio, and two that are methods."""
        assert list(names_in(source)) == names

    @pytest.mark.parametrize(
        ("module", "evidence", "verdict"),
        [
            (__name__, "for the grammar of the design's own file: 3.8 (expected: 3.7)", FAILS),
            ("builtins", "not tried for the grammar of the design's own file: it has no file", "not applicable"),
        ],
    )
    def test_another_file_another_verdict(self, module: str, evidence: str, verdict: str) -> None:
        """This one uses what came with 3.8; and a class from a notebook has none."""
        found = asyncio.run(judge("C30", design := type("Elsewhere", (MigratedAggregate,), {"__module__": module})))
        assert design.__module__ == module
        assert found.verdict == verdict
        assert evidence in found.evidence
