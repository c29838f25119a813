"""How fast every order is run: that both searches do the same work, and how the figures are told. No time is judged."""

from math import comb

import pytest

from fluvius_demo.lessons import speed
from fluvius_demo.lessons.interleave import explore, replay
from fluvius_demo.lessons.speed import SentSearch, Speed, bare, sent, speeds

SMALL = [(1, 1), (1, 4), (2, 1), (2, 3), (2, 5), (3, 1), (3, 2)]


def orders(commands: int, steps: int) -> int:
    """Return in how many orders so many commands of so many steps can run."""
    total = 1
    for number in range(1, commands + 1):
        total *= comb(number * steps, steps)
    return total


class TestBothSearches:
    """Tasks on the stepped loop, and `coro.send` without a loop."""

    @pytest.mark.parametrize(("commands", "steps"), SMALL)
    def test_they_run_the_same_orders(self, commands: int, steps: int) -> None:
        """The same schedules, one after the other, and each once."""
        search = SentSearch(bare(commands, steps))
        for _ in search.depth_first():
            pass
        report = explore(bare(commands, steps))
        assert search.report.orders == report.orders
        assert len(set(report.orders)) == orders(commands, steps)

    @pytest.mark.parametrize(("commands", "steps"), SMALL)
    def test_they_run_all(self, commands: int, steps: int) -> None:
        """As many as can be counted by hand: 252 for two commands of five steps."""
        assert sent(bare(commands, steps)) == orders(commands, steps)

    def test_a_command_notes_its_name_in_each_step(self) -> None:
        """So the log reads as the schedule does: no step is empty."""
        scene = bare(2, 3)()
        log = scene.commands["A"].cr_frame.f_locals["log"]
        replay(lambda: scene, "ABBAAB")
        assert "".join(log) == "ABBAAB"


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> list[Speed]:
    """Measure three rounds, on less work, by a clock that gives them 3, 2 and 4 seconds for each search."""
    clock = (time for seconds in (3, 2, 4) for _ in range(5) for time in (0, seconds))
    monkeypatch.setattr(speed, "perf_counter", clock.__next__)
    monkeypatch.setattr(speed, "bare", lambda commands, steps: bare(commands, steps - 2))
    return speeds(3)


class TestTheFigures:
    """What is measured, and how it is told."""

    def test_the_quickest_round_is_kept(self, measured: list[Speed]) -> None:
        """Five searches, each with its orders and the seconds of its best round."""
        assert [(found.orders, found.seconds) for found in measured] == [(20, 2), (20, 2), (90, 2), (90, 2), (252, 2)]

    def test_they_go_in_pairs(self, measured: list[Speed]) -> None:
        """Each search on the loop is followed by the same without it; then comes the bank."""
        with_loop, without, *_, bank = (found.name for found in measured)
        assert (with_loop, without) == ("bare commands, 2 of 5 steps", "bare commands, 2 of 5 steps, without a loop")
        assert bank == "the bank's commands, 2 of 5 steps"

    def test_each_pair_has_its_ratio(self, measured: list[Speed]) -> None:
        """The rate on the loop as a share of the rate without it."""
        assert [found.of_floor for found in measured] == [1, None, 1, None, None]

    def test_the_rate_is_orders_in_a_second(self) -> None:
        """252 orders in half a second are 504."""
        assert Speed("x", 252, 0.5).rate == 504

    def test_as_rows(self, measured: list[Speed], monkeypatch: pytest.MonkeyPatch) -> None:
        """A row for each, with its rate; the ratio is to the same search without a loop."""
        monkeypatch.setattr(speed, "speeds", lambda rounds: [Speed("one", 34_650, 0.5, 0.379), Speed("two", 250, 0.5)])
        one, two = speed.orders(rounds=1)
        assert (one.section, one.name, one.value.value, one.unit) == (
            "every order",
            "one: 34,650 orders",
            69_300,
            "orders/s",
        )
        assert (one.told, two.told) == ("0.38 x coro.send", "")
