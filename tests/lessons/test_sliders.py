"""The sliders without a front end: each change is run and shown, the last run stays, and an error is said."""

import asyncio
import inspect
import sys

import ipywidgets
import pytest

from fluvius_demo.errors import BadRequestError
from fluvius_demo.lessons import sliders
from fluvius_demo.lessons.designs import DESIGNS
from fluvius_demo.lessons.load import Waiting, waiting
from fluvius_demo.lessons.load_view import load_svg, load_text
from fluvius_demo.lessons.sliders import COMMANDS, LATENCIES_MS, LoadBox, load_sliders

pytestmark = pytest.mark.skipif(sys.platform == "emscripten", reason="the browser has no threads")


def a_still(design: str = "isolated") -> Waiting:
    """Return a run of three commands that was made before."""
    return asyncio.run(waiting(DESIGNS[design].aggregate, 3, latency=0))


def box_of_three(design: str = "isolated") -> LoadBox:
    """Return sliders at three commands on a store that answers at once."""
    return load_sliders(design, 3, 0)


def controls(box: LoadBox) -> list[ipywidgets.ValueWidget]:
    """Return what can be set."""
    return [box.design, box.commands, box.latency]


class TestRuns:
    """What is picked is what is run."""

    def test_at_first_it_is_run_once(self) -> None:
        """So that there is something to see."""
        (run,) = box_of_three().runs
        assert (run.design, len(run.spans), run.latency, run.tally) == ("isolated", 3, 0, {"correct": 3})

    def test_every_design_can_be_picked(self) -> None:
        """By its name in the tables; what it refuses or gets wrong is shown."""
        box = box_of_three()
        assert box.design.options == tuple(DESIGNS)
        for name in DESIGNS:
            if name != box.design.value:
                box.design.value = name
                assert box.runs[0].design == name
        box.design.value = "legacy"
        assert "✓ 1 correct, ✕ 2 refused" in box.said.value

    def test_a_slider_changes_one_thing(self) -> None:
        """The others stay where they are."""
        box = box_of_three()
        box.commands.value = 20
        box.latency.value = 1
        assert [(len(run.spans), run.latency) for run in box.runs] == [(20, 0.001), (20, 0)]

    def test_the_values_are_those_of_the_course(self) -> None:
        """All can be picked."""
        box = box_of_three()
        assert (box.commands.options, box.latency.options) == (COMMANDS, LATENCIES_MS)

    def test_it_runs_where_a_loop_runs(self) -> None:
        """As in a notebook: the callback is over when the run is."""

        async def cell() -> LoadBox:
            box = box_of_three()
            box.design.value = "locked"
            return box

        assert [run.design for run in asyncio.run(cell()).runs] == ["locked", "isolated"]


class TestShows:
    """The newer run in words and as a picture, the older one below it."""

    def test_words_and_picture_are_of_the_same_run(self) -> None:
        """The words are all of the text."""
        box = box_of_three("legacy")
        assert box.text == load_text(box.runs[0])
        assert load_svg(box.runs[0]) in box.newer.value
        assert box.older.value == ""

    def test_the_last_two_stay_on_one_scale(self) -> None:
        """The newer first; the third last goes."""
        box = box_of_three()
        box.design.value = "locked"
        box.design.value = "migrated"
        assert [run.design for run in box.runs] == ["migrated", "locked"]
        until = max(run.total for run in box.runs)
        assert box.newer.value == f"<div>Now</div>{load_svg(box.runs[0], until)}"
        assert box.older.value == f"<div>Before</div>{load_svg(box.runs[1], until)}"

    def test_while_it_measures_it_says_so(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Before the run, with the pictures left alone."""
        box, seen = box_of_three(), []
        before = box.newer.value

        def scripted(*asked: object) -> Waiting:
            seen.append((asked, box.text, box.newer.value))
            return a_still("locked")

        monkeypatch.setattr(sliders, "in_a_thread", scripted)
        box.commands.value = 50
        assert seen == [(("isolated", 50, 0.0), "measuring …", before)]
        assert box.text.startswith("locked: 3 commands at once")

    def test_an_error_is_said(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Escaped, in the place of the words; the pictures stay, and the next run is as ever."""
        box = box_of_three()
        before = box.newer.value

        def fails(*_asked: object) -> Waiting:
            raise RuntimeError("can't start <new> thread")

        with monkeypatch.context() as broken:
            broken.setattr(sliders, "in_a_thread", fails)
            box.commands.value = 10
            assert "RuntimeError: can&#x27;t start &lt;new&gt; thread" in box.said.value
            assert box.newer.value == before
        box.commands.value = 20
        assert "20 commands at once" in box.said.value


class TestStill:
    """What a page without widgets shows."""

    def test_a_stored_run_is_shown_and_none_is_made(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Until something is changed."""
        monkeypatch.setattr(sliders, "in_a_thread", lambda *_asked: pytest.fail("it was run"))
        still = a_still("locked")
        box = load_sliders("locked", 3, 0, still)
        assert box.runs == [still]
        assert box._repr_mimebundle_()["text/plain"] == load_text(still)
        assert load_svg(still) in box._repr_mimebundle_()["text/html"]

    def test_the_page_keeps_the_first_run(self) -> None:
        """Whatever is done with the widget."""
        box = box_of_three()
        before, run = box._repr_mimebundle_(), box.runs[0]
        box.design.value = "legacy"
        assert box._repr_mimebundle_() == before
        assert before.keys() == {"application/vnd.jupyter.widget-view+json", "text/html", "text/plain"}
        assert before["text/plain"] == load_text(run)


class TestBadInput:
    """Whoever writes a cell is told at once."""

    @pytest.mark.parametrize(
        ("asked", "told"),
        [
            (("lock", 3, 0), "Cannot pick the design 'lock': it is not on the list. To solve this, use one of: unguar"),
            (
                ("locked", 4, 0),
                "Cannot pick commands in flight: 4: it is not on the list. To solve this, use one of: 1",
            ),
            (("locked", 3, 7), "Cannot pick a store that takes ms: 7: it is not on the list. To solve this, use one o"),
        ],
    )
    def test_a_value_that_is_not_on_the_list(self, asked: tuple[str, int, int], told: str) -> None:
        """With those that are."""
        with pytest.raises(BadRequestError) as error:
            load_sliders(*asked)
        assert str(error.value).startswith(told)


class TestControls:
    """Plain ones, each with a name that can be read."""

    def test_each_has_a_name_and_says_what_it_does(self) -> None:
        """To a screen reader, and under the pointer; the name is not cut."""
        for control in controls(box_of_three()):
            assert control.description
            assert control.tooltip
            assert control.style.description_width == "initial"

    def test_a_slider_counts_when_it_is_let_go(self) -> None:
        """Not at each place on the way."""
        box = box_of_three()
        assert (box.commands.continuous_update, box.latency.continuous_update) == (False, False)

    def test_callbacks_are_plain_functions(self) -> None:
        """A coroutine function would be called and never awaited."""
        for control in controls(box_of_three()):
            (*_, callback) = control._trait_notifiers["value"]["change"]
            assert not inspect.iscoroutinefunction(callback)

    def test_what_is_said_is_read_out(self) -> None:
        """In the region that a screen reader listens to."""
        assert 'role="status" aria-live="polite"' in box_of_three().said.value
