"""Structured logs: one JSON object for each record, of logging and of structlog alike."""

import io
import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from helpers import in_a_loop
from kept_logs import NOTHING

from fluvius_demo import Bank
from fluvius_demo.monitor.logs import CommandFilter, Logged
from fluvius_demo.monitor.structured import structured
from fluvius_demo.monitor.watched import watch

ANA = {
    **NOTHING,
    "command_id": "bank-1",
    "command_key": "deposit-money",
    "aggregate_root": "account/ana",
    "command_state": "open",
}


class Written(logging.StreamHandler):
    """A handler that writes into memory."""

    def __init__(self) -> None:
        super().__init__(io.StringIO())

    def lines(self) -> list[dict[str, Any]]:
        """Return what was written, a line for each record."""
        return [json.loads(line) for line in self.stream.getvalue().splitlines()]


@pytest.fixture
def written() -> Iterator[Written]:
    """Take what a library's logger and ours pass on."""
    pytest.importorskip("structlog")
    handler, loggers = Written(), [logging.getLogger("library"), logging.getLogger("fluvius_demo.monitor")]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)
    yield handler
    for logger in loggers:
        logger.removeHandler(handler)
        logger.setLevel(logging.NOTSET)


@pytest.fixture
def of_structlog(written: Written) -> Iterator[Any]:
    """Return structlog's logger, which hands its events to `logging`, as the docstring says."""
    structlog = pytest.importorskip("structlog")
    structlog.configure(
        processors=[structlog.stdlib.add_log_level, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    yield structlog.get_logger("library")
    structlog.reset_defaults()


class TestStructured:
    """What a line has."""

    @in_a_loop
    async def test_a_record_of_logging_is_an_object_with_its_command(self, written: Written) -> None:
        """And with its own extra fields."""
        structured(written)
        bank = await Bank.opened(ana=0)
        async with bank.aggregate.command_aggregate(*bank.depositing("ana", 5)):
            bank.aggregate.annotate(request="r-1")
            logging.getLogger("library").info("hello %s", "you", extra={"shard": 3})
        assert written.lines() == [
            {
                **ANA,
                "command_metadata": {"request": "r-1"},
                "event": "hello you",
                "level": "info",
                "logger": "library",
                "shard": 3,
            }
        ]

    @in_a_loop
    async def test_so_is_an_event_of_structlog(self, written: Written, of_structlog: Any) -> None:
        """It needs no processor of ours for that."""
        structured(written)
        bank = await Bank.opened(ana=0)
        async with bank.aggregate.command_aggregate(*bank.depositing("ana", 5)):
            of_structlog.info("hello", shard=3)
        of_structlog.info("outside")
        said = {"level": "info", "logger": "library"}
        assert written.lines() == [
            {**ANA, **said, "event": "hello", "shard": 3},
            {**NOTHING, **said, "event": "outside"},
        ]

    @in_a_loop
    async def test_a_commands_own_records_have_the_outcome_and_no_times(self, written: Written) -> None:
        """So the text is the same on every run: the lines themselves are compared here."""
        structured(written)
        bank = await Bank.opened(ana=0)
        with watch(bank.aggregate, Logged()):
            await bank.process_command(bank.command("deposit-money", "ana", amount=5))
        assert written.stream.getvalue() == (
            '{"aggregate_root": "account/ana", "command_id": "bank-1", "command_key": "deposit-money", '
            '"command_metadata": {}, "command_state": "open", "event": "opened", "level": "debug", '
            '"logger": "fluvius_demo.monitor", "parent": "-"}\n'
            '{"aggregate_root": "account/ana", "command_error": null, "command_id": "bank-1", '
            '"command_key": "deposit-money", "command_metadata": {}, "command_outcome": "ok", '
            '"command_state": "ended", "event": "ended: ok", "level": "debug", '
            '"logger": "fluvius_demo.monitor", "parent": "-"}\n'
        )

    @in_a_loop
    async def test_times_are_added_where_asked_for(self, written: Written) -> None:
        """The moment of each record, and how long a command took."""
        structured(written, times=True)
        bank = await Bank.opened(ana=0)
        with watch(bank.aggregate, Logged()):
            await bank.process_command(bank.command("deposit-money", "ana", amount=5))
        opened, ended = written.lines()
        assert opened["timestamp"] <= ended["timestamp"]
        assert opened["timestamp"].endswith("+00:00")
        assert ended["command_seconds"] > 0

    def test_an_error_is_in_the_line(self, written: Written) -> None:
        """With its traceback as text, and not as lines of their own that are no JSON."""
        structured(written)
        try:
            raise ValueError("broken")
        except ValueError:
            logging.getLogger("library").exception("oh")
        (line,) = written.lines()
        assert line["exception"].endswith("ValueError: broken")

    def test_the_filter_is_added_once(self, written: Written) -> None:
        """A handler that has one keeps it."""
        structured(written)
        structured(written)
        assert [type(each) for each in written.filters] == [CommandFilter]

    def test_without_structlog_it_says_what_to_install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """And leaves the handler as it was; the module itself can be imported."""
        monkeypatch.setitem(sys.modules, "structlog", None)
        handler = logging.NullHandler()
        with pytest.raises(ImportError) as refused:
            structured(handler)
        assert str(refused.value) == (
            "Cannot write structured logs: structlog is not installed. To solve this, run: pip install structlog"
        )
        assert (handler.filters, handler.formatter) == ([], None)
