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
                "“One thread, so one after the other.” A task hands over at every `await` that has to wait, and "
                "opening a command awaits the store. There the other one begins.",
            ),
            Choice(
                "Ana's alone: Ben is refused.",
                ["ana"],
                "Ana's opening awaits the store; meanwhile Ben's begins, and the guard is already up.",
            ),
            Choice(
                "Ben's alone: he takes the place from Ana.",
                ["ben"],
                "“The newcomer writes over what is there.” The guard stands before the first assignment. So the "
                "newcomer fails, before he has changed anything.",
            ),
            Choice(
                "Neither: they get in each other's way.",
                [],
                "“When two collide, both fail.” Only the second one finds the aggregate taken. The first has passed "
                "the guard, and never looks at it again.",
            ),
        ),
    ),
    Question(
        name="a hundred at once",
        section="3. A hundred overlap",
        text="All hundred open, then all deposit, then all close. How many get their money?",
        choices=(
            Choice("One.", 1, "Whoever opens first keeps all the others out until the end."),
            Choice(
                "Fifty: every second one.",
                50,
                "“Each refusal makes room for the next one.” A refused command was never open, so it frees nothing. "
                "The first one stands in the way all the time.",
            ),
            Choice(
                "Ninety-nine: only the one right behind the first is hit.",
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
                "Ben opened last, so the aggregate says “Ben's account” to both of them.",
            ),
            Choice(
                "An error tells us that something is wrong.",
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
                "All three: the error was caught.",
                ["ben", "ben", "ana"],
                "“A caught error is over.” The caller has caught it, outside. In `command_aggregate` the lines after "
                "the `yield` have not run, and the variables are still set.",
            ),
            Choice(
                "Ana alone: the command in the way is her own.",
                ["ana"],
                "“Whoever holds a lock may enter again.” The guard does not ask who holds it. It asks whether anybody "
                "does.",
            ),
            Choice(
                "Ben at his second try, then Ana: the refusal clears the way.",
                ["ben", "ana"],
                "“Every error tidies up a little.” A refusal raises in the first line, before it has touched "
                "anything. So it sets nothing back either.",
            ),
            Choice(
                "Nobody.",
                [],
                "Nothing sets the variables back, and so the guard refuses everybody from then on.",
            ),
        ),
    ),
    Question(
        name="other ways out",
        section="5. A command fails",
        text="After which of these is the next command refused as well: a timeout, a cancellation, an old etag?",
        choices=(
            Choice(
                "After none: these are no errors in the body.",
                [],
                "“The framework tidies up after what it ends itself.” To the body all three are exceptions. Each of "
                "them skips the lines after the `yield`.",
            ),
            Choice(
                "After all three.",
                ["after a timeout", "after a cancellation", "after a stale If-Match"],
                "All three leave `command_aggregate` by an exception, and the variables stay set.",
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
        text="Twenty people ask at once, and each deposit waits three times for the store. When is the last one done, "
        "behind the lock and on isolated?",
        choices=(
            Choice(
                "On both designs: in about the time of one.",
                (20, 20),
                "“While one awaits the store, the next one runs.” To run it needs the lock first, and the lock is "
                "held while its owner waits for the store.",
            ),
            Choice(
                "On both designs: in about the time of twenty.",
                (1, 1),
                "“There is one thread, so there is one at a time.” One computes at a time. But the time goes "
                "into waiting, and twenty can wait at once.",
            ),
            Choice(
                "Locked: in the time of twenty. Isolated: in the time of one.",
                (1, 20),
                "Behind the lock the waits add up; on isolated they pass at the same time.",
            ),
        ),
    ),
)
