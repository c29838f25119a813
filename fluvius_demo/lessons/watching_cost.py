"""What it costs that commands can be watched: off, of an empty command; on, of a whole deposit that logs a line.

Off, all that is there are statements, which are run alone, as those of the rules are (see there). On, the same deposits
are made with and without watchers, each on copies of the package.
"""

import logging
from contextlib import ExitStack
from typing import Any

from fluvius_demo.banking import Account, Bank
from fluvius_demo.isolated import IsolatedAggregate
from fluvius_demo.lessons.fresh import COPIES, again, in_copies
from fluvius_demo.lessons.measured import Row, rows_of
from fluvius_demo.lessons.one_command import AtOnce, deposit, empty, timed
from fluvius_demo.lessons.rules import Rule, shares
from fluvius_demo.lessons.timing import Timed, compare
from fluvius_demo.monitor.logs import FORMAT, CommandFilter, Logged
from fluvius_demo.monitor.metrics import Metrics
from fluvius_demo.monitor.watched import Watcher, watch

OFF, ON = "watching, off: an empty command", "watching, on: a whole deposit"
PLAIN = "%(levelname)s %(name)s: %(message)s"
WARM = 0.01  # seconds a round: of fewer deposits the first few, which are slower, would be too large a part
STATEMENTS = (
    Rule("a command begins without metadata", "frame.metadata = NO_METADATA", "pass", 1, 1),
    Rule("the end takes its metadata away", "frame.metadata = None", "pass", 1, 1),
    Rule("an aggregate says which frame it makes", "aggregate._frame_type", "CommandFrame", 1, 1),
)
WATCHED = {
    "off": (),
    "metrics": ("metrics",),
    "logging": ("logging",),
    "logging and metrics": ("logging", "metrics"),
}


class Telling(AtOnce):
    """A store that answers at once, and logs a line for each change."""

    def __init__(self, logger: logging.Logger) -> None:
        super().__init__({"account": Account})
        self.logger = logger

    async def update(self, record: Any, **changes: Any) -> Any:
        """Change the record, and log it."""
        self.logger.info("%s changed", record.identifier)
        return await super().update(record, **changes)


class Latest(logging.Handler):
    """Formats each record, and keeps the latest text: what a file or a network would take is not measured."""

    text = ""

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        self.text = self.format(record)


def off_rows(rounds: int = 15, copies: int = COPIES) -> list[Row]:
    """Return what an empty command takes for being ready to be watched, when nobody watches."""
    return shares(STATEMENTS, {OFF: empty}, rounds, copies)


async def on_rows(rounds: int = 15, copies: int = COPIES) -> list[Row]:
    """Return what a deposit takes with and without watchers; each logs one line. To be awaited, as it needs a task."""
    variants = {name: in_copies(lambda how=how: again(watched)(*how), copies) for name, how in WATCHED.items()}
    return rows_of(ON, compare(variants, "off", rounds=rounds, seconds=WARM), "us", to="off")


def watched(*how: str) -> Timed:
    """Return deposits that are watched so: "logging" stamps each line with its command, "metrics" counts and times."""
    return timed(deposit, watched_bank(*how)[0])


def watched_bank(*how: str) -> tuple[Bank, Latest, Metrics | None]:
    """Return a bank that is watched so, for as long as it lives; its handler of log lines; and its metrics."""
    logger, handler, metrics = logging.Logger("store", logging.INFO), Latest(), None
    handler.setFormatter(logging.Formatter(FORMAT if "logging" in how else PLAIN))
    logger.addHandler(handler)
    bank = Bank(IsolatedAggregate, statemgr=Telling(logger))
    watchers: list[Watcher] = []
    if "logging" in how:
        handler.addFilter(CommandFilter())
        watchers.append(Logged())
    if "metrics" in how:
        watchers.append(metrics := Metrics())
    bank.watching = ExitStack()  # entered once, as a program does: each `watch` makes a class of frames, with new code
    if how:
        bank.watching.enter_context(watch(bank.aggregate, *watchers))
    return bank, handler, metrics
