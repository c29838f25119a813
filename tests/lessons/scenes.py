"""Small scenes to step through: commands that note their steps, and a judge that only reports."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from fluvius_demo.lessons.interleave import End, Make, Scene, Verdict
from fluvius_demo.lessons.outcomes import Finding

Commands = Mapping[str, Coroutine[Any, Any, Any]]


def found(end: End) -> Finding:
    """Return *stuck*, *refused* for an error, or *correct*."""
    if end.stuck:
        return Finding("stuck", "", "")
    if end.error is not None:
        return Finding.of_error("injected" if end.injected else "", end.error)
    return Finding("correct", "", repr(end.result))


def making(commands: Callable[[], Commands], state: Callable[[], object] = str, **more: Any) -> Make:
    """Return a function that makes a scene of fresh commands; `state` is asked at the end of each run."""

    def judge(ends: Mapping[str, End]) -> Verdict:
        return Verdict(tuple((name, found(end)) for name, end in ends.items()), str(state()))

    return lambda: Scene(dict(commands()), judge, **more)


async def steps(count: int, note: Callable[[], object] = str) -> None:
    """Take so many steps, and note each: an await between any two."""
    for number in range(count):
        if number:
            await asyncio.sleep(0)
        note()


def counting(names: str, *counts: int) -> Make:
    """Return a scene in which each command takes its number of steps."""
    return making(lambda: {name: steps(count) for name, count in zip(names, counts, strict=True)})


def ends_of(verdict: Verdict) -> dict[str, str]:
    """Return what was seen of each command."""
    return {name: finding.seen or finding.outcome for name, finding in verdict.findings}
