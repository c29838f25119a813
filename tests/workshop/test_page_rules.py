"""A notebook as a page: names, headers, links, alternative texts. How it looks is tested in the browser."""

from pathlib import Path
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_raw_cell
from small_outputs import code, html, picture, write

from workshop.markup import CODE_CSS, code_lines, output_html, prose_html
from workshop.outputs import Shown, notebooks
from workshop.pages import page, write_pages


def test_links_lead_to_pages() -> None:
    """A notebook's link becomes that of its page, its heading included; others stay."""
    found = prose_html("[a](01_a.ipynb) [b](05_b.ipynb#P-1) [c](https://x.org/y.ipynb) [d](#e)")
    links = [link["href"] for link in BeautifulSoup(found, "html.parser").find_all("a")]
    assert links == ["01_a.html", "05_b.html#P-1", "https://x.org/y.ipynb", "#e"]
    assert '<a href="01_a.html#x">' in output_html(Shown("html", '<a href="01_a.ipynb#x">a</a>', ""))


def test_headings_keep_their_anchors() -> None:
    """They are JupyterLab's, so that links to a section work on a page as well."""
    assert '<h2 id="1.-What-is-it?…">1. What is it?…</h2>' in prose_html("## 1. What is it?…")


def test_a_table_has_no_empty_header() -> None:
    """A header without a word names nothing, in prose and in outputs."""
    assert "<td></td>" in prose_html("| | word |\n|---|---|\n| a | b |").replace("\n", "")
    assert output_html(Shown("html", '<table><tr><th style="x"></th><th>a</th></tr></table>', "")).count("<th") == 1


def test_a_box_to_tick_is_a_sign() -> None:
    """A checkbox of Markdown cannot be ticked, and has no label."""
    found = prose_html("- [ ] one thing")
    assert "☐ " in found
    assert "<input" not in found


def test_a_picture_has_an_alternative_text_and_its_words() -> None:
    """The alternative text is made from the words, which stand below the picture."""
    soup = BeautifulSoup(output_html(Shown("picture", "AAAA", " 3 > 2 *lanes*.")), "html.parser")
    assert soup.img["alt"] == "3 > 2 lanes."
    assert soup.figcaption.get_text(strip=True) == "In words:3 > 2lanes."


def test_code_is_coloured_line_by_line() -> None:
    """No tag spans two lines, not even in a text of three; each colour is defined."""
    lines = code_lines('x = """a\nb\n"""')
    assert len(lines) == 3
    assert all(line.count("<span") == line.count("</span>") for line in lines)
    assert ".code .k " in CODE_CSS


def test_a_page_holds_all_of_a_notebook(tmp_path: Path) -> None:
    """Title, sections and minutes are those of its cells; a cell without code is left out."""
    title = "# A `title`\n\n**Time:** 7 minutes.\n\n## One (7 minutes)"
    path = write(tmp_path / "09_a.ipynb", title, code("draw()", *picture("x.")), code(""), code("y", html("<b>z</b>")))
    made = page(path)
    assert (made.file, made.title, made.minutes) == ("09_a.html", "A <code>title</code>", "7 minutes")
    assert made.sections == (("One-(7-minutes)", "One (7 minutes)"),)
    assert [bool(cell) for cell in made.cells] == [True, True, False, True]


def test_a_picture_is_described_by_the_text_after_it(tmp_path: Path) -> None:
    """Where nothing stands beside it; a raw cell is neither shown nor such a text."""
    raw = new_raw_cell("**In words:** raw.")
    path = write(tmp_path / "a.ipynb", "# A", code("draw()", picture("")[0]), raw, "**In words:** two lanes.")
    cells = page(path).cells
    assert 'alt="two lanes."' in cells[1]
    assert cells[2] == ""


def test_a_notebook_without_a_title_is_no_page(tmp_path: Path) -> None:
    """The error says what to write."""
    with pytest.raises(ValueError, match="To solve this, begin it with '# Title'"):
        page(write(tmp_path / "a.ipynb", "no title"))


def test_every_notebook_has_its_page(tmp_path: Path) -> None:
    """Beside them stands one that lists them; every link to a page leads to one."""
    index, *written = write_pages(tmp_path)
    assert [path.stem for path in written] == [path.stem for path in notebooks()]
    soups = {path.name: BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser") for path in (index, *written)}
    assert [link["href"] for link in soups["index.html"].select("ul a")] == [path.name for path in written]
    anchors = {name: {tag["id"] for tag in soup.find_all(id=True)} for name, soup in soups.items()}
    for name, soup in soups.items():
        assert soup.html["lang"] == "en"
        for link in soup.find_all("a", href=True):
            file, _, anchor = link["href"].partition("#")
            if "://" not in file:
                assert not anchor or unquote(anchor) in anchors[file or name], link["href"]
