"""What notebook 05 asks in its sections 5 to 8: of cells, of all designs, of the limits, and of the document."""

from fluvius_demo.lessons.predictions.question import Choice, Question

AWAITED, PLAIN = "a set with await", "a set without await"  # what the notebook's cells set

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
                "“A cell without `await` runs in the kernel's own Context.” So it does in a kernel on your machine. A "
                "kernel in the browser runs every cell in a task.",
            ),
            Choice(
                "The second its own value, the later one nothing.",
                [AWAITED, "nothing"],
                "“Each cell runs in a Context of its own.” A cell with `await` does. A cell without runs in the "
                "kernel's own Context, and what it sets stays.",
            ),
        ),
    ),
    Question(
        name="the worst design",
        section="6. All pitfalls, all designs",
        text="On which of these designs are the most of the 29 pitfalls wrong, stuck or leaked?",
        choices=(
            Choice(
                "unguarded: nothing protects it.",
                "unguarded",
                "“No guard and no lock: everything must go wrong.” Commands that overlap do mix. But most of these "
                "rows need a context variable to go wrong, and this design has none.",
            ),
            Choice(
                "legacy: it is the one with the bug.",
                "legacy",
                "“The design that had to be replaced is the worst.” Its bug is loud: it refuses. These rows look for "
                "what nobody notices.",
            ),
            Choice(
                "migrated: the one with six context variables.",
                "migrated",
                "The rows were chosen because context variables bite in them, and this design leaves its six set.",
            ),
            Choice(
                "locked: a lock hangs in every unusual case.",
                "locked",
                "“Locks are what gets stuck.” This one hangs only where a command waits for itself, or for its own "
                "child. The other rows pass it by.",
            ),
        ),
    ),
    Question(
        name="a worker of an open command",
        section="7. What no class can catch",
        text="Ana's isolated command has started a worker and is still open. Ben's command hands his 50 to that "
        "worker. Who gets them?",
        choices=(
            Choice(
                "Ana.",
                "wrong",
                "The worker runs in a copy of Ana's Context, and her command is open. So it works for her.",
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
                "Ana's is open, and nobody can see from inside that this job is not hers.",
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
                "are open. Nothing is looked at after a command, and no two run at once.",
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
                "It looks at two commands while each of them is open, and at nothing else.",
            ),
        ),
    ),
)
