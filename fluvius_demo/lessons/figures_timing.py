"""The figures of what was measured: this machine's with its interval, a reference machine's beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import fill

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter

from fluvius_demo.lessons.measured import Measured, Row, by_size, number
from fluvius_demo.lessons.pictures import Picture

# Okabe and Ito's palette. Lines differ in their marks as well, and each is named where it ends.
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#000000", "#E69F00")
_MARKS = "os^Dvp"
_HERE, _THERE = _COLOURS[:2]
_UNITS = {"ns": "nanoseconds", "us": "microseconds", "ms": "milliseconds", "commands/s": "commands a second"}
_WITH_INTERVAL = "Dot and bar: this machine, with the 95 % interval. Diamond: the reference machine."

_BEHIND_TEXT = {"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1}

Rows = Mapping[str, Row]
Sizes = Mapping[str, Mapping[int, Row]]


def costs(answer: str, here: Rows, there: Rows) -> Picture:
    """Draw a line for each row, the cheapest first; `answer` is what they tell, as one sentence."""
    rows = sorted(here.values(), key=lambda row: row.value.value)
    figure = Figure(figsize=(11, 1.7 + 0.42 * len(rows)), layout="constrained")
    ax = figure.subplots()
    for y, row in enumerate(rows):
        value, right = row.value, row.value.high
        ax.plot([value.low, value.high], [y, y], color=_HERE, linewidth=6, alpha=0.4, solid_capstyle="round")
        ax.plot(value.value, y, "o", color=_HERE, markersize=8)
        if row.name in there:
            other = there[row.name].value.value
            ax.plot(other, y, "D", color=_THERE, markerfacecolor="none", markeredgewidth=1.8, markersize=11)
            right = max(right, other)
        ax.annotate(_told(row), (right, y), xytext=(14, 0), textcoords="offset points", va="center", fontsize=13)
    ax.set_yticks(range(len(rows)), [row.name for row in rows], fontsize=13)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.set_xscale("log")
    low, high = ax.get_xlim()
    ax.set_xlim(low, high * (high / low) ** 0.35)  # room for the last label
    _dress(ax, f"{_UNITS[rows[0].unit]} (log axis)")
    ax.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    ax.xaxis.set_major_formatter(_plain)
    ax.xaxis.set_minor_formatter(NullFormatter())
    ax.grid(axis="x", color="#DDDDDD")
    ax.tick_params(axis="y", length=0)
    _head(figure, answer, _WITH_INTERVAL)
    return Picture(figure, f"{answer} {'; '.join(f'{row.name} {_told(row)}' for row in rows)}.")


@dataclass(frozen=True)
class Panel:
    """One pair of axes: lines over a size, `here[what][size]`; what the axes mean, and how each line is called."""

    here: Sizes
    there: Sizes
    across: str
    up: str
    names: Mapping[str, str]
    log_up: bool = True


def load(answer: str, here: Measured, there: Measured, latency: str = "5 ms") -> Picture:
    """Draw bursts of commands, on each design: how many are served in a second, and how long the slowest wait."""
    rates, slow = ([_slowest(measured, 95) if ms else _rates(measured) for measured in (here, there)] for ms in (0, 1))
    names = {what: what.split(", ")[0] for what in rates[0] if what.endswith(latency)}
    across = "commands in flight"
    return curves(
        answer,
        [
            Panel(*rates, across, "commands a second", names),
            Panel(*slow, across, "milliseconds until 95 of 100 are done", names),
        ],
    )


def growth(answer: str, here: Measured, there: Measured) -> Picture:
    """Draw how time and memory grow: with the commands in flight, the variables in the Context, the nesting."""

    def of(section: str, unit: str) -> list[Sizes]:
        return [by_size(measured.section(section), unit) for measured in (here, there)]

    held = {"memory (traced)": "by tracemalloc", "memory (resident)": "by resident size"}
    get = {"get again": "get", "set and reset": "set and reset", "an empty command": "an empty command"}
    deep = {"one more command": "one more command", "a read of the outermost": "a read of the outermost"}
    one = {"one more command": "one more command"}
    return curves(
        answer,
        [
            Panel(*of("in flight", "ns"), "commands in flight", "nanoseconds", one, log_up=False),
            Panel(*of("in flight", "bytes"), "commands in flight", "bytes for each command", held, log_up=False),
            Panel(*of("variables in the Context", "ns"), "variables in the Context", "nanoseconds", get),
            Panel(*of("nesting", "ns"), "commands inside of each other", "nanoseconds", deep),
        ],
    )


def _rates(measured: Measured) -> Sizes:
    return by_size(measured.section("throughput"), "commands/s")


def _slowest(measured: Measured, percent: int) -> Sizes:
    ending = f", p{percent}"
    rows = measured.section("throughput").items()
    return by_size({name.removesuffix(ending): row for name, row in rows if name.endswith(ending)}, "ms")


def curves(answer: str, panels: Sequence[Panel]) -> Picture:
    """Draw lines over a size, each with its name where it ends; `answer` is what they tell, as one sentence."""
    down = -(-len(panels) // 2)
    figure = Figure(figsize=(11, 4.2 * down + 0.7), layout="constrained")
    axes = figure.subplots(down, min(2, len(panels)), squeeze=False).flat
    for ax, panel in zip(axes, panels, strict=True):
        _curves(ax, panel)
    _head(figure, answer, "Full line, its band the 95 % interval: this machine. Dashed, hollow: the reference machine.")
    return Picture(figure, f"{answer} {' '.join(map(_in_words, panels))}")


def _curves(ax: Axes, panel: Panel) -> None:
    ends = []
    for place, (what, name) in enumerate(panel.names.items()):
        line, colour, mark = panel.here[what], _COLOURS[place], _MARKS[place]
        sizes, values = list(line), [row.value for row in line.values()]
        ax.fill_between(sizes, [v.low for v in values], [v.high for v in values], color=colour, alpha=0.25, linewidth=0)
        ax.plot(sizes, [v.value for v in values], mark + "-", color=colour, linewidth=2, markersize=7)
        other = panel.there.get(what, {})
        ax.plot(
            list(other), [row.value.value for row in other.values()], mark + "--", color=colour, markersize=11,
            markerfacecolor="none", alpha=0.8, linewidth=1,
        )  # fmt: skip
        ends.append((values[-1].value, name, colour))
    ax.set_xscale("log")
    if panel.log_up:
        ax.set_yscale("log")
        ax.margins(y=0.15)
    else:
        ax.set_ylim(0, 1.3 * max(ax.get_ylim()[1], *(value for value, *_ in ends)))
    _name_lines(ax, ends)
    _dress(ax, f"{panel.across} (log axis)")
    low, high = ax.get_xlim()
    ax.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if high / low < 200 else (1,)))
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(_plain)
        axis.set_minor_formatter(NullFormatter())
    ax.set_title(f"{panel.up}{' (log axis)' if panel.log_up else ''}", fontsize=13, loc="left")
    ax.grid(color="#E5E5E5")


def _name_lines(ax: Axes, ends: Sequence[tuple[float, str, str]]) -> None:
    """Write each line's name at its right end, and keep names apart where lines end close to each other."""
    across = ax.get_yaxis_transform()
    free = 0.0
    for value, whole_name, colour in sorted(ends):
        name = fill(whole_name, 11)
        half = 0.04 * (1 + name.count("\n"))
        place = ax.transAxes.inverted().transform(ax.transData.transform((1, value)))[1]
        free = max(free + half, place)
        ax.annotate(
            name, (1, value), xycoords=across, xytext=(1.03, free), textcoords="axes fraction", va="center",
            fontsize=12, color=colour, fontweight="bold", annotation_clip=False,
        )  # fmt: skip
        free += half


