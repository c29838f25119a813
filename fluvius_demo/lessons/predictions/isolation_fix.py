"""What notebook 02 asks."""

from fluvius_demo.lessons.predictions.question import Choice, Question

ISOLATION_FIX = (
    Question(
        name="the child sets blue",
        section="1. What a Context is",
        text="The parent sets red and starts a child. The child looks, then sets blue. What does each of them see?",
        choices=(
            Choice(
                "The child finds red; afterwards the parent sees blue.",
                ("red", "blue"),
                "“One variable has one value.” It has one in each Context. The child's `set` went into the child's.",
            ),
            Choice(
                "The child finds none; afterwards the parent sees red.",
                ("none", "red"),
                "“A new task begins with an empty Context.” It begins with a copy of the one in which it was created, "
                "and there the colour was red.",
            ),
            Choice(
                "The child finds red; afterwards the parent sees red.",
                ("red", "red"),
                "The child has a copy: it finds what was there, and what it sets stays with it.",
            ),
        ),
    ),
    Question(
        name="the child appends",
        section="1. What a Context is",
        text="The parent puts a list with one entry into the variable. The child task appends a second one. What does "
        "the parent's list hold afterwards?",
        choices=(
            Choice(
                "Both entries.",
                ["from the parent", "from the child"],
                "Nobody called `set`: both Contexts hold the same list.",
            ),
            Choice(
                "The parent's entry alone.",
                ["from the parent"],
                "“The child has a copy.” It has a copy of the Context: of which variable holds which object. The list "
                "itself is not copied.",
            ),
        ),
    ),
    Question(
        name="a hundred on migrated",
        section="3. The same orders again",
        text="A hundred customers overlap, as in notebook 01. What becomes of their deposits on the migrated class?",
        choices=(
            Choice(
                "One is correct, the others fail: there is still one aggregate.",
                {"correct": 1, "refused": 99},
                "“One object, one running command.” The object is one. What it knows of the running command lies in "
                "the Context of each task, and there are a hundred of them.",
            ),
            Choice("All are correct.", {"correct": 100}, "Each command has its own task, and so its own variables."),
            Choice(
                "One is correct, the others go astray: nothing guards them.",
                {"correct": 1, "wrong": 99},
                "“Without the guard the last one to open wins.” So it was with shared variables. These are set a "
                "hundred times, each time in another Context.",
            ),
        ),
    ),
    Question(
        name="the lock-outs again",
        section="4. The four lock-outs again",
        text="The migrated class has no `try/finally` either, so what a failed command has set stays set. After which "
        "of the four is the next command still refused?",
        choices=(
            Choice(
                "After all four.",
                ["after an error", "after a timeout", "after a cancellation", "after a stale If-Match"],
                "“What is not set back is in the way.” It is, for whoever looks into that Context. The next command "
                "runs in another task.",
            ),
            Choice(
                "After the timeout and the cancellation.",
                ["after a timeout", "after a cancellation"],
                "“Who is cut off leaves more behind than who fails.” All four leave the same: six variables that are "
                "set, in the Context of a task that has ended.",
            ),
            Choice("After none of them.", [], "Nobody else looks into the Context of the task that failed."),
        ),
    ),
    Question(
        name="Ben inside of Ana's",
        section="The nested command",
        text="While Ana's command is open, its own code runs one for Ben, and then goes on. Ana pays in 100, Ben 50. "
        "Who has what?",
        choices=(
            Choice(
                "Ana has 100 and Ben has 50.",
                {"ana": 100_00, "ben": 50_00},
                "“When the inner one ends, the outer one is back.” By itself nothing comes back. It takes a `reset`, "
                "and the migrated class has none.",
            ),
            Choice(
                "Ana has 0 and Ben has 150.",
                {"ana": 0, "ben": 150_00},
                "The inner command set the variables to Ben's, and nobody put Ana's back.",
            ),
            Choice(
                "Ben has 50; Ana's deposit raises an error.",
                "an error",
                "“After the inner command nothing is set any more.” Nothing is cleared at the end either. The outer "
                "command finds an account, and it is Ben's.",
            ),
        ),
    ),
    Question(
        name="two banks in one task",
        section="The second instance",
        text="In one task, a command for Ana is open at the first bank, and then one for Ben at the second. Now Ana's "
        "100 are deposited. On whose account do they land?",
        choices=(
            Choice(
                "On Ana's, at the first bank.",
                ({"ana": 100_00, "ben": 0}, {"ana": 0, "ben": 0}),
                "“Two objects have two states.” So it was with instance variables. A context variable of the class is "
                "one for all its instances.",
            ),
            Choice(
                "On Ben's, at the second bank: that command was opened last.",
                ({"ana": 0, "ben": 0}, {"ana": 0, "ben": 100_00}),
                "“The last one opened gets it all.” It gives the name of the account. The store is still the first "
                "bank's: that one lies in an instance variable.",
            ),
            Choice(
                "On nobody's: the first bank finds a stranger's command, and raises.",
                "an error",
                "“A class knows its own commands.” The six values do not say which aggregate has set them. So it "
                "cannot find out.",
            ),
            Choice(
                "On Ben's, at the first bank.",
                ({"ana": 0, "ben": 100_00}, {"ana": 0, "ben": 0}),
                "The name of the account comes from the second bank's command, the store from the first bank.",
            ),
        ),
    ),
    Question(
        name="the four on isolated",
        section="6. The migration, finished",
        text="The same four situations on `IsolatedAggregate`. Which of them does it refuse?",
        choices=(
            Choice(
                "All but the second instance.",
                ["stale command", "nested command", "stray event"],
                "Two banks have two owners, so both frames have a place; the other three have no right answer.",
            ),
            Choice(
                "The stale command and the stray event: nothing is open there.",
                ["stale command", "stray event"],
                "“An inner frame makes nesting safe.” For another aggregate it does. On the same one, the outer "
                "command's calls would act for the inner one meanwhile.",
            ),
            Choice(
                "None: a finished migration makes all four work.",
                [],
                "“A better design has an answer to everything.” Outside of every command there is no right account. It "
                "is better to say so.",
            ),
        ),
    ),
    Question(
        name="the best of six designs",
        section="7. All designs, all situations",
        text="Which designs let commands overlap, refuse none of them for it, and are nowhere wrong or stuck?",
        choices=(
            Choice(
                "None: each fails somewhere.",
                [],
                "“There is always a price.” There is, but it need not be a wrong result. What isolated refuses has no "
                "right answer, and one per command costs convenience.",
            ),
            Choice(
                "Isolated alone.",
                ["isolated"],
                "“It takes context variables to keep commands apart.” A new object for each command does it too, "
                "with plain instance variables.",
            ),
            Choice(
                "Locked and isolated.",
                ["locked", "isolated"],
                "“A lock is slow, but safe.” A command that runs another one on the same aggregate waits for a lock "
                "that it holds itself: stuck.",
            ),
            Choice(
                "One per command, and isolated.",
                ["one per command", "isolated"],
                "Both give each command a state of its own; they differ in who can ask for it.",
            ),
        ),
    ),
)
