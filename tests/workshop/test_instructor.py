"""What WORKSHOP.md says of a section goes into the speaker notes."""

from pathlib import Path

import pytest

from workshop.instructor import WORKSHOP, instructor_notes, without_minutes
from workshop.outputs import notebooks
from workshop.parts import plain
from workshop.slides import deck

TEXT = """# Workshop
### The end of each notebook
#### Three questions
**Say:** for all
### 01 One
#### 1. A `b` (5 minutes)
**Say:** hello

**Ask:** why?
### 02 Two
#### 1. C (1 minute)
**Say:** no
## Elsewhere
#### 2. D
"""


def test_sections_are_found_by_notebook_and_heading() -> None:
    """Minutes and code marks make no difference; what is said of every end belongs to each notebook."""
    assert instructor_notes(TEXT, "01") == {
        "Three questions": "**Say:** for all", "1. A b": "**Say:** hello\n\n**Ask:** why?",     }  # fmt: skip
    assert instructor_notes(TEXT, "02")["1. C"] == "**Say:** no"
    assert without_minutes("1. A b (12 minutes)") == "1. A b"


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem)
def test_every_section_has_notes(path: Path) -> None:
    """Those that WORKSHOP.md does not speak of are named; the opening has none."""
    told = instructor_notes(WORKSHOP.read_text(encoding="utf-8"), path.stem[:2])
    titles = [without_minutes(plain(stack[0].title)) for stack in deck(path)[1:]]
    assert [title for title in titles if not told.get(title)] == []
