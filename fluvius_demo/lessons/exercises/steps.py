"""The steps of the exercise in their order: what checks each, its hints in three levels, and what is gained by it."""

from fluvius_demo.lessons.exercises.check_children import check_children
from fluvius_demo.lessons.exercises.check_errors import check_errors
from fluvius_demo.lessons.exercises.check_instances import check_instances
from fluvius_demo.lessons.exercises.check_open import check_open
from fluvius_demo.lessons.exercises.check_reset import check_reset
from fluvius_demo.lessons.exercises.check_state import check_state
from fluvius_demo.lessons.exercises.check_test import check_test
from fluvius_demo.lessons.exercises.check_variable import check_variable
from fluvius_demo.lessons.exercises.checked import Step

_STEPS = (
    Step(
        1, "find the shared state", check_state,
        (
            "Whose is it? Some attributes are about the office, for the whole evening; others are about whoever "
            "is booking just now.",
            "Look at the two ends of `booking`: what is set before the `yield`, and set back behind it?",
            "`vars(office)` shows all attributes. Look at it before a booking, inside of one, and after its end.",
        ),
        "You know what has to move, and what stays.",
    ),
    Step(
        2, "reproduce the failure", check_test,
        (
            "One booking at a time works. What has to be open while the other one is still open?",
            "Open Mia's booking. Inside of it let Noah have a whole booking of his own, in a task of his own. "
            "Then go on with Mia's, and look at her ticket.",
            "`await asyncio.create_task(…)` runs somebody else's task to its end, and brings you their error. At "
            "the end, `assert` what Mia's ticket should say: customer, card and seats.",
        ),
        "You have a test that fails for the right reason, on every run. It will tell you when the bug is gone.",
    ),
    Step(
        3, "one context variable", check_variable,
        (
            "What belongs to one booking should be one object. Where can it lie, so that each task finds its own?",
            "Make the variable at the top, outside of the class, and a small class for what a booking has. "
            "`booking` makes a new object and puts it into the variable; `take` and `ticket` get it from there. "
            "The guard is no longer needed.",
            "`ContextVar.set` puts it there, `ContextVar.get` finds it. `take` appends to the list of the object "
            "that it finds, and sets nothing.",
        ),
        "Each task has its own booking, and the tasks that it starts work for it.",
    ),
    Step(
        4, "reset by token", check_reset,
        (
            "At its end a booking should give back what was there before it. That may be another booking.",
            "`set` returns something that remembers what was there before. Keep it, and use it at the end.",
            "`ContextVar.reset` takes the token. Keep that in a local variable of `booking`: it belongs to this "
            "one block.",
        ),
        "A booking inside of another one ends, and the outer one is back.",
    ),
    Step(
        5, "survive errors", check_errors,
        (
            "How many ways lead out of a `yield`? What of your code runs on each of them?",
            "The end must come after an error and after a cancellation, too. And what if it is the opening that "
            "is interrupted, while it waits for the hall?",
            "`try` and `finally` around the `yield`; every `await` of the opening before `ContextVar.set`.",
        ),
        "Whatever interrupts a booking, nothing of it stays, and whoever booked is told.",
    ),
    Step(
        6, "stop late children", check_children,
        (
            "A task that was started in a booking has a copy of its Context. What is in that copy when the "
            "booking has ended?",
            "The reset does not reach the copy. But the copy holds the same object: let its end leave a mark on "
            "it, and let everybody who uses it ask for that mark. How often can it change during `take`?",
            "Write a method that returns the open booking, or raises RuntimeError. `take` calls it behind its "
            "last `await`, and `ticket` calls it, too.",
        ),
        "Tasks work for a booking while it is open, and are told when it is over.",
    ),
    Step(
        7, "keep two instances apart", check_instances,
        (
            "There is one variable for all offices. Whose booking does it hold, if two of them have one?",
            "A booking should know whose it is, and an office should take only its own. If the innermost one is "
            "another office's, there may be one around it.",
            "Give the booking its office, and what `ContextVar.get` returned when it was opened. Your method that"
            " finds the open booking goes from one to the next, until it comes to one of this office.",
        ),
        "Two offices, one task, one variable, and each finds its own booking.",
    ),
    Step(
        8, "open exercise", check_open,
        (
            "Which attributes are about one letter, and which about the notifier?",
            "There is more than one cure. What does a method need that it is not given?",
            "Either `notify` passes on what it knows as arguments, or it keeps it in a context variable, as "
            "above.",
        ),
        "Every letter is right. You have found and cured this disease without being told where it is.",
    ),
)  # fmt: skip
STEPS: dict[str, Step] = {step.name: step for step in _STEPS}
OFFICE_STEPS = _STEPS[2:7]  # those about one class, each of which builds on those before
