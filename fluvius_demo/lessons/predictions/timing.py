"""What notebook 04 asks. Times differ on every machine, so it asks about orders of magnitude, and about growth."""

from fluvius_demo.lessons.predictions.question import Choice, Question

TIMING = (
    Question(
        name="a thousand reads",
        section="2. What does a read cost?",
        text="A thousand reads of a context variable, or one call of a store that takes 1 ms: which takes longer?",
        choices=(
            Choice(
                "The store call, several times as long.",
                "up to 0.5",
                "A read takes some 9 ns, so a thousand take 9 microseconds. The store call takes a hundred times as "
                "long.",
            ),
            Choice(
                "About the same.",
                "0.5 to 2",
                "“Many small costs add up to a large one.” They do, but to which? A thousand nanoseconds are a "
                "microsecond, and a millisecond is a thousand of those.",
            ),
            Choice(
                "The reads, several times as long.",
                "more than 2",
                "“Each read searches a tree, and that is slow.” The tree is searched once. After that, the variable "
                "remembers its value until the task waits, and even the search takes no microsecond.",
            ),
        ),
    ),
    Question(
        name="an empty command",
        section="3. What does a command cost?",
        text="The legacy class sets six attributes and clears them again; the isolated one has an owner, a parent, a "
        "flag and a check for nesting. Which takes longer, entered and left?",
        choices=(
            Choice(
                "The isolated one: it has more rules to check.",
                "up to 0.8",
                "“More rules, more time.” A rule is a comparison or two, and takes nanoseconds. What takes time is "
                "what is built anew for each command, and the legacy class builds more.",
            ),
            Choice(
                "The legacy one: it builds more anew.",
                "more than 1.25",
                "The legacy one builds a context manager, a queue with a lock, and a proxy for each command. The "
                "isolated one makes one small object; to check a rule takes nanoseconds.",
            ),
            Choice(
                "About the same: most of it is `async with`.",
                "0.8 to 1.25",
                "“Entering and leaving costs so much that the rest does not count.” An empty `async with` stands in "
                "the picture as well. It is about a fifth of isolated, and a few per cent of legacy.",
            ),
        ),
    ),
    Question(
        name="with work in it",
        section="3. What does a command cost?",
        text="A read of the isolated class takes longer than one of the legacy class. With four reads and three events "
        "in each command, which takes longer?",
        choices=(
            Choice(
                "The isolated one: now its reads count.",
                "up to 0.8",
                "“Each read asks whose command this is, and that adds up.” Four of them are a few hundred nanoseconds. "
                "Opening and closing the legacy one takes thousands more.",
            ),
            Choice(
                "About the same: the work is the same.",
                "0.8 to 1.25",
                "“Where work is done, the design no longer counts.” The same work comes on top of both. What legacy "
                "takes to open and close does not get less, and each of its events goes through a queue with a lock.",
            ),
            Choice(
                "The legacy one: opening and closing still decide.",
                "more than 1.25",
                "The same work comes on top of both, and it is less than what legacy builds anew for each command.",
            ),
        ),
    ),
    Question(
        name="a hundred and a slow store",
        section="4. What do I gain when the store takes 5 ms?",
        text="A hundred commands at once, each calls the store three times. How many does isolated serve in the time "
        "in which the lock serves one?",
        choices=(
            Choice(
                "One: there is a single thread.",
                "up to 1.5",
                "“One thread does one thing at a time.” It computes one at a time. To wait for a store takes no "
                "thread at all.",
            ),
            Choice(
                "More than ten: it is the waiting that takes the time.",
                "more than 10",
                "While one waits for the store, all others can wait, too. Behind the lock they wait one after the "
                "other.",
            ),
            Choice(
                "Two to ten: some of the waiting overlaps.",
                "1.5 to 10",
                "“Commands get in each other's way.” Behind a lock they do. Without one nothing in a command waits for "
                "another, so all of the waiting overlaps.",
            ),
        ),
    ),
    Question(
        name="what takes longer",
        section="5. How does it grow?",
        text="On isolated, what takes more than three times as long as usual: a command while 10,000 others are open, "
        "or a read of the outermost of 50 nested ones?",
        choices=(
            Choice(
                "Neither of them.",
                {"others open": False, "nested": False},
                "“A context variable takes the same time everywhere.” The variable does. But the outermost command is "
                "found from frame to frame, and each level is one more.",
            ),
            Choice(
                "The command, while others are open.",
                {"others open": True, "nested": False},
                "“Whoever has to find its own state searches through all.” There is no list of all. A task has its "
                "own Context, and in that there is one command. The nested ones are in a single Context.",
            ),
            Choice(
                "The read, from inside of nested commands.",
                {"others open": False, "nested": True},
                "Other tasks have Contexts of their own, and nobody searches them. Nested commands are all in one, and "
                "the read goes through them from frame to frame.",
            ),
            Choice(
                "Both of them.",
                {"others open": True, "nested": True},
                "“More commands, more work.” What counts is not how many there are, but how many are in one Context. "
                "Commands that are open elsewhere are not in it.",
            ),
        ),
    ),
    Question(
        name="what keeps the account",
        section="6. What stays in memory?",
        text="The command is over. On which designs is its account kept, in at least one of the five situations?",
        choices=(
            Choice(
                "On `unguarded`, `legacy` and `locked`: their object lives on.",
                ["unguarded", "legacy", "locked"],
                "“What lies in an instance lives as long as the instance.” The object does live on. But at the end of "
                "a command these classes set their variables to None.",
            ),
            Choice(
                "On `migrated` and `isolated`: a task copies its Context.",
                ["migrated", "isolated"],
                "“Each copy of a Context keeps what was in it.” It keeps the frame, and not more. The isolated class "
                "has emptied that frame when the command ended.",
            ),
            Choice(
                "On none: the command is over.",
                [],
                "“Context variables clean up after themselves.” They go with their Context. A task that is kept, or a "
                "timer, has a copy of that Context, and keeps it.",
            ),
            Choice(
                "On `migrated` alone: at the end it only stops.",
                ["migrated"],
                "It resets nothing at the end, so every copy of that Context keeps the account. The others empty what "
                "they have kept.",
            ),
        ),
    ),
)
