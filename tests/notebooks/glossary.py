"""The glossary beside the course: what must hold of the two, one function per rule, each yielding what is wrong.

A term is set in bold, or in italics, where it is explained, and the glossary leads to that section. Bold within a
sentence is kept for that: emphasis is italic.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

from bs4 import BeautifulSoup
from documents import Section, as_html, blocks, sections

# The sections of each notebook, by its file's name, in the order in which the course is read.
Course = Mapping[str, Sequence[Section]]
GlossaryRule = Callable[[Sequence["Entry"], Course], Iterator[str]]
# These stand in their everyday sense before they become terms: there only the explanation is looked for.
EVERYDAY = {
    *("child", "command", "commit", "event", "fault", "filter", "fork", "handler", "leaked", "lock", "nested"),
    *("overlap", "state", "step", "store", "watch", "wrong"),
}


@dataclass(frozen=True)
class Entry:
    """A term, what is said of it, and the notebook and the section in which it first stands."""

    term: str
    text: str
    notebook: str
    fragment: str

    @property
    def place(self) -> tuple[str, str]:
        """Where it is explained."""
        return self.notebook, self.fragment

    @property
    def form(self) -> re.Pattern[str]:
        """The term as it may stand in a text: begun with a capital or inflected, but not as part of a longer word."""
        words = re.escape(self.term).replace(r"\ ", r"[\s-]+")
        first = f"[{words[0]}{words[0].upper()}]{words[1:]}"
        return re.compile(rf"(?<![\w-]){first}(?:s|es|d|ed|ren)?(?![\w-])")


def entries(paper: Path) -> list[Entry]:
    """Return the entries of a glossary, in order: a heading of the second level each."""
    found = []
    for section in sections(paper):
        if section.level == 2:
            links = [link["href"] for link in section.soup.find_all("a") if ".ipynb" in link["href"]]
            notebook, _, fragment = unquote(links[-1] if links else "").rpartition("/")[2].partition("#")
            found.append(Entry(section.title, " ".join(list(blocks(section.soup))[:-1]), notebook, fragment))
    return found


def is_sorted(found: Sequence[Entry], course: Course) -> Iterator[str]:
    """Sort by the alphabet, whatever is a capital, and name each term once."""
    for one, other in pairwise(found):
        if one.term.lower() >= other.term.lower():
            yield f"{other.term} stands after {one.term}"


def is_short(found: Sequence[Entry], course: Course) -> Iterator[str]:
    """Explain a term in one or two sentences; a paragraph of its own says where it first stands."""
    for entry in found:
        if not 1 <= len(re.findall(r"[.?!](?= [A-Z]|$)", entry.text)) <= 2:
            yield f"{entry.term} takes none, or more than two, sentences: {entry.text}"


def is_explained_where_it_leads(found: Sequence[Entry], course: Course) -> Iterator[str]:
    """Set the term apart in the section to which the glossary leads."""
    for entry in found:
        if not any(entry.form.fullmatch(text) for text in set_apart(section_of(entry, course), "strong", "em")):
            yield f"{entry.term} is not set apart in {'#'.join(entry.place)}"


def is_not_used_before(found: Sequence[Entry], course: Course) -> Iterator[str]:
    """Explain a term before it is used. An opening says what is to come, so it does not count."""
    texts = read_in_order(course)
    for entry in found:
        longer = [other.form for other in found if entry.term != other.term and entry.form.search(other.term)]
        uses = (where for where, text in texts if entry.form.search(without(text, longer)))
        if entry.term not in EVERYDAY and (where := next(uses, entry.place)) != entry.place:
            yield f"{entry.term} first stands in {'#'.join(where)}, and not in {'#'.join(entry.place)}"


def bold_terms_are_entries(found: Sequence[Entry], course: Course) -> Iterator[str]:
    """Have an entry for each term that is set in bold within a sentence, and set it so in its own section alone."""
    for notebook, there in course.items():
        for section in there:
            own = [entry for entry in found if entry.place == (notebook, section.fragment)]
            for text in set_apart(section.soup, "strong"):
                if is_a_term(text) and not any(entry.form.fullmatch(text) for entry in own):
                    yield f"{text!r} is bold in {notebook}#{section.fragment}, where no entry leads"


GLOSSARY_RULES: list[GlossaryRule] = [
    is_sorted,
    is_short,
    is_explained_where_it_leads,
    is_not_used_before,
    bold_terms_are_entries,
]


def section_of(entry: Entry, course: Course) -> BeautifulSoup:
    """Return what stands in the section of an entry, nothing where there is no such section."""
    there = [section.soup for section in course.get(entry.notebook, ()) if section.fragment == entry.fragment]
    return there[0] if there else as_html("")


def set_apart(soup: BeautifulSoup, *tags: str) -> list[str]:
    """Return the texts in these tags that stand within a sentence: what opens a paragraph or a point is a label."""
    found = [node for node in soup.find_all(tags) if "em" in tags or str(node.previous_sibling or "").strip()]
    return [" ".join(node.get_text().split()) for node in found]


def is_a_term(text: str) -> bool:
    """Tell a term from a label such as "Explain." or "1. Predict"."""
    return bool(re.fullmatch(r"(?:[a-z]|Context)[^.:?!,]*", text))


def without(text: str, forms: Sequence[re.Pattern[str]]) -> str:
    """Return the text without these terms."""
    for form in forms:
        text = form.sub("", text)
    return text


def read_in_order(course: Course) -> list[tuple[tuple[str, str], str]]:
    """Return what is read under each heading, without openings, links and code, with its notebook and its section."""
    found = []
    for notebook, there in course.items():
        for section in (section for section in there if section.level > 1):
            prose = as_html(str(section.soup))
            for link in prose.find_all("a"):
                link.decompose()
            found.append(((notebook, section.fragment), " ".join(blocks(prose))))
    return found
