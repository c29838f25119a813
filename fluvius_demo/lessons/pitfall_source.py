"""The code of a scenario: its function and whatever else of the scenarios' own files runs in it, in one text."""

import ast
import inspect
from collections.abc import Callable, Iterator, Mapping
from textwrap import dedent
from types import FunctionType
from typing import Any

# The scenarios are told with these files alone; what lies elsewhere, such as the bank, is not part of a pitfall.
OWN = ("fluvius_demo.lessons.pitfalls.", "fluvius_demo.lessons.situations", "fluvius_demo.lessons.freed")
# Each of these is about the finding, not about what happens.
ABOUT_FINDINGS = ("_after", "_both_paid", "_worst", "unless_left")


def source_of(test: Callable[..., Any]) -> str:
    """Return the source of a scenario, then that of each helper in the order of its first use; without decorators."""
    return "\n\n\n".join(_source(part) for part in _parts(test))


def _parts(test: Callable[..., Any]) -> list[FunctionType | type]:
    found: list[FunctionType | type] = [test]
    for part in found:  # it grows meanwhile, breadth first
        found += [helper for helper in dict.fromkeys(_helpers(part)) if helper not in found]
    return found


def _helpers(part: FunctionType | type) -> Iterator[FunctionType | type]:
    names = vars(inspect.getmodule(part))
    used = [node for node in ast.walk(_node(part)) if isinstance(node, ast.Name)]
    for node in sorted(used, key=lambda node: (node.lineno, node.col_offset)):
        value = names.get(node.id)
        for candidate in value.values() if isinstance(value, Mapping) else [value]:
            helper = inspect.unwrap(candidate) if callable(candidate) else None
            if _is_own(helper) and helper.__name__ not in ABOUT_FINDINGS:
                yield helper


def _is_own(helper: Any) -> bool:
    return isinstance(helper, FunctionType | type) and f"{helper.__module__}.".startswith(OWN)


def _node(part: FunctionType | type) -> ast.AST:
    node: Any = ast.parse(dedent(inspect.getsource(part))).body[0]
    node.decorator_list.clear()  # whoever registers a scenario does not run in it
    return node


def _source(part: FunctionType | type) -> str:
    lines = dedent(inspect.getsource(part)).splitlines()
    return "\n".join(lines[_node(part).lineno - 1 :])  # from its `def` or `class`: decorators stand above
