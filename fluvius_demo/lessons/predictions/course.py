"""The questions of the whole course, by notebook, in the order in which they are asked."""

from fluvius_demo.lessons.predictions.every_interleaving import EVERY_INTERLEAVING
from fluvius_demo.lessons.predictions.isolation_fix import ISOLATION_FIX
from fluvius_demo.lessons.predictions.migrate_it_yourself import MIGRATE_IT_YOURSELF
from fluvius_demo.lessons.predictions.overlapping_context import OVERLAPPING_CONTEXT
from fluvius_demo.lessons.predictions.pitfalls import PITFALLS
from fluvius_demo.lessons.predictions.question import Question
from fluvius_demo.lessons.predictions.start_here import START_HERE
from fluvius_demo.lessons.predictions.timing import TIMING
from fluvius_demo.lessons.predictions.watching import WATCHING

QUESTIONS: dict[str, tuple[Question, ...]] = {
    "00": START_HERE,
    "01": OVERLAPPING_CONTEXT,
    "02": ISOLATION_FIX,
    "03": EVERY_INTERLEAVING,
    "04": TIMING,
    "05": PITFALLS,
    "06": WATCHING,
    "07": MIGRATE_IT_YOURSELF,
}
