"""The widgets, without a front end."""

import inspect

import ipywidgets
import pytest

from fluvius_demo.lessons.widgets import LivePicture, ready_button

WIDGET = "application/vnd.jupyter.widget-view+json"


def parts(box: ipywidgets.HBox) -> tuple[ipywidgets.Button, ipywidgets.HTML]:
    """Return the button and the text beside it."""
    button, answer = box.children
    return button, answer


class TestReadyButton:
    """If the count moves, widgets work."""

    def test_before_the_first_click_it_says_so(self) -> None:
        """And the button says what to do, also to a screen reader."""
        button, answer = parts(ready_button())
        assert (button.description, button.tooltip) == ("Click me", "Checks that widgets work")
        assert answer.value == "not clicked yet"

    def test_it_counts_clicks(self) -> None:
        """One by one, at once: the callback is synchronous, so that no event loop is needed."""
        button, answer = parts(ready_button())
        seen = []
        for _ in range(3):
            button.click()
            seen.append(answer.value)
        assert seen == [f"widgets work; clicks so far: {number}" for number in (1, 2, 3)]

    def test_its_callback_is_a_plain_function(self) -> None:
        """A coroutine function would be called and never awaited."""
        button, _ = parts(ready_button())
        assert [inspect.iscoroutinefunction(callback) for callback in button._click_handlers.callbacks] == [False]

    def test_two_buttons_count_apart(self) -> None:
        """A cell that is run again begins anew."""
        first, second = parts(ready_button()), parts(ready_button())
        first[0].click()
        assert (first[1].value, second[1].value) == ("widgets work; clicks so far: 1", "not clicked yet")


class TestWordsForAPage:
    """Where no widget comes to life, words stand for it."""

    @pytest.mark.parametrize(
        ("widget", "html", "text"),
        [
            (ready_button(), "<p>Where widgets work, a button ", "Where widgets work, a button "),
            (LivePicture("a < b"), "<p>a &lt; b</p>", "a < b"),
        ],
    )
    def test_they_stand_beside_the_widget(self, widget: ipywidgets.Widget, html: str, text: str) -> None:
        """In the same output, so that whoever shows it can choose."""
        bundle = widget._repr_mimebundle_()
        assert bundle[WIDGET]["model_id"] == widget.model_id
        assert bundle["text/html"].startswith(html)
        assert bundle["text/plain"].startswith(text)

    def test_the_picture_can_be_drawn(self) -> None:
        """It begins empty."""
        live = LivePicture("a curve")
        assert live.value == ""
        live.value = "<svg></svg>"
        assert live.value == "<svg></svg>"
