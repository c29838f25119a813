"""A span of OpenTelemetry for each command: what it says."""

import asyncio
import sys
from collections.abc import Iterator

import pytest
from helpers import in_a_loop

from fluvius_demo import Bank
from fluvius_demo.errors import BadRequestError, InsufficientFundsError, NotFoundError
from fluvius_demo.monitor.spans import Spans
from fluvius_demo.monitor.watched import WatchedFrame, Watcher, watch

pytest.importorskip("opentelemetry.sdk")

from opentelemetry import trace
from traced import Traced, complaints, open_command


@pytest.fixture
def traced() -> Traced:
    """Give each test its own spans."""
    return Traced()


@pytest.fixture(autouse=True)
def nothing_is_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """No test may be complained of."""
    yield
    assert complaints(caplog) == []


class TestASpan:
    """What it says of its command."""

    @in_a_loop
    async def test_it_names_the_command_and_its_object(self, traced: Traced) -> None:
        """Its kind is the name, which so is one of few; the rest are attributes."""
        bank = await Bank.opened(ana=0)
        with watch(bank.aggregate, traced.watcher):
            await bank.process_command(bank.command("deposit-money", "ana", amount=1))
        [span] = traced.spans
        assert (span.name, span.parent, span.status.status_code) == ("deposit-money", None, trace.StatusCode.UNSET)
        assert dict(span.attributes) == {
            "fluvius.command.id": "bank-1",
            "fluvius.command.root": "account/ana",
            "fluvius.outcome": "ok",
        }
        assert [event.name for event in span.events] == ["opened"]

    @in_a_loop
    async def test_metadata_has_its_own_prefix(self, traced: Traced) -> None:
        """The inherited as well; what OpenTelemetry does not take is given as text."""
        bank, other = await Bank.opened(ana=0), await Bank.opened(ben=0)
        with watch(bank.aggregate, traced.watcher), watch(other.aggregate, traced.watcher):
            async with open_command(bank, "ana"):
                bank.aggregate.annotate(shard=7, why=None)
                async with open_command(other, "ben"):
                    other.aggregate.annotate(shard=8)
        inner, outer = (dict(span.attributes) for span in traced.spans)
        assert {key: inner[f"fluvius.metadata.{key}"] for key in ("shard", "why")} == {"shard": 8, "why": "None"}
        assert outer["fluvius.metadata.shard"] == 7
        events = [(event.name, dict(event.attributes)) for event in traced.spans[1].events]
        assert events == [("opened", {}), ("annotated", {"shard": 7, "why": "None"})]

    @pytest.mark.parametrize(
        ("error", "outcome", "status"),
        [
            (KeyError("k"), "failed", trace.StatusCode.ERROR),
            (InsufficientFundsError("a", "b", "c"), "refused", trace.StatusCode.UNSET),
            (asyncio.CancelledError(), "cancelled", trace.StatusCode.UNSET),
        ],
        ids=["failed", "refused", "cancelled"],
    )
    @in_a_loop
    async def test_only_a_failure_is_an_error(
        self, error: BaseException, outcome: str, status: trace.StatusCode, traced: Traced
    ) -> None:
        """To be refused is an answer; the type is told of each, and described where the status is error."""
        bank = await Bank.opened(ana=0)
        with watch(bank.aggregate, traced.watcher), pytest.raises(type(error)):
            async with open_command(bank, "ana"):
                raise error
        [span] = traced.spans
        name = type(error).__name__
        assert (span.attributes["fluvius.outcome"], span.attributes["error.type"]) == (outcome, name)
        assert (span.status.status_code, span.status.description) == (status, name if outcome == "failed" else None)

    @in_a_loop
    async def test_a_command_that_did_not_open_has_one_too(self, traced: Traced) -> None:
        """Without the event; and nothing stays current."""
        bank = await Bank.opened()
        with watch(bank.aggregate, traced.watcher), pytest.raises(NotFoundError):
            await bank.process_command(bank.command("deposit-money", "nobody", amount=1))
        [span] = traced.spans
        assert (span.attributes["fluvius.outcome"], len(span.events)) == ("refused", 0)
        assert trace.get_current_span() is trace.INVALID_SPAN

    @in_a_loop
    async def test_one_that_it_was_not_asked_about_has_none(self, traced: Traced) -> None:
        """An earlier watcher has refused it; a later one's refusal ends the span."""

        class Refusing(Watcher):
            def asked(self, frame: WatchedFrame) -> None:
                raise BadRequestError("ask", "no", "ask another")

        bank = await Bank.opened(ana=0)
        for watchers in ((Refusing(), traced.watcher), (traced.watcher, Refusing())):
            with watch(bank.aggregate, *watchers), pytest.raises(BadRequestError):
                await bank.process_command(bank.command("deposit-money", "ana", amount=1))
        assert [span.attributes["error.type"] for span in traced.spans] == ["BadRequestError"]

    @in_a_loop
    async def test_two_such_watchers_have_a_span_each(self, traced: Traced) -> None:
        """Of their own tracers; when the command has ended, none is current."""
        bank, second = await Bank.opened(ana=0), Traced()
        with watch(bank.aggregate, traced.watcher, second.watcher):
            async with open_command(bank, "ana"):
                pass
            assert trace.get_current_span() is trace.INVALID_SPAN
        assert (traced.tree(), second.tree()) == ({"ana": None}, {"ana": None})

    def test_without_the_api_it_says_what_to_install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The module itself can be imported without it."""
        for name in ("opentelemetry", "opentelemetry.context", "opentelemetry.trace"):
            monkeypatch.setitem(sys.modules, name, None)
        with pytest.raises(ImportError, match=r"^Cannot make spans: .+ To solve this, install opentelemetry-api, "):
            Spans()

    @in_a_loop
    async def test_without_a_provider_it_does_no_harm(self) -> None:
        """The API alone makes spans that record nothing."""
        bank = await Bank.opened(ana=0)
        with watch(bank.aggregate, Spans()):
            async with open_command(bank, "ana"):
                bank.aggregate.annotate(shard=1)
        assert trace.get_current_span() is trace.INVALID_SPAN
