"""Log lines are kept with the command that they come from, and nothing of the logging stays changed."""

import asyncio
import logging

from helpers import in_a_loop

from fluvius_demo.banking import Bank
from fluvius_demo.lessons.log_lines import LOGGERS, kept_lines
from fluvius_demo.monitor.logs import Logged
from fluvius_demo.monitor.watched import watch


def state() -> list[tuple[int, bool, int]]:
    """Return what `kept_lines` changes for a while."""
    return [(log.level, log.propagate, len(log.handlers)) for log in map(logging.getLogger, LOGGERS)]


class TestKeptLines:
    """Inside of the block, and not after it."""

    @in_a_loop
    async def test_the_lines_of_one_command_can_be_read_alone(self) -> None:
        """In their order, however they were mixed."""
        bank = await Bank.opened(ana=0, ben=0)
        with kept_lines() as lines, watch(bank.aggregate, Logged()):
            calls = (bank.process_command(bank.command("deposit-money", name, amount=1)) for name in ("ana", "ben"))
            await asyncio.gather(*calls)
        assert [command for command, _ in lines.records] == ["bank-1", "bank-2", "bank-1", "bank-2"]
        assert lines.of("bank-2").splitlines() == [
            "bank-2 deposit-money account/ben parent=- (open) opened",
            "bank-2 deposit-money account/ben parent=- (ended) ended: ok",
        ]
        assert str(lines).count("\n") == 3

    def test_all_is_as_it_was_afterwards(self) -> None:
        """Levels, handlers and who else is told."""
        before = state()
        with kept_lines() as lines:
            assert state() != before
            logging.getLogger("store").debug("heard")
        logging.getLogger("store").debug("not heard")
        assert state() == before
        assert str(lines) == "- - - parent=- (-) heard"
