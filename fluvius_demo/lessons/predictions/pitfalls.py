"""What notebook 05 asks: sections 1 to 4 here, the rest in pitfalls_judged.py."""

from fluvius_demo.lessons.predictions.pitfalls_judged import JUDGED
from fluvius_demo.lessons.predictions.question import Choice, Question

PITFALLS = (
    Question(
        name="None or the token",
        section="P05 Set to None at the end",
        text="One colleague sets None, the other resets by the token. Whose cleanup comes out well, in its own case?",
        choices=(
            Choice(
                "Both.",
                ["correct", "correct"],
                "“Cleaning up is cleaning up.” None also wipes out what stood there before Ben's command. And a reset "
                "can fail, on top of the error that is on its way.",
            ),
            Choice(
                "The token's alone: None wipes out Ana's own command.",
                ["refused", "correct"],
                "“A reset by the token is always safe.” It is, in the Context in which the token was made. In another "
                "one it raises, and the caller hears of that instead of the blocked card.",
            ),
            Choice(
                "None's alone: a token is good in one Context only.",
                ["correct", "wrong"],
                "“None is what was there before any command, so it fits.” It fits after the outermost command. Before "
                "Ben's command there was Ana's.",
            ),
            Choice(
                "Neither.",
                ["refused", "wrong"],
                "None forgets Ana's command, which is still open; the reset that fails hides the error that matters.",
            ),
        ),
    ),
    Question(
        name="what is freed",
        section="P10 Tasks and timers keep their Context",
        text="Once nobody uses them any more, which are freed: Ana's account, the ten variables?",
        choices=(
            Choice(
                "Neither.",
                ["leaked", "leaked"],
                "Contexts hold both: those of the task and the timers hold the account, that of the long-lived task "
                "holds the variables.",
            ),
            Choice(
                "The account alone.",
                ["correct", "leaked"],
                "“A task that is done has let go of everything.” It has let go of its local variables and not of its "
                "Context. Even a cancelled timer keeps its own.",
            ),
            Choice(
                "The variables alone.",
                ["leaked", "correct"],
                "“A variable goes with the aggregate that made it.” The Context of the long-lived task has an entry "
                "for each variable that was set in it, and an entry holds its variable.",
            ),
            Choice(
                "Both.",
                ["correct", "correct"],
                "“What nobody reaches is collected.” It is still reached, through a Context that something "
                "long-lived holds.",
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
                "The child set its changed copy in its own Context, where her command never looks.",
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
                "`gather` makes a task of each coroutine, and `await` makes none.",
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
                "All 150 to Ben.",
                "wrong",
                "His deposit ran in Ana's Context after all, and left itself there as the running command.",
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
                "Each step runs in the Context of whoever asks for it.",
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
