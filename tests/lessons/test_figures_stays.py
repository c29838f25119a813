"""The figure of when the root object is freed: a box for each situation and design, told in four ways."""

import pytest
from drawn import faults, places, ticks
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from fluvius_demo.lessons.figures_timing import stays

ANSWER = "The root object is kept on migrated in 3 of 5 situations, and never on 5 of the 6 designs."
DESIGNS = ("unguarded", "legacy", "locked", "one per command", "migrated", "isolated")
WORDS = ("at once", "by the collector", "kept")
SITUATIONS = ("after the command, in the same task", "after its task has ended", "with an armed timer")
TABLE = {
    situation: {design: WORDS[(place + shift) % 3] for place, design in enumerate(DESIGNS)}
    for shift, situation in enumerate(SITUATIONS)
}


class TestStays:
    """Situations down, designs across."""

    @staticmethod
    def boxes() -> dict[tuple[str, str], Rectangle]:
        """Return the box of each situation and design."""
        figure = stays(ANSWER, TABLE).figure
        places(figure)
        ax = figure.axes[0]
        down, across = ([text.replace("\n", " ") for text in ticks(axis)] for axis in (ax.yaxis, ax.xaxis))
        return {(down[round(b.get_y() + b.get_height() / 2)], across[int(b.get_x())]): b for b in ax.patches}

    def test_each_box_has_the_look_of_its_word(self) -> None:
        """The same pattern and colour for the same word, others for others."""
        looks = {
            word: {
                (box.get_hatch() or "", box.get_edgecolor())
                for (situation, design), box in self.boxes().items()
                if TABLE[situation][design] == word
            }
            for word in WORDS
        }
        assert [len(own) for own in looks.values()] == [1, 1, 1]
        assert len({hatch for own in looks.values() for hatch, _ in own}) == 3

    def test_each_box_has_its_word_in_it_with_a_mark(self) -> None:
        """So that it can be told without colours and without patterns."""
        figure = stays(ANSWER, TABLE).figure
        lie, boxes = places(figure), figure.axes[0].patches
        inside: list[list[Text]] = [
            [text for text in figure.axes[0].texts if box.get_window_extent().contains(*lie[text].min)] for box in boxes
        ]
        told = [[text.get_text().replace("\n", " ") for text in own] for own in inside]
        expected = {"at once": "✓ at once", "by the collector": "○ by the collector", "kept": "✕ kept"}
        assert told == [[expected[TABLE[situation][design]]] for situation in SITUATIONS for design in DESIGNS]

    def test_a_word_lies_within_its_box(self) -> None:
        """Also the longest."""
        figure = stays(ANSWER, TABLE).figure
        lie = places(figure)
        for text, box in zip(figure.axes[0].texts, figure.axes[0].patches, strict=True):
            around = box.get_window_extent()
            assert all(map(around.contains, *lie[text].corners().T))

    def test_the_words_go_row_by_row(self) -> None:
        """Each situation with all designs."""
        first, *_ = stays(ANSWER, TABLE).words.removeprefix(f"{ANSWER}\n- ").split("\n- ")
        assert first == (
            "after the command, in the same task: unguarded at once, legacy by the collector, locked kept, "
            "one per command at once, migrated by the collector, isolated kept."
        )
        words = stays(ANSWER, TABLE).words
        for situation, row_of_words in TABLE.items():
            told = ", ".join(f"{design} {word}" for design, word in row_of_words.items())
            assert f"{situation}: {told}" in words

    def test_there_is_a_box_for_each_word(self) -> None:
        """As many as there are in the table."""
        assert len(self.boxes()) == len(SITUATIONS) * len(DESIGNS)

    @pytest.mark.parametrize("word", WORDS)
    def test_all_of_it_can_be_read(self, word: str) -> None:
        """Also where all boxes have the longest word."""
        assert faults(stays(ANSWER, TABLE).figure) == []
        assert faults(stays("Short.", {text: dict.fromkeys(DESIGNS, word) for text in SITUATIONS}).figure) == []

    def test_the_same_table_gives_the_same_bytes(self) -> None:
        """Else running a notebook again would change its file where nothing else has changed."""
        assert stays(ANSWER, TABLE).png() == stays(ANSWER, TABLE).png()
