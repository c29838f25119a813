"""What notebook 02 asks."""

from fluvius_demo.lessons.predictions.isolation_limits import LIMITS
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
        "each of them find there afterwards?",
        choices=(
            Choice(
                "The parent finds its own entry; the child finds both.",
                (["from the parent"], ["from the parent", "from the child"]),
                "“The child has a copy of the list.” It has a copy of the Context: of which variable holds which "
                "object. The list itself is not copied.",
            ),
            Choice(
                "Each finds its own entry alone.",
                (["from the parent"], ["from the child"]),
                "“A task begins with nothing in its variables.” It begins with what they held where it was created.",
            ),
            Choice(
                "Both of them find both entries.",
                (["from the parent", "from the child"], ["from the parent", "from the child"]),
                "Nobody called `set`, so both Contexts hold the same list.",
            ),
        ),
    ),
    Question(
        name="a hundred on migrated",
        section="3. The same orders again",
        text="A hundred customers overlap as in notebook 01, each in a task of its own. What becomes of their "
        "deposits on the migrated class?",
        choices=(
            Choice(
                "One is correct, the others are refused.",
                {"correct": 1, "refused": 99},
                "“One object, one running command.” The object is one. What it knows of the running command lies in "
                "the Context of each task, and there are a hundred of them.",
            ),
            Choice(
                "All hundred are correct.",
                {"correct": 100},
                "What a command sets goes into the Context of its own task. There are a hundred of them, and nobody "
                "looks into another one's.",
            ),
            Choice(
                "One is correct, the others go astray.",
                {"correct": 1, "wrong": 99},
                "“Without the guard the last one to open wins.” So it was with shared variables. These are set a "
                "hundred times, each time in another Context.",
            ),
        ),
    ),
    Question(
        name="the guard kept",
        section="4. The four lock-outs again",
        text="With the old guard in front, Ana's command fails. Then Ben's comes: once in the same task, once in a "
        "task of its own. Where is it refused?",
        choices=(
            Choice(
                "In the same task.",
                ["in the same task"],
                "A guard looks into the Context that is running. In the same task Ana's values are still set there; "
                "in another task's they never were.",
            ),
            Choice(
                "In a task of its own.",
                ["in a task of its own"],
                "“Whoever was in may come in again, and a stranger may not.” The guard does not ask who has set the "
                "variable. It finds it set in the same task, and nowhere else.",
            ),
            Choice(
                "In both.",
                ["in the same task", "in a task of its own"],
                "“What is not set back is in the way.” It is, for whoever looks into that Context. A task of its own "
                "has another one.",
            ),
            Choice(
                "In neither.",
                [],
                "“When a command has failed, its values are gone.” No line removes them. They stay until the next "
                "opening sets them anew, and the guard stands before that.",
            ),
        ),
    ),
    *LIMITS,
)
