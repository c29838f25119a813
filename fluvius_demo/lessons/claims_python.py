"""C30: which Python a design, and this package, need."""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from inspect import getsource
from pathlib import Path

from fluvius_demo.aggregate import Aggregate
from fluvius_demo.lessons.claims_verdict import Part, check
from fluvius_demo.lessons.outcomes import absent, compared

OLDEST, NEWEST = 7, sys.version_info.minor
NONE = "nothing new in 3.11"
_PACKAGE = Path(__file__).parents[1]
# Where the Python documentation says "Added in version 3.11": a task that is given a Context, a timeout that makes no
# task of its own, and notes on an error that is on its way; then three conveniences.
NEW_IN_3_11 = ("create_task(context=…)", "asyncio.timeout", "add_note", "datetime.UTC", "enum.StrEnum", "typing.Self")


@check("C30", remedy="check for 3.11: from there on a task can be given its Context")
async def old_enough(design: type[Aggregate]) -> list[Part]:
    """Does the grammar of 3.7 suffice for the design's own file? And what does the package around it use?"""
    try:
        grammar = compared(f"3.{OLDEST}", f"3.{oldest_grammar(getsource(sys.modules[design.__module__]))}")
    except (KeyError, OSError, TypeError):  # made in a notebook, say
        grammar = absent("its source", "it has no file")
    used = used_by_the_package()
    seen = ", ".join(name for name in NEW_IN_3_11 if name in used) or NONE
    return [
        Part("for the grammar of the design's own file", grammar),
        Part("for what this package uses", compared(NONE, seen), limits=True),
    ]


def oldest_grammar(source: str) -> int:
    """Return the oldest Python, 3.x, whose grammar knows all of this source, as far as `ast` can tell."""
    for minor in range(OLDEST, NEWEST):
        try:
            ast.parse(source, feature_version=(3, minor))
        except SyntaxError:
            continue
        return minor
    return NEWEST


@cache
def used_by_the_package() -> frozenset[str]:
    """Return which of the names that are new in 3.11 are used in this package."""
    sources = [path.read_text(encoding="utf-8") for path in _PACKAGE.rglob("*.py")]
    return frozenset(name for source in sources for name in names_in(source)) & set(NEW_IN_3_11)


def names_in(source: str) -> Iterator[str]:
    """Yield what a source imports and uses, written as in NEW_IN_3_11."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.ImportFrom(module=module):
                yield from (f"{module}.{name.name}" for name in node.names)
            case ast.Call(func=ast.Attribute(attr="create_task"), keywords=keywords):
                yield from ("create_task(context=…)" for keyword in keywords if keyword.arg == "context")
            case ast.Attribute(value=ast.Name(id="asyncio"), attr=name):
                yield f"asyncio.{name}"
            case ast.Attribute(attr="add_note"):
                yield "add_note"
