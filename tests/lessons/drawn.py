"""A figure as it comes out: where its texts lie, and what is wrong with that."""

import io
from itertools import combinations
from unittest import mock

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from PIL import Image

from fluvius_demo.lessons.pictures import LETTERS, SMALL

ROUNDING_PX = 1.5  # how far a letter's box may reach over the edge of the canvas, or into another one


def places(figure: Figure) -> dict[Text, Bbox]:
    """Draw the figure, and return each text that is drawn with where it lies, in pixels."""
    found: dict[Text, Bbox] = {}
    draw = Text.draw

    def noting(text: Text, renderer: RendererBase) -> None:
        draw(text, renderer)
        if text.get_visible() and text.get_text().strip():
            found[text] = text.get_window_extent(renderer)

    with mock.patch.object(Text, "draw", noting):
        FigureCanvasAgg(figure).draw()
    return found


def letters(png: bytes) -> float:
    """Return how large the smallest letters are, in pixels, as the file itself says."""
    return float(Image.open(io.BytesIO(png)).text[LETTERS])


def texts(figure: Figure) -> list[str]:
    """Return every text that is drawn, each on one line."""
    return [text.get_text().replace("\n", " ") for text in places(figure)]


def faults(figure: Figure) -> list[str]:
    """Return what cannot be read: what is small, cut, left out, outside of its axes, or on something else."""
    boxes = places(figure)
    names = {text: repr(text.get_text()) for text in boxes}
    canvas, smaller = (
        figure.bbox.padded(ROUNDING_PX),
        {text: box.padded(-ROUNDING_PX / 2) for text, box in boxes.items()},
    )
    notes = [text for ax in figure.axes for text in ax.texts if text.get_text()]
    return [
        *(f"{names[text]} is small" for text in boxes if text.get_fontsize() < SMALL),
        *(f"{names[a]} lies on {names[b]}" for a, b in combinations(boxes, 2) if smaller[a].overlaps(smaller[b])),
        *(f"{names[text]} is cut" for text, box in boxes.items() if not all(map(canvas.contains, *box.corners().T))),
        # Matplotlib leaves out a note whose point lies outside of its axes, without a word.
        *(f"{text.get_text()!r} is not drawn" for text in notes if text not in boxes),
        *(f"{line} is outside of its axes" for ax in figure.axes for line in ax.lines if not _inside(ax, line)),
    ]


def _inside(ax: Axes, line: Line2D) -> bool:
    return all(map(ax.bbox.padded(0.1).contains, *ax.transData.transform(line.get_xydata()).T))


def ticks(axis: Axis) -> list[str]:
    """Return the labels of the axis that lie within its limits; the figure must have been drawn."""
    low, high = sorted(axis.get_view_interval())
    return [tick.label1.get_text() for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]


def marks(ax: Axes, mark: str) -> list[Line2D]:
    """Return the lines of these axes that have this mark, in the order in which they were drawn."""
    return [line for line in ax.lines if line.get_marker() == mark]


def lines(ax: Axes, style: str) -> list[Line2D]:
    """Return the lines of this style that have a point."""
    return [line for line in ax.lines if line.get_linestyle() == style and len(line.get_xdata())]


def points(line: Line2D) -> dict[int, float]:
    """Return the values of a line by size."""
    return dict(zip(line.get_xdata(), line.get_ydata(), strict=True))


def names(ax: Axes) -> dict[str, Text]:
    """Return the names of the lines, each on one line."""
    return {text.get_text().replace("\n", " "): text for text in ax.texts}
