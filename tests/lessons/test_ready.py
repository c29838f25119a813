"""Is this machine ready? What each check says where it is not, and that nothing the course needs goes unchecked."""

import sys
import tomllib
from collections.abc import Callable, Iterable
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from fluvius_demo.lessons import ready
from fluvius_demo.lessons.ready import Check, checks, report

ROOT = Path(__file__).parents[2]
FINE = {
    "pydantic": "2.12.1",
    "matplotlib": "3.10.0",
    "ipywidgets": "8.1.7",
    "packaging": "24.0",
    "asgiref": "3.8.1",
    "structlog": "25.1.0",
    "werkzeug": "3.1.0",
    "prometheus_client": "0.21.0",
    "psutil": "6.0.0",
    "jupyterlab": "4.4.0",
    "ipykernel": "6.31",
}
INSTALL = (
    "run `make clean` and `make lab`, or `python -m pip install -r requirements.txt` in the environment of this kernel"
)


def installed(versions: dict[str, str]) -> Callable[[str], str]:
    """Return a look-up that knows these packages alone."""

    def lookup(name: str) -> str:
        if name not in versions:
            raise PackageNotFoundError(name)
        return versions[name]

    return lookup


def on(python: tuple[int, int] = (3, 12), kernel: Iterable[str] = ("ipykernel",), **versions: str) -> str:
    """Return the report of a machine: fine but for what is given; an empty version is a missing package."""
    there = {name: version for name, version in {**FINE, **versions}.items() if version}
    return report(lambda: [ready._python(python), *ready._packages(installed(there)), ready._kernel(set(kernel))])


def not_yet(text: str) -> list[str]:
    """Return the lines that are not ok, the verdict included."""
    return [line for line in text.splitlines() if not line.startswith("ok ")]


class TestAFineMachine:
    """It is told so, in the same words everywhere."""

    def test_the_report(self) -> None:
        """One line for each thing, the verdict last; the notebook stores these very lines."""
        assert on().splitlines() == [
            "ok       Python 3.11 or newer",
            "ok       pydantic <3,>=2.11",
            "ok       matplotlib <4,>=3.10",
            "ok       ipywidgets <9,>=8.1",
            "ok       packaging >=24",
            "ok       asgiref <4,>=3.8",
            "ok       structlog <27,>=25.1",
            "ok       werkzeug <4,>=3.1",
            "ok       prometheus_client <1,>=0.21",
            "ok       psutil <8,>=6",
            "ok       jupyterlab <5,>=4.4",
            "ok       ipykernel !=7.0.*,<8,>=6.31",
            "ok       a notebook kernel",
            "This machine is ready.",
        ]

    def test_two_fine_machines_report_the_same(self) -> None:
        """Nothing in it is of one machine alone: no version, no path, no name."""
        other = {
            "pydantic": "2.11",
            "matplotlib": "3.99.9",
            "ipywidgets": "8.2",
            "packaging": "26.1",
            "asgiref": "3.9",
            "structlog": "26.1",
            "werkzeug": "3.2",
            "prometheus_client": "0.26",
            "psutil": "7.2",
            "jupyterlab": "4.9",
            "ipykernel": "7.1",
        }
        assert on((3, 14), ("ipykernel", "os"), **other) == on((3, 11))

    def test_a_preview_of_an_allowed_version_will_do(self) -> None:
        """Who tries the next one has it on purpose."""
        assert not_yet(on(matplotlib="3.11.0rc1")) == ["This machine is ready."]


