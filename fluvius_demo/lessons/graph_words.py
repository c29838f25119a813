"""A progress graph in words: how many orders fail, from where on, and where nobody comes."""

from collections.abc import Mapping

from fluvius_demo.lessons.graph import Node, ProgressGraph
from fluvius_demo.lessons.outcomes import Outcome


def tally_of(counts: Mapping[Outcome, int]) -> str:
    """Return how orders end: "2 of 10 correct, 8 refused"."""
    total, rest = sum(counts.values()), dict(counts)
    if len(counts) == 1:
        return f"all {total} {next(iter(counts))}"
    correct = rest.pop("correct", 0)
    return f"{correct or 'none'} of {total} correct, " + ", ".join(f"{count} {name}" for name, count in rest.items())


def failing_of(graph: ProgressGraph) -> str:
    """Return where failing begins: "every order through A 1, B 1 fails"."""
    if not graph.total.failing:
        return ""
    if not graph.lost:
        return "no place decides it: failing and correct orders pass the same ones"
    first, *more = graph.lost
    if first == (0, 0):
        return "every order fails, whatever its way"
    others = f" or through {graph.place(more[0])}" if len(more) == 1 else f" or {len(more)} more places" if more else ""
    return f"every order through {graph.place(first)}{others} fails"


def why_gap(graph: ProgressGraph) -> str:
    """Return why nobody comes to the gap, as far as the outcomes tell."""
    for outcome, why in (("stuck", "all wait for ever"), ("refused", "who comes second is refused")):
        if outcome in graph.tally:
            return why
    return "who comes second waits"


def in_words(graph: ProgressGraph, here: Node | None = None) -> str:
    """Return all of it in sentences, with `here` as the place where somebody stands."""
    if not graph.edges:
        found = ["not explored yet"]
    else:
        tried = "" if graph.exhaustive else " (of the orders that were tried; there are more)"
        found = [text for text in (tally_of(graph.tally) + tried, failing_of(graph)) if text]
        if graph.gap:
            low, high = graph.gap
            found.append(f"{graph.place(low)} to {graph.place(high)} is never reached: {why_gap(graph)}")
    if here is not None:
        through = f", passed by {graph.nodes[here]}" if here in graph.nodes else ""
        found.append(f"you are at {graph.place(here)}{through}")
    return "; ".join(found) + "."
