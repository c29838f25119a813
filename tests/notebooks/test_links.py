"""Every link leads somewhere, as far as can be told without the web; and each kind of broken one is found."""

from __future__ import annotations

from pathlib import Path

import pytest
from documents import NOTEBOOKS, PAPERS
from links import fragments, problems
from nbformat.v4 import new_markdown_cell, new_output
from small_notebooks import ROOT, code, write


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project with a notebook, a paper and a file to lead to."""
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "file.py").write_text("", encoding="utf-8")
    (tmp_path / "a paper.md").write_text(
        "# A title: with `code`\n\n## Twice\n\n## Twice\n\n## So (it is)?\n", encoding="utf-8"
    )
    write(tmp_path / "notebooks" / "there.ipynb", new_markdown_cell("# T\n\n## 1. What's here? (2 minutes)"))
    return tmp_path


def found(folder: Path, text: str) -> list[str]:
    """Return what is said about a text as a notebook's."""
    return problems(write(folder / "notebooks" / "here.ipynb", new_markdown_cell(f"# Here I am\n\n{text}")), folder)


@pytest.mark.parametrize("path", [*PAPERS, *NOTEBOOKS], ids=lambda path: path.stem)
def test_every_link_leads_somewhere(path: Path) -> None:
    """To a file and a heading that are there, or to an address that could be: the web itself is not asked."""
    assert problems(path, ROOT) == []


@pytest.mark.parametrize(
    "text",
    [
        "[a](there.ipynb) [b](#Here-I-am) [c](../package/file.py) [d](../package)",
        "[a](there.ipynb#1.-What's-here?-(2-minutes)) <a href=\"there.ipynb#1.-What's-here%3F-(2-minutes)\">b</a>",
        "[a](../a%20paper.md#a-title-with-code) [b](<../a paper.md#twice>) [c](../a%20paper.md#twice-1)",
        "[a] and [b][A]\n\n[a]: there.ipynb",
        "![a picture](../package/file.py) ![held](data:image/png;base64,AAAA)",
        "<https://docs.python.org/3/library/contextvars.html#contextvars.Token> [a](https://a-b.example.org/x?y=(z))",
        "- [ ] to do\n- [x] done\n\n`[not a link]` and `[nor](this)`\n\n    [nor](that)\n",
    ],
)
def test_good_links_are_left_alone(folder: Path, text: str) -> None:
    """Whatever way they are written in."""
    assert found(folder, text) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[a](nowhere.ipynb)", "no such file"),
        ("![a](nowhere.png)", "no such file"),
        ('<img src="nowhere.png" alt="">', "no such file"),
        ("[a](#here-i-am)", "no such heading"),
        ("[a](there.ipynb#1.-What's-here?)", "no such heading"),
        ("[a](../a%20paper.md#Twice)", "no such heading"),
        ("[a](../package/file.py#L7)", "leads nowhere"),
        ("[a](../../outside.md)", "no path in this project"),
        ("[a](/etc/hosts)", "no path in this project"),
        ("[a](there.ipynb?b=c)", "no path in this project"),
        ("[a]()", "no path in this project"),
        ("See [a].", "no such reference"),
        ("See [text][a b].", "no such reference"),
        ("[a][b]\n\n[b]: nowhere.md", "no such file"),
        ("[a](http://example.org/)", "not https"),
        ("[a](mailto:ada@example.org)", "not https"),
        ("[a](file:///etc/hosts)", "not https"),
        ("[a](data:text/html,b)", "not https"),
        ("[a](https://127.0.0.1/x)", "no public place"),
        ("[a](https://localhost/x)", "no public place"),
        ("[a](https://build.internal/x)", "no public place"),
        ("[a](https://example.org:8888/x)", "no public place"),
        ("[a](//example.org/x)", "not https"),
        ("[a](<https://example.org/a b>)", "not well formed"),
        ("[a](https://example.org/../x)", "not well formed"),
    ],
)
def test_each_kind_of_broken_link_is_found(folder: Path, text: str, problem: str) -> None:
    """Once, with what is wrong with it."""
    (said,) = found(folder, text)
    assert problem in said


def test_a_path_of_this_machine_leads_nowhere_on_others(folder: Path) -> None:
    """Though the file is there."""
    (said,) = found(folder, f"[a](<{(folder / 'package' / 'file.py').as_posix()}>)")
    assert "no path in this project" in said or "not https" in said  # on Windows it begins like an address


@pytest.mark.parametrize(
    ("mimetype", "text"), [("text/html", '<a href="nowhere.md">a</a>'), ("text/markdown", "[a](nowhere.md)")]
)
def test_links_in_outputs_count(folder: Path, mimetype: str, text: str) -> None:
    """They are stored, and clicked like all others."""
    output = new_output("display_data", data={mimetype: text})
    path = write(folder / "notebooks" / "here.ipynb", code("show()", output))
    assert problems(path, folder) == ["nowhere.md: there is no such file"]


def test_a_paper_is_read_as_github_shows_it(folder: Path) -> None:
    """A heading that is there twice is told apart by a number."""
    assert fragments(folder / "a paper.md") == {"a-title-with-code", "twice", "twice-1", "so-it-is"}
