"""What notebook 03 asks."""

from fluvius_demo.lessons.predictions.question import Choice, Question

EVERY_INTERLEAVING = (
    Question(
        name="whose account",
        section="1. An order is a word",
        text="On the class without a guard, A takes one step and then B takes one. Whose account does A see now?",
        choices=(
            Choice(
                "Ana's: her command was opened with it.",
                "ana",
                "“A command has the account that it was opened with.” It was given that one, and noted it in a "
                "variable of the object. B's opening has written to the same variable.",
            ),
            Choice(
                "Ben's: he was the last one to open.",
                "ben",
                "The object has one variable for all, and whoever opens last has written it last.",
            ),
            Choice(
                "None: A still waits for the store.",
                "nothing",
                "“A waits for the store, so nothing is there yet.” That is true of the money that the account holds. "
                "Which account it is, this class notes before it asks the store.",
            ),
        ),
    ),
    Question(
        name="how many orders",
        section="3. All of them",
        text="Two commands of five steps each. In how many orders can they run?",
        choices=(
            Choice(
                "25.",
                25,
                "“Each of five steps meets each of five others, so 5 by 5.” That counts pairs of steps. An order says "
                "of all ten steps whose turn it is.",
            ),
            Choice(
                "120.",
                120,
                "“Five things have 5 · 4 · 3 · 2 · 1 orders.” The steps of one command never change places. What "
                "differs is who takes the next one.",
            ),
            Choice(
                "252.",
                252,
                "Choose which five of the ten turns are A's: the other five are B's.",
            ),
            Choice(
                "1,024.",
                1_024,
                "“Ten turns, two commands: 2 to the power of 10.” Among those words is one with ten As. But A has "
                "only five steps.",
            ),
        ),
    ),
    Question(
        name="how most orders end",
        section="3. All of them",
        text="Ana and Ben deposit to their own accounts, on the class without a guard. How do most of the orders end?",
        choices=(
            Choice(
                "At least one command is wrong.",
                "wrong",
                "In most orders each command finds the variables full, so it goes on. But what is in them is the other "
                "one's.",
            ),
            Choice(
                "Both commands are correct.",
                "correct",
                "“A bad end needs bad luck.” That is how often a quiet server happens to overlap. Where two "
                "commands do overlap, it is the good end that needs luck.",
            ),
            Choice(
                "One command is refused, and none is wrong.",
                "refused",
                "“What collides raises.” It does where one command has tidied up and the other one then reads. In most "
                "orders the variables are full, of the other one's data.",
            ),
        ),
    ),
    Question(
        name="no order fails",
        section="3. All of them",
        text="On which of the six designs do both deposits get done, in every order that there is?",
        choices=(
            Choice(
                "`migrated` and `isolated`.",
                ["migrated", "isolated"],
                "“Only context variables keep commands apart.” An object for each command does so as well. And a lock "
                "need not keep them apart, for it lets one in at a time.",
            ),
            Choice(
                "`one per command`, `migrated` and `isolated`.",
                ["one per command", "migrated", "isolated"],
                "“A lock makes a failure rarer.” It does more: no second command opens while one is open. So all its "
                "orders are correct, and there are few of them.",
            ),
            Choice(
                "All but `unguarded`.",
                ["legacy", "locked", "one per command", "migrated", "isolated"],
                "“The guard takes care of it.” It takes care that nothing is mixed up. Whoever comes second is turned "
                "away, and that deposit does not get done.",
            ),
            Choice(
                "All but `unguarded` and `legacy`.",
                ["locked", "one per command", "migrated", "isolated"],
                "Either the second waits, or each has a place of its own: both get every deposit done.",
            ),
        ),
    ),
    Question(
        name="where failing begins",
        section="4. One picture",
        text="On the class without a guard: which is the first place from which every order fails?",
        choices=(
            Choice(
                "A 1, B 1: both have opened, and fetched nothing yet.",
                ["A 1, B 1"],
                "The second opening overwrites what the first command has not used yet: it will fetch the other one's "
                "account.",
            ),
            Choice(
                "A 3, B 3: both have read their account, and written nothing yet.",
                ["A 3, B 3"],
                "“A race lies between reading and writing.” Here the accounts are two, and some ways through this "
                "place end well.",
            ),
            Choice(
                "A 4, B 4: both have yet to take their events.",
                ["A 4, B 4"],
                "“The events come last, so they cross last.” From there every order fails, too. But there is an "
                "earlier place like it.",
            ),
            Choice(
                "There is none: up to the last step it is luck.",
                [],
                "“A race can always turn out well.” Not where the one note that says whose account it is has been "
                "overwritten: no later step brings it back.",
            ),
        ),
    ),
    Question(
        name="what is left",
        section="6. Two at one account",
        text="The account holds 100, and one command takes 30, the other 20. On the isolated class, what can be left?",
        choices=(
            Choice(
                "50 alone.",
                {"ana holds 50"},
                "“Isolated commands cannot disturb each other.” Isolated is what a command keeps while it runs. The "
                "account lies in the store, and both of them go there.",
            ),
            Choice(
                "50, 70 or 80.",
                {"ana holds 50", "ana holds 70", "ana holds 80"},
                "Both may read 100 before either of them writes. Then the last one to write wins.",
            ),
            Choice(
                "50 or 100.",
                {"ana holds 50", "ana holds 100"},
                "“Where two writes collide, neither of them counts.” A store does that if it compares versions. This "
                "one was not asked to: it takes what it is given.",
            ),
            Choice(
                "50, 70, 80 or 100.",
                {"ana holds 50", "ana holds 70", "ana holds 80", "ana holds 100"},
                "“If one withdrawal can be lost, both can.” Somebody writes last, and nobody overwrites that. So one "
                "of them always counts.",
            ),
        ),
    ),
    Question(
        name="after a fault",
        section="7. Three commands, and faults",
        text="A command is cancelled or fails at any of its awaits. Which designs serve the next one, in every order?",
        choices=(
            Choice(
                "All four.",
                ["legacy", "locked", "migrated", "isolated"],
                "“`async with` always tidies up.” It always enters the exit. But what stands behind a `yield` without "
                "a `finally` is skipped by an error, and there the legacy class tidies up.",
            ),
            Choice(
                "`isolated` alone.",
                ["isolated"],
                "“What is not reset stays in the way.” On the migrated class it does stay. But no guard looks at it, "
                "the next opening sets it anew, and another task has another Context.",
            ),
            Choice(
                "All but `legacy`.",
                ["locked", "migrated", "isolated"],
                "The lock is let go of on every way out, and isolated resets its variable. On migrated and legacy the "
                "variables stay set, but on legacy alone a guard looks at them.",
            ),
            Choice(
                "`migrated` and `isolated`.",
                ["migrated", "isolated"],
                "“Who is cancelled never lets go of the lock.” A lock that was taken with `async with` is let go of on "
                "every way out, a cancellation included.",
            ),
        ),
    ),
)
