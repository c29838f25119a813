"""What a code cell gives to the slides: its code, what it prints, its pictures, tables and questions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bs4 import BeautifulSoup

from workshop import parts
from workshop.markup import prose_html
from workshop.outputs import Shown
from workshop.parts import Part
from workshop.pictures import drawings, figures
from workshop.prose import pieces, said, unfolded

# What a prediction says of itself in a notebook that no learner has run.
_UNASKED = "No prediction was made."


def is_personal(source: str) -> bool:
    """Tell whether a cell looks back at what the learner has predicted, which stands in no notebook."""
    return bool(re.search(r"(?m)^(display\()?review\(", source))


def only_asks(source: str) -> bool:
    """Tell whether a cell only asks for a prediction, or says what came of one: then its code is of no interest."""
    lines = [line for line in source.splitlines() if line.strip() and not re.match(r"(from|import) ", line)]
    return bool(lines) and all(re.match(r"(predict|happened)\(", line) for line in lines)


def printed(shown: Sequence[Shown]) -> list[Part]:
    """Return the lines that are printed."""
    return [line for one in shown if one.kind == "text" for line in parts.printed(one.content)]


def goal(shown: Sequence[Shown]) -> list[Part]:
    """Return what a level of the stepper wants from the learner: the first line of its words, before how it is won."""
    firsts = [one.words.partition("\n")[0] for one in shown if one.words.startswith("Level: ")]
    return [parts.text(first.partition(" Won when ")[0], "key") for first in firsts]


def slides_of(shown: Shown) -> list[list[Part]]:
    """Return the slides of an output that is not plain text; what is too small or too long gives its words."""
    if shown.kind == "picture":
        return [[part] for part in figures(shown.content, shown.words)]
    if shown.kind == "markdown":
        return parts.shortened([part for piece in pieces(shown.content) for part in said(piece.blocks)], "points")
    if "<svg" in shown.content:
        drawn = [[part] for part in drawings(shown.content)]
        return drawn or parts.shortened(parts.printed(shown.words))
    found = [part for part in unfolded(BeautifulSoup(shown.content, "html.parser")) if _UNASKED not in part.html]
    if len(parts.packed(found)) > parts.MOST_SLIDES and len(shown.words.splitlines()) == 1:
        return [[parts.text(shown.words, "key")]]
    return parts.shortened(found, "rows")


def notes_of(shown: Shown) -> Iterator[str]:
    """Yield what the presenter can read of an output: a picture's words, and what unfolds."""
    if shown.kind == "picture":
        yield prose_html(f"**In words:**{shown.words}")
    elif shown.kind == "html":
        yield from map(str, BeautifulSoup(shown.content, "html.parser").select("details p"))


def kind(found: Sequence[Part]) -> str:
    """Return how a slide is laid out: as a picture, as a question, or as the others."""
    if any(part.html.startswith(("<img", "<svg")) for part in found):
        return "picture"
    return "question" if any('class="question"' in part.html for part in found) else ""
