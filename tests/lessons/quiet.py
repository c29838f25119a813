"""Run a scenario as strictly as asyncio can, and say everything that it would only have muttered."""

import asyncio
import gc
import warnings
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def quietly(scenario: Coroutine[Any, Any, T], *, debug: bool = True) -> T:
    """Return what the scenario returns; fail on a warning, on a complaint of the loop, on a task that is left behind.

    A lane that the scenario returns is still alive and cannot complain yet: return plain data. The loop is in debug
    mode; that is slow, so a long scenario may do without.
    """
    complaints: list[str] = []

    async def watched() -> T:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _loop, context: complaints.append(context["message"]))
        result = await scenario
        complaints.extend(f"left behind: {task}" for task in asyncio.all_tasks() - {asyncio.current_task()})
        gc.collect()  # "was never retrieved", "was destroyed" and "was never awaited" are said on collection
        return result

    gc.freeze()  # what others have left behind is not this scenario's, and takes long to go through
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            result = asyncio.run(watched(), debug=debug)
            gc.collect()
    finally:
        gc.unfreeze()
    assert [*complaints, *(str(warning.message) for warning in caught)] == []
    return result
