"""While an answer is checked: a thousand runs print nothing, nobody is asked anything, and no clock is waited for."""

import builtins
import gc
import logging
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from typing import Any
from unittest.mock import patch

from fluvius_demo.errors import NotSteppableError


class Heard(StringIO):
    """What was printed; `first`: what the first run has printed, for that one a learner wants to see."""

    first: str | None = None


@contextmanager
def quiet() -> Iterator[Heard]:
    """Keep prints, log lines and warnings to oneself; `time.sleep` and `input` raise NotSteppableError."""
    heard, logged = Heard(), logging.root.manager.disable
    logging.disable()
    try:
        with (
            redirect_stdout(heard),
            warnings.catch_warnings(),
            patch.object(
                time, "sleep", _refused(time.sleep, "time.sleep holds up everybody", "`await asyncio.sleep(…)`")
            ),
            patch.object(
                builtins, "input", _refused(input, "nobody is there to answer input", "hand it over as an argument")
            ),
        ):
            warnings.simplefilter("ignore")  # such as: a coroutine was never awaited
            yield heard
            gc.collect()  # what an error has kept alive: let it complain here
    finally:
        logging.disable(logged)


def first_run_is_over() -> None:
    """Note that what was printed so far is what one run prints."""
    if isinstance(sys.stdout, Heard) and sys.stdout.first is None:
        sys.stdout.first = sys.stdout.getvalue()


def _refused(original: Callable[..., Any], wrong: str, remedy: str) -> Callable[..., Any]:
    """Return a function that raises in this thread, and does what it did in all others."""
    here = threading.get_ident()

    def refused(*args: Any, **options: Any) -> Any:
        if threading.get_ident() != here:
            return original(*args, **options)
        raise NotSteppableError("run this step by step", wrong, remedy)

    return refused
