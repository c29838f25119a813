"""From a notebook to slides: the title, a question, a cell's code, what it shows, one key sentence. The rest is notes.

A cell with the standard metadata `slideshow.slide_type` "skip" is left out, one with "notes" goes to the notes alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from nbformat import NotebookNode

from workshop import parts
from workshop.instructor import without_minutes
from workshop.markup import prose_html
from workshop.outputs import Shown, outputs
from workshop.parts import Part
from workshop.prose import Piece, explains, pieces, questions, said, title
from workshop.shown_slides import goal, is_personal, kind, notes_of, only_asks, printed, slides_of


@dataclass
class Slide:
    """A slide: its title as HTML, what stands on it, its layout, and what the presenter alone sees."""

    title: str
    parts: list[Part]
    kind: str = ""
    notes: list[str] = field(default_factory=list)

    @property
    def body(self) -> str:
        """Return what stands below the title, as HTML."""
        return parts.html(self.parts)


def stacks(notebook: NotebookNode, instructor: Mapping[str, str]) -> list[list[Slide]]:
    """Return the slides section by section; `instructor` has what to say, in Markdown, by the section's title."""
    made = _Deck(instructor)
    for place, cell in enumerate(notebook.cells):
        wanted = cell.metadata.get("slideshow", {}).get("slide_type", "")
        if wanted == "skip" or not cell.source.strip():
            continue
        if cell.cell_type == "markdown":
            for piece in pieces(cell.source):
                made.add_prose(piece, notes_only=wanted == "notes")
        elif cell.cell_type == "code" and wanted != "notes" and not is_personal(cell.source):
            later = (after.source for after in notebook.cells[place + 1 :] if after.cell_type == "markdown")
            made.add_code(cell.source, outputs(cell, next(later, "")))
    made.flush()
    return [stack for stack in made.stacks if stack]


class _Deck:
    """The slides so far. A key sentence waits for the question or the code that follows it, to stand above that."""

    def __init__(self, instructor: Mapping[str, str]) -> None:
        self.stacks: list[list[Slide]] = [[]]
        self._instructor, self._title = instructor, ""
        self._waiting: list[Part] = []
        self._notes: list[str] = []

    def flush(self) -> None:
        """Give what waits a slide of its own; notes alone go to the last slide of the section, if it has one."""
        waiting, self._waiting = self._waiting, []
        if waiting or (self._notes and not self.stacks[-1]):
            self._add([waiting])
        elif self._notes:
            self.stacks[-1][-1].notes += self._notes
            self._notes = []

    def add_prose(self, piece: Piece, *, notes_only: bool) -> None:
        self.flush()
        if piece.head is not None:
            self._begin(piece)
        self._notes.append(piece.html)
        if notes_only:
            return
        points, asked = said(piece.blocks), list(questions(piece.blocks))
        if piece.head is None and not asked and explains(piece.blocks) and self._explained(points):
            return
        if not asked and len(points) == 1 and self.stacks != [[]]:
            self._waiting = points
        elif len(asked) == 1 and len(parts.packed([*points, *asked[0]])) == 1:
            self._add([[*points, *asked[0]]])
        else:
            self._add(parts.shortened(points, "points"))
            for question in asked:
                self._add(parts.packed(question))

    def _begin(self, piece: Piece) -> None:
        """Begin at a heading: a section of its own, unless it is a smaller one."""
        if piece.head.name != "h3" and self.stacks[-1]:
            self.stacks.append([])
        self._title = title(piece.head)
        if told := self._instructor.get(without_minutes(piece.head.get_text())):
            self._notes.append(prose_html(told))

    def _explained(self, points: list[Part]) -> bool:
        """Put an explanation below what it explains, if there is room, and tell whether that was done."""
        last = self.stacks[-1][-1] if self.stacks[-1] else None
        if last is None or last.kind or len(parts.packed(both := [*last.parts, *parts.on_click(points, 2)])) > 1:
            return False
        last.parts = both
        last.notes += self._notes
        self._notes = []
        return True

    def add_code(self, source: str, shown: Sequence[Shown]) -> None:
        code = [] if only_asks(source) else [*parts.program(source), *goal(shown)]
        if len(parts.packed([*self._waiting, *code])) > 1:
            self.flush()
        code, self._waiting = [*self._waiting, *code], []
        groups = [(parts.shortened(lines), [])] if (lines := printed(shown)) else []
        groups += [(slides_of(one), list(notes_of(one))) for one in shown if one.kind != "text"]
        together = self._beginning(code)
        while groups and len(groups[0][0]) == 1 and kind(groups[0][0][0]) != "picture":
            click = max((part.click for part in together), default=0) + 1
            wanted = [*together, *parts.on_click(groups[0][0][0], click if code else 0)]
            if len(parts.packed(wanted)) > 1:
                break
            together = wanted
            self._notes += groups.pop(0)[1]
        self._add(parts.shortened(together) if code else [together] if together else [])
        for slides, notes in groups:
            self._notes += notes
            self._add(slides)

    def _beginning(self, code: list[Part]) -> list[Part]:
        """Return the code, below that of the cell before if that alone stands on the last slide and there is room."""
        last = self.stacks[-1][-1] if self.stacks[-1] else None
        if not code or last is None or last.kind or last.parts[-1:] == [] or last.parts[-1].frame != parts.PROGRAM:
            return code
        if code[0].frame != parts.PROGRAM or len(parts.packed(both := [*last.parts, *code])) > 1:
            return code
        self.stacks[-1].pop()
        self._notes = last.notes + self._notes
        return both

    def _add(self, slides: Sequence[Sequence[Part]]) -> None:
        """Add slides; the first takes the notes that wait, and is the opening if there is none before it."""
        for found in slides:
            layout = "opening" if self.stacks == [[]] else kind(found)
            self.stacks[-1].append(Slide(self._title, list(found), layout, self._notes))
            self._notes = []