def _in_words(panel: Panel) -> str:
    lines = (
        f"{name}: {', '.join(f'{number(row.value.value)} at {size:,}' for size, row in panel.here[what].items())}"
        for what, name in panel.names.items()
    )
    return f"{panel.up}, over {panel.across}: {'; '.join(lines)}."


def stays(answer: str, table: Mapping[str, Mapping[str, str]]) -> Picture:
    """Draw when the root object is freed, `table[situation][design]`: each box with mark, word and pattern."""
    rows, columns = list(table), list(next(iter(table.values())))
    figure = Figure(figsize=(11, 1.6 + 0.5 * len(rows)), layout="constrained")
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
                f"{mark} {table[row][column]}", (x + 0.5, y), ha="center", va="center", fontsize=12,
                bbox=_BEHIND_TEXT,
            )  # fmt: skip
    ax.set_xticks([x + 0.5 for x in range(len(columns))], [fill(name, 10) for name in columns], fontsize=12)
    ax.set_yticks(range(len(rows)), rows, fontsize=12)
    ax.xaxis.tick_top()
    ax.set(xlim=(0, len(columns)), ylim=(len(rows) - 0.5, -0.5))
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    _head(figure, answer, "")
    told = (f"{row}: {', '.join(f'{column} {found}' for column, found in table[row].items())}" for row in rows)
    return Picture(figure, f"{answer} {'; '.join(told)}.")


def _told(row: Row) -> str:
    ratio = f", {number(row.ratio.value)} x" if row.ratio is not None and row.ratio.low != row.ratio.high else ""
    return f"{number(row.value.value)} {row.unit}{ratio}"


def _plain(value: float, _place: int = 0) -> str:
    return f"{value:,g}"


def _dress(ax: Axes, across: str) -> None:
    ax.set_xlabel(across, fontsize=12)
    ax.set_axisbelow(True)
    ax.tick_params(labelsize=12)
    ax.spines[["top", "right"]].set_visible(False)


def _head(figure: Figure, answer: str, key: str) -> None:
    figure.suptitle(fill(answer, 90), x=0.01, ha="left", fontsize=15, fontweight="bold")
    if key:
        figure.supxlabel(key, x=0.01, ha="left", fontsize=12)
