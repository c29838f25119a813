"""Two classes side by side, from the real files."""

import difflib
import inspect
import re

# Inline styles, because JupyterLab drops style sheets from notebooks that it does not trust yet. What is gone stands
# on the left alone and what is new on the right alone: the colour does not carry the meaning.
_STYLES = {
    "diff_add": "background-color:#c9f0e4;color:#000",
    "diff_sub": "background-color:#fbd9c5;color:#000",
    "diff_chg": "background-color:#fdf0c0;color:#000",
    "diff_header": "color:#767676;text-align:right;padding-right:6px",
}


class SideBySide:
    """The difference of two classes, as they stand in their files. Elsewhere than in a notebook, its size."""

    def __init__(self, before: type, after: type, *, context: int = 3, width: int = 50) -> None:
        self.names = tuple(cls.__name__ for cls in (before, after))
        self.lines = tuple(inspect.getsource(cls).splitlines() for cls in (before, after))
        self._context, self._width = context, width

    def counts(self) -> tuple[int, int]:
        """Return how many lines are gone and how many are new."""
        marks = [line[0] for line in difflib.ndiff(*self.lines)]
        return marks.count("-"), marks.count("+")

    def __repr__(self) -> str:
        gone, new = self.counts()
        return f"{self.names[0]} → {self.names[1]}: {gone} lines gone, {new} lines new"

    def _repr_html_(self) -> str:
        make = difflib.HtmlDiff(tabsize=4, wrapcolumn=self._width)
        table = make.make_table(*self.lines, *self.names, context=True, numlines=self._context)
        table = re.sub(r'<td class="diff_next".*?</td>|<th class="diff_next">.*?</th>|<colgroup></colgroup>', "", table)
        table = re.sub(
            r' (id|class|rules|cellspacing|cellpadding|summary)="(?!diff_(add|sub|chg|header))[^"]*"', "", table
        )
        for name, style in _STYLES.items():
            table = table.replace(f'class="{name}"', f'style="{style}"')
        style = "font-family:monospace;font-size:12px;text-align:left"
        return table.replace("<table", f'<table style="{style}"', 1).replace(
            'nowrap="nowrap"', 'style="text-align:left"'
        )
