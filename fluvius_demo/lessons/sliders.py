"""Sliders for the load: pick a design, how many commands, how slow a store; each change runs that, and draws it."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from html import escape
from typing import Any

import ipywidgets

from fluvius_demo.errors import BadRequestError
from fluvius_demo.lessons.designs import DESIGNS
from fluvius_demo.lessons.load import Waiting, waiting
from fluvius_demo.lessons.load_view import load_svg, load_text

COMMANDS = (1, 3, 10, 20, 50, 100)
LATENCIES_MS = (0, 1, 2, 5)


def load_sliders(
    design: str = "locked", commands: int = 20, latency_ms: int = 5, still: Waiting | None = None
) -> "LoadBox":
    """Return the sliders at these values, and below them a run of that: `still`, or one that is made now.

    Raises BadRequestError for a value that cannot be picked.
    """
    for what, value, known in (
        ("the design", design, tuple(DESIGNS)),
        ("commands in flight:", commands, COMMANDS),
        ("a store that takes ms:", latency_ms, LATENCIES_MS),
    ):
        if value not in known:
            one_of = ", ".join(map(str, known))
            raise BadRequestError(f"pick {what} {value!r}", "it is not on the list", f"use one of: {one_of}")
    return LoadBox(design, commands, latency_ms, still)


class LoadBox(ipywidgets.VBox):
    """The sliders, the last run in words and as a picture, and the one before, on the same scale.

    `runs` are these two, the newer first. On a page without widgets the box is the first run.
    """

    def __init__(self, design: str, commands: int, latency_ms: int, still: Waiting | None = None) -> None:
        self.design = ipywidgets.Dropdown(
            options=list(DESIGNS), value=design, description="Design", style=_WIDE, layout=_layout("190px"),
            tooltip="Runs the same load on another design",
        )  # fmt: skip
        self.commands = _slider(COMMANDS, commands, "Commands in flight", "How many commands are sent at once")
        self.latency = _slider(LATENCIES_MS, latency_ms, "Store takes (ms)", "How long each call of the store takes")
        self.said, self.newer, self.older = (ipywidgets.HTML() for _ in range(3))
        self.runs: list[Waiting] = []
        row = ipywidgets.Layout(flex_flow="row wrap")
        controls = [self.design, self.commands, self.latency]
        super().__init__([ipywidgets.HBox(controls, layout=row), self.said, self.newer, self.older])
        if still is not None:
            self.show(still)
        else:
            self.run()
        self._still = {"text/plain": self.text, "text/html": self.said.value + self.newer.value}
        for control in controls:
            control.observe(lambda _change: self.run(), "value")

    def run(self) -> None:
        """Run what is picked, and show it. An error is said, and leaves the pictures as they are."""
        self._say("measuring …")
        try:
            self.show(in_a_thread(self.design.value, self.commands.value, self.latency.value / 1000))
        except Exception as error:  # in a callback it would be lost in the kernel's log
            self._say(f"{type(error).__name__}: {error}")

    def show(self, run: Waiting) -> None:
        """Show this run, and the last one below it; what takes as long is as long in both."""
        self.runs = [run, *self.runs][:2]
        self._say(load_text(run))
        until = max(run.total for run in self.runs)
        for place, picture, shown in zip(("Now", "Before"), (self.newer, self.older), self.runs, strict=False):
            picture.value = f"<div>{place}</div>{load_svg(shown, until)}"

    def _say(self, text: str) -> None:
        self.text = text
        self.said.value = f'<div role="status" aria-live="polite" style="{_PAPER}">{escape(text)}</div>'

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        return {**super()._repr_mimebundle_(**kwargs), **self._still}


def in_a_thread(design: str, commands: int, latency: float) -> Waiting:
    """Run the burst in another thread, and wait for it; `latency` in seconds.

    The kernel's loop runs in this one, so `asyncio.run` would refuse; and as a task there it would end long after the
    callback, and be measured together with the kernel's own work.
    """
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(lambda: asyncio.run(waiting(DESIGNS[design].aggregate, commands, latency))).result()


_WIDE = {"description_width": "initial"}
# White paper and dark ink of its own, so that it can be read on a dark page as well; as high as the longest text, so
# that the pictures do not jump.
_PAPER = "background:#fff;color:#222;font:14px/1.4 sans-serif;padding:4px;white-space:pre-wrap;min-height:8.4em"


def _layout(width: str) -> ipywidgets.Layout:
    return ipywidgets.Layout(width=width, margin="2px 12px 2px 2px")


def _slider(options: tuple[int, ...], value: int, name: str, tooltip: str) -> ipywidgets.SelectionSlider:
    return ipywidgets.SelectionSlider(
        options=options, value=value, description=name, tooltip=tooltip, style=_WIDE, layout=_layout("300px"),
        continuous_update=False,
    )  # fmt: skip
