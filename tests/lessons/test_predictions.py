"""Questions, what is kept of them, and what the course asks: without a front end."""

import pytest

from fluvius_demo.errors import BadRequestError
from fluvius_demo.lessons.predictions.course import QUESTIONS
from fluvius_demo.lessons.predictions.question import Choice, Question
from fluvius_demo.lessons.predictions.record import Record, question_of, questions_of

ALL = [question for questions in QUESTIONS.values() for question in questions]


def question(*seen: object) -> Question:
    """Return a question with a choice for each of these."""
    choices = tuple(Choice(f"It is `{one}`.", one, f"“It has to be {one}.” It has not.") for one in seen)
    return Question("what it is", "1. A section", "What is `it`?", choices)


class TestAQuestion:
    """No choice is marked as right: the run decides."""

    def test_the_run_decides_which_choice_comes_true(self) -> None:
        """The same question is answered otherwise where the run shows something else."""
        asked = question({"correct": 2}, {"correct": 1}, "an error")
        assert [asked.came_true(seen) for seen in ({"correct": 1}, "an error", {"correct": 2})] == [1, 2, 0]

    def test_what_no_choice_expected_is_an_error(self) -> None:
        """A course whose run and whose question have parted must not run on."""
        with pytest.raises(BadRequestError) as error:
            question(1, 2).came_true(3)
        assert str(error.value) == (
            "Cannot answer the question 'what it is': the run shows 3, and its choices expect 1, 2. To solve this, run "
            "the cells from the top; if it stays so, the question is wrong: add a choice for this."
        )

    @pytest.mark.parametrize("seen", [(), (1,), (1, 2, 3, 4, 5), (1, 2, 1), ([], [])])
    def test_too_few_too_many_or_equal_choices_are_refused(self, seen: tuple[object, ...]) -> None:
        """Where two choices expect the same, both would come true."""
        with pytest.raises(ValueError, match=r"two to four choices"):
            question(*seen)

    def test_a_choice_is_told_with_its_letter(self) -> None:
        """Letters are what a room can raise its hands for."""
        assert question(7, 8).told(1) == "(b) It is `8`."


class TestTheRecord:
    """What is kept in the kernel."""

    def test_a_prediction_can_be_changed_until_the_run(self) -> None:
        """The last one before the run counts, and none after it."""
        record, asked = Record(), question(1, 2)
        assert [record.commit(asked, 0), record.commit(asked, 1)] == [True, True]
        record.happened(asked, 1)
        assert not record.commit(asked, 0)
        assert (record.predicted, record.surprised(asked)) == ({"what it is": 1}, True)

    def test_asked_again_it_is_open_again(self) -> None:
        """Who runs the cell of the question anew may predict anew; what was predicted stays until then."""
        record, asked = Record(), question(1, 2)
        record.commit(asked, 1)
        record.happened(asked, 1)
        record.asked(asked)
        assert record.predicted == {"what it is": 1}
        assert record.commit(asked, 0)

    @pytest.mark.parametrize(("predicted", "seen", "surprised"), [(0, 1, False), (1, 1, True), (None, 1, False)])
    def test_a_surprise_needs_a_prediction(self, predicted: int | None, seen: int, surprised: bool) -> None:
        """Who has predicted nothing can't have been surprised, and neither can who was right."""
        record, asked = Record(), question(1, 2)
        if predicted is not None:
            record.commit(asked, predicted)
        record.happened(asked, seen)
        assert record.surprised(asked) is surprised

    def test_before_the_run_nothing_has_surprised(self) -> None:
        """A prediction alone is no surprise."""
        record, asked = Record(), question(1, 2)
        record.commit(asked, 1)
        assert not record.surprised(asked)

    def test_what_nobody_expected_is_not_kept(self) -> None:
        """A run that fits no choice changes nothing."""
        record, asked = Record(), question(1, 2)
        with pytest.raises(BadRequestError):
            record.happened(asked, 3)
        assert record.commit(asked, 0)


class TestTheCourse:
    """What all questions of the course have in common."""

    def test_there_are_thirty_at_least(self) -> None:
        """The course lives from predictions: none of its notebooks goes without."""
        assert len(ALL) >= 30
        assert all(QUESTIONS.values())

    def test_each_has_a_name_of_its_own(self) -> None:
        """A name is what a notebook asks for."""
        assert len({question.name for question in ALL}) == len(ALL)

    @pytest.mark.parametrize("question", ALL, ids=lambda question: question.name)
    def test_each_can_be_read_at_a_glance(self, question: Question) -> None:
        """Short choices, all different, and a belief of a sentence or more behind each of them."""
        assert question.text.endswith("?")
        assert len({choice.text for choice in question.choices}) == len(question.choices)
        for choice in question.choices:
            assert len(choice.text) <= 90
            assert len(choice.belief.split()) >= 6

    @pytest.mark.parametrize("question", ALL, ids=lambda question: question.name)
    def test_wrong_choices_quote_a_belief(self, question: Question) -> None:
        """A thought in quotes that somebody could have; the choice that comes true needs none."""
        assert sum("“" in choice.belief for choice in question.choices) >= len(question.choices) - 1

    def test_a_question_is_found_by_name_and_by_notebook(self) -> None:
        """Both doors lead to the same question."""
        assert question_of("a first taste") in questions_of("00")

    @pytest.mark.parametrize(("find", "name"), [(question_of, "what is it"), (questions_of, "1")])
    def test_an_unknown_name_is_refused(self, find: object, name: str) -> None:
        """The text says what there is."""
        with pytest.raises(BadRequestError, match=r"^Cannot .* To solve this, use "):
            find(name)
