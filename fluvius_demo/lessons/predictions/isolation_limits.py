"""What notebook 02 asks in its second half: where the migration is not enough, and what finishes it."""

from fluvius_demo.lessons.predictions.question import Choice, Question

LIMITS = (
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
                "In one task there is one Context. The inner command set the variables to Ben's, and nobody put Ana's "
                "back.",
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
                "On Ben's, at the second bank.",
                ({"ana": 0, "ben": 0}, {"ana": 0, "ben": 100_00}),
                "“The last one opened gets it all.” It gives the name of the account. The store is still the first "
                "bank's: that one lies in an instance variable.",
            ),
            Choice(
                "On nobody's, with an error.",
                "an error",
                "“A class knows its own commands.” The six values do not say which aggregate has set them. So it "
                "cannot find out.",
            ),
            Choice(
                "On Ben's, at the first bank.",
                ({"ana": 0, "ben": 100_00}, {"ana": 0, "ben": 0}),
                "The variables belong to the class, so the second bank's command has written over the name of the "
                "account. The store is an instance variable: still the first bank's.",
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
                "Each command is noted with the aggregate that it belongs to, so two banks do not disturb each other. "
                "In the other three there is no open command, or two of one aggregate.",
            ),
            Choice(
                "The stale command and the stray event.",
                ["stale command", "stray event"],
                "“When the inner one ends, the outer one is put back, so nesting is safe.” For another aggregate it "
                "is. On the same one, the outer command's calls would act for the inner one meanwhile.",
            ),
            Choice(
                "None of them.",
                [],
                "“A better design has an answer to everything.” Outside of every command there is no right account. It "
                "is better to say so.",
            ),
            Choice(
                "All four of them.",
                ["stale command", "nested command", "second instance", "stray event"],
                "“What went wrong on the migrated class is forbidden now.” With two instances it is clear whose "
                "command is meant, once each command says whose it is.",
            ),
        ),
    ),
    Question(
        name="the best of six designs",
        section="7. All designs, all situations",
        text="Which designs let commands overlap, refuse none of them for it, and are nowhere wrong or stuck?",
        choices=(
            Choice(
                "None of the six.",
                [],
                "“There is always a price.” There is, but it need not be a wrong result. Isolated refuses, and says "
                "why; one per command costs convenience.",
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
                "Both give each command a state of its own, and use it for no other. They differ in who can "
                "ask for it.",
            ),
        ),
    ),
)
