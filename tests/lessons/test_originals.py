"""Which notebooks are as handed out, where an original comes from, and what is never taken for one."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from handed_out import NAMES, all_files, contents, hand_out
from helpers import needs

from fluvius_demo.errors import NotFoundError
from fluvius_demo.lessons import originals
from fluvius_demo.lessons.originals import KEPT, keep, listed, original, replace, state, write, write_list

FIRST, SEVENTH = NAMES
with_git = pytest.mark.skipif(not shutil.which("git"), reason="needs git")


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Return the folder of a course as handed out; no repository is around it."""
    return hand_out(tmp_path / "course")


def git(root: Path, *arguments: str) -> None:
    """Run git in the folder as a user of its own."""
    who = ["-c", "user.name=n", "-c", "user.email=n@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *who, *arguments], cwd=root, check=True, capture_output=True, timeout=60)


class TestTheList:
    """The checksums say what an original is."""

    def test_it_is_of_the_notebooks_as_they_are(self, tmp_path: Path) -> None:
        """If this fails, a notebook has changed: run `python -m fluvius_demo.lessons.originals list`."""
        shutil.copytree(originals.ROOT / "notebooks", tmp_path / "notebooks")
        (tmp_path / "fluvius_demo" / "lessons").mkdir(parents=True)
        write_list(tmp_path)
        assert listed() == listed(tmp_path)

    @pytest.mark.parametrize("text", ["", "nonsense\n", f"{'0' * 64}  00_start.ipynb\nnonsense\n", None])
    def test_a_damaged_list_is_said_to_be_one(self, course: Path, text: str | None) -> None:
        """And not taken for a course without notebooks."""
        path = course / "fluvius_demo" / "lessons" / "originals.sha256"
        path.unlink() if text is None else path.write_text(text, encoding="utf-8")
        with pytest.raises(NotFoundError) as refused:
            listed(course)
        assert str(refused.value) == (
            "Cannot tell which notebooks were handed out: originals.sha256 is missing or damaged. To solve this, "
            "download the course anew and copy fluvius_demo from it."
        )

    def test_a_state_for_each(self, course: Path) -> None:
        """As handed out, changed by a single byte, or gone."""
        assert state(FIRST, course) == "as handed out"
        (course / "notebooks" / FIRST).write_bytes(contents(FIRST) + b"\n")
        (course / "notebooks" / SEVENTH).unlink()
        assert [state(name, course) for name in NAMES] == ["changed", "missing"]
        (course / "notebooks" / SEVENTH).write_bytes(contents(FIRST))
        assert state(SEVENTH, course) == "changed", "another notebook's original is none"


class TestKeeping:
    """`make lab` and the doctor keep copies of what is as handed out."""

    def test_what_is_as_handed_out_is_kept(self, course: Path) -> None:
        """Afterwards it can be had, whatever happens to the notebook."""
        keep(course)
        (course / "notebooks" / FIRST).unlink()
        assert original(FIRST, course) == contents(FIRST)

    def test_what_the_learner_has_changed_is_not(self, course: Path) -> None:
        """The copy stays as it was."""
        keep(course)
        (course / "notebooks" / SEVENTH).write_bytes(b"mine")
        before = all_files(course)
        keep(course)
        assert all_files(course) == before

    def test_an_update_is_kept_and_a_changed_notebook_has_no_old_original(self, course: Path) -> None:
        """After the course was copied over itself; a learner who held on to the seventh gets no former edition back."""
        keep(course)
        hand_out(course, edition=2)
        (course / "notebooks" / SEVENTH).write_bytes(b"mine")
        keep(course)
        assert original(FIRST, course) == contents(FIRST, edition=2)
        with pytest.raises(NotFoundError):
            original(SEVENTH, course)

    def test_what_is_kept_is_not_written_again(self, course: Path) -> None:
        """`make lab` runs it each time."""
        keep(course)
        before = (course / KEPT / FIRST).stat()
        keep(course)
        after = (course / KEPT / FIRST).stat()
        assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)

    def test_nothing_else_is_written(self, course: Path) -> None:
        """One file for each notebook, and no other."""
        before = all_files(course)
        keep(course)
        assert all_files(course) == before | {f"{KEPT}/{name}": contents(name) for name in NAMES}


