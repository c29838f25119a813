"""The document's script, as a learner starts it: from any folder, on any console."""

import ast
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import test_contextvars_aggregate as script
from helpers import needs

STATES = [line for line in script.DOCUMENT.splitlines() if "state: " in line]


def started(folder: Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run the script in this folder and return how it ended."""
    command = [sys.executable, "-W", "error", script.__file__]
    return subprocess.run(command, cwd=folder, env={**os.environ, **environment}, capture_output=True, check=False)


class TestTheScript:
    """`python tests/test_contextvars_aggregate.py`."""

    @needs("processes")
    def test_it_runs_from_any_folder_on_any_console(self, tmp_path: Path) -> None:
        """Exit code 0, nothing on stderr, and UTF-8 even where the console would be asked for another encoding."""
        ended = started(tmp_path, PYTHONIOENCODING="cp1252", PYTHONUTF8="0")
        assert (ended.returncode, ended.stderr) == (0, b"")
        assert ended.stdout.decode().startswith("🚀 Starting contextvars Aggregate tests...")

    @needs("processes")
    def test_it_prints_the_same_each_time(self, tmp_path: Path) -> None:
        """Neither the order of sets nor addresses nor times come into it."""
        runs = [started(tmp_path, PYTHONHASHSEED=seed) for seed in "12"]
        assert runs[0].stdout == runs[1].stdout
        assert b" at 0x" not in runs[0].stdout

    @needs("processes")
    def test_it_prints_whole_states(self, tmp_path: Path) -> None:
        """Where the document writes dots, five keys stand: nothing is there at first, everything in a command."""
        printed = started(tmp_path).stdout.decode().splitlines()
        states = [ast.literal_eval(line.partition("state: ")[2]) for line in printed if "state: " in line]
        keys = ["has_context", "has_command", "has_aggroot", "has_rootobj", "evt_queue_size"]
        assert [list(state) for state in states] == [keys] * len(STATES)
        assert [set(list(state.values())[:4]) for state in states] == [{False}, {True}, {True}]
        assert [state["evt_queue_size"] for state in states] == [0, 0, 0]

    @pytest.mark.parametrize("name", script.PINNED)
    def test_another_finding_is_exit_code_1(self, name: str, monkeypatch: Any, capsys: Any) -> None:
        """Whichever finding it is, and the last line says so."""
        monkeypatch.setitem(script.PINNED, name, ["wrong", "stuck", "refused"])
        assert script.main() == 1
        assert capsys.readouterr().out.endswith("\nThis is not what PINNED says.\n")

    def test_the_table_is_computed(self, monkeypatch: Any, capsys: Any) -> None:
        """With the migrated class in the isolated one's place, the column says what the migrated one says."""
        monkeypatch.setitem(script.DESIGNS, "isolated", script.MigratedAggregate)
        assert script.main() == 1
        lines = capsys.readouterr().out.splitlines()
        assert "so isolation                        holds          does not hold  does not hold" in lines
        assert "so cleanup                          does not hold  does not hold  does not hold" in lines
        assert "so concurrent execution             does not hold  holds          holds" in lines
