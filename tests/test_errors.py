"""One tree of errors: each says what was attempted, what was wrong and what to do."""

import copy
import pickle

import pytest

from fluvius_demo import errors
from fluvius_demo.errors import CommandStateError, DemoError

CODES: dict[str, tuple[str, str]] = {  # the error: its parent, its code
    "DemoError": ("Exception", "demo-error"),
    "BadRequestError": ("DemoError", "bad-request"),
    "ForbiddenError": ("DemoError", "forbidden"),
    "InsufficientFundsError": ("ForbiddenError", "insufficient-funds"),
    "NotFoundError": ("DemoError", "not-found"),
    "ConflictError": ("DemoError", "conflict"),
    "PreconditionFailedError": ("ConflictError", "precondition-failed"),
    "CommandStateError": ("DemoError", "command-state"),
    "OutsideCommandError": ("CommandStateError", "outside-command"),
    "CommandEndedError": ("OutsideCommandError", "command-ended"),
    "NestedCommandError": ("CommandStateError", "nested-command"),
    "MovedCommandError": ("CommandStateError", "moved-command"),
    "SharedContextError": ("CommandStateError", "shared-context"),
    "UnconsumedEventsError": ("CommandStateError", "unconsumed-events"),
    "TransactionEndedError": ("CommandStateError", "transaction-ended"),
    "ScheduleError": ("BadRequestError", "schedule"),
    "NotSteppableError": ("DemoError", "not-steppable"),
    "NotRepeatableError": ("DemoError", "not-repeatable"),
}
OPENINGS: dict[str, str] = {
    "OutsideCommandError": "Aggregate context is not initialized. ",
    "CommandEndedError": "Aggregate context has ended. ",
    "UnconsumedEventsError": "All events must be consumed by the command handler. ",
}


def tree(root: type[DemoError] = DemoError) -> list[type[DemoError]]:
    """Return the error and all that derive from it in errors.py."""
    return [
        root,
        *(kind for child in root.__subclasses__() if child.__module__ == errors.__name__ for kind in tree(child)),
    ]


every_error = pytest.mark.parametrize("kind", tree(), ids=lambda kind: kind.__name__)


class TestTheTree:
    """Who is whose parent, and under which code each is looked up."""

    def test_the_tree_is_the_documented_one(self) -> None:
        """Every error has exactly this parent and this code."""
        assert {kind.__name__: (kind.__base__.__name__, kind.code) for kind in tree()} == CODES

    def test_no_two_errors_share_a_code(self) -> None:
        """A code names one error."""
        codes = [kind.code for kind in tree()]
        assert len(codes) == len(set(codes))

    @pytest.mark.parametrize("kind", tree(CommandStateError), ids=lambda kind: kind.__name__)
    def test_an_error_about_the_running_command_is_a_runtime_error(self, kind: type[CommandStateError]) -> None:
        """Code that catches the RuntimeError of the migration document keeps working."""
        assert issubclass(kind, RuntimeError)

    def test_an_error_about_the_input_is_no_runtime_error(self) -> None:
        """A bad request is not mistaken for a command in the wrong state."""
        assert not issubclass(errors.BadRequestError, RuntimeError)


class TestTheText:
    """What a learner reads."""

    @every_error
    def test_an_error_says_what_was_attempted_what_was_wrong_and_what_to_do(self, kind: type[DemoError]) -> None:
        """The text is the opening, the attempt, the fault and the remedy, as whole sentences."""
        error = kind("fetch account 'zoe'", "there is no such account", "check its name")
        opening = OPENINGS.get(kind.__name__, "")
        assert str(error) == (
            f"{opening}Cannot fetch account 'zoe': there is no such account. To solve this, check its name."
        )

    @every_error
    def test_the_three_parts_stay_readable(self, kind: type[DemoError]) -> None:
        """A program need not take the text apart."""
        error = kind("fetch", "gone", "load")
        assert (error.attempted, error.wrong, error.remedy) == ("fetch", "gone", "load")

    @every_error
    def test_no_part_can_be_left_out(self, kind: type[DemoError]) -> None:
        """An error without a way out cannot be made."""
        with pytest.raises(TypeError):
            kind("fetch", "gone")

    @every_error
    def test_an_error_explains_itself_in_its_docstring(self, kind: type[DemoError]) -> None:
        """`help(error)` says in its own words when it is raised."""
        assert kind.__dict__["__doc__"]


class TestErrorsTravel:
    """Errors cross process borders, and keep what they say."""

    @every_error
    @pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
    def test_an_error_survives_a_pickle(self, kind: type[DemoError], protocol: int) -> None:
        """Type, text, parts and notes are the same on the other side."""
        error = kind("fetch", "gone", "load")
        error.add_note("seen in a test")
        other = pickle.loads(pickle.dumps(error, protocol))
        assert type(other) is kind
        assert str(other) == str(error)
        assert (other.attempted, other.wrong, other.remedy) == ("fetch", "gone", "load")
        assert other.__notes__ == ["seen in a test"]

    @every_error
    def test_an_error_survives_a_copy(self, kind: type[DemoError]) -> None:
        """A copy says the same."""
        error = kind("fetch", "gone", "load")
        assert str(copy.copy(error)) == str(error)
