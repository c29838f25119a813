"""The stepper as HTML: the lanes with their source, the slots, the verdict, the graph. Inline styles alone.

Nothing is said by colour alone: the line that waits has an arrow, what has changed a dot and the word "new", an
outcome its mark and its word.
"""

import re
from collections.abc import Iterable
from functools import cache
from html import escape

from fluvius_demo.lessons import stepper_words as words
from fluvius_demo.lessons.colours import COLOURS, MARKS
from fluvius_demo.lessons.levels import LEVELS, Progress
from fluvius_demo.lessons.listing import Line, listing
from fluvius_demo.lessons.outcomes import Outcome
from fluvius_demo.lessons.stepper import Stepper
from fluvius_demo.lessons.svg import progress_svg
from fluvius_demo.lessons.svg_stories import stories_svg

# White paper and dark ink of its own, so that it can be read on a dark page as well.
_PAPER = "background:#fff;color:#222;font:14px/1.4 sans-serif;padding:4px"
_FLUSH = f"{_PAPER} 0"  # in line with the table above it
_CODE = "font:13px/1.4 monospace"
_NEW = "background:#fff0b3;font-weight:bold"  # bold and a word go with it wherever it is used


def lanes_html(stepper: Stepper) -> str:
    """Return a lane for each command and task: its source, with an arrow at the line where it waits."""
    lanes = "".join(_lane(stepper, name) for name in stepper.names)
    return f'<div style="{_PAPER};display:flex;flex-wrap:wrap;gap:8px">{lanes}</div>'


def _lane(stepper: Stepper, name: str) -> str:
    execution, role = stepper.execution, stepper.program.roles.get(name)
    places = execution.waits_for(name)
    here = places[0].line if places else None
    order = f": {role.order}" if role else f": a task that {name[0]} has started"
    lines = "".join(_line(line, waits=line.number == here) for line in listing(stepper.start(name)))
    inner = words.way_in(places)
    within = f'<div style="margin-top:4px;overflow-wrap:anywhere">inside: {escape(inner)}</div>' if inner else ""
    weight = 3 if name in execution.ready else 1
    return (
        f'<div role="group" aria-label="Lane of {name}" style="flex:1 1 260px;min-width:0;'
        f'border:1px solid #767676;border-top:{weight}px solid #222;padding:4px 6px">'
        f"<div><b>{name}{escape(order)}</b> · {escape(words.standing(stepper, name))}</div>"
        f'<div style="{_CODE}">{lines}</div>{within}</div>'
    )


def _line(line: Line, *, waits: bool) -> str:
    if waits:
        return _CODE_LINE.format(' aria-current="step"', f";{_NEW}", "#222", "▶", line.number, *_code(line))
    return _CODE_LINE.format("", "", "#595959", "&nbsp;", line.number, *_code(line))


_CODE_LINE = (
    '<div{} style="display:flex{}"><span style="flex:none;color:{};white-space:pre">{}{:4} </span>'
    '<span style="white-space:pre-wrap;overflow-wrap:anywhere;padding-left:{}ch;text-indent:-2ch">{}</span></div>'
)


@cache
def _code(line: Line) -> tuple[int, str]:
    """Return how far what is wrapped of a line is indented, and the line, which is best wrapped after a bracket."""
    return line.indent + 2, re.sub(r"\((?=\*|\w\w)", "(<wbr>", escape(line.text, quote=False))


def slots_html(stepper: Stepper) -> str:
    """Return the slots as a table, with what has just changed marked."""
    slots, shared = stepper.slots, stepper.execution.shared
    head = "".join(f"<th {_cell()}>{'all commands' if shared else escape(owner)}</th>" for owner in slots)
    rows = "".join(
        f'<tr><th scope="row" {_cell()}>{escape(slot)}</th>'
        + "".join(_value(stepper, owner, slot) for owner in slots)
        + "</tr>"
        for slot in next(iter(slots.values()))
    )
    return (
        f'<table style="border-collapse:collapse;{_PAPER};margin:0">'
        f'<caption style="text-align:left;font-weight:bold;white-space:nowrap">{words.owners(stepper)}</caption>'
        f"<tr><th {_cell()}></th>{head}</tr>{rows}</table>"
    )


def _value(stepper: Stepper, owner: str, slot: str) -> str:
    value, before = stepper.slots[owner].get(slot, ""), stepper.changes.get((owner, slot))
    if before is None:
        return f"<td {_cell()}>{escape(value)}</td>"
    return f"<td {_cell(_NEW)}>● {escape(value)} (new, was {escape(before)})</td>"


