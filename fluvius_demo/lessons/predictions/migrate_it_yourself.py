"""What notebook 07 asks."""

from fluvius_demo.lessons.predictions.question import Choice, Question

MIGRATE_IT_YOURSELF = (
    Question(
        name="without the office's guard",
        section="1. Find the shared state",
        text="The office asks the price of C5 for Mia. In that moment Noah opens his booking, is told his card, and "
        "asks for D1's price: somebody has deleted the guard that would have refused him. What is on Mia's ticket?",
        choices=(
            Choice(
                "C5 for Mia, on Mia's card.",
                "C5 for Mia, on Mia's card",
                "“Mia asked for the price, so she gets the answer.” Her task gets it. But whose seat it is, the office "
                "looks up on itself, and there stands Noah by then.",
            ),
            Choice(
                "C5 for Noah, on Mia's card.",
                "C5 for Noah, on Mia's card",
                "“Mia's card was noted before Noah came.” So it was, until the hall told the office Noah's. There is "
                "room for one card.",
            ),
            Choice(
                "C5 for Noah, on Noah's card.",
                "C5 for Noah, on Noah's card",
                "Noah's opening writes over all that Mia's has set, and her seat is noted for whoever is booking now.",
            ),
            Choice(
                "No ticket: she gets an error.",
                "RuntimeError",
                "“Two at once must end in an error.” The guard was what raised it. Nothing else looks.",
            ),
        ),
    ),
    Question(
        name="set None at the end",
        section="4. Reset by token",
        text="Mia's booking is open. In the middle of it her own code books for Noah, and that booking ends as "
        "the office has ended them so far. Whose booking does Mia's code find then?",
        choices=(
            Choice(
                "Nobody's: none is open.",
                None,
                "The office ends a booking by setting None. That writes over whatever was there, Mia's booking "
                "included, and nothing remembers it.",
            ),
            Choice(
                "Mia's: hers is open.",
                "Mia",
                "“The end of a booking gives back what was before it.” Only a reset by the token does. Whoever sets "
                "None does not know that there was one before.",
            ),
            Choice(
                "Noah's: it was the last.",
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
                "Nothing: it was cancelled when the booking ended.",
                "CancelledError",
                "“A task ends with the booking that has started it.” Nobody cancels it. A task belongs to the loop, "
                "and runs to its own end.",
            ),
            Choice(
                "Mia's booking: it was there when the task was made.",
                "Mia",
                "The task was given a copy of the Context while the booking was open. The reset is for the booking's "
                "own Context, and has not touched the copy.",
            ),
        ),
    ),
)
