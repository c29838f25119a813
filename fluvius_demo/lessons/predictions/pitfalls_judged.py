"""What notebook 05 asks in its sections 5 to 8: of cells, of all designs, of the limits, and of the document."""

from fluvius_demo.lessons.predictions.question import Choice, Question

AWAITED, PLAIN = "a set with await", "a set without await"  # what the notebook's cells set


def books(ana: int, ben: int) -> str:
    """Return how a finding says what two people have, who were given so much."""
    return str({"ana": 100 * ana, "ben": 100 * ben})


JUDGED = (
    Question(
        name="a set in a cell",
        section="5. Tests and versions",
        text="A cell sets a variable. The next one sets it anew, and awaits. What do that cell and a later one read?",
        choices=(
            Choice(
                "Both read what the second cell has set.",
                [AWAITED, AWAITED],
                "“All cells run in one place, the kernel.” A cell with `await` runs in a task. What it sets is gone "
                "with that task.",
            ),
            Choice(
                "The second its own value, the later one that of the first.",
                [AWAITED, PLAIN],
                "A cell with `await` is a task, with a Context of its own. One without runs in the kernel's own "
                "Context, so what it sets stays.",
            ),
            Choice(
                "The second its own value, the later one nothing.",
                [AWAITED, "nothing"],
                "“Each cell runs in a Context of its own.” So it is in a browser's kernel. On your machine a cell "
                "without `await` runs in the kernel's own Context, and what it sets stays.",
            ),
        ),
    ),
    Question(
        name="correct on isolated",
        section="6. All pitfalls, all designs",
        text="On isolated none of the 29 is wrong, stuck or leaked. How many of them are correct?",
        choices=(
            Choice(
                "Nearly all: there the migration is finished.",
                "more than 0.75",
                "“A better class makes more of it work.” Often nothing could: in a late child, or in a thread with an "
                "empty Context, there is no right account. It can only say so.",
            ),
            Choice(
                "About half: most of the others have no right answer.",
                "0.35 to 0.75",
                "In many of the 29 the code runs where its command is not, or has ended. No account is the right one "
                "there, so isolated refuses.",
            ),
            Choice(
                "A few: nearly everything here is a mistake of the caller.",
                "up to 0.35",
                "“A strict class forbids what is unusual.” It forbids what would act for the wrong command. What ends "
                "late, out of order or by an error is unusual as well, and ends well.",
            ),
        ),
    ),
    Question(
        name="a worker of an open command",
        section="7. Five more situations",
        text="Ana's isolated command has started a worker and is still open. Ben's command hands his 50 to that "
        "worker. Who gets them?",
        choices=(
            Choice(
                "Ana: the worker is hers.",
                books(150, 0),
                "The worker runs in a copy of Ana's Context, and her command is open there. From inside nobody can see "
                "that this job is Ben's.",
            ),
            Choice(
                "Ben: his command hands the job over.",
                "correct",
                "“A job runs in the Context of whoever hands it over.” It runs in the worker's task, in a copy of "
                "Ana's Context. A queue carries the job, and no Context.",
            ),
            Choice(
                "Nobody: it is refused, as in P09 above.",
                "refused",
                "“Isolated refuses whoever works for the wrong command.” It refuses those whose command has ended. "
                "Ana's is still open.",
            ),
        ),
    ),
    Question(
        name="the script",
        section="C20 The script",
        text="The script says that it verifies three things: isolation, cleanup, and safety of commands at once. "
        "Three designs break one of these each. Which of the breaks does it notice?",
        choices=(
            Choice(
                "All three.",
                [True, True, True],
                "“It says so, and it looked right.” It runs two commands, one after the other, and looks while they "
                "are open. It never looks after a command, and no two are open at once.",
            ),
            Choice(
                "Isolation and cleanup.",
                [True, True, False],
                "“It runs a second command, so it must stumble over what the first one left.” The second command "
                "writes over all of that before the script looks.",
            ),
            Choice(
                "None.",
                [False, False, False],
                "“Two commands one after the other cannot get in each other's way.” They can, if the first one "
                "stays. That is the one break that it notices.",
            ),
            Choice(
                "Isolation alone.",
                [True, False, False],
                "Inside of the second command it sees a context that the first one left. After a command it never "
                "looks, and two are never open at once.",
            ),
        ),
    ),
)
