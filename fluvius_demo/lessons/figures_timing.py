"""The figures of what was measured: this machine's with its interval, a reference machine's beside it."""

from collections.abc import Mapping
from textwrap import fill

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, MaxNLocator, NullFormatter

from fluvius_demo.lessons.measured import Row, number
from fluvius_demo.lessons.pictures import HIGH, LARGE, SMALL, WIDE, Picture

# Okabe and Ito's blue and vermilion; the two machines differ in their marks as well.
_HERE, _THERE = "#0072B2", "#D55E00"
_UNITS = {"ns": "nanoseconds", "us": "microseconds", "ms": "milliseconds", "commands/s": "commands a second"}
_WITH_INTERVAL = "Dot and bar: this machine, with the 95 % interval. Diamond: the reference machine."

_LETTERS = 88  # have room side by side
_BEHIND_TEXT = {"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1}

Rows = Mapping[str, Row]


def costs(answer: str, here: Rows, there: Rows) -> Picture:
    """Draw a line for each row, the cheapest first; `answer` is what they tell, as one sentence."""
    rows = sorted(here.values(), key=lambda row: row.value.value)
    high = min(1.5 + 0.32 * len(rows), max(HIGH, 1.5 + 0.22 * len(rows)))  # a slide's height, if all can be read
    figure = Figure(figsize=(WIDE, high), layout="constrained")
    ax = figure.subplots()
    for y, row in enumerate(rows):
        value, right = row.value, row.value.high
        ax.plot([value.low, value.high], [y, y], color=_HERE, linewidth=6, alpha=0.4, solid_capstyle="butt")
        ax.plot(value.value, y, "o", color=_HERE, markersize=8)
        if row.name in there:
            other = there[row.name].value.value
            ax.plot(other, y, "D", color=_THERE, markerfacecolor="none", markeredgewidth=1.8, markersize=11)
            right = max(right, other)
        ax.annotate(_told(row), (right, y), xytext=(14, 0), textcoords="offset points", va="center", fontsize=SMALL)
    ax.set_yticks(range(len(rows)), [row.name for row in rows], fontsize=SMALL)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.set_xscale("log")
    low, high = ax.get_xlim()
    named, told = (max(map(len, texts)) for texts in ([row.name for row in rows], map(_told, rows)))
    share = min(0.6, (told + 3) / (_LETTERS - named))  # of the axes' width: room for the last label
    ax.set_xlim(low, high * (high / low) ** (share / (1 - share)))
    dressed(ax, f"{_UNITS[rows[0].unit]} (log axis)")
    figures_on(ax.xaxis, most=500)
    ax.grid(axis="x", color="#DDDDDD")
    ax.tick_params(axis="y", length=0)
    headed(figure, answer, _WITH_INTERVAL)
    return Picture(figure, f"{answer} {'; '.join(f'{row.name} {_told(row)}' for row in rows)}.")


def stays(answer: str, table: Mapping[str, Mapping[str, str]]) -> Picture:
    """Draw when the root object is freed, `table[situation][design]`: each box with mark, word and pattern."""
    rows, columns = list(table), list(next(iter(table.values())))
    figure = Figure(figsize=(WIDE, 1.2 + 0.5 * len(rows)), layout="constrained")
    ax = figure.subplots()
    looks = {
        "at once": ("✓", "#009E73", ""),
        "by the collector": ("○", "#E69F00", "//"),
        "kept": ("✕", "#D55E00", "xx"),
    }
    for y, row in enumerate(rows):
        for x, column in enumerate(columns):
            mark, colour, pattern = looks[table[row][column]]
            ax.barh(y, 0.92, left=x + 0.04, height=0.86, color=colour + "55", edgecolor=colour, hatch=pattern)
            ax.annotate(
                fill(f"{mark} {table[row][column]}", 11), (x + 0.5, y), ha="center", va="center", fontsize=SMALL,
                linespacing=1, bbox=_BEHIND_TEXT,
            )  # fmt: skip
    ax.set_xticks([x + 0.5 for x in range(len(columns))], [fill(name, 10) for name in columns], fontsize=SMALL)
    ax.set_yticks(range(len(rows)), [fill(row, 24) for row in rows], fontsize=SMALL)
    ax.xaxis.tick_top()
    ax.set(xlim=(0, len(columns)), ylim=(len(rows) - 0.5, -0.5))
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    headed(figure, answer, "")
    told = (f"\n- {row}: {', '.join(f'{column} {found}' for column, found in table[row].items())}." for row in rows)
    return Picture(figure, f"{answer}{''.join(told)}")


def _told(row: Row) -> str:
    ratio = f", {number(row.ratio.value)} x" if row.ratio is not None and row.ratio.low != row.ratio.high else ""
    return f"{number(row.value.value)} {row.unit}{ratio}"


def plain(value: float, _place: int = 0) -> str:
    """Return a figure on an axis without powers of ten."""
    return f"{value:,.12g}"


def figures_on(axis: Axis, most: float) -> None:
    """Write figures on a log axis: at 1, 2 and 5 of each power of ten, if it is no longer than 1 to `most`.

    Else at the powers alone, or at some of them, so that figures do not lie on each other. On an axis of less than 1
    to 5 there would be one figure or none: there they are as far from each other as on a plain axis.
    """
    low, high = axis.get_view_interval()
    if high / low < 5:
        axis.set_major_locator(MaxNLocator(5, steps=(1, 2, 5, 10)))
    else:
        axis.set_major_locator(LogLocator(subs=(1, 2, 5)) if high / low < most else LogLocator(numticks=4))
    axis.set_major_formatter(plain)
    axis.set_minor_formatter(NullFormatter())


def dressed(ax: Axes, across: str) -> None:
    """Give the axes their label and their sizes of letters."""
    ax.set_xlabel(across, fontsize=SMALL)
    ax.set_axisbelow(True)
    ax.tick_params(labelsize=SMALL)
    ax.spines[["top", "right"]].set_visible(False)


def headed(figure: Figure, answer: str, key: str) -> None:
    """Write what the figure tells above it, and what its marks mean below."""
    figure.suptitle(fill(answer, 82), x=0.01, ha="left", fontsize=LARGE, fontweight="bold")
    if key:
        figure.supxlabel(key, x=0.01, ha="left", fontsize=SMALL)
