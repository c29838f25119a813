"""A picture and its words, as a notebook, a screen reader and a test get them."""

import base64
import gc
import sys
import weakref
from typing import Any

import pytest
from drawn import letters
from matplotlib.figure import Figure

from fluvius_demo.lessons.pictures import Picture

PNG = b"\x89PNG\r\n\x1a\n"


def drawn() -> Picture:
    """Return a small picture with a title, drawn anew."""
    figure = Figure(figsize=(1, 1))
    figure.suptitle("two accounts")
    return Picture(figure, "ana has 100.")


Displayed = list[tuple[tuple[Any, ...], dict[str, Any]]]


@pytest.fixture
def displayed(monkeypatch: pytest.MonkeyPatch) -> Displayed:
    """Catch what is handed to IPython's `display`, call by call."""
    calls: Displayed = []
    display = pytest.importorskip("IPython.display")
    monkeypatch.setattr(display, "display", lambda *args, **kwargs: calls.append((args, kwargs)))
    return calls


class TestTheImage:
    """PNG bytes that depend on the figure alone."""

    def test_it_is_a_png(self) -> None:
        """By its signature."""
        assert drawn().png().startswith(PNG)

    def test_the_same_figure_gives_the_same_bytes(self) -> None:
        """Drawn anew, and asked for once more."""
        picture = drawn()
        first = picture.png()
        assert drawn().png() == first
        assert picture.png() == first

    def test_a_picture_that_nobody_shows_any_more_is_freed(self) -> None:
        """With its figure; keeping it would be the kind of leak that the course is about."""
        picture = drawn()
        picture.png()
        gone = weakref.ref(picture)
        del picture
        gc.collect()
        assert gone() is None

    def test_the_file_says_how_small_its_letters_are(self) -> None:
        """Ten points, at 100 dots an inch; without a text there are none."""
        figure = Figure()
        assert letters(Picture(figure, "nothing").png()) == 0
        for size in (20, 10, 30):
            figure.text(0.5, size / 40, "ana", fontsize=size)
        figure.text(0.5, 0.5, "hidden", fontsize=3, visible=False)
        assert letters(Picture(figure, "ana, three times").png()) == 13.9

    def test_no_version_and_no_time_stands_in_the_file(self) -> None:
        """An update of the drawing program must not change every stored notebook."""
        png = drawn().png()
        assert not [word for word in (b"Software", b"atplotlib", b"Creation", b"tIME") if word in png]


class TestTheDisplay:
    """In a notebook: the image, then the words under it."""

    def test_the_image_comes_first_and_carries_the_words(self, displayed: Displayed) -> None:
        """A front end without images, a text diff and nbval see the words."""
        picture = drawn()
        picture._ipython_display_()
        (image,), options = displayed[0]
        assert options == {"raw": True}
        assert image == {
            "image/png": base64.b64encode(picture.png()).decode(),
            "text/plain": "In words: ana has 100.",
        }

    def test_the_words_stand_under_it(self, displayed: Displayed) -> None:
        """Visibly, for everybody."""
        drawn()._ipython_display_()
        assert len(displayed) == 2
        (markdown,), options = displayed[1]
        assert (markdown.data, options) == ("**In words:** ana has 100.", {})

    def test_elsewhere_the_words_are_all(self) -> None:
        """In a terminal, a log or an assertion."""
        assert repr(drawn()) == "In words: ana has 100."

    def test_a_terminal_needs_no_ipython(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """It is imported where it is used."""
        monkeypatch.setitem(sys.modules, "IPython", None)
        monkeypatch.setitem(sys.modules, "IPython.display", None)
        assert drawn().png().startswith(PNG)
