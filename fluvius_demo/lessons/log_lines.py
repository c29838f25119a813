"""Log lines that are kept to be read: all of them, or those of one command."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from fluvius_demo.monitor.logs import FORMAT, CommandFilter

LOGGERS = ("store", "fluvius_demo.monitor")


class LogLines(logging.Handler):
    """A handler that keeps each record as a line, stamped with the command that it comes from."""

    def __init__(self) -> None:
        super().__init__()
        self.addFilter(CommandFilter())
        self.setFormatter(logging.Formatter(FORMAT))
        self.records: list[tuple[str, str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the record's command and its line."""
        self.records.append((record.command_id, self.format(record)))  # type: ignore[attr-defined]

    def of(self, command: str) -> str:
        """Return the lines of one command, in their order."""
        return "\n".join(line for command_id, line in self.records if command_id == command)

    def __str__(self) -> str:
        return "\n".join(line for _, line in self.records)


@contextmanager
def kept_lines(loggers: tuple[str, ...] = LOGGERS) -> Iterator[LogLines]:
    """Keep what these loggers say inside of the block, from debug level on; nobody else gets it meanwhile."""
    lines, named = LogLines(), [logging.getLogger(name) for name in loggers]
    before = [(logger.level, logger.propagate) for logger in named]
    for logger in named:
        logger.addHandler(lines)
        logger.setLevel(logging.DEBUG)
        logger.propagate = False
    try:
        yield lines
    finally:
        for logger, (level, propagate) in zip(named, before, strict=True):
            logger.removeHandler(lines)
            logger.setLevel(level)
            logger.propagate = propagate
