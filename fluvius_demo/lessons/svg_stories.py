"""The stories of many orders as inline SVG: for three commands, whose progress cannot be drawn flat."""

from collections.abc import Iterator
from html import escape

from fluvius_demo.lessons.colours import COLOURS, MARKS
from fluvius_demo.lessons.graph import story_rows
from fluvius_demo.lessons.interleave import Report, Story, steps_of

_LINE, _FONT, _TOP = 26, 13, 26  # pixels: a row's height, the size of the text, the height of the heading
_SHADES = ("#FFFFFF", "#9FCFEE", "#1F4E79")  # of the first command, the second, the third: they differ in grey, too


def stories_svg(report: Report, *, most: int = 6, width: int = 360) -> str:
    """Return the stories as rows: the simplest order of each as lettered boxes, how many tell it, and how it ends.

    Stories of the most orders come first; of more than `most`, the last line says how many there are.
    """
    rows = story_rows(report)
    most += len(rows) == most + 1  # a single one that is left over takes no more room than the line about it
    shown, left = rows[:most], len(rows) - most
    words = "; ".join(_in_words(story) for story in shown) + (f"; and {left} more stories" if left > 0 else "")
    longest = max(len(steps_of(story.schedule)) for story in shown)
    box = min(17.0, (width - 150) / longest)
    inside = ['<text x="4" y="16" font-weight="bold">simplest order · how many · outcome</text>']
    for number, story in enumerate(shown):
        inside += _row(story, _TOP + _LINE * number, box, 4 + box * longest)
    if left > 0:
        inside.append(f'<text x="4" y="{_TOP + _LINE * len(shown) + 17}">… and {left} more stories</text>')
    height = _TOP + _LINE * (len(shown) + (left > 0)) + 6
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(words)}" width="{width}" '
        f'height="{height}" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="{_FONT}" fill="#222222">'
        f"<title>Stories of {len(report.orders)} orders</title><desc>{escape(words)}</desc>"
        f'<rect width="100%" height="100%" rx="6" fill="white"/>{"".join(inside)}</svg>'
    )


def _in_words(story: Story) -> str:
    ends = ", ".join(f"{name} {finding.outcome}" for name, finding in story.verdict.findings)
    return f"{story.orders} orders such as {story.schedule}: {ends}"


def _row(story: Story, top: float, box: float, end: float) -> Iterator[str]:
    for place, name in enumerate(steps_of(story.schedule)):
        shade = (ord(name[0]) - ord("A")) % len(_SHADES)
        x, ink = 4 + box * place, "white" if shade == 2 else "#222222"
        yield (
            f'<rect x="{x:.1f}" y="{top}" width="{box - 1:.1f}" height="20" fill="{_SHADES[shade]}" stroke="#222222"/>'
        )
        yield (
            f'<text x="{x + box / 2 - 0.5:.1f}" y="{top + 15}" text-anchor="middle" font-size="{_FONT - 1}" '
            f'fill="{ink}">{name}</text>'
        )
    colour = COLOURS[story.outcome]
    yield f'<text x="{end + 42:.1f}" y="{top + 15}" text-anchor="end">{story.orders}</text>'
    yield f'<rect x="{end + 48:.1f}" y="{top}" width="6" height="20" fill="{colour}"/>'
    yield f'<text x="{end + 60:.1f}" y="{top + 15}">{MARKS[story.outcome]} {story.outcome}</text>'
