"""How an outcome is drawn, wherever it is drawn; no drawing library is needed for that."""

from fluvius_demo.lessons.outcomes import Outcome

# Okabe and Ito's palette for colour-blind readers (2008, https://jfly.uni-koeln.de/color/); the marks and the words
# say the same without colour.
COLOURS: dict[Outcome, str] = {
    "correct": "#009E73",
    "refused": "#E69F00",
    "wrong": "#D55E00",
    "stuck": "#0072B2",
    "leaked": "#CC79A7",
    "not applicable": "#BBBBBB",
}
MARKS: dict[Outcome, str] = {
    "correct": "✓",
    "refused": "✕",
    "wrong": "≠",
    "stuck": "…",
    "leaked": "≈",
    "not applicable": "–",  # noqa: RUF001
}
