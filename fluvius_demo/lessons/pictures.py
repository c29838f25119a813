"""A picture and its words: shown as an image, and as text for a screen reader, a test or a diff."""

import base64
import io
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure


# Points and inches. With these a picture fills a slide, and its smallest letters are 1/32 of the slide's height.
SMALL, LARGE = 12, 13
WIDE, HIGH = 8.9, 4.5
DOTS = 100  # an inch
PALETTE = 128
LETTERS = "smallest letters"  # what a picture's file says of itself, in pixels


class Picture:
    """A figure with its description. Displayed in a notebook it is the image, with the words under it.

    The words are made from the same run as the image, so strict notebook tests, which do not compare images,
    compare what the image shows.
    """

    def __init__(self, figure: "Figure", words: str) -> None:
        self.figure, self.words = figure, words
        self._png = b""

    def __repr__(self) -> str:
        return f"In words: {self.words}"

    def png(self) -> bytes:
        """Return the image; without the drawing program's version, so that the same run gives the same bytes."""
        if not self._png:  # drawn once: a second drawing would move the layout by a hair
            from PIL import Image, PngImagePlugin  # Matplotlib draws with it

            drawn, buffer, about = io.BytesIO(), io.BytesIO(), PngImagePlugin.PngInfo()
            self.figure.savefig(drawn, format="png", dpi=DOTS, bbox_inches="tight")
            about.add_text(LETTERS, f"{self._smallest() * DOTS / 72:.1f}")
            # A figure has few colours. With a palette it takes a third of the room in the notebook.
            Image.open(drawn).convert("RGB").quantize(PALETTE, dither=Image.Dither.NONE).save(
                buffer, format="png", optimize=True, pnginfo=about
            )
            self._png = buffer.getvalue()
        return self._png

    def _smallest(self) -> float:
        """Return the size of the smallest letters of a figure that has been drawn, in points; 0 without a text."""
        texts = self.figure.findobj(lambda artist: hasattr(artist, "get_fontsize") and artist.get_visible())
        return min((text.get_fontsize() for text in texts if text.get_text().strip()), default=0)

    def _ipython_display_(self) -> None:
        from IPython.display import Markdown, display  # only there is this method called

        image: dict[str, Any] = {"image/png": base64.b64encode(self.png()).decode(), "text/plain": repr(self)}
        display(image, raw=True)
        display(Markdown(f"**In words:** {self.words}"))
