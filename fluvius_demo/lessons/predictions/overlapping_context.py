"""What notebook 01 asks."""

from fluvius_demo.lessons.predictions.question import Choice, Question

OVERLAPPING_CONTEXT = (
    Question(
        name="nothing slow inside",
        section="2. Two commands overlap",
        text="Ana's and Ben's deposits are sent at once, and nothing in them is slow. Whose money arrives?",
        choices=(
            Choice(
                "Both: each runs to its end before the other begins.",
                ["ana", "ben"],
                "“One thread, so one after the other.” A task hands over at an `await` that has to wait, and opening "
                "a command waits for the store. (An `await` that need not wait would not hand over.)",
            ),
            Choice(
                "Ana's alone: Ben is refused.",
                ["ana"],
                "Ana's opening has set the variables, and waits for the store. Meanwhile Ben's begins, and the guard "
                "finds them set.",
            ),
            Choice(
                "Ben's alone: he takes the place from Ana.",
                ["ben"],
                "“The newcomer writes over what is there.” The guard stands before the first assignment. So the "
                "newcomer fails, before he has changed anything.",
            ),
            Choice(
                "Neither: both are refused.",
                [],
                "“When two collide, both fail.” Only the second one finds the aggregate taken. The first has passed "
                "the guard, and never looks at it again.",
            ),
        ),
    ),
    Question(
        name="a hundred at once",
        section="3. A hundred overlap",
        text="All hundred try to open, then all deposit, then all close. How many get their money?",
        choices=(
            Choice(
                "One of the hundred.",
                1,
                "Whoever opens first keeps all the others out until the end, and nobody who was refused comes again.",
            ),
            Choice(
                "Half of them.",
                50,
                "“Each refusal makes room for the next one.” A refused command was never open, so it frees nothing. "
                "The first one stands in the way all the time.",
            ),
            Choice(
                "All but one of them.",
                99,
                "“It takes two that come in the same instant.” It takes one that is still open. The first command "
                "stays open while all the others come.",
            ),
        ),
    ),
    Question(
        name="without the guard",
        section="4. Take the guard out",
        text="Without the guard, Ana deposits 100 and Ben 50, in turns as before. What happens?",
        choices=(
            Choice(
                "Ana has 100 and Ben has 50.",
                {"ana": 100_00, "ben": 50_00},
                "“The guard was the bug.” The guard only told of it. Both commands still keep their account in "
                "the same variable.",
            ),
            Choice(
                "Ana has 150 and Ben has 0.",
                {"ana": 150_00, "ben": 0},
                "“Who opens first owns the variables.” Nobody owns them. The last one to open writes over what was "
                "there.",
            ),
            Choice(
                "Ana has 0 and Ben has 150.",
                {"ana": 0, "ben": 150_00},
                "Both commands ask the aggregate whose account it is. Ben opened last, and his opening wrote over the "
                "answer.",
            ),
            Choice(
                "An error is raised.",
                "an error",
                "“Python will notice.” Everything that is used here exists and has the right type. It is somebody "
                "else's, and no type can tell.",
            ),
        ),
    ),
    Question(
        name="the next after an error",
        section="5. A command fails",
        text="Ana's command raises an error; it is caught and logged. Then three more come, one after the other: Ben, "
        "Ben again, Ana. Who of them is served?",
        choices=(
            Choice(
                "All three of them.",
                ["ben", "ben", "ana"],
                "“A caught error is over.” The caller has caught it, outside. In `command_aggregate` the lines after "
                "the `yield` have not run, and the variables are still set.",
            ),
            Choice(
                "Ana alone.",
                ["ana"],
                "“The command in the way is her own, so she may enter again.” The guard does not ask who holds it. It "
                "asks whether anybody does.",
            ),
            Choice(
                "Ben at his second try, and Ana.",
                ["ben", "ana"],
                "“The refusal clears the way.” A refusal raises in the first line, before it has touched "
                "anything. So it sets nothing back either.",
            ),
            Choice(
                "None of the three.",
                [],
                "There is no `try/finally`: after an error the lines that set the variables back never run. So the "
                "guard refuses everybody from then on.",
            ),
        ),
    ),
    Question(
        name="other ways out",
        section="5. A command fails",
        text="After which of these is the next command refused as well: a timeout, a cancellation, an old etag?",
        choices=(
            Choice(
                "After none of them.",
                [],
                "“The framework tidies up after what it ends itself.” All three are exceptions inside of "
                "`command_aggregate`. Each of them skips its last lines.",
            ),
            Choice(
                "After all three of them.",
                ["after a timeout", "after a cancellation", "after a stale If-Match"],
                "All three leave `command_aggregate` by an exception: the etag before the `yield`, the others at it. "
                "The lines that set the variables back come later, and never run.",
            ),
            Choice(
                "After the timeout and the cancellation.",
                ["after a timeout", "after a cancellation"],
                "“An etag is checked before the command opens.” To compare etags the account has to be fetched. By "
                "then the variables are set.",
            ),
        ),
    ),
    Question(
        name="twenty at once",
        section="6. The quick cure: a lock",
        text="Twenty deposits are sent at once, to twenty accounts. How many of them are open at the same time, at "
        "most?",
        choices=(
            Choice(
                "Behind the lock 20, on isolated 20.",
                (20, 20),
                "“A lock keeps apart only those who want the same account.” This one is around the whole aggregate, "
                "and does not ask which account it is.",
            ),
            Choice(
                "Behind the lock 1, on isolated 1.",
                (1, 1),
                "“There is one thread, so there is one at a time.” One computes at a time. But a command that waits "
                "for the store is open all the while, and twenty can wait at once.",
            ),
            Choice(
                "Behind the lock 1, on isolated 20.",
                (1, 20),
                "The lock is held while its owner waits for the store. On isolated nobody waits for another command.",
            ),
        ),
    ),
)
