"""The chart of notebook 06 is drawn anew while its commands run, not only at their end."""

from __future__ import annotations

import re

from .lab import HIGHEST_PICTURE, SIZE, Lab

# Every picture that the page has shown, by its words; each change of the widget is a change of the page.
LISTEN = """() => {
    window.shown = [];
    new MutationObserver(() => {
        for (const chart of document.querySelectorAll('.jp-OutputArea-output svg[aria-label*="commands open at once"]'))
            if (window.shown.at(-1) !== chart.ariaLabel) window.shown.push(chart.ariaLabel);
    }).observe(document.body, {childList: true, subtree: true});
}"""


def test_the_chart_grows_while_the_commands_run(lab: Lab) -> None:
    """It begins with the first ticks, each picture has more of them than the one before, and the last has them all."""
    lab.page.set_viewport_size(SIZE | {"height": HIGHEST_PICTURE})  # a cell that is out of view is not drawn
    lab.open_notebook("06_watching.ipynb")
    lab.page.evaluate(LISTEN)
    lab.run_all()
    shown = lab.page.evaluate("() => window.shown")
    ticks = [int(re.match(r"(\d+) ticks", words)[1]) for words in dict.fromkeys(shown)]
    assert ticks == sorted(ticks)
    assert len(ticks) > 10
    assert f"{ticks[-1]} ticks" in lab.kernel_value("chart.words()")
