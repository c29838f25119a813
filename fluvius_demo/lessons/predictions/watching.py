"""What notebook 06 asks."""

from fluvius_demo.lessons.predictions.question import Choice, Question

WATCHING = (
    Question(
        name="lines without a name",
        section="1. Who said that?",
        text="Ana's deposit and Ben's withdrawal run at the same time. On which of the store's lines will a command's "
        "name be missing?",
        choices=(
            Choice(
                "On none: each of the two runs in a task of its own.",
                [],
                "“Where a command's task runs, there is a command.” The task calls the store before the command is "
                "open, and once more when it has ended.",
            ),
            Choice(
                "On those from before a command is open, and on the commit.",
                ["fetch", "fetch", "commit"],
                "A line has a name where a command is open, and these three come before and after.",
            ),
            Choice(
                "On the commit: it is the one call outside of the commands.",
                ["commit"],
                "“Opening is the first thing that a command does.” The isolated design fetches the account first and "
                "sets its variable last. So that fetch has no name.",
            ),
            Choice(
                "On all of them: the store knows nothing of commands.",
                ["fetch", "fetch", "fetch", "fetch", "update", "commit"],
                "“A line can say only what its writer knows.” The filter adds the name. It runs where the line is "
                "written, and that is the command's Context.",
            ),
        ),
    ),
    Question(
        name="what the inner one sees",
        section="1. Who said that?",
        text="A second bank's command runs inside of the first one's. What can it learn of the one around it?",
        choices=(
            Choice(
                "Nothing: isolated commands do not know of each other.",
                (),
                "“Isolated means alone.” The two never mix. But who asked for the outer one, and what it was annotated "
                "with, is handed on, so that lines can be told together.",
            ),
            Choice(
                "The metadata alone: that is what was annotated for others.",
                ("metadata",),
                "“Only what was put there to travel does travel.” The inner lines name their `parent`. For that they "
                "need the outer command as well.",
            ),
            Choice(
                "Its context, its command and its metadata.",
                ("context", "command", "metadata"),
                "These three tell where a command comes from, and cannot be used to act for it.",
            ),
            Choice(
                "All that it has, its account and its events as well.",
                ("context", "command", "metadata", "rootobj", "events"),
                "“Same task, same Context, so all is there.” What is asked for is found by its owner. Of another "
                "aggregate's command only three things are handed on.",
            ),
        ),
    ),
    Question(
        name="open at once",
        section="2. A rush, live",
        text="How many of the 300 commands will be open at once, at the worst moment of the rush?",
        choices=(
            Choice(
                "About 80.",
                80,
                "Nine come in each tick, and each stays for eight ticks or more.",
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
                "Those of both.",
                ["deposit-money", "withdraw-money"],
                "“Timer and lock both outlive the command.” They do. But the timer has the account among its "
                "arguments, and the lock has nothing of the command.",
            ),
            Choice(
                "Those of deposits: the timer has the account.",
                ["deposit-money"],
                "Its arguments are held until it is due, in an hour.",
            ),
        ),
    ),
    Question(
        name="the books",
        section="5. What nobody sees",
        text="Compared with what was acknowledged to the callers, what do the books hold?",
        choices=(
            Choice(
                "The same sum: all commands have ended, and every counter is right.",
                "the same",
                "“No error, so no loss.” A counter counts how commands end. One that writes over another's balance "
                "ends well, too.",
            ),
            Choice(
                "Less.",
                "less",
                "Two commands had read the same balance, and the one that wrote last wiped the other's change out.",
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
