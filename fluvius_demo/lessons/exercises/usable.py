"""Whether an answer can be checked at all: a class that does its work alone. Whoever cannot is told, kindly."""

from collections.abc import Awaitable, Callable, Mapping
from inspect import isfunction
from typing import Any

from fluvius_demo.errors import BadRequestError, NotSteppableError
from fluvius_demo.lessons.exercises.quiet import first_run_is_over
from fluvius_demo.lessons.interleave import End, Execution, Scene, Verdict
from fluvius_demo.lessons.outcomes import Finding


def usable(answer: Any, needed: tuple[str, ...], one: str, work: Callable[[Any], Awaitable[str]], hoped: str) -> type:
    """Return the answer, if it is a class that has what is needed and whose `work`, alone, gives what is hoped.

    `one`: what the work is called, "one booking". Raises BadRequestError with what is wrong and what to do.
    """
    if not isinstance(answer, type):
        remedy = "hand over the class itself, without brackets: check(…, MyClass)"
        raise BadRequestError("check this answer", f"it is {told(answer)}, and not a class", remedy)
    attempted = f"check {answer.__name__}"
    missing = [method for method in needed if not callable(getattr(answer, method, None))]
    if missing:
        remedy = f"give it {', '.join(needed)}, as it had when you found it"
        raise BadRequestError(attempted, f"it has no {' and no '.join(missing)}", remedy)
    end = alone(lambda: work(answer))
    first_run_is_over()
    if isinstance(end.error, NotSteppableError):
        raise BadRequestError(attempted, f"{one} cannot be run step by step: {end.error.wrong}", end.error.remedy)
    if isinstance(end.error, LookupError) and str(end.error).startswith("<ContextVar"):
        wrong = f"{one}, with nobody else around, finds nothing in its context variable"
        remedy = "set it where the work begins: what `__init__` sets stays in the Context in which the object was made"
        raise BadRequestError(attempted, wrong, remedy)
    if problem := _problem(end, hoped):
        raise BadRequestError(attempted, f"{one}, with nobody else around, {problem}", "make that work first")
    return answer


def _problem(end: End, hoped: str) -> str:
    if end.error is not None:
        return f"ends with {Finding.of_error(hoped, end.error).seen.removesuffix('.')}"
    if end.stuck:
        return "waits for ever"
    return f"gives “{end.result}”, and should give “{hoped}”" if end.result != hoped else ""


def alone(work: Callable[[], Awaitable[Any]]) -> End:
    """Run this to its end, or until it is stuck, in a fresh task and Context; nobody else runs meanwhile."""

    async def running() -> Any:
        return await work()

    ended: list[End] = []

    def judge(ends: Mapping[str, End]) -> Verdict:
        ended.append(ends["A"])
        return Verdict(())

    execution = Execution(lambda: Scene({"A": running()}, judge))
    try:
        execution.run_on().verdict()
    except NotSteppableError as error:
        return End(error=error)
    finally:
        execution.close()  # in its own Context, whatever is still open there
    return ended[0]


def told(answer: Any) -> str:
    """Return what this is, for somebody who expected something else."""
    if isinstance(answer, (str, int, float, type(None))):
        return repr(answer)
    return "a plain function" if isfunction(answer) else f"an object of the class {type(answer).__name__}"
