"""A learner's own class: loaded from a module, completed, tried out; and what is said where that does not work."""

import asyncio
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from fluvius_demo.aggregate import Aggregate
from fluvius_demo.errors import BadRequestError
from fluvius_demo.isolated import IsolatedAggregate
from fluvius_demo.lessons.designs import DESIGNS
from fluvius_demo.lessons.mistakes import MISTAKES
from fluvius_demo.lessons.own_design import NEEDED, completed, loaded, try_out
from fluvius_demo.lessons.scenarios import verdict

Write = Callable[..., None]

NO_SUBCLASS = """
from contextlib import asynccontextmanager
from contextvars import ContextVar
from fluvius_demo.aggregate import RestrictedAggregateProxy
from fluvius_demo.records import EventRecord

class Mine:
    running = ContextVar("running")
    context, command = (property(lambda self, at=at: self.running.get()[at]) for at in (0, 1))
    aggroot = property(lambda self: self.command.aggroot)
    rootobj = None
    def __init__(self, domain):
        self.name = domain.domain_name
    @asynccontextmanager
    async def command_aggregate(self, context, command_bundle, command_meta):
        token = self.running.set((context, command_bundle, []))
        try:
            yield RestrictedAggregateProxy(self)
        finally:
            self.running.reset(token)
    def create_event(self, evt_key, evt_args, data):
        self.running.get()[2].append(EventRecord(evt_key, evt_args, data))
    def consume_events(self):
        return [self.running.get()[2].pop(0) for _ in self.running.get()[2][:]]
"""


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Write]:
    """Give a function that writes a module into the present folder, a new one; afterwards the module is forgotten."""
    monkeypatch.chdir(tmp_path)
    path, modules = sys.path[:], set(sys.modules)
    yield lambda text, name="my_design": Path(f"{name}.py").write_text(text, encoding="utf-8")
    assert sys.path == path
    for name in ("my_design", "my-design", "my_folder", "my_folder.my_design"):
        sys.modules.pop(name, None)
    assert {name for name in set(sys.modules) - modules if name.startswith("my")} == set()


def refusal(text: str) -> str:
    """Return what is said about it; a module that was of no use is forgotten."""
    modules = set(sys.modules)
    with pytest.raises(BadRequestError) as refused:
        loaded(text)
    assert set(sys.modules) == modules
    return str(refused.value)


class TestLoaded:
    """`module:Class`, as it is found from the present folder."""

    def test_a_subclass_is_what_it_is(self, write: Write) -> None:
        """Nothing is added."""
        write("from fluvius_demo.isolated import IsolatedAggregate\nclass Mine(IsolatedAggregate): pass")
        assert loaded("my_design:Mine") is sys.modules["my_design"].Mine

    def test_a_module_in_a_folder_and_one_with_a_dash(self, write: Write) -> None:
        """Whatever Python can import."""
        Path("my_folder").mkdir()
        write(NO_SUBCLASS, "my_folder/my_design")
        write("from my_folder.my_design import Mine", "my-design")
        assert issubclass(loaded("my_folder.my_design:Mine"), Aggregate)
        assert issubclass(loaded("my-design:Mine"), sys.modules["my_folder.my_design"].Mine)

    @pytest.mark.parametrize(
        "text",
        ["", ":", "my_design", "my_design:", ":Mine", "my_design:Mine:", "my_design.py:Mine", "./my_design:Mine",
         ".my_design:Mine", "my_design:Mine.Inner", "my design:Mine", "my_design:Mine "],
    )  # fmt: skip
    def test_another_shape(self, text: str, write: Write) -> None:
        """Is refused before anything is imported."""
        write("raise RuntimeError('imported')")
        assert refusal(text) == (
            f"Cannot run the design {text!r}: it is not of the shape module:Class. "
            "To solve this, write it as in my_module:MyAggregate."
        )

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("import my_other_design", "ModuleNotFoundError: No module named 'my_other_design'"),
            ("class Mine", "SyntaxError: expected ':' (my_design.py, line 1)"),
            ("raise ValueError('too early')", "ValueError: too early"),
            ("raise SystemExit(3)", "SystemExit: 3"),
        ],
    )
    def test_a_module_that_cannot_be_imported(self, text: str, said: str, write: Write) -> None:
        """Whatever it raises is told."""
        write(text)
        assert refusal("my_design:Mine") == (
            f"Cannot run the design 'my_design:Mine': its module cannot be imported ({said}). "
            "To solve this, mend that, or run this in the folder of the module."
        )

    def test_no_such_module(self) -> None:
        """So there is none in this folder."""
        assert "(ModuleNotFoundError: No module named 'no_such_design')" in refusal("no_such_design:Mine")

    @pytest.mark.parametrize(
        ("text", "remedy"),
        [
            ("class Other: pass\nclass Another: pass", "use one of: Another, Other"),
            ("from pathlib import Path\nclass Own: pass", "use one of: Own"),
            ("Mine = 'a word'", "write it there"),
        ],
    )
    def test_no_such_class(self, text: str, remedy: str, write: Write) -> None:
        """The module's own classes are named."""
        write(text)
        assert refusal("my_design:Mine") == (
            f"Cannot run the design 'my_design:Mine': there is no class Mine in my_design. To solve this, {remedy}."
        )

    def test_mended_it_can_be_tried_again(self, write: Write) -> None:
        """In the same process, as in a notebook."""
        write("class Mine(Nobody): pass")
        assert "NameError" in refusal("my_design:Mine")
        write("from fluvius_demo.isolated import IsolatedAggregate as Mine")
        assert loaded("my_design:Mine") is IsolatedAggregate


