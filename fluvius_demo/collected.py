"""What one call of `process_command` has brought about so far, and how it is taken from a processor."""

import inspect
from collections import defaultdict
from collections.abc import AsyncIterator, Generator
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Any

from fluvius_demo.errors import BadRequestError
from fluvius_demo.records import ActivityLog, EventRecord, MessageRecord, ResponseRecord


@dataclass
class Collected:
    """What one call has brought about so far. It belongs to the call: two calls never share one."""

    events: list[EventRecord] = field(default_factory=list)
    activities: list[ActivityLog] = field(default_factory=list)
    messages: list[MessageRecord] = field(default_factory=list)
    responses: dict[str, list[ResponseRecord]] = field(default_factory=lambda: defaultdict(list))

    def add(self, record: Any, src_cmd: str) -> None:
        """Keep a record under its kind, stamped with the command that it came from."""
        match record:
            case EventRecord():
                self.events.append(replace(record, src_cmd=src_cmd))
            case ResponseRecord():
                self.responses[record.response].append(replace(record, src_cmd=src_cmd))
            case MessageRecord():
                self.messages.append(replace(record, src_cmd=src_cmd))
            case ActivityLog():
                self.activities.append(replace(record, src_cmd=src_cmd))
            case _:
                raise BadRequestError(
                    f"collect what command {src_cmd} returned",
                    f"{type(record).__name__} is neither an event, a response, a message nor an activity",
                    "return what create_event, create_response, create_message or create_activity return",
                )


async def records_of(result: Any) -> AsyncIterator[Any]:
    """Yield the records of a processor: an async generator, a coroutine or a plain function; one, many or None."""
    if inspect.isasyncgen(result):
        async with aclosing(result):
            async for record in result:
                if record is not None:
                    yield record
        return
    if inspect.isawaitable(result):
        result = await result
    for record in result if isinstance(result, list | tuple | Generator) else [result]:
        if record is not None:
            yield record
