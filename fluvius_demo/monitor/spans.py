"""A span of OpenTelemetry for each command, so that a trace shows which command did what within which."""

from contextlib import suppress
from contextvars import Token
from typing import Any

from fluvius_demo.frame import Metadata
from fluvius_demo.monitor.watched import Ended, WatchedFrame, Watcher

_RUNNING = "fluvius-command"  # a key of OpenTelemetry's context


class Running:
    """A command's span, and what was current before it. It holds nothing of the command."""

    __slots__ = ("before", "ended", "span", "token")

    def __init__(self, span: Any, before: Any) -> None:
        self.span, self.before = span, before
        self.token: Token | None = None
        self.ended = False


class Spans(Watcher):
    """Makes a span for each command, named by its key; it is the current span inside of the command.

    - Its parent is the span that is current where the command is asked for: that of the command around it, one that
      was begun in there, or the request's. A command that has ended is nobody's parent.
    - Its attributes are the command's id, its root and its metadata, all behind `fluvius.`; in the end the outcome,
      and `error.type` if there was an error. Only `failed` sets the status to error.
    - Its events say when the command was open, and when it was annotated with what.

    `tracer` is one of OpenTelemetry's; without it, the one that the program's provider gives. Raises ImportError where
    OpenTelemetry is not installed.
    """

    def __init__(self, tracer: Any = None) -> None:
        try:
            from opentelemetry import context, trace
        except ImportError as missing:
            raise ImportError(
                "Cannot make spans: OpenTelemetry is not installed. "
                "To solve this, install opentelemetry-api, and opentelemetry-sdk to see them.",
                name=missing.name,
            ) from None
        self._context, self._trace = context, trace
        self.tracer = tracer or trace.get_tracer("fluvius_demo")

    def asked(self, frame: WatchedFrame) -> None:
        """Begin the span."""
        who, before = frame.who, self._open_here()
        attributes = {"fluvius.command.id": who.id, "fluvius.command.root": who.root}
        span = self.tracer.start_span(who.key, before, attributes=attributes)
        spans = frame.spans = getattr(frame, "spans", None) or {}  # of several such watchers, each its own
        spans[self] = Running(span, before)

    def opened(self, frame: WatchedFrame) -> None:
        """Make the span the current one."""
        running = frame.spans[self]
        running.span.add_event("opened")
        self._attribute(running.span, frame.metadata)
        inside = self._trace.set_span_in_context(running.span)
        running.token = self._context.attach(self._context.set_value(_RUNNING, running, inside))

    def annotated(self, frame: WatchedFrame, values: Metadata) -> None:
        """Add the key-values to the span."""
        span = frame.spans[self].span
        span.add_event("annotated", {key: plain(value) for key, value in values.items()})
        self._attribute(span, values)

    def ended(self, frame: WatchedFrame, outcome: Ended, seconds: float | None) -> None:
        """End the span, and make the one before it the current one."""
        running: Running | None = (getattr(frame, "spans", None) or {}).pop(self, None)
        if running is None:  # an earlier watcher has refused the command before this one was asked
            return
        running.span.set_attribute("fluvius.outcome", outcome)
        if frame.raised is not None:
            running.span.set_attribute("error.type", frame.raised)
        if outcome == "failed":
            running.span.set_status(self._trace.StatusCode.ERROR, frame.raised)
        running.ended = True
        running.span.end()
        if running.token is not None:
            self._leave(running)

    def _leave(self, running: Running) -> None:
        # Not `detach`: in another Context than that of `attach` (the command has moved) it logs an error.
        if self._context.get_value(_RUNNING) is running:
            with suppress(ValueError):
                running.token.var.reset(running.token)
        running.token = None
        if (before := self._open_here()) is not self._context.get_current():
            self._context.attach(before)  # what the reset has brought back had ended meanwhile

    def _open_here(self) -> Any:
        """Return the present context of OpenTelemetry, or the nearest one before it whose command has not ended."""
        here = self._context.get_current()
        while (running := self._context.get_value(_RUNNING, here)) is not None and running.ended:
            if self._trace.get_current_span(here) is not running.span:
                break  # somebody has begun another span since
            here = running.before
        return here

    def _attribute(self, span: Any, values: Metadata) -> None:
        span.set_attributes({f"fluvius.metadata.{key}": plain(value) for key, value in values.items()})


def plain(value: Any) -> str | bool | int | float:
    """Return a value that OpenTelemetry takes: this one, or its text."""
    return value if isinstance(value, str | bool | int | float) else str(value)
