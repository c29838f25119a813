"""Is this machine ready for the course? Each check says what it wants, and how to mend it where it is not so."""

import sys
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version

_INSTALL = (
    "run `make clean` and `make lab`, or `python -m pip install -r requirements.txt` in the environment of this kernel"
)


@dataclass(frozen=True)
class Check:
    """One thing that the course needs. `found` is empty where it is as wanted; then there is nothing to mend."""

    wants: str
    found: str
    fix: str

    def __str__(self) -> str:
        return f"ok       {self.wants}" if not self.found else f"NOT YET  {self.wants}: {self.found}. Fix: {self.fix}."


def checks() -> list[Check]:
    """Run all checks. What is fine prints the same on every machine; only what is not names what was found."""
    return [*environment(), _kernel()]


def environment() -> Iterator[Check]:
    """Look at this Python and its packages."""
    yield _python()
    yield from _packages()


def report(run: Callable[[], list[Check]] = checks, then: str = "restart") -> str:
    """Return the checks as lines, the verdict last: what to mend, and what to do then."""
    results = run()
    bad = sum(bool(check.found) for check in results)
    not_yet = f"{bad} of {len(results)} are not ready yet: mend them, then {then}."
    verdict = not_yet if bad else "This machine is ready."
    return "\n".join([*map(str, results), verdict])


def _python(found: tuple[int, int] = sys.version_info[:2]) -> Check:
    wrong = "" if found >= (3, 11) else f"this kernel runs {found[0]}.{found[1]}"
    return Check("Python 3.11 or newer", wrong, "install a newer Python, delete .venv and run `make lab` again")


def _packages(lookup: Callable[[str], str] = version) -> Iterator[Check]:
    # Here, so that where it is missing the doctor can say so.
    from packaging.requirements import Requirement

    try:
        wanted = [Requirement(text) for text in requires("fluvius-demo") or []]
    except PackageNotFoundError:
        yield Check("fluvius-demo", "it is not installed", _INSTALL)
        wanted = []
    for requirement in (*wanted, Requirement("jupyterlab>=4.4,<5"), Requirement("ipykernel>=6.31,!=7.0.*,<8")):
        wants = f"{requirement.name} {requirement.specifier}"
        try:
            found = lookup(requirement.name)
        except PackageNotFoundError:
            yield Check(wants, "it is not installed", _INSTALL)
            continue
        yield Check(
            wants, "" if requirement.specifier.contains(found, prereleases=True) else f"found {found}", _INSTALL
        )


def _kernel(modules: Container[str] = sys.modules) -> Check:
    wrong = "" if "ipykernel" in modules else "this code does not run in a notebook's kernel"
    return Check("a notebook kernel", wrong, "open the notebook in JupyterLab, with the kernel 'Python 3 (ipykernel)'")
