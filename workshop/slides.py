"""Each notebook as slides that need no network: `python -m workshop.slides`. The key S opens the speaker notes."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from bs4 import BeautifulSoup

from workshop.instructor import WORKSHOP, instructor_notes
from workshop.markup import CODE_CSS
from workshop.outputs import notebooks, read
from workshop.pages import BUILD, TEMPLATES
from workshop.slide_rules import Slide, stacks

# Where `make` has npm put it: beside the Python that runs.
PACKAGES = Path(sys.prefix) / "npm" / "node_modules"
# What of reveal.js is needed: the stage, the notes (S), the magnifying glass (Alt and a click).
REVEAL = ("LICENSE", "dist/reveal.css", "dist/reveal.js", "plugin/notes/notes.js", "plugin/zoom/zoom.js")


def deck(path: Path) -> list[list[Slide]]:
    """Return a notebook's slides, section by section."""
    return stacks(read(path), instructor_notes(WORKSHOP.read_text(encoding="utf-8"), path.stem[:2]))


def write_slides(folder: Path, packages: Path = PACKAGES) -> list[Path]:
    """Write the slides of each notebook, with reveal.js beside them, and return their paths.

    Raises FileNotFoundError where reveal.js is missing.
    """
    reveal = packages / "reveal.js"
    if not reveal.is_dir():
        raise FileNotFoundError("Cannot make slides: reveal.js is missing. To solve this, run `make slides`.")
    for name in REVEAL:
        target = folder / "reveal" / Path(name).name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(reveal / name, target)
    template, written = TEMPLATES.get_template("slides.html.j2"), []
    for path in notebooks():
        made = deck(path)
        title = BeautifulSoup(made[0][0].title, "html.parser").get_text()
        written.append(folder / f"{path.stem}.html")
        written[-1].write_text(template.render(stacks=made, title=title, code_css=CODE_CSS), encoding="utf-8")
    return written


if __name__ == "__main__":
    try:
        written = write_slides(BUILD / "slides")
    except FileNotFoundError as error:
        sys.exit(str(error))
    print("Written, to be opened in a browser; the key S shows the speaker notes:", *written, sep="\n    ")
