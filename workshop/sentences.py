"""The one sentence of a paragraph that stands on a slide."""

from __future__ import annotations

import re
from copy import copy

from bs4 import NavigableString, Tag

# Said by the presenter, or told by the slide's place.
_LABEL = re.compile(r"^(Explain|In words|Next)[.:]?$")
_END = re.compile(r"[.!?][\"'”)]*(?=\s|$)")
LEAST, MOST = 40, 240


def is_bold_first(paragraph: Tag) -> bool:
    """Tell whether a paragraph begins in bold, as a label or a new thought does."""
    first = next((child for child in paragraph.children if str(child).strip()), None)
    return isinstance(first, Tag) and first.name in ("strong", "b")


def label(paragraph: Tag) -> str:
    """Return the bold words with which a paragraph begins, none by default."""
    return paragraph.find(["strong", "b"]).get_text().strip() if is_bold_first(paragraph) else ""


def key_sentence(paragraph: Tag, least: int = LEAST) -> str:
    """Return a paragraph's first sentence as HTML; a very short one takes the next with it, a very long one is cut."""
    cut = copy(paragraph)
    if cut.name == "p" and _LABEL.match(label(cut)):
        cut.find(["strong", "b"]).extract()
    words = re.sub(r"\s", " ", cut.get_text())
    ends = [found.end() for found in _END.finditer(words) if found.end() >= least] + [len(words)]
    if ends[0] <= MOST:
        return shortened(cut, ends[0])
    room = max((found.end() for found in re.finditer(r"[,;:] |\) ", words[:MOST])), default=MOST)
    return f"{shortened(cut, room).rstrip(' ,;:')} …"


def shortened(tag: Tag, length: int) -> str:
    """Return the tag's inner HTML, without the text after so many characters; what was open is closed."""
    cut, left = copy(tag), length
    for node in list(cut.descendants):
        if isinstance(node, NavigableString):
            node.replace_with(NavigableString(node[: max(left, 0)]))
            left -= len(node)
    for empty in [found for found in cut.find_all(True) if not found.get_text() and found.name != "br"]:
        empty.extract()
    return cut.decode_contents().strip()
