"""A picture that would be too small on a slide is shown in parts."""

import base64
import io

from PIL import Image, ImageDraw
from small_outputs import png

from workshop.pictures import HIGH, LEAST_SCALE, cut, drawings, figures


def striped(width: int, height: int, *bands: tuple[int, int]) -> Image.Image:
    """Return white paper with black bands, from the left to the right, at these rows."""
    image = Image.new("RGB", (width, height), "white")
    for top, bottom in bands:
        ImageDraw.Draw(image).rectangle((10, top, width - 10, bottom), fill="black")
    return image


def test_a_small_picture_stays_whole() -> None:
    """It is enlarged to the slide, twice at most."""
    (part,) = figures(png(1000, 500), "words")
    assert 'width="1250" height="625"' in part.html
    (tiny,) = figures(png(100, 100), "words")
    assert 'width="200" height="200"' in tiny.html


def test_a_high_picture_is_cut_at_its_largest_gap() -> None:
    """Each part is shown large enough to be read, and says which one it is."""
    image = striped(1000, 900, (10, 400), (420, 480), (560, 880))
    assert [part.size for part in cut(image)] == [(1000, 521), (1000, 379)]
    buffer = io.BytesIO()
    image.save(buffer, format="png")
    first, second = figures(base64.b64encode(buffer.getvalue()).decode(), "words")
    assert 'alt="Part 1 of 2. words"' in first.html
    assert 'alt="Part 2 of 2. words"' in second.html


def test_what_is_higher_than_wide_repeats_its_head() -> None:
    """It is a table: without the head nobody knows the columns."""
    rows = [(60 * row + 20, 60 * row + 50) for row in range(20)]
    first, *others = cut(striped(600, 1220, *rows))
    assert len(others) >= 1
    for part in others:
        assert part.crop((0, 0, 600, 55)).tobytes() == first.crop((0, 0, 600, 55)).tobytes()
    assert all(part.height <= HIGH / LEAST_SCALE for part in (first, *others))


def test_the_lines_of_a_grid_may_be_cut() -> None:
    """Through a drawing itself no cut goes: it stays whole, and small."""
    image = striped(1000, 900, (10, 400), (500, 880))
    ImageDraw.Draw(image).line((500, 0, 500, 900), fill="grey")
    assert len(cut(image)) == 2
    assert len(cut(striped(1000, 900, (10, 880)))) == 1


def test_a_drawing_keeps_its_proportions() -> None:
    """It fills the slide's height or its width."""
    (part,) = drawings(
        '<p>x</p><svg width="300" height="600" viewBox="0 0 300 600"><rect width="10" height="10"/></svg>'
    )
    assert part.html.startswith(f'<svg width="{HIGH / 2:.0f}" height="{HIGH}" viewBox')
    assert '<rect width="10" height="10"/>' in part.html
