"""A measured figure, told so coarsely that it comes out the same on every machine."""

from bisect import bisect_left


def band(value: float, *bounds: float) -> str:
    """Return between which bounds a figure lies: with 1 and 10 "up to 1", "1 to 10" or "more than 10".

    Raises ValueError where there are no bounds, or where they do not rise.
    """
    if not bounds or list(bounds) != sorted(set(bounds)):
        raise ValueError(f"Cannot tell where {value:g} lies: the bounds are {bounds}. To solve this, let them rise.")
    place = bisect_left(bounds, value)
    if place == 0:
        return f"up to {bounds[0]:g}"
    if place == len(bounds):
        return f"more than {bounds[-1]:g}"
    return f"{bounds[place - 1]:g} to {bounds[place]:g}"
