"""What the tests of logs share: a handler that keeps what it is given, and a library that logs."""

import logging
from collections.abc import Iterator
from typing import Any

from fluvius_demo import Bank
from fluvius_demo.monitor.logs import FORMAT, CommandFilter

NOTHING = {
    "command_id": "-",
    "command_key": "-",
    "aggregate_root": "-",
    "parent": "-",
    "command_state": "-",
    "command_metadata": {},
}
someone = logging.getLogger("someone.elses.code")


class Kept(logging.Handler):
    """Keeps the records, and each as a line."""

    def __init__(self) -> None:
        super().__init__()
        self.addFilter(CommandFilter())
        self.setFormatter(logging.Formatter(FORMAT))
        self.records: list[logging.LogRecord] = []
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        self.records.append(record)
        self.lines.append(self.format(record))


def keeping() -> Iterator[Kept]:
    """Yield a handler that takes what all loggers pass on, ours and the library's from debug level on (a fixture)."""
    handler, root, ours = Kept(), logging.getLogger(), logging.getLogger("fluvius_demo.monitor")
    root.addHandler(handler)
    someone.setLevel(logging.DEBUG)
    ours.setLevel(logging.DEBUG)
    yield handler
    root.removeHandler(handler)
    someone.setLevel(logging.NOTSET)
    ours.setLevel(logging.NOTSET)


async def open_bank() -> Bank:
    """Return a bank with two accounts."""
    return await Bank.opened(ana=100, ben=100)


def stamps(record: logging.LogRecord) -> dict[str, Any]:
    """Return what the filter has put on a record."""
    return {name: vars(record)[name] for name in NOTHING}
