"""What of a notebook's prose stands on slides. All of it stands in the speaker notes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bs4 import BeautifulSoup, NavigableString, Tag

from workshop.markup import prose_html
from workshop.parts import BULLETS, LETTERED, NUMBERED, Part, item, program, rows, text
from workshop.sentences import is_bold_first, key_sentence, label

HEADS = ("h1", "h2", "h3")
BLOCKS = ("p", "ul", "ol", "table", "blockquote", "pre", "details", "div", "svg", "h1", "h2", "h3", "h4")
QUESTION = 36  # pixels: what the room has to answer is larger than the rest
_CHOICE = re.compile(r"^\([a-z]\)\s*")


@dataclass(frozen=True)
class Piece:
    """A heading, or none, and the blocks below it."""

    head: Tag | None
    blocks: tuple[Tag, ...]

    @property
    def html(self) -> str:
        """Return all of it but the heading."""
        return "".join(map(str, self.blocks))


def pieces(source: str) -> list[Piece]:
    """Return a cell's prose, heading by heading."""
    soup = BeautifulSoup(prose_html(source), "html.parser")
    for tag in soup.find_all(id=True):
        del tag["id"]  # on the slide and in the notes there would be two of each
    found: list[tuple[Tag | None, list[Tag]]] = [(None, [])]
    for block in soup.find_all(True, recursive=False):
        if block.name in HEADS:
            found.append((block, []))
        else:
            found[-1][1].append(block)
    return [Piece(head, tuple(blocks)) for head, blocks in found if head is not None or blocks]


def title(head: Tag) -> str:
    """Return a heading without its minutes."""
    return re.sub(r"\s*\(\d+ minutes?\)$", "", head.decode_contents().strip())


def said(blocks: Sequence[Tag]) -> list[Part]:
    """Return what stands on the slides: of paragraphs the key sentences; lists, tables and code; not the questions."""
    found: list[Part] = []
    for place, block in enumerate(blocks):
        if is_question(block) or (place and is_question(blocks[place - 1]) and block.name in ("ul", "ol")):
            continue
        first = not any(one.name == "p" for one in blocks[:place])
        found += _said(block, first)
    return found


def _said(block: Tag, first: bool) -> Iterator[Part]:
    match block.name:
        case "p" if label(block).startswith("What you will"):
            yield text(block.decode_contents())
        case "p" if label(block) not in ("What you need:", "Time:", "Next:") and (first or is_bold_first(block)):
            yield text(key_sentence(block), "key")
        case "blockquote":
            yield text(block.get_text(" ", strip=True) if block.p is None else block.p.decode_contents(), "quote")
        case "ul" | "ol":
            yield from items(block)
        case "details":
            yield item(re.sub(r"^\d+\.\s*", "", block.summary.decode_contents()), NUMBERED)
        case "div" if block.table:
            yield from rows(block.table)
        case "div" if block.pre:
            yield from program(block.pre.get_text())


def explains(blocks: Sequence[Tag]) -> bool:
    """Tell whether blocks say why it came as it did."""
    return any(block.name == "p" and label(block).startswith("Explain") for block in blocks[:1])


def is_question(block: Tag) -> bool:
    """Tell whether a block asks for a prediction."""
    return block.name == "p" and any("predict" in bold.get_text().lower() for bold in block.find_all("strong"))


def questions(blocks: Sequence[Tag]) -> Iterator[list[Part]]:
    """Yield each question with its choices."""
    for place, block in enumerate(blocks):
        if is_question(block):
            after = blocks[place + 1] if place + 1 < len(blocks) else None
            choices = list(items(after, full=True)) if after is not None and after.name in ("ul", "ol") else []
            yield [text(block.decode_contents(), "question", QUESTION), *choices]


def items(listed: Tag, *, full: bool = False) -> Iterator[Part]:
    """Yield the items of a list, shortened unless all is wanted; choices (a), (b), … are lettered."""
    found = listed.find_all("li", recursive=False)
    lettered = listed.get("type") == "a" or all(_CHOICE.match(one.get_text().strip()) for one in found)
    for one in found:
        inside = one.decode_contents().strip() if full or lettered else key_sentence(one, least=25)
        frame = LETTERED if lettered else NUMBERED if listed.name == "ol" else BULLETS
        yield item(_CHOICE.sub("", inside) if lettered else inside, frame)


def unfolded(tag: Tag) -> Iterator[Part]:
    """Yield what stands in an output's HTML: its text, lists and tables; of what unfolds, the first paragraph."""
    run: list[str] = []
    for child in tag.children:
        if isinstance(child, Tag) and child.name in BLOCKS:
            yield from _text_of(run)
            run = []
            yield from _unfolded(child)
        elif isinstance(child, Tag) or type(child) is NavigableString:
            run.append(str(child))
    yield from _text_of(run)


def _text_of(run: Sequence[str]) -> Iterator[Part]:
    if BeautifulSoup(inside := "".join(run).strip(), "html.parser").get_text(strip=True):
        question = "Predict." in inside
        yield text(inside, "question" if question else "", QUESTION if question else 32)


def _unfolded(block: Tag) -> Iterator[Part]:
    match block.name:
        case "ul" | "ol":
            yield from items(block, full=True)
        case "table":
            yield from rows(block)
        case "pre":
            yield from program(block.get_text())
        case "details":
            if block.p is not None:
                yield text(block.p.decode_contents())
        case "svg":
            pass
        case _:
            yield from unfolded(block)
