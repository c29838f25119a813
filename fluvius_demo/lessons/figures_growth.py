"""The figures of what grows: lines over a number of commands or variables, this machine's and a reference machine's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import fill

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from fluvius_demo.lessons.figures_timing import dressed, figures_on, headed, plain
from fluvius_demo.lessons.measured import Measured, Row, by_size, number
from fluvius_demo.lessons.pictures import HIGH, LARGE, SMALL, WIDE, Picture

# Okabe and Ito's palette. Lines differ in their marks as well, and each is named where it ends.
_COLOURS = ("#0072B2", "#D55E00", "#009E73")
_MARKS = "os^"

Sizes = Mapping[str, Mapping[int, Row]]


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
    names = {what: what.split(", ")[0] for what in rates[0] if what.endswith(f", {latency}")}
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

    held = {"memory (traced)": "one command"}
    get = {"get again": "get", "set and reset": "set and reset", "an empty command": "an empty command"}
    deep = {"one more command": "one more command", "a read of the outermost": "a read of the outermost"}
    one = {"one more command": "one more command"}
    return curves(
        answer,
        [
            Panel(*of("in flight", "ns"), "commands in flight", "nanoseconds", one, log_up=False),
            Panel(*of("in flight", "bytes"), "commands in flight", "bytes beyond its task", held, log_up=False),
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
    figure = Figure(figsize=(WIDE, 0.8 + (HIGH - 0.8) * down), layout="constrained")
    axes = figure.subplots(down, min(2, len(panels)), squeeze=False).flat
    for ax, panel in zip(axes, panels, strict=True):
        _curves(ax, panel)
    headed(
        figure, answer, "Full line, its band the 95 % interval: this machine. Dashed, hollow: the reference machine."
    )
    return Picture(figure, f"{answer}{''.join(map(_in_words, panels))}")


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
    dressed(ax, _on_log_axis(panel.across))
    figures_on(ax.xaxis, most=200)
    if panel.log_up:
        figures_on(ax.yaxis, most=200)
    else:
        ax.yaxis.set_major_formatter(plain)
    ax.set_title(_on_log_axis(panel.up) if panel.log_up else panel.up, fontsize=LARGE, loc="left")
    ax.grid(color="#E5E5E5")


def _on_log_axis(words: str) -> str:
    return f"{words}{' ' if len(words) < 20 else chr(10)}(log axis)"


def _name_lines(ax: Axes, ends: Sequence[tuple[float, str, str]]) -> None:
    """Write each line's name at its right end, and keep names apart where lines end close to each other."""
    ax.get_ylim()  # settles the limits, which the places are computed from
    places: list[tuple[float, float]] = []
    named, free = [(value, fill(name, 11), colour) for value, name, colour in sorted(ends)], 0.0
    for value, name, _ in named:
        half = 0.04 * (1 + name.count("\n"))
        place = max(free + half, ax.transAxes.inverted().transform(ax.transData.transform((1, value)))[1])
        places.append((place, half))
        free = place + half
    free = 1.0  # above the axes is their title
    for (value, name, colour), (place, half) in zip(reversed(named), reversed(places), strict=True):
        place = min(free - half, place)
        ax.annotate(
            name, (1, value), xycoords=ax.get_yaxis_transform(), xytext=(1.03, place), textcoords="axes fraction",
            va="center", fontsize=SMALL, color=colour, fontweight="bold", annotation_clip=False,
        )  # fmt: skip
        free = place - half


def _in_words(panel: Panel) -> str:
    lines = (
        f"{name}: {', '.join(f'{number(row.value.value)} at {size:,}' for size, row in panel.here[what].items())}"
        for what, name in panel.names.items()
    )
    return f"\n- {panel.up.capitalize()}, over {panel.across}: {'; '.join(lines)}."
