"""Pictures on slides: as large as the slide is, and in several parts where the whole would be too small to read."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from itertools import groupby, pairwise

import numpy as np
from PIL import Image

from fluvius_demo.lessons.pictures import LETTERS
from workshop.outputs import short
from workshop.parts import HEIGHT, WIDTH, Part

WIDE, HIGH = WIDTH - 30, HEIGHT - 70  # below a small title
LEAST_LETTER = HEIGHT / 32
_GAP = 6  # pixels: less is the room between two lines of a text
_PAPER = 0.97  # of a row: the rest is the lines of a grid


def figures(png: str, words: str) -> Iterator[Part]:
    """Yield a picture, a PNG in base64, as parts each of which fills a slide."""
    image = Image.open(io.BytesIO(base64.b64decode(png)))
    letters = float(image.text.get(LETTERS, 0))
    highest = int(HIGH * letters / LEAST_LETTER) if letters else HIGH
    parts = cut(image.convert("RGB"), highest)
    for number, part in enumerate(parts, start=1):
        scale = min(WIDE / part.width, HIGH / part.height, 2)
        data = png if len(parts) == 1 else _png(part)
        yield Part(
            f'<img class="picture" data-letters="{letters}" src="data:image/png;base64,{data}" '
            f'alt="{_of(number, parts)}{escape(short(words))}" '
            f'width="{part.width * scale:.0f}" height="{part.height * scale:.0f}">',
            HIGH,
        )


def _of(number: int, parts: Sequence[object]) -> str:
    return f"Part {number} of {len(parts)}. " if len(parts) > 1 else ""


def _png(image: Image.Image) -> str:
    buffer = io.BytesIO()
    image.quantize(128, dither=Image.Dither.NONE).save(buffer, format="png", optimize=True)
    return base64.b64encode(buffer.getvalue()).decode()


def cut(image: Image.Image, highest: int) -> list[Image.Image]:
    """Return the picture, or its parts from top to bottom, cut at the largest gaps; whole where it has none.

    Where there is paper and nothing else it is cut first. What is higher than wide is a table: its head is repeated.
    """
    for paper in (1, _PAPER):
        gaps = dict(blank_rows(image, paper))
        head = min(gaps, default=0) if image.height > image.width else 0
        if edges := _edges(image.height, highest, gaps, head):
            return [_with_head(image, head, *ends) for ends in pairwise(edges)]
    return [image]


def _edges(height: int, highest: int, gaps: Mapping[int, int], head: int = 0) -> list[int]:
    """Return where the parts begin and end, none of them higher than that with its head; none if it cannot be."""
    edges, top = [0], 0
    while height - top > highest - head * (top > 0):
        bottom = top + highest - head * (top > 0)
        possible = {middle: size for middle, size in gaps.items() if bottom - 0.6 * highest < middle <= bottom}
        if not possible:
            return []
        large = [middle for middle, size in possible.items() if size > 0.8 * max(possible.values())]
        even = top + (height - top) / -(-(height - top) // (bottom - top))
        top = min(large, key=lambda middle: abs(middle - even))
        edges.append(top)
    return [*edges, height]


def _with_head(image: Image.Image, head: int, top: int, bottom: int) -> Image.Image:
    repeated = head if top else 0
    part = Image.new("RGB", (image.width, bottom - top + repeated), "white")
    part.paste(image.crop((0, 0, image.width, repeated)), (0, 0))
    part.paste(image.crop((0, top, image.width, bottom)), (0, repeated))
    return part


def blank_rows(image: Image.Image, paper: float) -> Iterator[tuple[int, int]]:
    """Yield the middle and the size of each gap, in which so much of a row is paper; lines of a grid go through it."""
    pixels = np.asarray(image)
    is_paper = (pixels == pixels[0, 0]).all(axis=2).mean(axis=1) >= paper
    as_before = np.append(False, (pixels[1:] == pixels[:-1]).all(axis=(1, 2)))
    row = 0
    for is_blank, group in groupby(is_paper & as_before):
        size = len(list(group))
        if is_blank and size >= _GAP and row > 1 and row + size < image.height:
            yield row + size // 2, size
        row += size


def drawings(html: str) -> Iterator[Part]:
    """Yield each SVG in an output's HTML, as parts that each fill a slide; none whose letters would be too small."""
    for svg in re.findall(r"<svg\b.*?</svg>", html, re.DOTALL):
        width, height = map(int, re.search(r'viewBox="0 0 (\d+) (\d+)"', svg).groups())
        letters = min(map(float, re.findall(r'font-size="([\d.]+)"', svg)), default=HEIGHT)
        if letters * WIDE / width < LEAST_LETTER:
            continue
        may_be_cut = re.search(r'data-cuts="([\d ]*)"', svg)
        cuts = [int(row) for row in may_be_cut[1].split()] if may_be_cut else []
        parts = list(pairwise(_filled(height, int(HIGH * letters / LEAST_LETTER), cuts)))
        for number, part in enumerate(parts, start=1):
            told = svg.replace('aria-label="', f'aria-label="{_of(number, parts)}', 1)
            yield Part(_window(told, width, *part), HIGH)


def _filled(height: int, highest: int, cuts: Sequence[int]) -> list[int]:
    """Return where the parts of a drawing begin and end, each as high as may be; none if it cannot be cut so."""
    edges = [0]
    while height - edges[-1] > highest:
        possible = [row for row in cuts if edges[-1] < row <= edges[-1] + highest]
        if not possible:
            return []
        edges.append(max(possible))
    return [*edges, height]


def _window(svg: str, width: int, top: int, bottom: int) -> str:
    """Return the SVG so that the rows from top to bottom are seen."""
    scale = min(WIDE / width, HIGH / (bottom - top))
    size = f'width="{width * scale:.0f}" height="{(bottom - top) * scale:.0f}"'
    seen = re.sub(r'viewBox="[^"]*"', f'viewBox="0 {top} {width} {bottom - top}"', svg, count=1)
    return re.sub(r'(?<= )width="[\d.]+" height="[\d.]+"', size, seen, count=1)
