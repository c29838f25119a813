"""A pitfall as a notebook shows it: what came of it on some designs, its remedy, where it was met, and its code."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from fluvius_demo.errors import BadRequestError
from fluvius_demo.isolated import IsolatedAggregate
from fluvius_demo.lessons.colours import COLOURS, MARKS
from fluvius_demo.lessons.designs import DESIGNS
from fluvius_demo.lessons.mistakes import MISTAKES
from fluvius_demo.lessons.outcomes import Finding, Outcome
from fluvius_demo.lessons.pitfall_source import source_of
from fluvius_demo.lessons.pitfalls.pitfall import Limit, Pitfall, link
from fluvius_demo.lessons.scenarios import GROUPS, LIMITS, PITFALLS, Matrix, limits, verdict

_ALL = DESIGNS | MISTAKES
# Inline styles, because JupyterLab drops style sheets from notebooks that it does not trust yet.
_CELL = "text-align:left;vertical-align:top"
# A sentence that each refusal ends with; it helps whoever has to mend something, and here it is the remedy's turn.
_WAY_OUT = " To solve this, "


@dataclass(frozen=True)
class Tried:
    """A pitfall, or a limit, and the findings by what it was tried on. In a notebook it is a table, else text."""

    of: Pitfall | Limit
    findings: Mapping[str, Finding]

    @property
    def title(self) -> str:
        """Return the pitfall as its section in notebook 05 is called: "P03 Set and never reset"."""
        return heading(self.of.id)

    @property
    def met_by(self) -> tuple[str, ...]:
        """Return the public projects that met it; for a limit none, for its pitfall names them."""
        return self.of.met_by if isinstance(self.of, Pitfall) else ()

    @property
    def question(self) -> str:
        """Return the question of a limit; that of a pitfall stands in its section, in other words, and in its code."""
        return self.of.question if isinstance(self.of, Limit) else ""

    def __repr__(self) -> str:
        rows = [f"  {name}: {said(finding)}" for name, finding in self.findings.items()]
        met = [f"  Met by: {', '.join(self.met_by)}"] if self.met_by else []
        return "\n".join([f"{self.title}. {self.question}".rstrip(), *rows, f"  Remedy: {self.of.remedy}.", *met])

    def _repr_html_(self) -> str:
        rows = "".join(_row(name, finding) for name, finding in self.findings.items())
        head = "".join(f'<th style="{_CELL}">{word}</th>' for word in ("tried on", "outcome", "expected", "seen"))
        links = ", ".join(f'<a href="{link(met)}" target="_blank">{met}</a>' for met in self.met_by)
        return (
            f'<p style="margin-top:1em"><b>'
            f"{escape(self.title, quote=False)}.</b> {escape(self.question, quote=False)}</p>"
            f"<table><tr>{head}</tr>{rows}</table>"
            f"<p><b>Remedy:</b> {escape(self.of.remedy, quote=False)}.{links and f' <b>Met by:</b> {links}'}</p>"
            "<details><summary>The code that ran</summary>"
            f"<pre>{escape(source_of(self.of.test), quote=False)}</pre></details>"
        )


async def tried(id: str, *names: str) -> Tried:
    """Run a pitfall on these designs, shipped ones or mistakes, and then on isolated: `tried("P05", "set None")`.

    Raises BadRequestError for a pitfall or a design that there is not.
    """
    if id not in PITFALLS:
        raise BadRequestError(f"try {id!r}", "there is no such pitfall", f"use one of {', '.join(PITFALLS)}")
    if unknown := [name for name in names if name not in _ALL]:
        raise BadRequestError(
            f"try {id} on {unknown[0]!r}", "there is no design of that name", f"use some of {', '.join(_ALL)}"
        )
    findings = {name: await verdict(id, _ALL[name].aggregate) for name in dict.fromkeys((*names, "isolated"))}
    return Tried(PITFALLS[id], findings)


async def remaining() -> list[Tried]:
    """Run on isolated what no design can catch: each without its remedy, and with it."""
    found = await limits(IsolatedAggregate)
    return [
        Tried(LIMITS[id], {"isolated": without, "isolated, with the remedy": remedied})
        for id, (without, remedied) in found.items()
    ]


def heading(id: str) -> str:
    """Return what the section about a pitfall is called in notebook 05."""
    name = PITFALLS[id].name
    first = name.partition(" ")[0]
    return f"{id} {name if '_' in first else name[0].upper() + name[1:]}"  # wait_for is a name


def said(finding: Finding) -> str:
    """Return a finding in one line."""
    outcome = f"{MARKS[finding.outcome]} {finding.outcome}"
    if finding.outcome == "not applicable":
        return f"{outcome}: it needs {finding.expected}; here is {finding.seen}"
    return f"{outcome}. Expected: {finding.expected}. Seen: {_short(finding.seen)}"


def _row(name: str, finding: Finding) -> str:
    outcome = f"{MARKS[finding.outcome]} {finding.outcome}"
    style = f"{_CELL};white-space:nowrap;border-left:6px solid {COLOURS[finding.outcome]}"
    texts = "".join(
        f'<td style="{_CELL}">{escape(text, quote=False)}</td>' for text in (finding.expected, _short(finding.seen))
    )
    return f'<tr><td style="{_CELL};white-space:nowrap">{name}</td><td style="{style}">{outcome}</td>{texts}</tr>'


def _short(seen: str) -> str:
    return seen.partition(_WAY_OUT)[0]


def grouped(table: Matrix) -> tuple[dict[str, dict[str, Outcome]], dict[str, str]]:
    """Return what `figures.verdict_grid` draws of a matrix: the outcomes by group, and the group of each row."""
    rows = {f"{id} {PITFALLS[id].name}": id for ids in GROUPS.values() for id in ids if id in table}
    outcomes = {row: {name: finding.outcome for name, finding in table[id].items()} for row, id in rows.items()}
    return outcomes, {row: PITFALLS[id].group for row, id in rows.items()}
