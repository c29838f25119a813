"""A learner's own class as a design: `module:Class`, loaded, and given what it does not bring along."""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module, invalidate_caches
from types import ModuleType
from typing import Any

from fluvius_demo.aggregate import Aggregate
from fluvius_demo.banking import Bank
from fluvius_demo.errors import BadRequestError
from fluvius_demo.lessons.outcomes import Finding
from fluvius_demo.lessons.pitfalls.judge import clean
from fluvius_demo.lessons.trial import deposited, finding_of

NEEDED = tuple(sorted(Aggregate.__abstractmethods__))


def loaded(text: str) -> type[Aggregate]:
    """Return the class that `module:Class` names. Raises BadRequestError: what is wrong with it, and what to do.

    The module is found as `python -m` finds it: in the folder that the learner is in, too. One that was of no use is
    forgotten, so that it can be mended and tried again.
    """
    attempted = f"run the design {text!r}"
    shape = re.fullmatch(r"([\w-]+(?:\.[\w-]+)*):(\w+)", text)
    if shape is None or shape[1].endswith(".py"):
        raise BadRequestError(attempted, "it is not of the shape module:Class", "write it as in my_module:MyAggregate")
    module_name, name = shape.groups()
    known = module_name in sys.modules
    try:
        return completed(_class(attempted, _module(attempted, module_name), name))
    except BadRequestError:
        if not known:
            sys.modules.pop(module_name, None)
        raise


def _module(attempted: str, name: str) -> ModuleType:
    try:
        with _folder_of_the_learner():
            invalidate_caches()
            return import_module(name)
    except (Exception, SystemExit) as error:  # whatever a learner's module raises, they want to read it
        said = f"its module cannot be imported ({type(error).__name__}: {error})"
        raise BadRequestError(attempted, said, "mend that, or run this in the folder of the module") from error


@contextmanager
def _folder_of_the_learner() -> Iterator[None]:
    before = sys.path[:]
    sys.path.insert(0, "")
    try:
        yield
    finally:
        sys.path[:] = before


def _class(attempted: str, module: ModuleType, name: str) -> type:
    found = getattr(module, name, None)
    if isinstance(found, type):
        return found
    own = (
        key for key, value in vars(module).items() if isinstance(value, type) and value.__module__ == module.__name__
    )
    classes = ", ".join(sorted(own))
    remedy = f"use one of: {classes}" if classes else "write it there"
    raise BadRequestError(attempted, f"there is no class {name} in {module.__name__}", remedy)


def completed(design: type) -> type[Aggregate]:
    """Return this class as a design: any class with the Aggregate's interface, a subclass of it or not.

    Raises BadRequestError where something is missing that only the class itself can say.
    """
    attempted = f"run the design {design.__name__}"
    try:
        whole = design if issubclass(design, Aggregate) else _joined_with_aggregate(design)
    except Exception as error:  # another metaclass, say, or a type that nobody can inherit from
        said = f"it cannot be joined with Aggregate ({type(error).__name__}: {error})"
        raise BadRequestError(attempted, said, "make it a subclass of fluvius_demo.aggregate.Aggregate") from error
    missing = [name for name in NEEDED if name in whole.__abstractmethods__]
    if missing:
        raise BadRequestError(
            attempted,
            f"it lacks {', '.join(missing)}",
            f"give it {', '.join(NEEDED)}; all else can be inherited from fluvius_demo.aggregate.Aggregate",
        )
    return whole


def _joined_with_aggregate(design: type) -> type[Aggregate]:
    def __init__(self: Aggregate, domain: Any) -> None:
        Aggregate.__init__(self, domain)  # one that is no subclass does not call it
        super(whole, self).__init__(domain)

    whole = type(design.__name__, (design, Aggregate), {"__init__": __init__})
    return whole


async def try_out(design: type[Aggregate]) -> None:
    """Run one deposit, alone: who cannot do even that would come through the pitfalls as *refused*, and look good.

    Raises BadRequestError where it does not go through.
    """
    found = await clean(_one_deposit(design), design)
    if found.outcome != "correct":
        raise BadRequestError(
            f"run the design {design.__name__}",
            f"one deposit, alone, is {found.outcome} (expected: {found.expected}; seen: {found.seen})",
            "make that work first",
        )


async def _one_deposit(design: type[Aggregate]) -> Finding:
    bank = await Bank.opened(design, ana=0)
    work = deposited(bank, "ana", 1_00)
    return await finding_of(work, "that it goes through", {"ana": 1_00}, lambda _: bank.balances())
