"""The claims ledger as a notebook shows it: each claim with its verdict, the evidence, and where it was decided."""

from collections import Counter
from collections.abc import Sequence
from html import escape
from urllib.parse import quote

from fluvius_demo.lessons.claims_verdict import Judged, Verdict
from fluvius_demo.lessons.pitfall_view import heading

HERE = "05_pitfalls.ipynb"
_FIX, _TIMING = "02_isolation_fix.ipynb", "04_timing.ipynb"
_NESTED = (_FIX, "The nested command")
_JUDGED = (_TIMING, "7. The verdict (4 minutes)")
SCRIPT, STILL, BY_HAND, AROUND = (
    (HERE, "C20 The script"),
    (HERE, "C21, C22, C29 What still works, and what complains"),
    (HERE, "C16, C17, C18, C31, C32 Showing and clearing by hand"),
    (HERE, "C09, C30 Tests side by side, and old Pythons"),
)

# Where a reader sees what decides a claim: the notebook, and the heading that the cell stands under.
DECIDED_IN: dict[str, tuple[str, str]] = {
    "C01": _NESTED,
    "C02": (_FIX, "4. The four lock-outs again (8 minutes)"),
    "C03": (HERE, heading("P29")),
    "C04": (HERE, heading("P12")),
    "C05": (HERE, heading("P08")),
    "C06": (HERE, heading("P03")),
    "C07": (HERE, heading("P25")),
    "C08": (HERE, heading("P25")),
    "C09": AROUND,
    "C10": (HERE, heading("P13")),
    "C11": (HERE, heading("P12")),
    "C12": (HERE, heading("P01")),
    "C13": (HERE, heading("P03")),
    "C14": _NESTED,
    "C15": (HERE, heading("P01")),
    "C16": BY_HAND,
    "C17": BY_HAND,
    "C18": BY_HAND,
    "C19": _NESTED,
    "C20": SCRIPT,
    "C21": STILL,
    "C22": STILL,
    **dict.fromkeys(("C23", "C24", "C25", "C26", "C27", "C28"), _JUDGED),
    "C29": STILL,
    "C30": AROUND,
    "C31": BY_HAND,
    "C32": BY_HAND,
}

# The word says it; the mark and the colour (Okabe and Ito's, as in colours.py) only find it sooner.
_MARKS: dict[Verdict, tuple[str, str]] = {
    "confirmed": ("✓", "#009E73"),
    "confirmed within a limit": ("±", "#E69F00"),
    "refuted": ("✕", "#D55E00"),
    "not applicable": ("–", "#BBBBBB"),  # noqa: RUF001
}
_CELL = "text-align:left;vertical-align:top"


def anchor(heading: str) -> str:
    """Return the fragment that JupyterLab gives to a heading, for a link."""
    return "#" + quote(heading.replace(" ", "-"), safe="(),'")


def target(id: str) -> str:
    """Return where the link of a claim leads, as seen from notebook 05."""
    notebook, heading = DECIDED_IN[id]
    return f"{'' if notebook == HERE else notebook}{anchor(heading)}"


class Ledger:
    """Judged claims as a table with links; as text, a line for each."""

    def __init__(self, verdicts: Sequence[Judged]) -> None:
        self.verdicts = list(verdicts)

    @property
    def tally(self) -> str:
        """How many claims have which verdict, in words."""
        counts = Counter(judged.verdict for judged in self.verdicts)
        return ", ".join(f"{counts[verdict]} {verdict}" for verdict in _MARKS if counts[verdict])

    def __repr__(self) -> str:
        lines = (f"{judged.claim.id} {judged.verdict}: {' # '.join(self._place(judged))}" for judged in self.verdicts)
        return "\n".join([f"{len(self.verdicts)} claims: {self.tally}", *lines])

    def _repr_html_(self) -> str:
        titles = ("claim", "the document's words", "verdict", "evidence", "decided in")
        head = "".join(f'<th style="{_CELL}">{title}</th>' for title in titles)
        rows = "".join(self._row(judged) for judged in self.verdicts)
        return (
            f"<p><b>{len(self.verdicts)} claims:</b> {self.tally}</p>"
            f'<table style="table-layout:auto"><tr>{head}</tr>{rows}</table>'
        )

    def _row(self, judged: Judged) -> str:
        mark, colour = _MARKS[judged.verdict]
        notebook, heading = self._place(judged)
        cells = (
            (_CELL, judged.claim.id),
            (f"{_CELL};min-width:11em", f"“{escape(judged.claim.words, quote=False)}”"),
            (f"{_CELL};min-width:6.5em;border-left:6px solid {colour}", f"{mark} {judged.verdict}"),
            (_CELL, escape(judged.evidence, quote=False) + self._remedy(judged)),
            (
                f"{_CELL};min-width:9em",
                f'<a href="{target(judged.claim.id)}">{notebook[:2]}: {escape(heading, quote=False)}</a>',
            ),
        )
        inner = "".join(f'<td style="{style}">{text}</td>' for style, text in cells)
        return f"<tr>{inner}</tr>"

    def _remedy(self, judged: Judged) -> str:
        return f". <b>Instead:</b> {escape(judged.remedy, quote=False)}" if judged.remedy else ""

    def _place(self, judged: Judged) -> tuple[str, str]:
        return DECIDED_IN[judged.claim.id]
