"""Notebook 05 shows each pitfall under its own heading, on a design that falls into it; its links lead somewhere."""

import ast
import asyncio
import re
from pathlib import Path

import nbformat
import pytest
from documents import passages, titles
from store_outputs import COURSE

from fluvius_demo.lessons.ledger import DECIDED_IN
from fluvius_demo.lessons.pitfall_view import heading, tried
from fluvius_demo.lessons.scenarios import GROUPS, PITFALLS

NOTEBOOK = nbformat.read(COURSE / "05_pitfalls.ipynb", as_version=4)
# None of the designs falls into it: the bank's store compares versions. What remains of it is shown as a limit.
NOBODY_FALLS = {"P28"}


def headings(path: Path) -> list[str]:
    """Return the headings of a notebook, as they are read."""
    return [title for passage in passages(path) for title in titles(passage)]


def runs() -> dict[str, list[str]]:
    """Return what each pitfall is tried on, from the calls in the code cells."""
    source = "\n".join(cell.source for cell in NOTEBOOK.cells if cell.cell_type == "code" and "tried(" in cell.source)
    # An await at the top is none of Python's grammar.
    calls = [node for node in ast.walk(ast.parse(source.replace("await ", ""))) if isinstance(node, ast.Call)]
    named = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "tried"]
    return {call.args[0].value: [name.value for name in call.args[1:]] for call in named}


def test_each_pitfall_has_its_heading() -> None:
    """Its id and its name, as the registry has it, under its group, once."""
    found = [title for title in headings(COURSE / "05_pitfalls.ipynb") if re.match(r"P\d\d|\d\. ", title)]
    for number, (name, ids) in enumerate(GROUPS.items(), start=1):
        first = next(place for place, title in enumerate(found) if title.startswith(f"{number}. "))
        assert found[first].lower().startswith(f"{number}. {name} (")
        assert sorted(found[first + 1 : first + 1 + len(ids)]) == [heading(id) for id in ids]


def test_each_pitfall_is_run() -> None:
    """In the section of its heading: the cell that runs it is the next one with code, but for a prediction."""
    assert set(runs()) == set(PITFALLS)
    cells = NOTEBOOK.cells
    for id in PITFALLS:
        place = next(i for i, cell in enumerate(cells) if f"### {heading(id)}\n" in cell.source)
        code = (cell.source for cell in cells[place:] if cell.cell_type == "code")
        following = next(source for source in code if "predict(" not in source)
        assert f'tried("{id}", ' in following


@pytest.mark.parametrize("id", PITFALLS)
def test_it_is_run_on_a_design_that_falls_into_it(id: str) -> None:
    """The first one named does; isolated never does."""
    one = asyncio.run(tried(id, *runs()[id]))
    first, *_, last = one.findings.values()
    versions = id in ("P11", "P12", "P13", "P17", "P23") and first.outcome == "not applicable"
    versions |= id == "P19" and first.outcome == "correct"  # since Python 3.12
    assert first.outcome in ("wrong", "stuck", "leaked", "refused") or versions
    assert (first.outcome != last.outcome) == (id not in NOBODY_FALLS) or versions
    assert last.outcome in ("correct", "refused", "not applicable")


@pytest.mark.parametrize("id", DECIDED_IN)
def test_each_claim_is_decided_where_the_ledger_says(id: str) -> None:
    """The notebook has that heading, once."""
    notebook, title = DECIDED_IN[id]
    assert headings(COURSE / notebook).count(title) == 1


def test_a_claim_with_a_section_of_its_own_is_named_there() -> None:
    """Those that no pitfall decides: the heading begins with their ids."""
    for id, (_, title) in DECIDED_IN.items():
        named = re.findall(r"C\d\d", title)
        assert not named or id in named
        assert all(DECIDED_IN[other][1] == title for other in named)
