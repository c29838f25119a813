"""`reset` brings the notebooks as handed out back, and loses nothing that a learner made."""

import os
from pathlib import Path

import pytest
from handed_out import NAMES, all_files, contents, hand_out

from fluvius_demo.errors import BadRequestError
from fluvius_demo.lessons import originals
from fluvius_demo.lessons.originals import KEPT, keep
from fluvius_demo.lessons.reset import COPIES, RELOAD, named, reset

FIRST, SEVENTH = NAMES
ALONE = f"{FIRST}: is as handed out, left alone"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Return a course whose originals are kept, and of which a learner has changed the seventh notebook."""
    keep(hand_out(tmp_path))
    (tmp_path / "notebooks" / SEVENTH).write_bytes(b"mine")
    return tmp_path


def done(capsys: pytest.CaptureFixture[str], course: Path, *names: str, dry_run: bool = False) -> list[str]:
    """Reset, with success; return the lines that are printed."""
    assert reset(names, course, dry_run=dry_run) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out.splitlines()


def copies(course: Path) -> dict[str, bytes]:
    """Return what is kept of the learner's."""
    return all_files(course / COPIES)


class TestWhatIsDone:
    """Each notebook is as handed out, and a line says what was done."""

    def test_a_changed_one_is_kept_and_restored(self, course: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """The other one is left alone, and the learner is told to reload."""
        before = (course / "notebooks" / FIRST).stat()
        assert done(capsys, course) == [
            ALONE,
            f"{SEVENTH}: is restored; what you made of it is kept as my_notebooks/07_migrate_it_yourself_1.ipynb",
            RELOAD,
        ]
        assert (course / "notebooks" / SEVENTH).read_bytes() == contents(SEVENTH)
        assert copies(course) == {"07_migrate_it_yourself_1.ipynb": b"mine"}
        after = (course / "notebooks" / FIRST).stat()
        assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)

    def test_a_second_time_there_is_nothing_to_do(self, course: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """No file changes, and nobody has to reload."""
        done(capsys, course)
        before = all_files(course)
        assert done(capsys, course) == [ALONE, ALONE.replace(FIRST, SEVENTH)]
        assert all_files(course) == before

    def test_another_change_gets_another_name(self, course: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """The same contents are not copied twice, whichever number they have."""
        for mine in (b"mine", b"mine, too", b"mine"):
            (course / "notebooks" / SEVENTH).write_bytes(mine)
            *_, said, _ = done(capsys, course)
        assert said == (
            f"{SEVENTH}: is restored; what you made of it is in my_notebooks/07_migrate_it_yourself_1.ipynb already"
        )
        stem = "07_migrate_it_yourself"
        assert copies(course) == {f"{stem}_1.ipynb": b"mine", f"{stem}_2.ipynb": b"mine, too"}

    def test_a_folder_under_the_copys_name_is_passed_over(
        self, course: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """It is no copy, and its name is taken."""
        (course / COPIES / "07_migrate_it_yourself_1.ipynb").mkdir(parents=True)
        (course / "notebooks" / SEVENTH).write_bytes(b"mine")
        assert "kept as my_notebooks/07_migrate_it_yourself_2.ipynb" in done(capsys, course)[-2]

    def test_each_notebook_has_copies_of_its_own(self, course: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Though two of them hold the same: whoever looks for one looks under its name."""
        (course / "notebooks" / FIRST).write_bytes(b"mine")
        done(capsys, course)
        assert copies(course) == {"00_start_1.ipynb": b"mine", "07_migrate_it_yourself_1.ipynb": b"mine"}

    def test_a_missing_one_is_restored(self, course: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """There is nothing to keep; even the folder may be gone."""
        for name in NAMES:
            (course / "notebooks" / name).unlink()
        (course / "notebooks").rmdir()
        assert done(capsys, course) == [*(f"{name}: was missing, is restored" for name in NAMES), RELOAD]
        assert all_files(course / "notebooks") == {name: contents(name) for name in NAMES}
        assert copies(course) == {}

    def test_a_notebook_of_the_learners_own_is_not_touched(
        self, course: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """It was not handed out."""
        (course / "notebooks" / "07_my_notes.ipynb").write_bytes(b"notes")
        assert len(done(capsys, course)) == 3
        assert (course / "notebooks" / "07_my_notes.ipynb").read_bytes() == b"notes"

    def test_only_the_one_that_is_named(self, course: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """The changed one stays as it is."""
        assert done(capsys, course, FIRST) == [ALONE]
        assert (course / "notebooks" / SEVENTH).read_bytes() == b"mine"

    def test_a_dry_run_changes_nothing(self, course: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """It says what would be done, under the name that it would have."""
        (course / "notebooks" / FIRST).unlink()
        before = all_files(course)
        assert done(capsys, course, dry_run=True) == [
            f"{FIRST}: was missing, would be restored",
            f"{SEVENTH}: would be restored; what you made of it would be kept as "
            "my_notebooks/07_migrate_it_yourself_1.ipynb",
            "Nothing was changed: this was a dry run.",
        ]
        assert all_files(course) == before


class TestNothingIsLost:
    """Whatever goes wrong, the learner's work is where it was, and the others are restored."""

    def refused(self, capsys: pytest.CaptureFixture[str], course: Path) -> str:
        """Reset without success; return the errors."""
        assert reset((), course) == 1
        return capsys.readouterr().err

    def test_without_an_original_it_stays(self, course: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Nor is it copied; the first one, which comes before, is restored."""
        (course / KEPT / SEVENTH).unlink()
        (course / "notebooks" / FIRST).unlink()
        assert self.refused(capsys, course).startswith(f"Cannot restore {SEVENTH}: there is no original of it")
        assert all_files(course / "notebooks") == {FIRST: contents(FIRST), SEVENTH: b"mine"}
        assert copies(course) == {}

    @pytest.mark.parametrize("writes", [0, 1])
    def test_the_disk_gets_full(
        self, course: Path, writes: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Before the copy is written, or between the copy and the original."""
        left = [None] * writes

        def fsync(_file: int) -> None:
            if not left:
                raise OSError(28, "No space left on device")
            left.pop()

        monkeypatch.setattr(os, "fsync", fsync)
        assert self.refused(capsys, course) == (
            f"Cannot restore {SEVENTH}: No space left on device; nothing is lost. To solve this, see that there is "
            "room on the disk and that you may write in this folder, then run reset again.\n"
        )
        assert all_files(course / "notebooks") == {FIRST: contents(FIRST), SEVENTH: b"mine"}
        assert list(copies(course).values()) == [b"mine"] * writes
        monkeypatch.undo()
        assert reset((), course) == 0
        assert list(copies(course).values()) == [b"mine"]

    def test_a_folder_under_its_name_is_no_notebook(self, course: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """It is reported and left alone."""
        (course / "notebooks" / FIRST).unlink()
        (course / "notebooks" / FIRST).mkdir()
        assert f"Cannot restore {FIRST}: " in self.refused(capsys, course)
        assert (course / "notebooks" / FIRST).is_dir()
        assert list(copies(course).values()) == [b"mine"]


class TestNames:
    """A notebook can be named as one likes to."""

    @pytest.mark.parametrize(
        "text", ["07", "07_migrate_it_yourself", SEVENTH, f"notebooks/{SEVENTH}", f"./notebooks/{SEVENTH}"]
    )
    def test_each_of_these_is_the_seventh(self, course: Path, text: str) -> None:
        """By number, name, file name or path."""
        assert named(text, course) == SEVENTH

    @pytest.mark.parametrize("text", ["", "7", "0", "08", "migrate", "07_", "../fluvius_demo", "07_notes", "*"])
    def test_none_of_these_is_one(self, course: Path, text: str) -> None:
        """The text names those that there are."""
        with pytest.raises(BadRequestError) as refused:
            named(text, course)
        assert str(refused.value) == (
            f"Cannot restore the notebook {text!r}: none was handed out under this name. To solve this, name one of "
            f"{FIRST}, {SEVENTH}."
        )

    def test_each_notebook_of_the_course_has_a_number_of_its_own(self) -> None:
        """So that the number will do."""
        names = list(originals.listed())
        assert [named(name[:2]) for name in names] == names
