"""A picture that would be too small on a slide is shown in parts."""

import base64
import io

from PIL import Image, ImageDraw, PngImagePlugin
from small_outputs import png

from fluvius_demo.lessons.pictures import LETTERS
from workshop.pictures import HIGH, LEAST_LETTER, WIDE, cut, drawings, figures


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


def saved(image: Image.Image, letters: float) -> str:
    """Return a picture in base64 that says how large its smallest letters are."""
    buffer, about = io.BytesIO(), PngImagePlugin.PngInfo()
    about.add_text(LETTERS, f"{letters}")
    image.save(buffer, format="png", pnginfo=about)
    return base64.b64encode(buffer.getvalue()).decode()


def test_a_high_picture_is_cut_at_its_largest_gap() -> None:
    """Each part is shown large enough to be read, and says which one it is."""
    image = striped(1000, 900, (10, 400), (420, 480), (560, 880))
    assert [part.size for part in cut(image, 600)] == [(1000, 521), (1000, 379)]
    first, second = figures(saved(image, 20), "words")
    assert 'alt="Part 1 of 2. words"' in first.html
    assert 'alt="Part 2 of 2. words"' in second.html


def test_the_smaller_its_letters_the_sooner_it_is_cut() -> None:
    """A picture that does not say how small they are stays whole as long as it need not be made smaller."""
    image = striped(900, 640, (10, 300), (340, 630))
    whole, small, unknown = (len(list(figures(saved(image, size), "words"))) for size in (23, 17, 0))
    assert (whole, small, unknown) == (1, 2, 1)
    assert all(17 * HIGH / part.height >= LEAST_LETTER for part in cut(image, int(HIGH * 17 / LEAST_LETTER)))


def test_it_is_cut_where_there_is_nothing_rather_than_through_a_drawing() -> None:
    """The gap between two charts is smaller than that within one of them, through which its axis goes."""
    image = striped(1000, 900, (10, 200), (410, 430), (450, 880))
    ImageDraw.Draw(image).line((100, 200, 100, 410), fill="grey")
    assert [part.height for part in cut(image, 600)] == [441, 459]


def test_what_is_higher_than_wide_repeats_its_head() -> None:
    """It is a table: without the head nobody knows the columns."""
    rows = [(60 * row + 20, 60 * row + 50) for row in range(20)]
    first, *others = cut(striped(600, 1220, *rows), 500)
    assert len(others) >= 1
    for part in others:
        assert part.crop((0, 0, 600, 55)).tobytes() == first.crop((0, 0, 600, 55)).tobytes()
    assert all(part.height <= 500 for part in (first, *others))


def test_the_lines_of_a_grid_may_be_cut() -> None:
    """Through a drawing itself no cut goes: it stays whole, and small."""
    image = striped(1000, 900, (10, 400), (500, 880))
    ImageDraw.Draw(image).line((500, 0, 500, 900), fill="grey")
    assert len(cut(image, 600)) == 2
    assert len(cut(striped(1000, 900, (10, 880)), 600)) == 1


def test_a_drawing_keeps_its_proportions() -> None:
    """It fills the slide's height or its width."""
    (part,) = drawings(
        '<p>x</p><svg width="300" height="600" viewBox="0 0 300 600"><rect width="10" height="10"/></svg>'
    )
    assert part.html.startswith(f'<svg width="{HIGH / 2:.0f}" height="{HIGH}" viewBox')
    assert '<rect width="10" height="10"/>' in part.html


def test_a_high_drawing_is_cut_where_it_says_that_it_may_be() -> None:
    """As low as its letters allow; one that says nothing is left out, and so is one that is too wide."""
    svg = '<svg aria-label="x" width="600" height="790" viewBox="0 0 600 790" {} font-size="14"><text>x</text></svg>'
    first, second = drawings(svg.format('data-cuts="100 390 420 700"'))
    assert 'viewBox="0 0 600 390"' in first.html
    assert 'viewBox="0 390 600 400"' in second.html
    assert 'aria-label="Part 2 of 2. x"' in second.html
    assert list(drawings(svg.format(""))) == []
    assert list(drawings(svg.format('data-cuts="450"'))) == []
    assert list(drawings(f'<svg viewBox="0 0 {WIDE} 100" font-size="14"><text>x</text></svg>')) == []
