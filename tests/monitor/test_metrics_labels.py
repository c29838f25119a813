"""What tells series apart, and where they are read."""

import asyncio
import sys
from typing import Any

import pytest
from helpers import in_a_loop

from fluvius_demo import Bank
from fluvius_demo.errors import InsufficientFundsError, NotFoundError
from fluvius_demo.frame import NO_METADATA
from fluvius_demo.monitor.metrics import Metrics
from fluvius_demo.monitor.watched import WatchedFrame, Watcher, watch

client = pytest.importorskip("prometheus_client")

TOTAL, SECONDS, IN_FLIGHT = "fluvius_commands_total", "fluvius_command_seconds", "fluvius_commands_in_flight"
DEPOSIT = "deposit-money"


def value(metrics: Metrics, name: str, **labels: str) -> float | None:
    """Return what Prometheus would read; None where there is no such series."""
    return metrics.registry.get_sample_value(name, labels)


async def annotated(bank: Bank, account: str, **values: Any) -> None:
    """Run a command that is annotated with these."""
    async with bank.aggregate.command_aggregate(*bank.depositing(account, 1)):
        bank.aggregate.annotate(**values)


class TestLabels:
    """Chosen metadata tells series apart."""

    @in_a_loop
    async def test_each_value_has_a_series(self) -> None:
        """As text; what was not chosen makes none, and a command without the key has an empty one."""
        bank, metrics = await Bank.opened(ana=0), Metrics(labels=["shard", "trial"])
        with watch(bank.aggregate, metrics):
            await annotated(bank, "ana", shard=7, trial="b", ticket="t-1")
            await annotated(bank, "ana", shard=8)
            await annotated(bank, "ana", shard=8)
            await annotated(bank, "ana")
        of_all = {"key": DEPOSIT, "outcome": "ok"}
        counts = [value(metrics, TOTAL, **of_all, shard=shard, trial=trial) for shard, trial in (("7", "b"), ("8", ""))]
        assert (counts, value(metrics, TOTAL, **of_all, shard="", trial="")) == ([1, 2], 1)
        assert value(metrics, f"{SECONDS}_count", key=DEPOSIT, shard="8", trial="") == 2
        assert metrics.counts() == {(DEPOSIT, "ok"): 4}

    @in_a_loop
    async def test_a_command_inside_of_another_has_what_it_inherits(self) -> None:
        """Unless it says otherwise; the outer one keeps its own."""
        bank, other, metrics = await Bank.opened(ana=0), await Bank.opened(ben=0), Metrics(labels=["shard"])
        with watch(bank.aggregate, metrics), watch(other.aggregate, metrics):
            async with bank.aggregate.command_aggregate(*bank.depositing("ana", 1)):
                bank.aggregate.annotate(shard="outer")
                await annotated(other, "ben")
                await annotated(other, "ben", shard="inner")
        counts = {shard: value(metrics, TOTAL, key=DEPOSIT, outcome="ok", shard=shard) for shard in ("outer", "inner")}
        assert counts == {"outer": 2, "inner": 1}

    @in_a_loop
    async def test_one_that_did_not_open_has_empty_ones(self) -> None:
        """It never had metadata."""
        bank, metrics = await Bank.opened(), Metrics(labels=["shard"])
        with watch(bank.aggregate, metrics), pytest.raises(NotFoundError):
            await bank.process_command(bank.command(DEPOSIT, "nobody", amount=1))
        assert value(metrics, TOTAL, key=DEPOSIT, outcome="refused", shard="") == 1

    @in_a_loop
    async def test_the_frame_does_not_keep_the_metadata(self) -> None:
        """It is there while watchers hear of the end, and no longer."""
        seen = []

        class Noting(Watcher):
            def ended(self, frame: WatchedFrame, *_how: Any) -> None:
                seen.append((frame, dict(frame.noted)))

        bank = await Bank.opened(ana=0)
        with watch(bank.aggregate, Noting()):
            await annotated(bank, "ana", shard=7)
        [(frame, noted)] = seen
        assert noted == {"shard": 7}
        assert (frame.noted, frame.metadata) == (NO_METADATA, None)

    @pytest.mark.parametrize("labels", [["key"], ["shard", "outcome"], ["le"], ["shard", "shard"]])
    def test_a_name_that_is_taken_is_refused(self, labels: list[str]) -> None:
        """A series with two labels of one name could not be read."""
        with pytest.raises(
            ValueError, match=rf"^Cannot use .*{labels[-1]} of the metadata for labels: .+ To solve this"
        ):
            Metrics(labels=labels)


class TestWhereTheyAreRead:
    """A registry, a text, a table."""

    def test_two_do_not_meet(self) -> None:
        """Nor does the registry of all the program hear of them, unless it is handed over."""
        assert Metrics().registry is not Metrics().registry
        assert [metric.name for metric in client.REGISTRY.collect() if metric.name.startswith("fluvius")] == []

    def test_a_registry_can_be_given(self) -> None:
        """An empty one, too; a second one in it is refused by Prometheus."""
        registry = client.CollectorRegistry()
        assert Metrics(registry).registry is registry
        with pytest.raises(ValueError, match="Duplicated timeseries"):
            Metrics(registry)

    @in_a_loop
    async def test_the_text_is_prometheus_own(self) -> None:
        """Its parser finds the three, of the right types."""
        bank, metrics = await Bank.opened(ana=0), Metrics()
        with watch(bank.aggregate, metrics):
            await bank.process_command(bank.command(DEPOSIT, "ana", amount=1))
        from prometheus_client.parser import text_string_to_metric_families

        families = {family.name: family.type for family in text_string_to_metric_families(metrics.text())}
        assert {name: kind for name, kind in families.items() if not name.endswith("_created")} == {
            "fluvius_commands": "counter",
            SECONDS: "histogram",
            IN_FLIGHT: "gauge",
        }
        assert f'{TOTAL}{{key="deposit-money",outcome="ok"}} 1.0\n' in metrics.text()

    @in_a_loop
    async def test_the_table_is_short(self) -> None:
        """In the order of the keys; of each, how often it ended how."""
        bank, metrics = await Bank.opened(ana=100), Metrics()
        with watch(bank.aggregate, metrics):
            for _ in range(12):
                await annotated(bank, "ana")
            with pytest.raises(InsufficientFundsError):
                await bank.process_command(bank.command("withdraw-money", "ana", amount=900))
            with pytest.raises(asyncio.CancelledError):
                async with bank.aggregate.command_aggregate(*bank.depositing("ana", 1)):
                    raise asyncio.CancelledError
        assert metrics.table().splitlines() == [
            "command         outcome    count",
            "deposit-money   cancelled      1",
            "deposit-money   ok            12",
            "withdraw-money  refused        1",
        ]
        assert Metrics().table() == "command  outcome  count"

    def test_without_the_client_it_says_what_to_install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The module itself can be imported without it."""
        monkeypatch.setitem(sys.modules, "prometheus_client", None)
        with pytest.raises(ImportError, match=r"^Cannot count commands: .+ To solve this, install prometheus-client\."):
            Metrics()
