"""The figures. Every one is drawn from a run, shows outcomes by colour, mark and word, and has a description."""

from collections.abc import Mapping
from itertools import pairwise
from textwrap import fill
from types import MappingProxyType

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from fluvius_demo.lessons.colours import COLOURS, MARKS
from fluvius_demo.lessons.load import Waiting
from fluvius_demo.lessons.outcomes import ALL_OUTCOMES, Outcome
from fluvius_demo.lessons.overlap import Overlap, money
from fluvius_demo.lessons.pictures import LARGE, SMALL, WIDE, Picture

_HATCHES = ("", "//", "xx", "..", "\\\\", "--")
HATCHES: dict[Outcome, str] = dict(zip(ALL_OUTCOMES, _HATCHES, strict=True))
_SHORT: dict[Outcome, str] = {"not applicable": "n/a"}

_LETTERS = 30  # of a row's name in a line
_CENTRED = {"ha": "center", "va": "center"}
_BEHIND_TEXT = {"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 1.5}


def timelines(runs: Mapping[str, Overlap]) -> Picture:
    """Draw each run with one lane per command: its steps in their order, its outcome, and where its state was lost."""
    lanes = max(len(run.deposits) for run in runs.values())
    high = 1.0 if any(run.overwritten() for run in runs.values()) else 0.8  # in inches, each lane
    figure = Figure(figsize=(WIDE, (0.65 + high * lanes) * len(runs)), layout="constrained")
    axes = figure.subplots(len(runs), 1, squeeze=False)[:, 0]
    steps = max(len(run.steps) for run in runs.values())
    for ax, (title, run) in zip(axes, runs.items(), strict=True):
        _timeline(ax, title, run, steps)
    axes[-1].set_xlabel("steps, in the order in which they ran", fontsize=SMALL)
    return Picture(figure, "".join(f"\n- {_in_words(title, run)}" for title, run in runs.items()))


def _timeline(ax: Axes, title: str, run: Overlap, steps: int) -> None:
    names = list(run.deposits)
    ax.set_title(title, loc="left", fontsize=LARGE, fontweight="bold")
    for row, name in enumerate(names):
        own, outcome = [step for step in run.steps if step.name == name], run.findings[name].outcome
        colour = COLOURS[outcome]
        ax.barh(
            row, own[-1].number - own[0].number + 0.5, left=own[0].number - 0.25, height=0.42,
            color=colour + "40", edgecolor=colour, hatch=HATCHES[outcome], linewidth=1.5,
        )  # fmt: skip
        for step in own:
            label = f"{step.label}: waits" if step.waits else step.label
            fill = "white" if step.waits else colour
            ax.plot(step.number, row, "o", color=colour, markerfacecolor=fill, markersize=9)
            ax.annotate(label, (step.number, row - 0.28), ha="center", va="bottom", fontsize=SMALL, bbox=_BEHIND_TEXT)
        ax.annotate(
            f"{MARKS[outcome]} {outcome}: {_ending(run, name)}",
            (own[-1].number + 0.4, row), va="center", fontsize=SMALL, fontweight="bold",
        )  # fmt: skip
    for number, name, seen in run.overwritten():
        row = names.index(name)
        ax.axvline(number, color="black", linestyle=":", linewidth=1.2, zorder=0)
        ax.annotate(
            f"overwritten: {name} now sees {seen!r}",
            (number, row), (number + 0.1, row + 0.27), fontsize=SMALL, style="italic", va="top",
        )  # fmt: skip
    ax.set_yticks(range(len(names)), [f"{name} → {run.deposits[name][0]}" for name in names], fontsize=SMALL)
    ax.set_ylim(len(names) - 0.35, -0.65)
    ax.set_xlim(0.5, steps + 3.2)
    ax.set_xticks(range(1, steps + 1))
    ax.tick_params(axis="x", labelsize=SMALL)
    ax.tick_params(axis="y", length=0)
    ax.spines[["top", "right", "left"]].set_visible(False)


def _ending(run: Overlap, name: str) -> str:
    finding = run.findings[name]
    # Of an error's "type: text: details" the text will do.
    return finding.seen.split(": ")[1] if finding.outcome == "refused" else finding.seen


def _in_words(title: str, run: Overlap) -> str:
    order = ", ".join(f"{step.name} {step.label}{' (waits)' if step.waits else ''}" for step in run.steps)
    ends = ", ".join(f"{name} is {finding.outcome} ({_ending(run, name)})" for name, finding in run.findings.items())
    lost = "".join(f" After step {number}, {name} sees {seen!r}." for number, name, seen in run.overwritten())
    books = ", ".join(f"{account} {money(cents)}" for account, cents in run.balances.items())
    return f"{title}: the steps are {order}.{lost} In the end {ends}; the accounts hold {books}."


def crowd(runs: Mapping[str, Overlap]) -> Picture:
    """Draw each run's commands as small squares in the order in which they came, coloured by outcome."""
    figure = Figure(figsize=(3.6 * len(runs), 4.0), layout="constrained")
    words = []
    for ax, (title, run) in zip(figure.subplots(1, len(runs), squeeze=False)[0], runs.items(), strict=True):
        for place, finding in enumerate(run.findings.values()):
            x, y, outcome = place % 10, place // 10, finding.outcome
            ax.add_patch(_box(x, y, outcome))
            ax.annotate(MARKS[outcome], (x + 0.5, y + 0.5), fontsize=SMALL, **_CENTRED)
        tally = ", ".join(f"{count} {outcome}" for outcome, count in run.tally.items())
        ax.set_title(f"{title}\n{tally}", fontsize=SMALL)
        ax.set(xlim=(0, 10), ylim=(10, 0), aspect="equal", xticks=[], yticks=[])
        ax.axis("off")
        words.append(f"{title}: of {len(run.findings)} commands {tally}.")
    return Picture(figure, " ".join(words))


def waits(runs: Mapping[str, Waiting]) -> Picture:
    """Draw how long each command waited and worked, in milliseconds; the first run is the one that waits."""
    figure = Figure(figsize=(WIDE / 2 * len(runs), 4.2), layout="constrained")
    end = 1000 * max(run.total for run in runs.values())
    axes = figure.subplots(1, len(runs), sharey=True, squeeze=False)[0]
    for ax, (title, run) in zip(axes, runs.items(), strict=True):
        for row, (started, ended) in enumerate(run.spans, start=1):
            ax.barh(row, started * 1000, color="#CCCCCC", hatch="..", edgecolor="white", height=0.85)
            ax.barh(row, (ended - started) * 1000, left=started * 1000, color=COLOURS["correct"], height=0.85)
        ax.set_title(f"{title}: all done after {run.total * 1000:.0f} ms", fontsize=LARGE, loc="left")
        ax.set_xlim(0, end * 1.03)
        ax.set_xlabel("milliseconds since all asked", fontsize=SMALL)
        ax.tick_params(labelsize=SMALL)
        ax.spines[["top", "right"]].set_visible(False)
    axes[0].set_ylabel("commands, in the order in which they asked", fontsize=SMALL)
    count = len(runs[next(iter(runs))].spans)
    axes[0].set(ylim=(count + 0.6, 0.4), yticks=[1, *range(5, count + 1, 5)])
    for text, x, y in (("dotted: waits for the lock", 0.05, 0.75), ("full: works", 0.55, 0.2)):
        axes[0].annotate(text, (end * x, count * y), fontsize=SMALL, bbox=_BEHIND_TEXT)
    told = (
        f"{title}: at most {run.most_at_once} of {len(run.spans)} at once, all done after {run.total * 1000:.0f} ms."
        for title, run in runs.items()
    )
    return Picture(figure, " ".join(told))


def verdict_grid(
    table: Mapping[str, Mapping[str, Outcome]], groups: Mapping[str, str] = MappingProxyType({})
) -> Picture:
    """Draw situations down, designs across: `table[situation][design]` is the outcome.

    `groups[situation]` is the title that a row stands under, where the rows come in groups.
    """
    rows, columns = list(table), list(next(iter(table.values())))
    titles = {row: groups[row] for before, row in pairwise([None, *rows]) if groups.get(row) != groups.get(before)}
    places, bottom = {}, 0.0
    for row in rows:
        bottom += 1.0 * (row in titles)
        places[row] = bottom
        bottom += 1
    labels = [fill(row, _LETTERS) for row in rows]
    high = 0.44 if any("\n" in label for label in labels) else 0.38
    figure = Figure(figsize=(2.9 + len(columns), 0.6 + high * bottom), layout="constrained")
    ax = figure.subplots()
    for row, y in places.items():
        for x, column in enumerate(columns):
            outcome = table[row][column]
            ax.add_patch(_box(x, y, outcome, HATCHES[outcome]))
            text = f"{MARKS[outcome]} {_SHORT.get(outcome, outcome)}"
            ax.annotate(text, (x + 0.5, y + 0.5), fontsize=SMALL, bbox=_BEHIND_TEXT, **_CENTRED)
        if row in titles:
            ax.annotate(titles[row], (0, y - 0.12), va="bottom", fontsize=LARGE, fontweight="bold")
    ax.set_xticks([x + 0.5 for x in range(len(columns))], [fill(column, 12) for column in columns], fontsize=SMALL)
    ax.set_yticks([y + 0.5 for y in places.values()], labels, fontsize=SMALL, va="center", linespacing=1)
    ax.xaxis.tick_top()
    ax.set(xlim=(0, len(columns)), ylim=(bottom, 0))
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    return Picture(figure, "".join(f"\n- {_row_in_words(name, row)}" for name, row in table.items()))


def _box(x: float, y: float, outcome: Outcome, hatch: str = "") -> Rectangle:
    colour = COLOURS[outcome]
    return Rectangle((x + 0.04, y + 0.04), 0.92, 0.92, facecolor=colour + "55", edgecolor=colour, hatch=hatch)


def _row_in_words(name: str, row: Mapping[str, Outcome]) -> str:
    groups = [(outcome, [key for key, value in row.items() if value == outcome]) for outcome in ALL_OUTCOMES]
    told = "; ".join(f"{outcome} on {', '.join(keys)}" for outcome, keys in groups if keys)
    return f"{name}: {told}."


def two_contexts(told: Mapping[str, list[tuple[int, str, str]]], copied_at: int) -> Picture:
    """Draw two Contexts as lanes: `told[lane]` lists (moment, what was done, the value then); the copy as an arrow."""
    figure = Figure(figsize=(WIDE, 3.2), layout="constrained")
    ax = figure.subplots()
    for row, moments in enumerate(told.values()):
        ax.plot([moments[0][0], moments[-1][0] + 0.9], [row, row], color="#999999", linewidth=2, zorder=0)
        for moment, done, value in moments:
            box = {"boxstyle": "round,pad=0.5", "facecolor": ("#D9EAF7", "#FBE5C8")[row], "edgecolor": "#444444"}
            ax.annotate(value, (moment, row), fontsize=LARGE, family="monospace", bbox=box, **_CENTRED)
            ax.annotate(done, (moment, row + (-0.42 if row == 0 else 0.42)), fontsize=SMALL, **_CENTRED)
    arrow = {"arrowstyle": "-|>", "linestyle": "--", "linewidth": 2, "shrinkA": 18, "shrinkB": 18}
    ax.annotate("", (copied_at, 1), (copied_at, 0), arrowprops=arrow)
    ax.annotate("create_task copies", (copied_at + 0.08, 0.5), fontsize=SMALL, style="italic", va="center")
    ax.set_yticks(range(len(told)), list(told), fontsize=SMALL)
    ax.set(ylim=(1.75, -0.75), xlim=(0.4, max(moment for moments in told.values() for moment, *_ in moments) + 1))
    ax.set_xticks([])
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    lines = (
        f"{lane}: " + ", ".join(f"{done} → {value}" for _, done, value in moments) for lane, moments in told.items()
    )
    return Picture(figure, "; ".join(lines) + ".")
