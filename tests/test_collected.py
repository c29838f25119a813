"""What a call collects, and how it is taken from a processor."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing
from typing import Any

import pytest

from fluvius_demo.collected import Collected, records_of
from fluvius_demo.errors import BadRequestError
from fluvius_demo.records import ActivityLog, AggregateRoot, EventRecord, MessageRecord, ResponseRecord

EVENT = EventRecord("money-deposited", {}, None)
RESPONSE = ResponseRecord("account-state", None)
MESSAGE = MessageRecord("money-moved", AggregateRoot("account", "ana"), "bank")
ACTIVITY = ActivityLog("bank", "account", "ana", "Ana came by")


class TestCollected:
    """Each record goes to its kind, stamped with the command that it came from."""

    @pytest.mark.parametrize(
        ("record", "taken"),
        [
            (EVENT, lambda collected: collected.events),
            (RESPONSE, lambda collected: collected.responses["account-state"]),
            (MESSAGE, lambda collected: collected.messages),
            (ACTIVITY, lambda collected: collected.activities),
        ],
        ids=["event", "response", "message", "activity"],
    )
    def test_a_record_is_kept_under_its_kind_with_its_command(
        self, record: Any, taken: Callable[[Collected], list[Any]]
    ) -> None:
        """The stamp is on the kept copy; the record itself cannot change."""
        collected = Collected()
        collected.add(record, "bank-7")
        assert [(type(kept), kept.src_cmd) for kept in taken(collected)] == [(type(record), "bank-7")]
        assert record.src_cmd is None
        responses = [response for kind in collected.responses.values() for response in kind]
        assert len([*collected.events, *collected.messages, *collected.activities, *responses]) == 1

    def test_records_stay_in_order(self) -> None:
        """Within one kind the first comes first; responses are kept by type."""
        collected = Collected()
        for number, kind in enumerate(["a", "b", "a"]):
            collected.add(ResponseRecord(kind, number), "bank-1")
            collected.add(EventRecord(kind, {}, number), "bank-1")
        found = {kind: [response.data for response in responses] for kind, responses in collected.responses.items()}
        assert found == {"a": [0, 2], "b": [1]}
        assert [event.data for event in collected.events] == [0, 1, 2]

    def test_two_calls_share_nothing(self) -> None:
        """Each call collects for itself (P29)."""
        first, second = Collected(), Collected()
        for record in (EVENT, RESPONSE, MESSAGE, ACTIVITY):
            first.add(record, "bank-1")
        assert second == Collected()

    @pytest.mark.parametrize("record", [{"account": "ana"}, "done", 5, ["a list in a list"]])
    def test_anything_else_is_refused(self, record: Any) -> None:
        """A processor that returns plain data reads what to return instead."""
        text = (
            f"Cannot collect what command bank-7 returned: {type(record).__name__} is neither an event, a response, "
            "a message nor an activity. To solve this, return what create_event, create_response, create_message or "
            "create_activity return."
        )
        with pytest.raises(BadRequestError) as caught:
            Collected().add(record, "bank-7")
        assert str(caught.value) == text


async def as_async_generator(*records: Any) -> AsyncIterator[Any]:
    """Yield the records."""
    for record in records:
        yield record


async def as_coroutine(result: Any) -> Any:
    """Return the result, awaited."""
    return result


def as_generator(*records: Any) -> Iterator[Any]:
    """Yield the records without awaiting."""
    yield from records


def taken(result: Any) -> list[Any]:
    """Return all that is taken from what a processor returned."""

    async def scenario() -> list[Any]:
        return [record async for record in records_of(result)]

    return asyncio.run(scenario())


class TestWhatAProcessorMayReturn:
    """An async generator, a coroutine or a plain value; one record, many or None."""

    @pytest.mark.parametrize(
        ("make", "expected"),
        [
            (lambda: as_async_generator(EVENT, None, MESSAGE), [EVENT, MESSAGE]),
            (lambda: as_async_generator(), []),
            (lambda: as_coroutine(EVENT), [EVENT]),
            (lambda: as_coroutine(None), []),
            (lambda: as_coroutine([EVENT, None, MESSAGE]), [EVENT, MESSAGE]),
            (lambda: as_coroutine(as_generator(EVENT, MESSAGE)), [EVENT, MESSAGE]),
            (lambda: EVENT, [EVENT]),
            (lambda: None, []),
            (lambda: [EVENT, None, MESSAGE], [EVENT, MESSAGE]),
            (lambda: (EVENT, MESSAGE), [EVENT, MESSAGE]),
            (lambda: as_generator(EVENT, None, MESSAGE), [EVENT, MESSAGE]),
            (lambda: [], []),
        ],
    )
    def test_every_form_gives_its_records_in_order(self, make: Callable[[], Any], expected: list[Any]) -> None:
        """None is passed over, in every form."""
        assert taken(make()) == expected

    def test_an_async_generator_is_stepped_only_when_the_next_record_is_asked_for(self) -> None:
        """The first record is taken before the processor goes on."""
        told = []

        async def processor() -> AsyncIterator[Any]:
            told.append("made the first")
            yield EVENT
            told.append("went on")

        async def scenario() -> None:
            async for _ in records_of(processor()):
                told.append("took it")

        asyncio.run(scenario())
        assert told == ["made the first", "took it", "went on"]

    def test_an_async_generator_is_closed_where_its_reader_stops(self) -> None:
        """Its `finally` has run when the reader goes on, in the reader's own task (P15)."""
        told = []

        async def processor() -> AsyncIterator[Any]:
            try:
                yield EVENT
            finally:
                told.append(asyncio.current_task())

        async def scenario() -> None:
            async with aclosing(records_of(processor())) as records:
                async for _ in records:
                    break
            assert told == [asyncio.current_task()]

        asyncio.run(scenario())

    def test_an_error_of_the_processor_comes_through(self) -> None:
        """What a processor raises is what the call raises."""

        async def processor() -> AsyncIterator[Any]:
            yield EVENT
            raise KeyError("lost")

        with pytest.raises(KeyError, match="lost"):
            taken(processor())
