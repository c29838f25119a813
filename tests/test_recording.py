"""Events, responses, messages, activities and audit fields are the same on every design."""

from datetime import UTC, datetime
from typing import Any

import pytest
from helpers import Desk, Written, each_design, in_a_loop, made, opening
from pydantic import BaseModel, ValidationError, field_validator

from fluvius_demo import recording
from fluvius_demo.errors import BadRequestError, UnconsumedEventsError
from fluvius_demo.recording import taken, unconsumed
from fluvius_demo.records import ActivityLog, ActivityType, AggregateRoot, EventRecord, MessageRecord, ResponseRecord

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)


class Picky(BaseModel):
    """A model whose own check stumbles over a missing key."""

    note: str

    @field_validator("note")
    @classmethod
    def known(cls, note: str) -> str:
        """Look the note up where it is not."""
        return {}[note]


@each_design
class TestEvents:
    """create_event puts an event into the running command's queue, consume_events takes them out."""

    @in_a_loop
    async def test_an_event_carries_its_key_args_and_data(self, design: type) -> None:
        """What was created is what is returned, and what is consumed."""
        aggregate = made(design)
        async with aggregate.command_aggregate(*opening()):
            event = aggregate.create_event("note-written", {"text": "hi"}, {"note": "a", "length": 2})
            assert event == EventRecord("note-written", {"text": "hi"}, Written(note="a", length=2))
            assert aggregate.consume_events() == [event]

    @in_a_loop
    async def test_events_come_oldest_first_and_once(self, design: type) -> None:
        """consume_events empties the queue; what comes later is taken by the next call."""
        aggregate = made(design)
        async with aggregate.command_aggregate(*opening()):
            for number in range(3):
                aggregate.create_event("undeclared", {}, number)
            assert [event.data for event in aggregate.consume_events()] == [0, 1, 2]
            assert aggregate.consume_events() == []
            aggregate.create_event("undeclared", {}, 3)
            assert [event.data for event in aggregate.consume_events()] == [3]

    @in_a_loop
    async def test_an_undeclared_key_takes_any_data(self, design: type) -> None:
        """Nothing checks or changes the data of an event that the domain has not declared."""
        aggregate, data = made(design), object()
        async with aggregate.command_aggregate(*opening()):
            assert aggregate.create_event("undeclared", {}, data).data is data
            aggregate.consume_events()

    @in_a_loop
    async def test_a_declared_key_checks_its_data(self, design: type) -> None:
        """Data of the wrong shape is refused, and no event emitted."""
        aggregate = made(design)
        async with aggregate.command_aggregate(*opening()):
            with pytest.raises(ValidationError, match="length"):
                aggregate.create_event("note-written", {}, {"note": "a", "length": "long"})
            assert aggregate.consume_events() == []

    @in_a_loop
    async def test_a_key_error_inside_of_the_check_is_not_an_undeclared_key(self, design: type) -> None:
        """A model that stumbles over a missing key has not approved of the data."""
        desk = Desk()
        desk.lookup_event = {"note-written": Picky}.__getitem__
        aggregate = made(design, desk=desk)
        async with aggregate.command_aggregate(*opening()):
            with pytest.raises(KeyError, match="a"):
                aggregate.create_event("note-written", {}, {"note": "a"})
            assert aggregate.consume_events() == []


@each_design
class TestResponsesAndMessages:
    """They are checked against the domain's declarations and returned; nothing is queued."""

    @in_a_loop
    async def test_a_response_joins_data_and_keywords(self, design: type) -> None:
        """The default type is default-response; `_type` names another; keywords win over data."""
        aggregate = made(design)
        async with aggregate.command_aggregate(*opening()):
            assert aggregate.create_response({"note": "a"}) == ResponseRecord("default-response", Written(note="a"))
            response = aggregate.create_response({"note": "a", "length": 1}, _type="note-state", length=2)
            assert response == ResponseRecord("note-state", Written(note="a", length=2))
            assert aggregate.create_response(None, note="b").data == Written(note="b")

    @in_a_loop
    async def test_a_message_carries_the_root_the_domain_and_its_flags(self, design: type) -> None:
        """The root is the running command's; keywords are flags and not data."""
        aggregate = made(design)
        async with aggregate.command_aggregate(*opening("c", domain_sid="hq")):
            message = aggregate.create_message("note-written", {"note": "c"}, urgent=True)
        root = AggregateRoot("note", "c", "hq")
        assert message == MessageRecord("note-written", root, "desk", Written(note="c"), flags={"urgent": True})

    @in_a_loop
    async def test_undeclared_ones_are_refused(self, design: type) -> None:
        """The text names the kind, the key and the way out."""
        aggregate = made(design)
        async with aggregate.command_aggregate(*opening()):
            with pytest.raises(BadRequestError) as refused:
                aggregate.create_response({}, _type="letter")
            assert str(refused.value) == (
                "Cannot create the response 'letter': the domain does not declare it. "
                "To solve this, add it to the domain's responses."
            )
            with pytest.raises(BadRequestError) as refused:
                aggregate.create_message("letter")
            assert str(refused.value) == (
                "Cannot create the message 'letter': the domain does not declare it. "
                "To solve this, add it to the domain's messages."
            )

    @in_a_loop
    async def test_wrong_data_is_refused(self, design: type) -> None:
        """A declared response or message needs data of its shape."""
        aggregate = made(design)
        async with aggregate.command_aggregate(*opening()):
            with pytest.raises(ValidationError):
                aggregate.create_response(None)
            with pytest.raises(ValidationError):
                aggregate.create_message("note-written")


