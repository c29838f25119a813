"""What the tests of spans share: a tracer that keeps its spans, and a command to open."""

from typing import Any

import pytest

from fluvius_demo import Bank
from fluvius_demo.monitor.spans import Spans

pytest.importorskip("opentelemetry.sdk")

from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter


class Traced:
    """A watcher of one's own, and the spans that have ended."""

    def __init__(self) -> None:
        self.exporter = InMemorySpanExporter()
        provider = TracerProvider(shutdown_on_exit=False)
        provider.add_span_processor(SimpleSpanProcessor(self.exporter))
        self.tracer = provider.get_tracer("test")
        self.watcher = Spans(self.tracer)

    @property
    def spans(self) -> list[ReadableSpan]:
        """In the order of their ends."""
        return list(self.exporter.get_finished_spans())

    def tree(self) -> dict[str, str | None]:
        """Return the parent of each span, by name or root."""
        names = {span.context.span_id: name_of(span) for span in self.spans}
        return {name_of(span): span.parent and names.get(span.parent.span_id, "?") for span in self.spans}


def name_of(span: ReadableSpan) -> str:
    """Return the account of a command's span, and the name of another."""
    return span.attributes.get("fluvius.command.root", span.name).removeprefix("account/")


def open_command(bank: Bank, account: str) -> Any:
    """Return a block to enter: a deposit."""
    return bank.aggregate.command_aggregate(*bank.depositing(account, 1))


def complaints(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what a test has logged: OpenTelemetry complains of a token or a value that does not fit."""
    return [record.getMessage() for record in caplog.get_records("call")]