class TestWhatIsNotReady:
    """Each line names what was wanted, what was found, and the way out."""

    @pytest.mark.parametrize(
        ("report_of", "expected"),
        [
            (
                lambda: on(python=(3, 10)),
                "NOT YET  Python 3.11 or newer: this kernel runs 3.10. Fix: install a newer Python, delete .venv and "
                "run `make lab` again.",
            ),
            (
                lambda: on(kernel=()),
                "NOT YET  a notebook kernel: this code does not run in a notebook's kernel. Fix: open the notebook in "
                "JupyterLab, with the kernel 'Python 3 (ipykernel)'.",
            ),
            *(
                (
                    lambda name=name: on(**{name: ""}),
                    f"NOT YET  {name} {wants}: it is not installed. Fix: {INSTALL}.",
                )
                for name, wants in [("ipywidgets", "<9,>=8.1"), ("jupyterlab", "<5,>=4.4")]
            ),
            (lambda: on(matplotlib="3.9.4"), f"NOT YET  matplotlib <4,>=3.10: found 3.9.4. Fix: {INSTALL}."),
            (lambda: on(ipykernel="8.0"), f"NOT YET  ipykernel !=7.0.*,<8,>=6.31: found 8.0. Fix: {INSTALL}."),
            (lambda: on(ipykernel="7.0.1"), f"NOT YET  ipykernel !=7.0.*,<8,>=6.31: found 7.0.1. Fix: {INSTALL}."),
        ],
        ids=["python", "kernel", "missing", "missing too", "too old", "too new", "one that forgets"],
    )
    def test_one_thing(self, report_of: Callable[[], str], expected: str) -> None:
        """The other lines stay as they are."""
        assert not_yet(report_of()) == [expected, "1 of 13 are not ready yet: mend them, then restart."]
        assert len(report_of().splitlines()) == 14

    def test_everything_at_once(self) -> None:
        """Every fault is reported in one go."""
        missing = dict.fromkeys(FINE, "")
        assert len(not_yet(on((3, 9), (), **missing))) == 14
        assert on((3, 9), (), **missing).endswith("\n13 of 13 are not ready yet: mend them, then restart.")

    def test_a_package_that_runs_without_being_installed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Found through PYTHONPATH, say: it cannot tell what it needs, and that is reported, not raised."""

        def requires(name: str) -> list[str]:
            raise PackageNotFoundError(name)

        monkeypatch.setattr(ready, "requires", requires)
        assert not_yet(on())[0] == f"NOT YET  fluvius-demo: it is not installed. Fix: {INSTALL}."


class TestThisMachine:
    """What `report()` itself looks at."""

    @pytest.mark.skipif(sys.platform == "emscripten", reason="the browser has no Matplotlib and no JupyterLab")
    def test_it_looks_at_the_interpreter_that_runs_the_tests(self) -> None:
        """All is well but for the kernel, which pytest is none."""
        assert [check.wants for check in checks() if check.found and check.wants != "a notebook kernel"] == []
        assert report().count("\n") == len(checks()) == 13

    def test_a_check_that_is_fine_keeps_its_fix_to_itself(self) -> None:
        """There is nothing to mend."""
        assert str(Check("coffee", "", "buy some")) == "ok       coffee"
        assert str(Check("coffee", "tea", "buy some")) == "NOT YET  coffee: tea. Fix: buy some."


class TestNothingGoesUnchecked:
    """The checks, pyproject.toml and requirements.txt name the same things, and cannot drift apart."""

    def wanted(self) -> list[Requirement]:
        """Return what a learner's machine must have: the package's needs, the lessons', and requirements.txt's."""
        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
        named = [line for line in lines if line and not line.startswith(("#", "-e "))]
        found = [*project["dependencies"], *project["optional-dependencies"]["lessons"], *named]
        # What is needed on some machines alone holds back a dependency of something else; nobody imports it.
        return [requirement for requirement in map(Requirement, found) if requirement.marker is None]

    def test_each_requirement_is_checked_as_it_is_written(self) -> None:
        """By name and version, in that order."""
        assert [f"{need.name} {need.specifier}" for need in self.wanted()] == [
            check.wants for check in ready._packages(installed(FINE))
        ]

    def test_requirements_install_the_lessons(self) -> None:
        """Otherwise the figures and widgets would be missing."""
        assert "-e .[lessons]" in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()

    def test_the_python_is_the_one_that_the_package_asks_for(self) -> None:
        """The same number in both places."""
        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        assert ready._python().wants == f"Python {project['requires-python'].removeprefix('>=')} or newer"
        assert not ready._python((3, 11)).found
        assert ready._python((3, 10)).found
