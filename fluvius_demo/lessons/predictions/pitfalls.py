"""What notebook 05 asks: sections 1 to 4 here, the rest in pitfalls_judged.py."""

from fluvius_demo.lessons.predictions.pitfalls_judged import JUDGED, books
from fluvius_demo.lessons.predictions.question import Choice, Question

PITFALLS = (
    Question(
        name="None at the end",
        section="P05 Set to None at the end",
        text="Ben's whole command has run inside of Ana's, and has set None at its end. Ana's goes on. Where do her "
        "100 go?",
        choices=(
            Choice(
                "To her account: her command is still open.",
                "correct",
                "“What is open is still set.” It is open, and its code runs on. But the one variable that says which "
                "command this is was set twice since.",
            ),
            Choice(
                "To Ben's: his command was the last one to set an account.",
                books(0, 100),
                "“The last one wins.” So it is on migrated, which sets nothing at the end. Here something was set "
                "after Ben's account: None.",
            ),
            Choice(
                "Nowhere: she is refused, in the middle of her own command.",
                "refused",
                "None forgets Ana's command as well, for it does not know what was there before Ben's. So her deposit "
                "finds no command.",
            ),
            Choice(
                "Nowhere, and nobody is told: None takes what it is given.",
                books(0, 0),
                "“Without an account nothing is booked.” Nothing is, but not in silence: to ask for the running "
                "command where there is none raises an error.",
            ),
        ),
    ),
    Question(
        name="Ana's account",
        section="P10 Tasks and timers keep their Context",
        text="Ana's command on `migrated` has ended, and so has its task. Which of these keep her account: a finished "
        "child task, an armed timer, a cancelled timer?",
        choices=(
            Choice(
                "The armed timer alone.",
                "kept by an armed timer",
                "“What is over has let go of everything.” A task that is done has let go of its local variables, and a "
                "cancelled timer of its callback. Both still have their Context.",
            ),
            Choice(
                "The armed timer and the finished child.",
                "kept by a finished child task, an armed timer",
                "“To cancel a timer clears it.” It clears what the timer was to call. The copy of the Context in which "
                "that would have run stays.",
            ),
            Choice(
                "All three of them.",
                "kept by a finished child task, an armed timer, a cancelled timer",
                "Each was made inside of the command, and holds a copy of its Context. Being done or cancelled does "
                "not empty that.",
            ),
            Choice(
                "None of them.",
                "freed",
                "“Context variables clean up after themselves.” They go with their Context. Here three objects hold "
                "a copy of it.",
            ),
        ),
    ),
    Question(
        name="a frozen copy",
        section="P02 Contexts copy shallowly",
        text="On `frozen copy`, Ana's command creates an event, then her child task another one. Ben's do the same. "
        "Which events does Ana's command take in the end?",
        choices=(
            Choice(
                "Hers, her child's, and those of Ben's two.",
                "ana takes the events of ana, ana's child, ben, ben's child",
                "“All of them work on one state.” Each command has set a state of its own when it began, so Ben's "
                "events are elsewhere.",
            ),
            Choice(
                "Hers alone.",
                "ana takes the events of ana",
                "The child makes a changed copy of the state and sets that in its own Context. Her command never looks "
                "there.",
            ),
            Choice(
                "Hers and her child's.",
                "worker 1 takes the events of worker 1; worker 2 takes the events of worker 2",
                "“The child inherits her state, so its event is in there.” It inherits the object, but does not "
                "change it: it makes a new one, and sets that in its own Context.",
            ),
        ),
    ),
    Question(
        name="after gather",
        section="3. Children",
        text="`handler` lets Ana arrive by `gather`, then by a plain `await`. What does it see after each?",
        choices=(
            Choice(
                "Ana, both times.",
                ("Ana", "Ana"),
                "“`gather` awaits the coroutine, so what that sets is set here.” It first wraps the coroutine in a "
                "task, and what a task sets stays in the task's own Context.",
            ),
            Choice(
                "Nobody, both times.",
                ("nobody", "nobody"),
                "“Every coroutine has a Context of its own.” A task has one. A coroutine that is awaited runs in the "
                "Context of whoever awaits it.",
            ),
            Choice(
                "Nobody after `gather`, Ana after `await`.",
                ("nobody", "Ana"),
                "`gather` makes a task of each coroutine, and what a task sets stays in its own Context. `await` makes "
                "none.",
            ),
        ),
    ),
    Question(
        name="run in a Context",
        section="P24 Context.run only makes a coroutine",
        text="Inside of Ana's command, Ben's is to run apart. On `migrated`, where do her 100 and his 50 go?",
        choices=(
            Choice(
                "To each their own: Ben's deposit runs in the new Context.",
                "correct",
                "“`Context.run` runs what it is given.” It runs the call, and calling an async function only makes a "
                "coroutine. The `await` then runs that, in Ana's Context.",
            ),
            Choice(
                "All 150 to Ben: his command is the last one that was set.",
                books(0, 150),
                "`Context().run` only makes the coroutine, and the `await` runs it in Ana's Context. His command stays "
                "set there, so hers works for him.",
            ),
            Choice(
                "All 150 to Ana: everything inside of her command is hers.",
                books(150, 0),
                "“What runs inside works for the one outside.” A command that is opened inside sets the variables to "
                "its own. Nobody puts the outer one's back.",
            ),
            Choice(
                "Nowhere: Ben's command is refused while Ana's is open.",
                "refused",
                "“A second command in the same task is refused.” Legacy's guard did that and isolated does it again. "
                "Migrated dropped the guard.",
            ),
        ),
    ),
    Question(
        name="the second step",
        section="4. Threads, generators and callbacks",
        text="A generator sets Ana in its first step. Somebody else takes its second step, in another Context. "
        "What does it see in each?",
        choices=(
            Choice(
                "Ana, then nobody.",
                ["Ana", "nobody"],
                "Each step runs in the Context of whoever asks for it. In the other one nobody was ever set.",
            ),
            Choice(
                "Ana, both times.",
                ["Ana", "Ana"],
                "“A generator goes on where it stopped, so its Context does, too.” Its local variables go with it. "
                "Its context variables do not: it has no Context of its own.",
            ),
            Choice(
                "Ana, then an error.",
                ["Ana", "RuntimeError"],
                "“What was begun in one Context cannot go on in another.” Python lets it. Only a reset by a token "
                "would complain.",
            ),
        ),
    ),
    *JUDGED,
)
