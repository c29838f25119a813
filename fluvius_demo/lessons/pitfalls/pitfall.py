"""A pitfall: a scenario with its remedy and where it was met. A limit: what no design of Aggregate can catch.

Registered by decorator, with the question to the design as the docstring:

    cleanup = group("cleanup")

    @cleanup("P03", "set and never reset", remedy="reset by the token", met_by=("agronholm/anyio#497",))
    async def never_reset(design: type[Aggregate]) -> Finding:
        '''A command has ended well. Does the same task still see it?'''
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fluvius_demo.aggregate import Aggregate
from fluvius_demo.lessons.outcomes import Finding

Test = Callable[[type[Aggregate]], Awaitable[Finding]]
LimitTest = Callable[[type[Aggregate], bool], Awaitable[Finding]]

# In the order in which the course takes them.
GROUP_NAMES = (
    "cleanup",
    "nesting and sharing",
    "children",
    "threads, generators and callbacks",
    "tests and versions",
)

REGISTERED: dict[str, "Pitfall"] = {}
LIMITED: dict[str, "Limit"] = {}


@dataclass(frozen=True)
class Pitfall:
    """A pitfall. `met_by`: public projects that met it, as `owner/repository#number`; a design is judged by `test`."""

    id: str
    name: str
    group: str
    question: str
    remedy: str
    met_by: tuple[str, ...]
    test: Test


@dataclass(frozen=True)
class Limit:
    """What goes wrong on every design, and its own remedy; `test(design, remedied)` runs without it and with it."""

    id: str
    question: str
    remedy: str
    test: LimitTest


def group(name: str) -> Callable[..., Callable[[Test], Test]]:
    """Return the decorator that registers the pitfalls of a group. Raises ValueError for a name not in GROUP_NAMES."""
    if name not in GROUP_NAMES:
        raise ValueError(f"Cannot make the group {name!r}: the course has {', '.join(GROUP_NAMES)}.")

    def pitfall(id: str, name_: str, /, *, remedy: str, met_by: tuple[str, ...] = ()) -> Callable[[Test], Test]:
        def register(test: Test) -> Test:
            REGISTERED[id] = Pitfall(id, name_, name, test.__doc__ or "", remedy, met_by, test)
            return test

        return register

    return pitfall


def limit(id: str, /, *, remedy: str) -> Callable[[LimitTest], LimitTest]:
    """Register what remains of the pitfall `id` on every design."""

    def register(test: LimitTest) -> LimitTest:
        LIMITED[id] = Limit(id, test.__doc__ or "", remedy, test)
        return test

    return register


def link(met_by: str) -> str:
    """Return where a thread such as `agronholm/anyio#497` can be read. Raises ValueError for another shape."""
    found = re.fullmatch(r"([\w.-]+/[\w.-]+)#(\d+)", met_by)
    if found is None:
        raise ValueError(f"Cannot link to {met_by!r}: it is not of the shape owner/repository#number.")
    return f"https://github.com/{found[1]}/issues/{found[2]}"
