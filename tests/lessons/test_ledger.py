"""The ledger: 32 claims with their verdicts, and where each was decided."""

from html import unescape

import pytest

from fluvius_demo.lessons.claims_verdict import Judged, Verdict, judged
from fluvius_demo.lessons.claims_words import CLAIMS
from fluvius_demo.lessons.ledger import DECIDED_IN, Ledger, anchor, target


def made_up(*verdicts: Verdict) -> Ledger:
    """Return a ledger of the first claims with these verdicts."""
    return Ledger([judged(id, verdict, "a < b") for id, verdict in zip(CLAIMS, verdicts, strict=False)])


def test_all_claims_are_mapped() -> None:
    """And nothing that is none."""
    assert set(DECIDED_IN) == set(CLAIMS)


def test_an_anchor_is_the_heading_with_hyphens() -> None:
    """As JupyterLab has it: other signs than letters stay, what no address may hold is escaped."""
    assert anchor("P26 The reset's error, hidden") == "#P26-The-reset's-error,-hidden"
    assert anchor("2. What? (4 minutes)") == "#2.-What%3F-(4-minutes)"


def test_a_target_in_the_same_notebook_is_its_anchor_alone() -> None:
    """Elsewhere the notebook is named."""
    assert target("C06") == "#P03-Set-and-never-reset"
    assert target("C28") == "04_timing.ipynb#7.-The-verdict-(4-minutes)"


def test_verdicts_are_counted() -> None:
    """In words, the good ones first, without those that there are none of."""
    assert made_up("refuted", "confirmed", "refuted").tally == "1 confirmed, 2 refuted"
    assert made_up("confirmed within a limit", "not applicable").tally == "1 confirmed within a limit, 1 not applicable"


def test_as_text_a_line_for_each() -> None:
    """The verdict, the notebook and the heading."""
    assert repr(made_up("refuted")).splitlines() == [
        "1 claims: 1 refuted",
        "C01 refuted: 02_isolation_fix.ipynb # The nested command",
    ]


def test_the_table_holds_words_verdict_evidence_and_link() -> None:
    """The verdict by mark and word; nothing that JupyterLab drops."""
    html = made_up("confirmed", "refuted", "not applicable")._repr_html_()
    for id, said in zip(CLAIMS, ("✓ confirmed", "✕ refuted", "– not applicable"), strict=False):  # noqa: RUF001
        row = next(row for row in html.split("<tr>") if f">{id}<" in row)
        assert f"“{CLAIMS[id].words}”" in unescape(row)
        assert f">{said}<" in row
        assert "a &lt; b" in row
        assert f'href="{target(id)}"' in row
    assert [word for word in ("<style", "<script", "class=", " id=") if word in html] == []


@pytest.mark.parametrize(("remedy", "shown"), [("do <b>", "a < b. Instead: do <b>"), ("", "a < b")])
def test_a_remedy_stands_with_its_evidence(remedy: str, shown: str) -> None:
    """Where there is one."""
    html = Ledger([Judged(CLAIMS["C01"], "refuted", "a < b", remedy)])._repr_html_()
    assert f">{shown}<" in unescape(html.replace("<b>Instead:</b>", "Instead:"))
