"""What notebook 06 asks."""

from fluvius_demo.lessons.predictions.question import Choice, Question

# The lines of the store that no command's name stands on.
NAMELESS = "\n".join(f"- - - parent=- (-) {call}" for call in ("fetch account ana", "fetch account ben", "commit"))

WATCHING = (
    Question(
        name="lines without a name",
        section="1. Who said that?",
        text="Ana's deposit and Ben's withdrawal run at the same time. On which of the store's lines will a command's "
        "name be missing?",
        choices=(
            Choice(
                "On none: each of the two runs in a task of its own.",
                "",
                "“Where a command's task runs, there is a command.” The task calls the store before the command is "
                "open, and once more when it has ended.",
            ),
            Choice(
                "On the first fetches and the commit: no command is open then.",
                NAMELESS,
                "A line has a name where a command is open. Isolated fetches the account first and sets its variable "
                "last; the commit comes when the command has ended.",
            ),
            Choice(
                "On the commit: it is the one call outside of the commands.",
                NAMELESS.splitlines()[-1],
                "“Opening is the first thing that a command does.” The isolated design fetches the account first and "
                "sets its variable last. So that fetch has no name.",
            ),
            Choice(
                "On all of them: the store knows nothing of commands.",
                "all",
                "“A line can say only what its writer knows.” The filter adds the name. It runs where the line is "
                "written, and that is the command's Context.",
            ),
        ),
    ),
    Question(
        name="two requests",
        section="1. Who said that?",
        text="The outer command is annotated with request='r-42', then the inner one with request='r-43'. What does "
        "the outer one's metadata say afterwards?",
        choices=(
            Choice(
                "`r-43`: both run in one task, and so in one Context.",
                {"request": "r-43"},
                "“One Context, one value.” The Context holds one frame at a time. Each command has a frame of its own, "
                "with metadata of its own, and the outer one's comes back.",
            ),
            Choice(
                "Both of them: metadata is added, and not replaced.",
                {"request": ("r-42", "r-43")},
                "“Nothing that was noted is lost.” A second value for one key takes the place of the first, in the "
                "command that is annotated.",
            ),
            Choice(
                "`r-42`: the inner one has metadata of its own.",
                {"request": "r-42"},
                "The inner command begins with the outer one's metadata. To annotate it puts a new mapping in the "
                "place of its own, and changes nobody else's.",
            ),
        ),
    ),
    Question(
        name="open at once",
        section="2. A rush, live",
        text="How many of the 300 commands will be open at once, at the worst moment of the rush?",
        choices=(
            Choice(
                "About 80: each stays for several ticks.",
                80,
                "About nine come in each tick, and each stays for about eight.",
            ),
            Choice(
                "About 9: those who come in one tick.",
                9,
                "“Each tick serves those whom it brings.” The store alone takes longer than a tick. So the callers of "
                "many ticks are there together.",
            ),
            Choice(
                "One: an event loop runs one at a time.",
                1,
                "“One thread, one command.” One step runs at a time. All the others wait in the middle of their "
                "commands, and a command that waits is open.",
            ),
            Choice(
                "Nearly all 300: the store is slow.",
                300,
                "“With a slow store they pile up.” They would if more came than ended. After some ticks as many end in "
                "each as come.",
            ),
        ),
    ),
    Question(
        name="what stays",
        section="3. What stays",
        text="A large deposit sets a timer; a withdrawal may wait for a lock. Of the commands that have ended, whose "
        "objects does something still hold?",
        choices=(
            Choice(
                "Nobody's: the frame is emptied at the end.",
                [],
                "“The isolated design cleans up, so nothing can stay.” It empties what it holds itself. What your own "
                "code hands to a timer is held by the timer.",
            ),
            Choice(
                "Those of withdrawals: the lock is never given back.",
                ["withdraw-money"],
                "“Whoever keeps a lock is kept by it.” A lock knows that it is taken, and not by whom. It stops a "
                "command that is still open; that is no leak.",
            ),
            Choice(
                "Those of both: timer and lock outlive the command.",
                ["deposit-money", "withdraw-money"],
                "“What outlives the command keeps it.” It keeps what it was given. The timer was given the account; to "
                "take a lock gives it nothing.",
            ),
            Choice(
                "Those of deposits: their timer is due in an hour.",
                ["deposit-money"],
                "The account is among the timer's arguments, and those are held until it is due. The lock has nothing "
                "of a command.",
            ),
        ),
    ),
    Question(
        name="the books",
        section="5. Is the money right?",
        text="Compared with what was acknowledged to the callers, what do the books hold?",
        choices=(
            Choice(
                "The same sum: all commands have ended, and every counter is right.",
                "the same",
                "“No error, so no loss.” A counter counts how commands end. One that writes over another's balance "
                "ends well, too.",
            ),
            Choice(
                "Less: some of what was booked is not there any more.",
                "less",
                "Where two commands had read the same balance, the one that wrote last wiped the other's change out. A "
                "lost deposit makes it less, a lost withdrawal more; deposits are twice as many.",
            ),
            Choice(
                "More: some who gave up were told nothing, and yet booked.",
                "more",
                "“A caller who has gone may have been booked before.” The money and its event are booked together, in "
                "the commit. Whoever gives up before it leaves neither.",
            ),
        ),
    ),
)
