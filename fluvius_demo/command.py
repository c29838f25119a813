"""Command: one kind of command of a domain, the shape of its payload and who may send it where."""

from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import BaseModel, ValidationError

from fluvius_demo.errors import BadRequestError
from fluvius_demo.records import CommandBundle

if TYPE_CHECKING:
    from fluvius_demo.domain import Domain


class CommandMeta:
    """What a command's inner `class Meta` can say, and what holds where it is silent."""

    key: str
    resources: tuple[str, ...] = ()  # empty: any
    new_resource: bool = False


class Command:
    """One kind of command. Subclass the domain's own `Command`; `_process` makes it run.

    `Data` is the pydantic model of the payload; None passes the payload on as it is. `_process(self, aggregate,
    statemgr, payload)` is an async generator, a coroutine or a plain function of events, responses, messages,
    activities; None is passed over.
    """

    Meta: ClassVar[type[CommandMeta]] = CommandMeta
    Data: ClassVar[type[BaseModel] | None] = None
    _domain: ClassVar["type[Domain] | None"] = None

    def __init__(self, bundle: CommandBundle) -> None:
        self.bundle = bundle

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls._domain is not None:
            cls._domain._register(cls)


def checked_payload(kind: type[Command], payload: Any, attempted: str) -> Any:
    """Return the payload as `kind.Data`. Raises BadRequestError with every fault at once, and the right shape."""
    if kind.Data is None:
        return payload
    try:
        return kind.Data.model_validate({} if payload is None else payload)
    except ValidationError as error:
        wrong = f"its payload has the wrong shape ({'; '.join(faults(error, 'payload'))})"
        raise BadRequestError(attempted, wrong, f"send {shape_of(kind.Data)}") from None


def faults(error: ValidationError, whole: str) -> list[str]:
    """Return all that is wrong, each with the name of the field; `whole` is the name of what has the fields."""
    return [f"{'.'.join(map(str, each['loc'])) or whole}: {each['msg']}" for each in error.errors()]


def shape_of(model: type[BaseModel]) -> str:
    """Return the fields of a model and their types, for the error texts."""
    return "{" + ", ".join(f"{name}: {_shape(field.annotation)}" for name, field in model.model_fields.items()) + "}"


def _shape(annotation: Any) -> str:
    return annotation.__name__ if isinstance(annotation, type) else str(annotation).replace("typing.", "")
