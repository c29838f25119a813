"""A learner's own class as a design: `module:Class`, loaded, and given what it does not bring along."""

import sys
from importlib import import_module

from fluvius_demo.aggregate import Aggregate
from fluvius_demo.errors import BadRequestError

NEEDED = tuple(sorted(Aggregate.__abstractmethods__))


def loaded(text: str) -> type[Aggregate]:
    """Return the class that `module:Class` names. Raises BadRequestError: what is wrong with it, and what to do."""
    attempted = f"run the design {text!r}"
    module_name, _, name = text.partition(":")
    if not module_name or not name:
        raise BadRequestError(attempted, "it is not of the shape module:Class", "write it as in my_module:MyAggregate")
    sys.path[:0] = [""] if "" not in sys.path else []  # the folder that the learner is in
    try:
        module = import_module(module_name)
    except Exception as error:  # whatever a learner's module raises, they want to read it
        said = f"its module cannot be imported ({type(error).__name__}: {error})"
        raise BadRequestError(attempted, said, "mend that, or run this in the folder of the module") from error
    if not isinstance(found := getattr(module, name, None), type):
        classes = ", ".join(sorted(key for key, value in vars(module).items() if isinstance(value, type))) or "no class"
        raise BadRequestError(attempted, f"there is no class {name} in {module_name}", f"use one of: {classes}")
    return completed(found)


def completed(design: type) -> type[Aggregate]:
    """Return this class as a design: any class with the Aggregate's interface, a subclass of it or not.

    Raises BadRequestError where something is missing that only the class itself can say.
    """
    whole = design if issubclass(design, Aggregate) else type(design.__name__, (design, Aggregate), {})
    missing = [name for name in NEEDED if name in whole.__abstractmethods__]
    if missing:
        raise BadRequestError(
            f"run the design {design.__name__}",
            f"it lacks {', '.join(missing)}",
            f"give it {', '.join(NEEDED)}; all else can be inherited from fluvius_demo.aggregate.Aggregate",
        )
    return whole
