"""What is to be run in every order: the commands, who judges what became of them, and the fault to inject."""

import types
from collections.abc import Callable, Coroutine, Generator, Mapping
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any, Literal, NamedTuple

from fluvius_demo.errors import BadRequestError
from fluvius_demo.lessons.outcomes import OUTCOMES, Finding, Outcome

FaultKind = Literal["cancel", "cancel late", "error"]


class InjectedError(Exception):
    """The error that is raised by an injected fault."""


class Fault(NamedTuple):
    """One fault: at its await with this number (from 1 on), the command is cancelled, or the await raises.

    *cancel*: as soon as the command waits there. *cancel late*: when it is about to go on, so that what it waited for
    has been given to it. *error*: the await raises InjectedError.
    """

    kind: FaultKind
    command: str
    number: int

    def __str__(self) -> str:
        return f"{self.kind} at await {self.number} of {self.command}"


class End(NamedTuple):
    """How one command ended: it returned, raised, or never ended. `injected`: by an injected fault."""

    result: Any = None
    error: BaseException | None = None
    stuck: bool = False
    injected: bool = False


class Verdict(NamedTuple):
    """What is said of one run: a finding for each command, and what is there afterwards (the books, say).

    Two runs with the same verdict tell the same story.
    """

    findings: tuple[tuple[str, Finding], ...]
    state: str = ""

    @property
    def outcome(self) -> Outcome:
        """The worst of the findings: the order of OUTCOMES."""
        return OUTCOMES[max((OUTCOMES.index(finding.outcome) for _, finding in self.findings), default=0)]


@dataclass
class Scene:
    """A fresh set of commands that overlap, made anew for each run. What it is made of must not be shared by two runs.

    - `commands`: a coroutine for each, named by a capital letter. They are run as they are.
    - `judge`: says what became of the run; it is given how each command ended.
    - `look`: says what a command sees, by name; it is given the command's name, and called in its Context.
    - `shared`: whether what is seen lies in variables that all commands share.
    """

    commands: dict[str, Coroutine[Any, Any, Any]]
    judge: Callable[[Mapping[str, End]], Verdict]
    look: Callable[[str], Mapping[str, str]] = lambda _name: {}
    shared: bool = False


Make = Callable[[], Scene]
_LETTERS = set(ascii_uppercase)


def checked(scene: Scene, fault: Fault | None = None) -> Scene:
    """Return the scene. Raises BadRequestError where a command's name, or a fault's, is none that can be used."""
    if scene.commands.keys() <= _LETTERS and (fault is None or fault.command in scene.commands):
        return scene
    wrong = sorted(scene.commands.keys() - _LETTERS)
    for command in scene.commands.values():
        command.close()
    if wrong:
        remedy = "call the commands A, B, C, …"
        raise BadRequestError(f"run the command {', '.join(wrong)}", "the name is no capital letter", remedy)
    remedy = f"use one of {', '.join(scene.commands)}"
    raise BadRequestError(f"inject the fault {str(fault)!r}", f"there is no command {fault.command}", remedy)


async def raising_at(number: int, command: Coroutine[Any, Any, Any]) -> Any:
    """Run the command, and have its await with this number raise InjectedError once it has been waited for."""
    return await _raising_at(number, command)


@types.coroutine
def _raising_at(number: int, command: Coroutine[Any, Any, Any]) -> Generator[Any, Any, Any]:
    try:
        awaited = command.send(None)
        while True:
            number -= 1
            try:
                sent = yield awaited
            except BaseException as error:
                awaited = command.throw(error)
            else:
                awaited = command.send(sent) if number else command.throw(InjectedError("injected"))
    except StopIteration as end:
        return end.value
