"""Logging: every record says which command it comes from, and each command says when it opens and ends.

    handler = logging.StreamHandler()
    handler.addFilter(CommandFilter())
    handler.setFormatter(logging.Formatter(FORMAT))
    with watch(bank.aggregate, Logged()):
        …

The filter stamps the records of everybody. `Logged` adds records of its own, at debug level.
"""

import logging
from collections.abc import MutableMapping
from typing import Any

from fluvius_demo.frame import CommandFrame, Metadata, current
from fluvius_demo.monitor.watched import Ended, WatchedFrame, Watcher, Who, who_of

FORMAT = "%(command_id)s %(command_key)s %(aggregate_root)s parent=%(parent)s (%(command_state)s) %(message)s"

logger = logging.getLogger("fluvius_demo.monitor")

NOBODY = Who("-", "-", "-", None)


class CommandFilter(logging.Filter):
    """Stamps records with the innermost command that the emitting code works for. It lets every record pass.

    Add it to a handler: a filter of a logger sees what is logged on that very logger, and nothing that a logger below
    it passes on. For a QueueHandler that means the QueueHandler itself, which still runs where the record is emitted.

    - `command_id`, `command_key`, `aggregate_root` (`account/ana`), `parent` (the id of the command around it), "-"
      where there is none;
    - `command_state`: "open"; "ended" for code that outlives its command, whose name is kept if it was watched, and "-"
      if not; "-" without a command, as in `before_command` and `after_command`;
    - `command_metadata`: a dict of its own, empty without a command and after its end.

    What a record has already stays: it was stamped before, in another thread, or says so in `extra`.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Stamp the record. Never raises: a log line must not change what the command does."""
        stamp(record.__dict__, current.get())
        return True


def add_command(_logger: Any, _method: str, event_dict: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Stamp an event of structlog in the same way: put this into `structlog.configure(processors=[…])`."""
    stamp(event_dict, current.get())
    return event_dict


def stamp(fields: MutableMapping[str, Any], frame: CommandFrame | None) -> None:
    """Add what says which command this comes from. None of it holds the command, unless its metadata does."""
    who, state, metadata = NOBODY, "-", None
    if frame is not None:
        try:
            who = frame.who if isinstance(frame, WatchedFrame) else who_of(frame)
        except Exception:  # an ended command that nobody watched has nothing left to tell
            who = NOBODY
        metadata = frame.metadata
        # The state comes last: the command may end at this moment, in another thread. clear_context() hides a command
        # behind an ended one that nobody has entered.
        state = "open" if not frame.closed else "ended" if frame.entered else "-"
    add = fields.setdefault
    add("command_id", who.id)
    add("command_key", who.key)
    add("aggregate_root", who.root)
    add("parent", who.parent or "-")
    add("command_state", state)
    add("command_metadata", metadata.copy() if metadata else {})


class Logged(Watcher):
    """Logs at debug level what becomes of a watched command: opened, annotated (the keys alone), ended.

    The end has more attributes: `command_outcome`, `command_error` (the name of the error's type, or None), and
    `command_seconds`, which are None for a command that did not open. They are not in the text: that is the same on
    every run.
    """

    def opened(self, frame: WatchedFrame) -> None:
        """Log that the command is open."""
        if logger.isEnabledFor(logging.DEBUG):
            log(frame, "opened")

    def annotated(self, frame: WatchedFrame, values: Metadata) -> None:
        """Log which keys were put on the command; their values are in `command_metadata`."""
        if logger.isEnabledFor(logging.DEBUG):
            log(frame, "annotated: %s", ", ".join(values))

    def ended(self, frame: WatchedFrame, outcome: Ended, seconds: float | None) -> None:
        """Log the outcome, also of a command that did not open."""
        if logger.isEnabledFor(logging.DEBUG):
            text = "not opened: %s" if seconds is None else "ended: %s"
            log(
                frame,
                text,
                outcome,
                command_state="ended",
                command_metadata=dict(frame.noted or {}),
                command_outcome=outcome,
                command_error=frame.raised,
                command_seconds=seconds,
            )


def log(frame: WatchedFrame, text: str, *arguments: str, **fields: Any) -> None:
    """Log this of a command, which may not be the running one any more."""
    # Not logger.debug(): it looks for the line that calls it, which is always the same, and takes half of its time.
    record = logger.makeRecord(logger.name, logging.DEBUG, __file__, 0, text, arguments, None, "log")
    stamp(record.__dict__, frame)
    record.__dict__.update(fields)
    logger.handle(record)
