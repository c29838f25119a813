"""One tree of errors. Each says what was attempted, what was wrong and what to do, and has a code to look up.

The errors about a running command are also `RuntimeError`s and begin with the sentence that the migration document
gives them, so that code which catches or matches those keeps working.
"""

from typing import ClassVar


class DemoError(Exception):
    """The root. Shape: `DemoError(attempted, wrong, remedy)`; the three parts stay readable as attributes."""

    code: ClassVar[str] = "demo-error"
    opening: ClassVar[str] = ""

    def __init__(self, attempted: str, wrong: str, remedy: str) -> None:
        super().__init__(attempted, wrong, remedy)
        self.attempted, self.wrong, self.remedy = attempted, wrong, remedy

    def __str__(self) -> str:
        return f"{self.opening}Cannot {self.attempted}: {self.wrong}. To solve this, {self.remedy}."


class BadRequestError(DemoError):
    """The input is not what was asked for."""

    code = "bad-request"


class ForbiddenError(DemoError):
    """The input is well formed, but this is not allowed here."""

    code = "forbidden"


class InsufficientFundsError(ForbiddenError):
    """The account does not hold the amount."""

    code = "insufficient-funds"


class NotFoundError(DemoError):
    """There is no such thing."""

    code = "not-found"


class ConflictError(DemoError):
    """Somebody else was first."""

    code = "conflict"


class PreconditionFailedError(ConflictError):
    """The object is not the version that If-Match names."""

    code = "precondition-failed"


class CommandStateError(DemoError, RuntimeError):
    """The running command is not what this code takes it for."""

    code = "command-state"


class OutsideCommandError(CommandStateError):
    """No command of this aggregate runs here."""

    code = "outside-command"
    opening = "Aggregate context is not initialized. "


class CommandEndedError(OutsideCommandError):
    """The command that this code was started by has ended."""

    code = "command-ended"
    opening = "Aggregate context has ended. "


class NestedCommandError(CommandStateError):
    """This aggregate already runs a command in this Context."""

    code = "nested-command"


class MovedCommandError(CommandStateError):
    """A command was ended in another Context than the one that it was opened in."""

    code = "moved-command"


class SharedContextError(CommandStateError):
    """Two tasks were given one Context, and so cannot be told apart."""

    code = "shared-context"


class UnconsumedEventsError(CommandStateError):
    """A command ended and nobody had taken its events."""

    code = "unconsumed-events"
    opening = "All events must be consumed by the command handler. "


class TransactionEndedError(CommandStateError):
    """The call that this code was started by has been committed or rolled back."""

    code = "transaction-ended"


class ScheduleError(BadRequestError):
    """A written order of steps cannot be followed."""

    code = "schedule"


class NotSteppableError(DemoError, RuntimeError):
    """Code that decides by itself who goes next cannot be stepped by hand."""

    code = "not-steppable"


class NotRepeatableError(DemoError):
    """The same order of steps went another way the second time."""

    code = "not-repeatable"
