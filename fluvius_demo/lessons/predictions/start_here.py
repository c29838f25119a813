"""What notebook 00 asks."""

from fluvius_demo.lessons.predictions.question import Choice, Question

START_HERE = (
    Question(
        name="a first taste",
        section="A taste",
        text="Both designs are given the same six steps. On which of them do both, Ana and Ben, get their money?",
        choices=(
            Choice(
                "On both: they have different accounts.",
                {"legacy": {"correct": 2}, "isolated": {"correct": 2}},
                "“Different accounts, so nothing is shared.” The accounts are two, but the object through which "
                "both commands act is one, and it remembers a single running command.",
            ),
            Choice(
                "On isolated alone: legacy turns one of them away.",
                {"legacy": {"correct": 1, "refused": 1}, "isolated": {"correct": 2}},
                "The legacy aggregate remembers one running command in variables of its own, and turns everybody else "
                "away. On isolated each command has a place of its own.",
            ),
            Choice(
                "On isolated alone: legacy gives one person's money to the other.",
                {"legacy": {"correct": 1, "wrong": 1}, "isolated": {"correct": 2}},
                "“A shared object mixes its users up.” It would, if nobody looked. The legacy design has a guard that "
                "looks; notebook 01 takes it out.",
            ),
            Choice(
                "On neither: two at the same time is one too many.",
                {"legacy": {"correct": 1, "refused": 1}, "isolated": {"correct": 1, "refused": 1}},
                "“At the same time cannot work.” It can, where each command has a place of its own.",
            ),
        ),
    ),
    Question(
        name="Ben opens first",
        section="A taste",
        text="The same two deposits on legacy, in another order: Ben, Ana, Ben, Ana, Ben, Ana. Who is refused now?",
        choices=(
            Choice(
                "Nobody: Ben was unlucky in that one order.",
                [],
                "“It takes bad luck.” It takes one command that opens while another is open. In most orders that "
                "happens, and the order only decides whom it hits.",
            ),
            Choice(
                "Ben again: his is still the second deposit in the list.",
                ["B"],
                "“Who was started first goes first.” Both are started, and then wait for their turns. What counts is "
                "who opens first.",
            ),
            Choice(
                "Ana: she comes while Ben's command is open.",
                ["A"],
                "The guard knows nobody by name. It refuses whoever finds a command open.",
            ),
        ),
    ),
)
