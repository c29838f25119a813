"""Imports go one way, and the drawing libraries are imported in a few files alone."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from helpers import needs

import fluvius_demo

PACKAGE = Path(fluvius_demo.__file__).parent
NAME = "fluvius_demo"

# Each module may import from the lines above its own, and from nothing else of the package.
ORDER: list[set[str]] = [
    {"errors", "records", "scopes"},
    {"transaction", "collected", "command"},
    {"statemgr"},
    {"recording"},
    {"aggregate"},
    {"legacy", "migrated", "frame"},
    {"isolated"},
    {"domain"},
    {"banking"},
    {"monitor"},
    {"lessons"},
    {"__main__"},
]
DRAWING = {"matplotlib", "ipywidgets"}
# One file for each idea: the figures of a few runs, those of all orders, of two commands and of three, of timings; and
# the widgets, the stepper and the sliders.
MAY_DRAW = {
    "lessons/figures.py",
    "lessons/figures_orders.py",
    "lessons/figures_growth.py",
    "lessons/figures_stories.py",
    "lessons/figures_timing.py",
    "lessons/predict.py",
    "lessons/sliders.py",
    "lessons/widgets.py",
}


def sources() -> list[Path]:
    """Return every module of the package."""
    return sorted(PACKAGE.rglob("*.py"))


def module_of(path: Path) -> str:
    """Return a module's dotted name."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def statements(node: ast.AST) -> Iterator[ast.AST]:
    """Yield all nodes that run, and so nothing that stands under `if TYPE_CHECKING`."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            yield from (grandchild for other in child.orelse for grandchild in (other, *statements(other)))
        else:
            yield child
            yield from statements(child)


def imports(source: str) -> set[str]:
    """Return what this source imports, as dotted names; `from a import b` counts as `a.b`."""
    found = set()
    for node in statements(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names}
    return found


def imports_of(path: Path) -> set[str]:
    """Return what a module imports."""
    return imports(path.read_text(encoding="utf-8"))


def room(dotted: str) -> str:
    """Return the room that a dotted name lies in: `fluvius_demo.records.Resource` → `records`."""
    return dotted.partition(".")[2].partition(".")[0]


def rooms_used(path: Path) -> set[str]:
    """Return the rooms of the package that a module imports."""
    return {room(name) for name in imports_of(path) if name.split(".")[0] == NAME}


def in_the_house() -> list[Path]:
    """Return every module but the package's own `__init__`, which stands above them all."""
    return [path for path in sources() if path != PACKAGE / "__init__.py"]


def in_a_fresh_python(code: str) -> subprocess.CompletedProcess[str]:
    """Run the code in a new interpreter that finds the same package."""
    return subprocess.run(
        [sys.executable, "-c", code], cwd=PACKAGE.parent, capture_output=True, text=True, check=False, timeout=60
    )


by_file = {"ids": lambda path: path.relative_to(PACKAGE).as_posix()}


class TestTheReader:
    """The functions above see what they should see."""

    def test_imports_are_found_wherever_they_stand(self) -> None:
        """Imports at the top, in functions, in branches and relative ones all count."""
        source = "import a.b\nfrom c import d as e\ndef f():\n    from .g import h\nif 1:\n    from . import i\n"
        assert imports(source) == {"a.b", "c.d", ".g.h", "..i"}

    def test_imports_for_types_do_not_count(self) -> None:
        """What stands under `if TYPE_CHECKING` never runs; what stands under its `else` does."""
        source = "if TYPE_CHECKING:\n    import a\nelse:\n    import b\nif typing.TYPE_CHECKING:\n    import c\n"
        assert imports(source) == {"b"}

    def test_a_room_is_the_first_name_below_the_package(self) -> None:
        """A lesson lies in the room `lessons`, and the package itself in none."""
        names = ["fluvius_demo.records.Resource", "fluvius_demo.lessons.turns", "fluvius_demo"]
        assert [room(name) for name in names] == ["records", "lessons", ""]


