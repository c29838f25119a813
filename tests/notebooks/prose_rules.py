"""Plain English, as far as a machine can tell: one function per rule, each yielding what is wrong with a document."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator

# What ends a sentence, or a part of one that can be read by itself.
_STOP = re.compile(r"(?<=[.!?;])[\"”')*]*\s+(?=\S)")
MOST_WORDS = 30

# Whoever does not find it so feels stupid. "Just" is a word of time as well.
_TALKS_DOWN = re.compile(
    r"\b(simply|obviously|evidently|trivial(?:ly)?|of course|eas(?:y|ily|ier)|no-brainer|as we all know"
    r"|(?<!has )(?<!have )(?<!had )(?<!is )(?<!are )(?<!you )just(?! (?:now|one)\b))\b",
    re.IGNORECASE,
)

# Orders of the steps are words of capitals as well: ABBA.
_SHORT = re.compile(r"\b(?![A-C]+\b)([A-Z]{2,})s?\b|(?<=\d )(ns|µs|KiB|MiB)\b")
# Known to whoever writes Python, or a name that nobody spells out.
KNOWN = {"API", "CPU", "HTML", "HTTP", "JSON", "MIT", "OK", "PDF", "PNG", "SVG", "URL"}

ProseRule = Callable[[Collection[str]], Iterator[str]]


def sentences_are_short(blocks: Collection[str]) -> Iterator[str]:
    """Stop, or at least put a semicolon, after so many words."""
    for block in blocks:
        for sentence in _STOP.split(block):
            words = [word for word in sentence.split() if re.search(r"\w", word)]
            if len(words) > MOST_WORDS:
                yield f"{len(words)} words: {sentence}"


def nothing_is_called_easy(blocks: Collection[str]) -> Iterator[str]:
    """Do not tell a reader that it is easy, simple or a matter of course."""
    for block in blocks:
        for match in _TALKS_DOWN.finditer(block):
            yield f"{match[0]!r}: …{block[max(0, match.start() - 30) : match.end() + 30]}…"


def abbreviations_are_explained(blocks: Collection[str]) -> Iterator[str]:
    """Spell an abbreviation out where it first stands: "CI (continuous integration)", or the other way round."""
    met = set(KNOWN)
    for block in blocks:
        for match in _SHORT.finditer(block):
            short = match[1] or match[2]
            if short not in met and not re.search(rf"\b{short}s? \([^)]+\)|\({short}s?\)", block):
                yield f"{short}: …{block[max(0, match.start() - 30) : match.end() + 30]}…"
            met.add(short)


PROSE_RULES: list[ProseRule] = [sentences_are_short, nothing_is_called_easy, abbreviations_are_explained]
