"""The result of a check as HTML: the trials, the order that fails as a picture, the belief, hints that unfold.

Inline styles alone, for a notebook that is not trusted yet; nothing is said by colour alone.
"""

import re
from html import escape
from typing import TYPE_CHECKING

from fluvius_demo.lessons.colours import COLOURS
from fluvius_demo.lessons.exercises.check_words import NOT_YET, PASSED, closing, headline, trial_words
from fluvius_demo.lessons.exercises.lanes_svg import order_svg

if TYPE_CHECKING:
    from fluvius_demo.lessons.exercises.checked import Checked, Trial

# White paper and dark ink of its own, so that it can be read on a dark page as well.
_PAPER = "background:#fff;color:#222;font:14px/1.5 sans-serif;padding:8px 12px;max-width:920px"


def checked_html(checked: "Checked") -> str:
    """Return the whole result."""
    colour = COLOURS["correct" if checked.passed else "refused"]
    return (
        f'<div style="{_PAPER};border-left:8px solid {colour}">'
        f'<div style="font-size:16px;font-weight:bold">{_said(headline(checked))}</div>{_body(checked)}</div>'
    )


def _body(checked: "Checked") -> str:
    if checked.cannot:
        return f"<div>{_said(checked.cannot)}</div>{_hints(checked)}"
    trials = "".join(f"<li>{_trial(trial)}</li>" for trial in checked.found.trials)
    listed = f'<ul style="margin:4px 0;padding-left:20px">{trials}</ul>'
    return f"{listed}{_picture(checked)}{_belief(checked)}{_closing(checked)}"


def _trial(trial: "Trial") -> str:
    result = PASSED if trial.passed else NOT_YET
    return f"<b>{result}</b>{_said(trial_words(trial).removeprefix(result))}"


def _picture(checked: "Checked") -> str:
    if checked.picture is None:
        return ""
    title = '<div style="font-weight:bold;margin-top:6px">The smallest order in which it goes wrong</div>'
    return title + order_svg(checked.picture)


def _belief(checked: "Checked") -> str:
    belief = checked.found.belief
    if belief is None:
        return ""
    return (
        f'<div style="border:1px solid #767676;padding:4px 10px;margin:6px 0"><b>This looks like '
        f"{_said(belief.name)}.</b><br>One may think: <i>{_said(belief.thought)}</i><br>"
        f"But: {_said(belief.instead)}</div>"
    )


def _closing(checked: "Checked") -> str:
    remark = f"<div>{_said(checked.found.remark)}</div>" * bool(checked.found.remark)
    return remark + (f"<div>{_said(closing(checked))}</div>" if checked.passed else _hints(checked))


def _hints(checked: "Checked") -> str:
    """Each unfolds from the one before, so that nobody reads the third by mistake."""
    inner = ""
    for number, hint in reversed(list(enumerate(checked.step.hints, start=1))):
        summary = f"Hint {number} of {len(checked.step.hints)}"
        inner = (
            f'<details style="margin:4px 0 4px 12px"><summary style="cursor:pointer">{summary}</summary>'
            f"<div>{_said(hint)}</div>{inner}</details>"
        )
    return inner


def _said(text: str) -> str:
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text, quote=False))
