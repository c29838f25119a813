"""What notebook 07 asks."""

from fluvius_demo.lessons.predictions.question import Choice, Question

MIGRATE_IT_YOURSELF = (
    Question(
        name="without the office's guard",
        section="1. Find the shared state",
        text="The office asks the price of C5 for Mia. In that moment Noah opens his booking. The guard refuses him. "
        "And if somebody deletes the guard, what is on Mia's ticket?",
        choices=(
            Choice(
                "C5 for Mia, on Mia's card.",
                "C5 for Mia, on Mia's card",
                "“Mia asked for the price, so she gets the answer.” Her task gets it. But whose seat it is, the office "
                "looks up on itself, and there stands Noah by then.",
            ),
            Choice(
                "C5, for Noah, on Noah's card.",
                "C5 for Noah, on Noah's card",
                "Noah's opening writes over what Mia's has set, and her seat is noted for whoever is booking now.",
            ),
            Choice(
                "Nothing: she gets an error.",
                "RuntimeError",
                "“Two at once must end in an error.” The guard was what raised it. Nothing else looks.",
            ),
        ),
    ),
    Question(
        name="set None at the end",
        section="4. Reset by token",
        text="Mia's booking is open. In the middle of it her own code books for Noah, and that booking ends with "
        "`set(None)`. Whose booking does Mia's code find then?",
        choices=(
            Choice(
                "None.",
                None,
                "`set(None)` writes over whatever was there, the outer booking included.",
            ),
            Choice(
                "Mia's, as before.",
                "Mia",
                "“The end of a booking gives back what was before it.” Only a reset by the token does. `set(None)` "
                "does not know that there was one before.",
            ),
            Choice(
                "Noah's, still.",
                "Noah",
                "“A value stays until its function returns.” A context variable knows nothing of functions. It holds "
                "what was set last in this Context, and that is None.",
            ),
        ),
    ),
    Question(
        name="a task that comes late",
        section="6. Stop late children",
        text="Mia's booking starts a task and ends; the variable is reset by its token. Then the task goes on, and "
        "reads the variable. What does it find?",
        choices=(
            Choice(
                "None: the variable was reset.",
                None,
                "“A reset is a reset for everybody.” It is for one Context, the one in which the token was made. The "
                "task has a copy.",
            ),
            Choice(
                "A `LookupError`: the booking is over.",
                "LookupError",
                "“Python notices that the booking has ended.” Python knows nothing of bookings. An error comes from "
                "code that looks, and here nobody looks.",
            ),
            Choice(
                "Mia's booking.",
                "Mia",
                "The task was given a copy of the Context while the booking was open. The reset has not touched it.",
            ),
        ),
    ),
)
