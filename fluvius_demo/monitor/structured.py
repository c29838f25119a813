"""Structured logs: one JSON object for each record, of `logging` and of structlog alike."""

import logging
from collections.abc import MutableMapping
from datetime import UTC, datetime
from typing import Any

from fluvius_demo.monitor.logs import CommandFilter

STAMPED = ("command_id", "command_key", "aggregate_root", "parent", "command_state", "command_metadata")


def structured(handler: logging.Handler, *, times: bool = False) -> None:
    """Make this handler write JSON, with the command of each record; keys are sorted.

    `times` adds what differs on every run: `timestamp` (UTC, of the moment when the record was made) and the
    `command_seconds` of an end. Records of structlog come by when it hands them to `logging`:

        structlog.configure(
            processors=[structlog.stdlib.add_log_level, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
            logger_factory=structlog.stdlib.LoggerFactory(),
        )

    Raises ImportError where structlog is not installed.
    """
    try:
        from structlog import processors, stdlib
    except ImportError as error:
        raise ImportError(
            "Cannot write structured logs: structlog is not installed. To solve this, run: pip install structlog"
        ) from error

    def finished(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        record = event["_record"]
        for name in STAMPED:
            event.setdefault(name, vars(record)[name])
        if times:
            event["timestamp"] = datetime.fromtimestamp(record.created, UTC).isoformat()
        else:
            event.pop("command_seconds", None)
        return event

    if not any(isinstance(each, CommandFilter) for each in handler.filters):
        handler.addFilter(CommandFilter())
    handler.setFormatter(
        stdlib.ProcessorFormatter(
            foreign_pre_chain=[stdlib.ExtraAdder(), stdlib.add_log_level],
            processors=[
                stdlib.add_logger_name,
                finished,
                processors.StackInfoRenderer(),
                processors.format_exc_info,
                stdlib.ProcessorFormatter.remove_processors_meta,
                processors.JSONRenderer(sort_keys=True),
            ],
        )
    )
