"""HTML for what a notebook holds: prose, code and outputs, with names and alternative texts, for pages and slides."""

from __future__ import annotations

import re
from html import escape
from urllib.parse import unquote

from bs4 import BeautifulSoup
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from workshop.outputs import Shown, short

# Of Pygments' light styles the one with the most contrast: at least 5.0 to 1 on white, where WCAG's AA asks for 4.5.
_FORMATTER = HtmlFormatter(style="xcode", nowrap=True)
CODE_CSS = re.sub(r"(?m)^(?!\.code ).*\n?", "", HtmlFormatter(style="xcode").get_style_defs(".code"))


def prose_html(source: str) -> str:
    """Return Markdown as HTML: links lead to pages instead of notebooks, and what may be wide can be scrolled."""
    rendered = MarkdownWithMath(renderer=IPythonRenderer(escape=False)).render(source)
    soup = BeautifulSoup(rendered, "html.parser")
    for anchor in soup.select("a.anchor-link"):
        anchor.parent["id"] = unquote(anchor.parent["id"])  # as JupyterLab has it
        anchor.decompose()
    for wide in soup.find_all(["table", "pre"]):
        what = "Table" if wide.name == "table" else "Code"
        wide.wrap(soup.new_tag("div", attrs={"class": "scroll", "role": "group", "aria-label": what}))
    for box in soup.select("input[type=checkbox]"):
        box.replace_with("☐ ")  # to be ticked on paper; a control without a label is none
    return _mended(str(soup))


def _mended(html: str) -> str:
    """Turn links to notebooks into links to pages, and a table's headers without a word into cells."""
    html = re.sub(r'(href="[\w./-]+)\.ipynb(?=[#"])', r"\1.html", html)
    return re.sub(r"<th([^>]*)>\s*</th>", r"<td\1></td>", html)


def code_lines(source: str) -> list[str]:
    """Return Python code as HTML, line by line: no tag spans two of them."""
    return highlight(source, PythonLexer(stripnl=False), _FORMATTER).rstrip("\n").split("\n")


def code_html(source: str) -> str:
    """Return Python code as HTML."""
    lines = "\n".join(code_lines(source))
    return _scroll("Code", f'<pre class="code"><code>{lines}</code></pre>')


def output_html(shown: Shown) -> str:
    """Return an output as HTML."""
    match shown.kind:
        case "picture":
            return figure_html(shown.content, shown.words)
        case "markdown":
            return prose_html(shown.content)
        case "html":
            return _scroll("Output", _mended(shown.content))
        case "text":
            return _scroll("Output", f"<pre>{escape(shown.content, quote=False)}</pre>")


def figure_html(png: str, words: str) -> str:
    """Return a picture, a PNG in base64, with its words below it."""
    source = f'<img src="data:image/png;base64,{png}" alt="{escape(short(words))}">'
    told = BeautifulSoup(prose_html(f"**In words:**{words}"), "html.parser")
    return f"<figure>{source}<figcaption>{told}</figcaption></figure>"


def _scroll(name: str, inside: str) -> str:
    return f'<div class="scroll" role="group" aria-label="{name}">{inside}</div>'
