"""A figure is told by the bounds between which it lies."""

import pytest

from fluvius_demo.lessons.bands import band


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (0.2, "up to 0.5"),
        (0.5, "up to 0.5"),
        (0.51, "0.5 to 2"),
        (2, "0.5 to 2"),
        (2.1, "more than 2"),
        (1e9, "more than 2"),
    ],
)
def test_a_figure_is_told_by_its_bounds(value: float, told: str) -> None:
    """A bound itself belongs to what lies below it."""
    assert band(value, 0.5, 2) == told


def test_one_bound_or_many() -> None:
    """There is one band more than there are bounds."""
    assert [band(value, 10) for value in (9, 11)] == ["up to 10", "more than 10"]
    assert [band(value, 1, 10, 100) for value in (1, 2, 20, 200)] == [
        "up to 1",
        "1 to 10",
        "10 to 100",
        "more than 100",
    ]


@pytest.mark.parametrize("bounds", [(), (2, 1), (1, 1)])
def test_bounds_rise(bounds: tuple[float, ...]) -> None:
    """Without that, no band would be between two of them."""
    with pytest.raises(ValueError, match=r"^Cannot tell where 3 lies: .* To solve this, let them rise\.$"):
        band(3, *bounds)
