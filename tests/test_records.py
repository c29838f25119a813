"""Records are plain data: they cannot be changed, and they share nothing."""

import dataclasses
import pickle
from datetime import UTC
from typing import Any

import pytest

from fluvius_demo import records
from fluvius_demo.banking import Account
from fluvius_demo.records import (
    ActivityLog,
    ActivityType,
    AggregateRoot,
    CommandBundle,
    DomainContext,
    EventRecord,
    MessageRecord,
    Resource,
    ResponseRecord,
)

ANA = AggregateRoot("account", "ana")
ONE_OF_EACH = [
    ANA,
    Resource(identifier="ana"),
    Account(identifier="ana", owner="Ana"),
    DomainContext(),
    CommandBundle("bank", "deposit-money", 0, "account", "ana"),
    EventRecord("money-deposited", {}, None),
    ResponseRecord("account-state", None),
    MessageRecord("money-moved", ANA, "bank"),
    ActivityLog("bank", "account", "ana", "Ana came by"),
]
each_record = pytest.mark.parametrize("record", ONE_OF_EACH, ids=lambda record: type(record).__name__)


def fields_of(record: Any) -> tuple[str, ...]:
    """Return the names of a record's fields."""
    return getattr(record, "_fields", ()) or tuple(field.name for field in dataclasses.fields(record))


class TestRecordsAreFrozen:
    """A design that mixes up commands must not look right because two of them share an object."""

    @each_record
    def test_no_field_can_be_changed(self, record: Any) -> None:
        """Every single field refuses a new value."""
        for name in fields_of(record):
            with pytest.raises(AttributeError):
                setattr(record, name, "changed")

    @each_record
    def test_no_attribute_can_be_added(self, record: Any) -> None:
        """A record has its fields, and no room for more."""
        # TypeError: CPython's frozen dataclasses with slots stumble over it before they can refuse it (gh-91126).
        with pytest.raises((AttributeError, TypeError)):
            record.note = "added"
        assert not hasattr(record, "note")

    @each_record
    def test_a_record_survives_a_pickle(self, record: Any) -> None:
        """A record can be sent to another process."""
        assert pickle.loads(pickle.dumps(record)) == record

    def test_one_of_each_kind_is_tested_here(self) -> None:
        """Every class of records.py stands in the list above, so that a new one is not forgotten."""
        declared = {
            item
            for item in vars(records).values()
            if isinstance(item, type) and item.__module__ == "fluvius_demo.records"
        }
        assert declared - {type(record) for record in ONE_OF_EACH} == {ActivityType}


class TestDefaults:
    """What a record says where its maker is silent."""

    def test_an_address_needs_a_resource_and_an_identifier_alone(self) -> None:
        """The two domain fields of an address are None unless they are given."""
        assert ANA == ("account", "ana", None, None)

    def test_a_resource_starts_without_etag_and_without_audit_fields(self) -> None:
        """The store gives the etag and the aggregate the audit fields; a new record has neither."""
        assert dataclasses.asdict(Resource(identifier="ana")) == {
            "identifier": "ana",
            "domain_sid": None,
            "_etag": "",
            "_realm": None,
            "_created": None,
            "_creator": None,
            "_updated": None,
            "_updater": None,
            "_deleted": False,
        }

    def test_a_resource_takes_keywords_only(self) -> None:
        """A subclass can add fields without a default, because none of them goes by its position."""
        with pytest.raises(TypeError):
            Account("ana", "Ana")

    def test_two_contexts_do_not_share_their_headers(self) -> None:
        """The default of `headers` is a new mapping each time."""
        assert DomainContext().headers is not DomainContext().headers

    def test_two_messages_do_not_share_their_flags(self) -> None:
        """The default of `flags` is a new mapping each time."""
        assert MessageRecord("moved", ANA, "bank").flags is not MessageRecord("moved", ANA, "bank").flags

    def test_an_activity_is_caused_by_a_user_unless_it_says_otherwise(self) -> None:
        """The default type is the user's, and it prints as its plain text."""
        assert str(ActivityLog("bank", "account", "ana", "came by").msgtype) == "user-action"
        assert [str(kind) for kind in ActivityType] == ["user-action", "system-action"]

    def test_a_context_is_stamped_in_utc(self) -> None:
        """The time of a context knows its zone."""
        assert DomainContext().timestamp.tzinfo is UTC


class TestDomainContext:
    """The two things that a context can do."""

    @pytest.mark.parametrize("sent", ["if-match", "If-Match", "IF-MATCH"])
    @pytest.mark.parametrize("asked", ["if-match", "If-Match"])
    def test_a_header_is_found_in_any_case(self, sent: str, asked: str) -> None:
        """Header names are compared without regard to case, on both sides."""
        assert DomainContext(headers={"accept": "text/html", sent: "account/ana@1"}).header(asked) == "account/ana@1"

    def test_a_header_that_was_not_sent_is_none(self) -> None:
        """A missing header is None, not an error."""
        assert DomainContext(headers={"accept": "text/html"}).header("if-match") is None

    def test_a_context_prints_as_its_name(self) -> None:
        """The legacy error text shows the context: it shows the name."""
        assert str(DomainContext(name="ana's deposit")) == "ana's deposit"
        assert str(DomainContext()) == "unnamed"


class TestCommandBundle:
    """The address in a command."""

    def test_the_address_is_made_of_the_bundle(self) -> None:
        """All four parts of the address come from the command."""
        bundle = CommandBundle("bank", "deposit-money", 0, "account", "ana", domain_sid="branch-1", domain_iid="desk-2")
        assert bundle.aggroot == AggregateRoot("account", "ana", "branch-1", "desk-2")
