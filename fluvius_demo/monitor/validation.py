"""Rules on who may ask: a command whose context breaks some is refused with all of them at once, before it begins."""

from pydantic import BaseModel, ValidationError

from fluvius_demo.command import faults, shape_of
from fluvius_demo.errors import BadRequestError
from fluvius_demo.frame import described
from fluvius_demo.monitor.watched import WatchedFrame, Watcher


class Checked(Watcher):
    """Checks the context of each command that is opened against a pydantic model; its fields are read by name.

        class Rules(BaseModel):
            realm: str
            profile_id: Annotated[str, Field(pattern="^p-")]

        with watch(bank.aggregate, Metrics(), Checked(Rules)):
            …

    One that breaks rules raises BadRequestError, and nothing of the command has begun: its object is not fetched, no
    variable is set. It has ended as "refused", for all watchers; those that are named before this one were asked, too.
    """

    def __init__(self, rules: type[BaseModel]) -> None:
        self.rules = rules

    def asked(self, frame: WatchedFrame) -> None:
        """Let the command begin, or raise BadRequestError with everything that is wrong."""
        try:
            self.rules.model_validate(frame.context, from_attributes=True)
        except ValidationError as error:
            wrong = faults(error, "context")
            raise BadRequestError(
                f"open {described(frame.command)}",
                f"its context breaks {len(wrong)} rule{'' if len(wrong) == 1 else 's'} ({'; '.join(wrong)})",
                f"send it with a context that has {shape_of(self.rules)}",
            ) from None