class TestCompleted:
    """A class that has the interface needs no base class."""

    def test_a_class_with_the_interface_is_joined(self, write: Write) -> None:
        """And judged as any other."""
        write(NO_SUBCLASS)
        design = loaded("my_design:Mine")
        assert (design.__name__, design.__bases__[1:]) == ("Mine", (Aggregate,))
        asyncio.run(try_out(design))
        outcomes = [asyncio.run(verdict(id, design)).outcome for id in ("P03", "P06", "P08")]
        assert outcomes == ["correct", "wrong", "wrong"]

    @pytest.mark.parametrize("lacking", NEEDED)
    def test_what_is_missing_is_named(self, lacking: str) -> None:
        """The five that only the class itself can say."""
        design = type("Mine", (), dict.fromkeys(set(NEEDED) - {lacking}))
        with pytest.raises(BadRequestError) as refused:
            completed(design)
        assert str(refused.value) == (
            f"Cannot run the design Mine: it lacks {lacking}. To solve this, give it aggroot, command, "
            "command_aggregate, context, rootobj; all else can be inherited from fluvius_demo.aggregate.Aggregate."
        )

    @pytest.mark.parametrize("design", [Aggregate, int])
    def test_a_class_without_any_of_it(self, design: type) -> None:
        """Lacks all five."""
        with pytest.raises(BadRequestError, match=f"^Cannot run the design {design.__name__}: it lacks aggroot, comma"):
            completed(design)

    def test_a_class_that_nobody_can_inherit_from(self) -> None:
        """Cannot be completed."""
        with pytest.raises(
            BadRequestError, match=r"^Cannot run the design bool: it cannot be joined with Aggregate \("
        ):
            completed(bool)


class TestTryOut:
    """One deposit, alone."""

    @pytest.mark.parametrize("name", DESIGNS | MISTAKES)
    def test_it_works_on_every_design(self, name: str) -> None:
        """On the mistakes, too: they are found by the pitfalls."""
        asyncio.run(try_out((DESIGNS | MISTAKES)[name].aggregate))

    def test_who_refuses_all_is_no_design(self) -> None:
        """Else it would come through the pitfalls as *refused*, and look good."""

        class Closed(IsolatedAggregate):
            async def before_command(self, *_args: Any) -> None:
                raise RuntimeError("closed")

        with pytest.raises(BadRequestError) as refused:
            asyncio.run(try_out(Closed))
        assert str(refused.value) == (
            "Cannot run the design Closed: one deposit, alone, is refused (expected: that it goes through; seen: "
            "RuntimeError: closed). To solve this, make that work first."
        )