@each_design
class TestActivities:
    """create_activity returns a line for the log that people read."""

    @in_a_loop
    async def test_it_is_about_the_commands_root(self, design: type) -> None:
        """Root, domain and the context's name are filled in; the type is a user's action unless said otherwise."""
        aggregate = made(design)
        async with aggregate.command_aggregate(*opening("c", domain_sid="hq", name="context1")):
            line = aggregate.create_activity("written", {"length": 2}, msglabel="Written", code=7)
        assert line == ActivityLog(
            domain="desk",
            resource="note",
            identifier="c",
            message="written",
            data={"length": 2},
            msglabel="Written",
            msgtype=ActivityType.USER_ACTION,
            code=7,
            domain_sid="hq",
            context="context1",
        )

    @in_a_loop
    async def test_another_root_and_type_can_be_named(self, design: type) -> None:
        """`logroot` replaces the root as a whole; further keywords are fields of the log line."""
        aggregate = made(design)
        async with aggregate.command_aggregate(*opening("c", domain_sid="hq")):
            root, kind = AggregateRoot("page", "p", domain_iid="i"), ActivityType.SYSTEM_ACTION
            line = aggregate.create_activity("seen", msgtype=kind, logroot=root, src_cmd="desk-1")
        assert (line.resource, line.identifier, line.domain_sid, line.domain_iid) == ("page", "p", None, "i")
        assert (line.msgtype, line.src_cmd) == (kind, "desk-1")


@each_design
class TestAudit:
    """What is stored says who made or changed it, and when: the context's word."""

    @in_a_loop
    async def test_audit_fields_come_from_the_context(self, design: type) -> None:
        """Created: realm, time, profile. Updated: time, profile."""
        aggregate = made(design)
        async with aggregate.command_aggregate(*opening(realm="eu", profile_id="p1", user_id="u1", timestamp=NOON)):
            assert aggregate.audit_created() == {"_realm": "eu", "_created": NOON, "_creator": "p1"}
            assert aggregate.audit_updated() == {"_updated": NOON, "_updater": "p1"}

    @in_a_loop
    async def test_init_resource_makes_and_does_not_store(self, design: type) -> None:
        """The new object has its audit fields and no etag; keywords win over data; the store does not know it."""
        aggregate = made(design)
        async with aggregate.command_aggregate(*opening("n", new=True, profile_id="p1", timestamp=NOON)):
            note: Any = await aggregate.init_resource("note", {"identifier": "x", "text": "old"}, identifier="n")
        assert (note.identifier, note.text, note._etag) == ("n", "old", "")
        assert (note._created, note._creator, note._updater) == (NOON, "p1", None)
        assert aggregate.statemgr.committed("note", "n") is None


class TestUnconsumed:
    """The error for a command that ends with events in its queue."""

    def test_its_text(self) -> None:
        """It opens with the framework's sentence, counts the events and says what to do; it is a RuntimeError."""
        error = unconsumed(opening()[1], 2)
        assert isinstance(error, UnconsumedEventsError)
        assert isinstance(error, RuntimeError)
        assert str(error) == (
            "All events must be consumed by the command handler. Cannot end the command 'write-note': 2 of its events "
            "were not taken. To solve this, call consume_events() before the end of the command."
        )


class TestTaken:
    """How a design that keeps its events in a list takes them."""

    def test_all_come_in_order_and_none_is_left(self) -> None:
        """Twice, so that nothing is taken again."""
        events = [1, 2, 3]
        assert (taken(events), taken(events), events) == ([1, 2, 3], [], [])

    def test_two_threads_do_not_take_at_once(self) -> None:
        """The copy and the deletion are under one lock, or two takers would both have the same events."""

        class Watched(list[int]):
            """Notes whether the lock is held when it is copied and emptied."""

            def __getitem__(self, place: Any) -> Any:
                held.append(recording._TAKING.locked())
                return super().__getitem__(place)

            def __delitem__(self, place: Any) -> None:
                held.append(recording._TAKING.locked())
                super().__delitem__(place)

        held: list[bool] = []
        assert (taken(Watched([1, 2])), held, recording._TAKING.locked()) == ([1, 2], [True, True], False)

    def test_an_event_that_comes_meanwhile_stays_for_the_next_time(self) -> None:
        """Only what was copied is deleted: a thread may put one in between."""

        class Growing(list[int]):
            """Gets one more while it is copied."""

            def __getitem__(self, place: Any) -> Any:
                found = super().__getitem__(place)
                self.append(9)
                return found

        events = Growing([1, 2])
        assert (taken(events), list(events)) == ([1, 2], [9])