class TestWhereAnOriginalComesFrom:
    """The kept copy, or git; whichever fits the list."""

    def test_without_any_the_way_out_is_told(self, course: Path) -> None:
        """The text names the notebook."""
        (course / "notebooks" / FIRST).unlink()
        with pytest.raises(NotFoundError) as refused:
            original(FIRST, course)
        assert str(refused.value) == (
            "Cannot restore 00_start.ipynb: there is no original of it: neither .originals nor git has one that fits "
            "the list. To solve this, download the course anew and copy this notebook from it."
        )

    def test_a_damaged_copy_is_none(self, course: Path) -> None:
        """Only what fits the list is one."""
        keep(course)
        (course / KEPT / FIRST).write_bytes(b"damaged")
        with pytest.raises(NotFoundError):
            original(FIRST, course)

    @with_git
    @needs("processes")
    @pytest.mark.parametrize("repository", [".", ".."])
    def test_git_has_it(self, course: Path, repository: str) -> None:
        """The course may be a repository, or lie in one."""
        git(course / repository, "init")
        git(course / repository, "add", ".")
        git(course / repository, "commit", "-m", "handed out")
        (course / "notebooks" / FIRST).unlink()
        assert original(FIRST, course) == contents(FIRST)

    @with_git
    @needs("processes")
    def test_what_a_learner_has_committed_is_none(self, course: Path) -> None:
        """Nor is what somebody else's repository holds under the same name."""
        (course / "notebooks" / FIRST).write_bytes(b"mine")
        git(course, "init")
        git(course, "add", ".")
        git(course, "commit", "-m", "mine")
        with pytest.raises(NotFoundError):
            original(FIRST, course)

    def test_without_git_the_copy_will_do(self, course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """And where there is neither, the text is the same."""
        monkeypatch.setenv("PATH", "")
        with pytest.raises(NotFoundError):
            original(FIRST, course)
        keep(course)
        assert original(FIRST, course) == contents(FIRST)


class TestWriting:
    """A file is written as a whole or not at all."""

    def full(self, *_file: object) -> None:
        """Be a disk that is full."""
        raise OSError(28, "No space left on device")

    def test_a_full_disk_leaves_the_former_file(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """And nothing of the new one."""
        (tmp_path / "a").write_bytes(b"former")
        monkeypatch.setattr(os, "fsync", self.full)
        for change in (lambda: replace(tmp_path / "a", b"new"), lambda: write(tmp_path / "b", b"new")):
            with pytest.raises(OSError, match="No space"):
                change()
        assert all_files(tmp_path) == {"a": b"former"}

    def test_a_file_that_cannot_be_replaced_stays(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """On Windows, while somebody has it open; nothing of the new one is left either."""
        (tmp_path / "a").write_bytes(b"former")
        monkeypatch.setattr(os, "replace", self.full)
        with pytest.raises(OSError, match="No space"):
            replace(tmp_path / "a", b"new")
        assert all_files(tmp_path) == {"a": b"former"}

    def test_all_of_it_is_on_the_disk(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Before it takes its place: what is in Python's buffer is lost with the power."""
        sizes: list[int] = []
        monkeypatch.setattr(os, "fsync", lambda file: sizes.append(os.fstat(file).st_size))
        replace(tmp_path / "a", b"new")
        assert sizes == [3]

    def test_a_new_file_takes_no_others_place(self, tmp_path: Path) -> None:
        """It is refused instead."""
        (tmp_path / "a").write_bytes(b"former")
        with pytest.raises(FileExistsError):
            write(tmp_path / "a", b"new")
        assert all_files(tmp_path) == {"a": b"former"}

    def test_a_file_left_behind_by_a_crash_does_not_disturb(self, tmp_path: Path) -> None:
        """The next time it is gone."""
        (tmp_path / ".a.new").write_bytes(b"ha")
        replace(tmp_path / "a", b"new")
        assert all_files(tmp_path) == {"a": b"new"}
