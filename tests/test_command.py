"""Command: what its Meta says, and what its payload must look like."""

from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict

from fluvius_demo.banking import Bank
from fluvius_demo.command import Command, CommandMeta, checked_payload
from fluvius_demo.errors import BadRequestError
from fluvius_demo.records import CommandBundle


class Line(BaseModel):
    """A line of an order."""

    article: str
    pieces: int


class OrderData(BaseModel):
    """A payload with a list in it."""

    model_config = ConfigDict(extra="forbid")
    buyer: str
    lines: list[Line]


class NoteData(BaseModel):
    """A payload with an optional field."""

    text: str
    colour: str | None = None


class Order(Command):
    """A command that no domain knows."""

    Data = OrderData


class Note(Command):
    """Another one."""

    Data = NoteData


def refusal(kind: type[Command], payload: Any) -> BadRequestError:
    """Return the error for this payload."""
    with pytest.raises(BadRequestError) as caught:
        checked_payload(kind, payload, "process 'order' on shop 'main'")
    return caught.value


class TestPayload:
    """The payload becomes the command's Data, or the learner reads every fault at once."""

    def test_a_mapping_becomes_the_model(self) -> None:
        """A processor gets the model, not the dict."""
        payload = {"buyer": "Ana", "lines": [{"article": "tea", "pieces": 2}]}
        expected = OrderData(buyer="Ana", lines=[Line(article="tea", pieces=2)])
        assert checked_payload(Order, payload, "try") == expected

    def test_a_model_is_taken_as_it_is(self) -> None:
        """Who has the model already may send it."""
        data = OrderData(buyer="Ana", lines=[])
        assert checked_payload(Order, data, "try") is data

    @pytest.mark.parametrize("payload", [None, {"any": "thing"}, 5, [1]])
    def test_a_command_without_data_takes_anything(self, payload: Any) -> None:
        """Where `Data` is None the payload is passed on as it is, the very same object."""
        assert checked_payload(Command, payload, "try") is payload

    def test_no_payload_means_an_empty_one(self) -> None:
        """None is read as a payload without fields: the fields are what is missing."""
        assert refusal(Order, None).wrong == (
            "its payload has the wrong shape (buyer: Field required; lines: Field required)"
        )

    def test_every_fault_is_told_at_once_and_where_it_is(self) -> None:
        """The text names each faulty field with its whole path, and the shape that is asked for."""
        error = refusal(Order, {"lines": [{"article": "tea", "pieces": "many"}, {"pieces": 1}], "cash": True})
        faults = {
            "buyer: Field required",
            "lines.0.pieces: Input should be a valid integer, unable to parse string as an integer",
            "lines.1.article: Field required",
            "cash: Extra inputs are not permitted",
        }
        told = error.wrong.removeprefix("its payload has the wrong shape (").removesuffix(")")
        assert set(told.split("; ")) == faults
        assert error.attempted == "process 'order' on shop 'main'"

    @pytest.mark.parametrize("payload", [[], "x", 5, True])
    def test_a_payload_that_is_no_mapping_is_refused(self, payload: Any) -> None:
        """The fault is the payload's, as it has no field to blame."""
        wrong = "its payload has the wrong shape (payload: Input should be a valid dictionary or instance of OrderData)"
        assert refusal(Order, payload).wrong == wrong

    def test_the_remedy_shows_the_shape(self) -> None:
        """Types of any kind can be shown: a class, a list of something, something or nothing."""
        assert refusal(Order, {}).remedy.startswith("send {buyer: str, lines: list")
        assert refusal(Note, {}).remedy == "send {text: str, colour: str | None}"


class TestMeta:
    """What a command's inner `class Meta` says, and what holds where it is silent."""

    def test_meta_need_only_name_the_key(self) -> None:
        """What Meta leaves out has its default, though it inherits from nothing."""

        class Shop(Bank):
            """A domain."""

        class Close(Shop.Command):
            """A command."""

            class Meta:
                key = "close"

        assert (Close.Meta.key, Close.Meta.resources, Close.Meta.new_resource) == ("close", (), False)

    def test_what_meta_says_counts(self) -> None:
        """Meta's own values come before the defaults."""
        (opening,) = [kind for kind in Bank._commands.values() if kind.Meta.new_resource]
        assert (opening.Meta.key, opening.Meta.resources) == ("open-account", ("account",))
        assert CommandMeta.new_resource is False

    @pytest.mark.parametrize(
        "body", [{}, {"Meta": type("Meta", (), {"resources": ("account",)})}], ids=["no Meta", "Meta"]
    )
    def test_a_command_without_a_key_cannot_be_declared(self, body: dict[str, Any]) -> None:
        """Nobody could send it; the text says what to add, whether or not there is a Meta."""
        shop = type("Shop", (Bank,), {})
        text = r"^Keyless has no key\. To solve this, add 'class Meta: key = …' to it\.$"
        with pytest.raises(TypeError, match=text):
            type("Keyless", (shop.Command,), body)

    def test_one_resource_may_be_written_as_a_string(self) -> None:
        """`resources = "account"` means the resource `account`, as it does for an action, and not its letters."""
        shop = type("Shop", (Bank,), {})
        meta = type("Meta", (), {"key": "close", "resources": "account"})
        close = type("Close", (shop.Command,), {"Meta": meta})
        assert tuple(close.Meta.resources) == ("account",)


class TestCommand:
    """A command that is being processed."""

    def test_it_holds_its_bundle(self) -> None:
        """A processor finds the whole command as `self.bundle`."""
        bundle = CommandBundle("shop", "order", 0, "shop", "main")
        assert Order(bundle).bundle is bundle

    def test_a_command_of_no_domain_is_registered_nowhere(self) -> None:
        """Only subclasses of a domain's own `Command` become its commands."""
        assert Order._domain is None
        assert Order not in Bank._commands.values()

    def test_a_key_is_given_once(self) -> None:
        """A second command of the same key would silently take the place of the first; a domain of its own may."""

        class Shop(Bank):
            """A domain."""

        meta = type("Meta", (), {"key": "deposit-money"})
        type("Ours", (Shop.Command,), {"Meta": meta})  # Shop's own, in place of the bank's
        with pytest.raises(
            TypeError, match=r"^Again has the key 'deposit-money', as another command\. To solve this, change one\.$"
        ):
            type("Again", (Shop.Command,), {"Meta": meta})
