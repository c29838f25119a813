"""The picture on the handout: what a task copies of its parent's Context, and what a token puts back."""

from __future__ import annotations

from html import escape

WIDTH, HEIGHT = 760, 218  # units of the drawing; on the page 760 of them are 190 mm, so 11 of them are 7.8 pt
_INK, _SOFT, _ACCENT, _LINE = "#1A1A1A", "#EAF1F6", "#005A8C", "#5A6670"
_MONO = "'DejaVu Sans Mono',Menlo,Consolas,monospace"

WORDS = (
    "Left: create_task copies the parent's Context. Both Contexts hold the variable current, and both values are the "
    "very same object, Ana's command: what is set in the child stays in the child, what is done to the object is seen "
    "by both. Right: four steps in one task. Set to Ana's command, then to Ben's; each set gives a token. The reset "
    "by Ben's token puts Ana's command back, the reset by Ana's token puts None back."
)


def context_svg() -> str:
    """Return the picture as an SVG element; its description says all of it in words."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {WIDTH} {HEIGHT}" font-size="12" '
        f'fill="{_INK}" aria-label="{escape(WORDS)}"><title>A Context</title><desc>{escape(WORDS)}</desc>'
        f'<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        f'<path d="M0 0L8 4L0 8Z" fill="{_INK}"/></marker></defs>'
        f'{_copy()}<path d="M373 4V{HEIGHT - 4}" stroke="#B8C0C6"/>{_token()}</svg>'
    )


def _copy() -> str:
    return "".join(
        (
            _words(0, 14, "What a task copies: the variables, not the objects", weight="bold", size=13.5),
            _context(24, "the command's task"),
            _context(124, "a child task"),
            _arrow("M80 80V121", dashed=True),
            _words(90, 106, "create_task copies", size=11.5, style="italic"),
            _arrow("M146 60C200 60 200 84 228 92"),
            _arrow("M146 160C200 160 200 140 228 130"),
            f'<rect x="231" y="76" width="124" height="72" rx="3" fill="white" stroke="{_INK}" stroke-width="2"/>',
            _words(293, 93, "Ana's command", "middle", weight="bold"),
            _words(243, 111, "account  ana", mono=True, size=11),
            _words(243, 125, "events   […]", mono=True, size=11),
            _words(243, 139, "closed   no", mono=True, size=11),
            _words(0, 197, "set() in the child: only the child's copy changes."),
            _words(0, 213, "append, close, empty: it is one object, so both see it."),
        )
    )


def _context(y: float, whose: str) -> str:
    border = f'stroke="{_ACCENT}" stroke-width="1.5"'
    return "".join(
        (
            f'<rect x="1" y="{y}" width="176" height="56" rx="10" fill="{_SOFT}" {border}/>',
            _words(12, y + 18, f"Context of {whose}", size=11),
            f'<rect x="12" y="{y + 25}" width="148" height="22" rx="3" fill="white" stroke="{_LINE}"/>',
            _words(20, y + 40, "current", mono=True, size=11.5),
            f'<circle cx="146" cy="{y + 36}" r="4.5"/>',
        )
    )


# The value of `current`, and how many sets it is above the floor.
STAIRS = (("None", 0), ("ana", 1), ("ben", 2), ("ana", 1), ("None", 0))
STEPS = ("t = current.set(ana)", "u = current.set(ben)", "current.reset(u)", "current.reset(t)")


def _token() -> str:
    left, step, wide = 390, 77, 58
    found = [_words(left, 14, "What a token puts back: what was there before", weight="bold", size=13.5)]
    for place, (value, level) in enumerate(STAIRS):
        x, y = left + place * step, 126 - 46 * level
        fill = "white" if value == "None" else _SOFT
        found += [
            f'<rect x="{x}" y="{y}" width="{wide}" height="26" rx="4" fill="{fill}" stroke="{_INK}"/>',
            _words(x + wide / 2, y + 17, value, "middle", mono=True),
        ]
    for place, code in enumerate(STEPS):
        (_, before), (_, after) = STAIRS[place : place + 2]
        x, y, y2 = left + place * step + wide, 139 - 46 * before, 139 - 46 * after
        middle = x + (step - wide) / 2
        found += [
            _arrow(f"M{x} {y}C{middle + 4} {y} {middle - 10} {y2} {x + step - wide - 2} {y2}"),
            _words(middle + (-12 if after > before else 12), (y + y2) / 2 + 4, str(place + 1), "middle", weight="bold"),
            _words(left + 190 * (place // 2), 172 + 16 * (place % 2), f"{place + 1}  {code}", mono=True, size=11),
        ]
    return "".join((*found, _words(left, 213, "set(None) at 3 loses Ana's command; no reset leaves Ben's there.")))


def _arrow(data: str, dashed: bool = False) -> str:
    dashes = ' stroke-dasharray="5 4"' if dashed else ""
    return f'<path d="{data}" fill="none" stroke="{_INK}" stroke-width="1.6"{dashes} marker-end="url(#tip)"/>'


def _words(
    x: float, y: float, words: str, anchor: str = "start", *, size: float = 12, weight: str = "normal",
    style: str = "normal", mono: bool = False,
) -> str:  # fmt: skip
    family = f' font-family="{_MONO}"' if mono else ""
    return (
        f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-size="{size}" font-weight="{weight}" '
        f'font-style="{style}"{family} xml:space="preserve">{escape(words)}</text>'
    )
