"""Every widget, picture and table among the outputs can be read, and every rule about that can fail."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from access_rules import ACCESS_RULES, Access, pictures_have_names, tables_have_headers, widgets_are_told_in_words
from documents import NOTEBOOKS
from nbformat.v4 import new_output
from small_notebooks import code, notebook
from store_outputs import WIDGET

SVG = '<svg role="img" aria-label="a line that rises"></svg>'


def said(rule: Access, widget: bool = False, **formats: str) -> list[str]:
    """Return what a rule says about an output: a widget or none, with texts by format, such as `html`."""
    data = {f"text/{name}": text for name, text in formats.items()} | ({WIDGET: {"model_id": "0"}} if widget else {})
    return list(rule(notebook(code("show()", new_output("display_data", data=data)))))


@pytest.mark.parametrize("rule", ACCESS_RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook(path: Path, rule: Access) -> None:
    """The notebook on disk keeps the rule."""
    assert list(rule(nbformat.read(path, as_version=4))) == []


def test_no_rule_is_left_out() -> None:
    """All that are tested below are kept."""
    assert [widgets_are_told_in_words, pictures_have_names, tables_have_headers] == ACCESS_RULES


class TestWidgets:
    """What a widget shows is stored in words."""

    def test_words_will_do(self) -> None:
        """As HTML, or as text."""
        rule = widgets_are_told_in_words
        assert said(rule, widget=True, html="<p>Two buttons.</p>", plain="HBox(children=())") == []
        assert said(rule, widget=True, plain="Two buttons (and a list).") == []
        assert said(rule, plain="HBox(children=())") == []

    @pytest.mark.parametrize("bare", ["HBox(children=(Button(description='Click me'),))", "HTML(value='')", "VBox()"])
    def test_what_python_calls_it_will_not(self, bare: str) -> None:
        """That says how it is made, and not what it shows."""
        (problem,) = said(widgets_are_told_in_words, widget=True, plain=bare)
        assert problem == f"[1] 'show()' stores a widget that says nothing: {bare[:40]}"

    @pytest.mark.parametrize("empty", [{}, {"plain": " "}, {"html": "<div><p></p></div>", "plain": "Two buttons."}])
    def test_nothing_will_not(self, empty: dict[str, str]) -> None:
        """HTML is shown before text, so it must hold the words."""
        assert said(widgets_are_told_in_words, widget=True, **empty) == ["[1] 'show()' stores a widget without a word"]


class TestPictures:
    """A picture in HTML has a name."""

    @pytest.mark.parametrize(
        "html",
        [
            '<img src="x.png" alt="a line that rises">',
            SVG,
            '<svg role="img"><title>a line</title></svg>',
            '<svg role="img"><desc>a line</desc></svg>',
            '<svg aria-hidden="true"></svg>',
        ],
    )
    def test_a_name_will_do(self, html: str) -> None:
        """Or it is marked as decoration."""
        assert said(pictures_have_names, html=html) == []

    @pytest.mark.parametrize(
        "html",
        [
            *('<img src="x.png">', '<img src="x.png" alt=" ">', "<svg></svg>", '<svg role="img"></svg>'),
            *('<svg aria-label="a line that rises"></svg>', f"{SVG}<svg/>"),
        ],
    )
    def test_each_picture_needs_one(self, html: str) -> None:
        """A screen reader would skip it, or read out its parts."""
        assert len(said(pictures_have_names, html=html)) == 1


class TestTables:
    """A table says what stands in it."""

    def test_headers_will_do(self) -> None:
        """Of columns or of rows."""
        html = "<table><tr><th>design</th></tr><tr><td>legacy</td></tr></table>"
        assert said(tables_have_headers, html=html) == []

    @pytest.mark.parametrize("html", ["<table><tr><td>legacy</td></tr></table>", "<table><tr><th> </th></tr></table>"])
    def test_a_grid_of_cells_will_not(self, html: str) -> None:
        """Nobody knows what they mean who cannot see the whole."""
        assert said(tables_have_headers, html=html) == ["[1] 'show()' shows a table without headers"]
