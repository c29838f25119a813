"""Pictures on slides: as large as the slide is, and in several parts where the whole would be too small to read."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator
from html import escape
from itertools import groupby, pairwise

import numpy as np
from PIL import Image

from workshop.outputs import short
from workshop.parts import HEIGHT, WIDTH, Part

WIDE, HIGH = WIDTH - 30, HEIGHT - 70  # below a small title
# Our figures are drawn with letters of 11 points or more at 100 dots an inch: 15 pixels.
LEAST_SCALE = 1.07
LEAST_LETTER = HEIGHT / 45
_GAP = 6  # pixels: less is the room between two lines of a text
_PAPER = 0.97  # of a row: the rest is the lines of a grid


def figures(png: str, words: str) -> Iterator[Part]:
    """Yield a picture, a PNG in base64, as parts each of which fills a slide."""
    image = Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB")
    parts = cut(image)
    for number, part in enumerate(parts, start=1):
        of = f"Part {number} of {len(parts)}. " if len(parts) > 1 else ""
        scale = min(WIDE / part.width, HIGH / part.height, 2)
        data = png if len(parts) == 1 else _png(part)
        yield Part(
            f'<img class="picture" src="data:image/png;base64,{data}" alt="{of}{escape(short(words))}" '
            f'width="{part.width * scale:.0f}" height="{part.height * scale:.0f}">',
            HIGH,
        )


def _png(image: Image.Image) -> str:
    buffer = io.BytesIO()
    image.quantize(128, dither=Image.Dither.NONE).save(buffer, format="png", optimize=True)
    return base64.b64encode(buffer.getvalue()).decode()


def cut(image: Image.Image) -> list[Image.Image]:
    """Return the picture, or its parts from top to bottom, cut at the largest gaps; whole where it has none.

    What is higher than wide is a table: its head is repeated.
    """
    highest = int(HIGH / LEAST_SCALE)
    gaps = dict(blank_rows(image))
    head = min(gaps, default=0) if image.height > image.width else 0
    edges, top = [0], 0
    while image.height - top > highest - head * (top > 0):
        bottom = top + highest - head * (top > 0)
        possible = {middle: size for middle, size in gaps.items() if bottom - 0.6 * highest < middle <= bottom}
        if not possible:
            return [image]
        large = [middle for middle, size in possible.items() if size > 0.8 * max(possible.values())]
        even = top + (image.height - top) / -(-(image.height - top) // (bottom - top))
        top = min(large, key=lambda middle: abs(middle - even))
        edges.append(top)
    return [_with_head(image, head, *ends) for ends in pairwise([*edges, image.height])]


def _with_head(image: Image.Image, head: int, top: int, bottom: int) -> Image.Image:
    repeated = head if top else 0
    part = Image.new("RGB", (image.width, bottom - top + repeated), "white")
    part.paste(image.crop((0, 0, image.width, repeated)), (0, 0))
    part.paste(image.crop((0, top, image.width, bottom)), (0, repeated))
    return part


def blank_rows(image: Image.Image) -> Iterator[tuple[int, int]]:
    """Yield the middle and the size of each gap between what is drawn; the lines of a grid may go through it."""
    pixels = np.asarray(image)
    is_paper = (pixels == pixels[0, 0]).all(axis=2).mean(axis=1) > _PAPER
    as_before = np.append(False, (pixels[1:] == pixels[:-1]).all(axis=(1, 2)))
    row = 0
    for is_blank, group in groupby(is_paper & as_before):
        size = len(list(group))
        if is_blank and size >= _GAP and row > 1 and row + size < image.height:
            yield row + size // 2, size
        row += size


def drawings(html: str) -> Iterator[Part]:
    """Yield each SVG in an output's HTML as a part that fills a slide; none whose letters would be too small there."""
    for found in re.finditer(r"<svg\b.*?</svg>", html, re.DOTALL):
        width, height = map(float, re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', found[0]).groups())
        scale = min(WIDE / width, HIGH / height)
        if any(float(letter) * scale < LEAST_LETTER for letter in re.findall(r'font-size="([\d.]+)"', found[0])):
            continue
        size = f'width="{width * scale:.0f}" height="{height * scale:.0f}"'
        yield Part(re.sub(r'(?<= )width="[\d.]+" height="[\d.]+"', size, found[0], count=1), HIGH)
