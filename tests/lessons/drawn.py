"""A figure as it comes out: where its texts lie, and what is wrong with that."""

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


def texts(figure: Figure) -> list[str]:
    """Return every text that is drawn, each on one line."""
    return [text.get_text().replace("\n", " ") for text in places(figure)]


def small(figure: Figure, points: float) -> list[str]:
    """Return the texts in letters that are smaller than that."""
    return [text.get_text() for text in places(figure) if text.get_fontsize() < points]


def on_each_other(figure: Figure) -> list[tuple[str, str]]:
    """Return the pairs of texts that overlap."""
    boxes = {text: box.padded(-ROUNDING_PX / 2) for text, box in places(figure).items()}
    return [(a.get_text(), b.get_text()) for a, b in combinations(boxes, 2) if boxes[a].overlaps(boxes[b])]


def cut(figure: Figure) -> list[str]:
    """Return the texts that reach out of the figure."""
    boxes = places(figure)
    canvas = figure.bbox.padded(ROUNDING_PX)
    return [
        text.get_text() for text, box in boxes.items() if not all(canvas.contains(*corner) for corner in box.corners())
    ]


def not_drawn(figure: Figure) -> list[str]:
    """Return the notes that Matplotlib leaves out, without a word, as their point lies outside of the axes."""
    drawn = places(figure)
    return [text.get_text() for ax in figure.axes for text in ax.texts if text.get_text() and text not in drawn]


def outside(figure: Figure) -> list[tuple[float, float]]:
    """Return the points of lines that lie outside of their axes."""
    FigureCanvasAgg(figure).draw()
    return [
        tuple(point)
        for ax in figure.axes
        for line in ax.lines
        for point in line.get_xydata()
        if not ax.bbox.padded(0.1).contains(*ax.transData.transform(point))
    ]


def ticks(axis: Axis) -> list[str]:
    """Return the labels of the axis that lie within its limits; the figure must have been drawn."""
    low, high = sorted(axis.get_view_interval())
    return [tick.label1.get_text() for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]


def marks(ax: Axes, mark: str) -> list[Line2D]:
    """Return the lines of these axes that have this mark, in the order in which they were drawn."""
    return [line for line in ax.lines if line.get_marker() == mark]