class TestImportsGoOneWay:
    """records, errors → … → aggregate → legacy | migrated | isolated → domain → banking → lessons."""

    def test_every_module_has_a_place_in_the_order(self) -> None:
        """A new room must say where it stands: add it to ORDER."""
        assert {room(module_of(path)) for path in in_the_house()} <= set().union(*ORDER)

    @pytest.mark.parametrize("path", in_the_house(), **by_file)
    def test_a_module_imports_only_from_above(self, path: Path) -> None:
        """A module imports from the lines above its own in ORDER; lessons and the monitor import themselves, too."""
        own = room(module_of(path))
        place = next(index for index, rooms in enumerate(ORDER) if own in rooms)
        assert rooms_used(path) <= set().union(*ORDER[:place]) | ({own} & {"lessons", "monitor"})

    @pytest.mark.parametrize("path", sources(), **by_file)
    def test_imports_name_the_whole_path(self, path: Path) -> None:
        """No import is relative: the reader sees at once from which room it comes."""
        assert not [name for name in imports_of(path) if name.startswith(".")]

    def test_the_lessons_have_an_order_too(self) -> None:
        """No lesson imports itself by way of others."""
        lessons = {module_of(path): path for path in in_the_house() if path.parent.name == "lessons"}
        used = {lesson: imports_of(path) for lesson, path in lessons.items()}
        edges = {
            lesson: {other for other in lessons for name in names if f"{name}.".startswith(f"{other}.")}
            - {f"{NAME}.lessons"}
            for lesson, names in used.items()
        }
        assert set(TopologicalSorter(edges).static_order()) == set(lessons)  # a circle raises CycleError

    def test_the_package_itself_imports_no_lessons(self) -> None:
        """`import fluvius_demo` is the framework and the bank, not the teaching tools."""
        assert "lessons" not in rooms_used(PACKAGE / "__init__.py")


class TestDrawingStaysInItsRooms:
    """Everything but the figures and the widgets runs without Matplotlib and ipywidgets."""

    @pytest.mark.parametrize("path", sources(), **by_file)
    def test_only_figures_and_widgets_import_a_drawing_library(self, path: Path) -> None:
        """Whether or not these files exist yet, no other one imports the libraries, not even in a function."""
        used = {name.split(".")[0] for name in imports_of(path)} & DRAWING
        assert not used or path.relative_to(PACKAGE).as_posix() in MAY_DRAW

    @needs("processes")
    def test_importing_the_package_imports_neither(self) -> None:
        """A fresh interpreter that imports the package has not loaded them."""
        code = f"import sys, fluvius_demo; print(sorted({DRAWING!r} & set(sys.modules)))"
        run = in_a_fresh_python(code)
        assert (run.stdout, run.stderr) == ("[]\n", "")

    @needs("processes")
    def test_all_other_modules_run_where_neither_is_installed(self) -> None:
        """Every module but those can be imported with the libraries blocked."""
        modules = [module_of(path) for path in sources() if path.relative_to(PACKAGE).as_posix() not in MAY_DRAW]
        block = "".join(f"sys.modules[{name!r}] = None; " for name in sorted(DRAWING))
        run = in_a_fresh_python(f"import sys, importlib; {block}[importlib.import_module(m) for m in {modules!r}]")
        assert (run.returncode, run.stderr) == (0, "")


@needs("processes")
def test_a_python_without_the_libraries_is_told_of_the_courses_own() -> None:
    """Who types `python -m fluvius_demo doctor` outside of .venv learns what to type instead."""
    run = in_a_fresh_python("import sys; sys.modules['pydantic'] = None; import fluvius_demo")
    assert run.stderr.splitlines()[-1].startswith(
        "ImportError: Cannot import fluvius_demo: this Python has no pydantic. To solve this, use the course's own, "
    )
