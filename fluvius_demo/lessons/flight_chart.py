"""How many commands are open, tick by tick, as a chart that can be drawn anew while it grows."""

from collections.abc import Mapping
from html import escape

_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 760, 250, 52, 14, 44, 46  # pixels
_INK, _BAR, _GRID = "#222222", "#0072B2", "#BBBBBB"  # the blue is Okabe and Ito's
_NICE = (5, 10, 20, 50, 100, 200, 500, 1000)


class FlightChart:
    """Counts of open commands, one for each tick, and what has become of those that have ended."""

    def __init__(self) -> None:
        self.open: list[int] = []
        self.ended: Mapping[str, int] = {}

    def add(self, open_now: int, ended: Mapping[str, int]) -> "FlightChart":
        """Add a tick: how many are open now, and how many have ended so far, by outcome."""
        self.open.append(open_now)
        self.ended = dict(ended)
        return self

    def __repr__(self) -> str:
        return f"In words: {self.words()}"

    def words(self) -> str:
        """Return what the chart shows."""
        if not self.open:
            return "nothing has run yet."
        peak = max(self.open)
        ended = ", ".join(f"{count} {outcome}" for outcome, count in sorted(self.ended.items())) or "none"
        return (
            f"{len(self.open)} ticks; at most {peak} commands open at once, in tick {self.open.index(peak) + 1}; "
            f"{self.open[-1]} open now. Ended: {ended}."
        )

    def _repr_html_(self) -> str:
        return f"{self.svg()}<p><b>In words:</b> {escape(self.words())}</p>"

    def svg(self) -> str:
        """Return the chart as an SVG element: a bar for each tick."""
        top = next((nice for nice in _NICE if nice >= max(self.open, default=0)), max(self.open, default=0))
        wide, high, floor = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM, _HEIGHT - _BOTTOM
        step = wide / max(len(self.open), 50)
        bars = "".join(
            f'<rect x="{_LEFT + step * tick:.1f}" y="{floor - high * count / top:.1f}" '
            f'width="{step * 0.85:.1f}" height="{high * count / top:.1f}"/>'
            for tick, count in enumerate(self.open)
        )
        lines = "".join(
            f'<path d="M{_LEFT} {floor - high * share}h{wide}" stroke="{_GRID}"/>'
            f'<text x="{_LEFT - 8}" y="{floor - high * share + 5}" text-anchor="end">{top * share:g}</text>'
            for share in (0, 0.5, 1)
        )
        now = f"{self.open[-1]} open now, {max(self.open)} at most" if self.open else "nothing has run yet"
        ended = " · ".join(f"{count} {outcome}" for outcome, count in sorted(self.ended.items()))
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(self.words())}" '
            f'width="{_WIDTH}" height="{_HEIGHT}" viewBox="0 0 {_WIDTH} {_HEIGHT}" style="max-width:100%;height:auto" '
            f'font-family="sans-serif" font-size="14" fill="{_INK}"><desc>{escape(self.words())}</desc>'
            f'<rect width="100%" height="100%" fill="white"/>'
            f'<text x="{_LEFT}" y="24" font-size="16" font-weight="bold">Commands in flight: {now}</text>{lines}'
            f'<g fill="{_BAR}">{bars}</g><text x="{_LEFT}" y="{floor + 20}">ticks →</text>'
            f'<text x="{_WIDTH - _RIGHT}" y="{floor + 38}" text-anchor="end">'
            f"{escape(f'ended: {ended}') if ended else ''}</text></svg>"
        )