def _cell(style: str = "") -> str:
    return f'style="border:1px solid #767676;padding:2px 6px;text-align:left;{style}"'


def verdict_html(stepper: Stepper) -> str:
    """Return what became of each command, by mark, word and colour; or that the run is not over."""
    if stepper.verdict is None:
        return f'<div style="{_FLUSH}"><b>Not over yet.</b> What becomes of a command is said at the end.</div>'
    found = "".join(
        f'<li style="margin:3px 0"><b>{escape(name)}</b> {_chip(finding.outcome)} '
        f"wanted: {escape(finding.expected)}; seen: {escape(finding.seen)}</li>"
        for name, finding in stepper.verdict.findings
    )
    listed = f'<ul style="margin:0 0 4px;padding-left:20px">{found}</ul>'
    return f'<div style="{_FLUSH}"><b>The run is over.</b>{listed}Afterwards {escape(stepper.verdict.state)}.</div>'


def _chip(outcome: Outcome) -> str:
    style = f"border:2px solid {COLOURS[outcome]};border-left-width:10px;padding:0 5px;font-weight:bold"
    return f'<span style="{style}">{MARKS[outcome]} {outcome}</span>'


def graph_html(stepper: Stepper, width: int = 360) -> str:
    """Return the progress graph with "you are here", and what became of every order; for three commands the stories."""
    graph, picture = stepper.graph, ""
    if graph is not None:
        way = graph.path(stepper.schedule)
        picture = progress_svg(graph, here=way[-1], path=way, title=stepper.design, width=width)
    elif stepper.report and words.stories_of(stepper):
        picture = stories_svg(stepper.report, width=width)
    report = f"Every order: {stepper.report}." if stepper.report else "Every order: nobody has tried them yet."
    said = f'<div style="padding-left:8px">{escape(report)}</div>'  # in line with what is said in the picture
    return f'<div style="{_PAPER};flex:0 1 {width}px">{picture}{said}</div>'


def state_html(stepper: Stepper) -> str:
    """Return the slots and the verdict, with the graph beside them."""
    return (
        f'<div style="{_PAPER};display:flex;flex-wrap:wrap;gap:12px"><div style="flex:1 1 300px;min-width:0">'
        f"{slots_html(stepper)}{verdict_html(stepper)}</div>{graph_html(stepper)}</div>"
    )


def goal_html(stepper: Stepper) -> str:
    """Return the program and the design in words, and the level's goal, with a mark where it was solved."""
    level, from_level = stepper.level, []
    if level is not None:
        solved = "✓ solved: " if level.name in stepper.progress.solved else ""
        from_level = [f"<b>{solved}{escape(level.name)}.</b> {escape(level.goal)}"]
        if stepper.won:
            from_level.append(f"<b>✓ Won.</b> {escape(level.notice)}")
    return _paragraphs([*from_level, escape(words.setting_of(stepper))])


def said_html(message: str) -> str:
    """Return what has just happened, in a place that a screen reader reads out when it changes."""
    return f'<div role="status" aria-live="polite" style="{_PAPER};border-left:4px solid #222">{escape(message)}</div>'


def solved_html(progress: Progress) -> str:
    """Return which levels were solved so far."""
    told = [f"✓ {escape(level.name)}" for level in LEVELS if level.name in progress.solved]
    return _paragraphs([f"Solved so far: {len(told)} of {len(LEVELS)}{': ' * bool(told)}{', '.join(told)}."])


def text_html(stepper: Stepper) -> str:
    """Return the whole state as plain text."""
    style = f"{_CODE};{_PAPER};white-space:pre-wrap;word-break:normal;overflow-wrap:anywhere;margin:0".replace(
        "font:14px/1.4 sans-serif;", ""
    )
    return f'<pre style="{style}">{escape(stepper.text)}</pre>'


def page_html(stepper: Stepper) -> str:
    """Return all of it as a picture that stands still, for a page without widgets."""
    schedule = f"Schedule: <b>{escape(stepper.schedule or 'nothing yet')}</b>"
    text = f'<details style="{_PAPER}"><summary>The whole state as text</summary>{text_html(stepper)}</details>'
    return (
        f'<div style="max-width:1000px">{goal_html(stepper)}{_paragraphs([schedule])}'
        f"{lanes_html(stepper)}{state_html(stepper)}{text}</div>"
    )


def _paragraphs(texts: Iterable[str]) -> str:
    return f'<div style="{_PAPER}">{"".join(f"<div>{text}</div>" for text in texts)}</div>'
