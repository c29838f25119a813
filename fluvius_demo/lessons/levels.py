"""The levels of the stepper: what to bring about, on which design, a hint, and what to notice when it is done."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fluvius_demo.lessons import goals

if TYPE_CHECKING:
    from fluvius_demo.lessons.stepper import Stepper


@dataclass(frozen=True)
class Level:
    """A task: commands (a name in PROGRAMS), a design (a name in DESIGNS), and what is to become of them.

    `won` looks at what was run. `anywhere`: whether another design may be picked for that.
    """

    name: str
    program: str
    design: str
    goal: str
    won: Callable[["Stepper"], bool]
    hint: str
    notice: str
    anywhere: bool = False


@dataclass
class Progress:
    """The names of the levels that were solved."""

    solved: set[str] = field(default_factory=set)


PROGRESS = Progress()  # lasts as long as the kernel, so that a cell can be run again

LEVELS: tuple[Level, ...] = (
    Level(
        "One after the other", "two deposits", "legacy",
        "Let both deposits through. Won when the run is over and both are correct.",
        goals.all_are_correct,
        "Do not begin the second before the first has ended.",
        "As long as nobody overlaps, the legacy design does its work. “Run on” lets both go in turns, as asyncio does.",
    ),
    Level(
        "The second is refused", "two deposits", "legacy",
        "Get Ben's deposit (B) refused while Ana's (A) goes through. Won when the run is over and B is refused.",
        goals.second_is_refused,
        "Begin with A, and let B begin before A has ended.",
        "B was refused at its first step: the guard looks at a variable that A has set. B's code is not at fault.",
    ),
    Level(
        "Two are turned away", "three deposits", "legacy",
        "Now there are three. Won when the run is over and two of them are refused.",
        goals.two_are_refused,
        "One of them has to be open while the two others try to begin.",
        "The more overlap, the more are refused: it is load, and not a bug in a command, that brings the errors.",
    ),
    Level(
        "Closed after one error", "a failing command", "legacy",
        "Ana's command fails. Get Ben's refused all the same, although he begins when hers has ended. "
        "Won when the run is over, B is refused, and all of A's steps came before B's.",
        goals.refused_after_an_error,
        "No overlap is needed. Let A fail first.",
        "There is no try/finally: after an error the variables stay, and everybody is refused from then on.",
    ),
    Level(
        "Money goes astray", "two deposits", "unguarded",
        "Without the guard. Make Ana's money land on Ben's account. Won when A's 100 are on ben in the end.",
        goals.money_went_astray,
        "A command asks “which account?” when it acts. Who has answered that last?",
        "A's command has raised nothing: so it is called wrong, and not refused. B overwrote “account” while A waited.",
    ),
    Level(
        "Only the events are crossed", "two deposits", "unguarded",
        "Harder to notice: all money is where it belongs, but the events are not. "
        "Won when the run is over, both amounts are right, and a command is wrong.",
        goals.only_events_went_astray,
        "Let a command write its account before the other one begins, but take its events afterwards.",
        "The books balance, so nobody finds this there. Whoever listens to the events is told a wrong story.",
    ),
    Level(
        "The same order elsewhere", "two deposits", "unguarded",
        "Find an order in which a command is wrong here, and pick a design on which the same order is correct. "
        "Won when one and the same schedule was wrong on one design and is correct on another.",
        goals.kept_elsewhere,
        "AAAABBBBBA goes wrong here. Not every design lets you take the same steps: some refuse, some make B wait.",
        "The order was the same. Whether it does harm is decided by where the command's state is kept.",
        anywhere=True,
    ),
    Level(
        "Wait for your turn", "two deposits", "locked",
        "With a lock. Make one wait for the other. Won when somebody had to wait, and in the end both are correct.",
        goals.waited_and_correct,
        "Begin both; one of the buttons cannot be pressed then. Finish.",
        "A lock is correct, and takes the overlap away: few orders are left. Notebook 01 says what that costs.",
    ),
    Level(
        "Locked for ever", "a command in a command", "locked",
        "Ana's command runs another one inside. Lock the aggregate for ever. "
        "Won when nobody can go on and both commands are stuck.",
        goals.both_are_stuck,
        "Let A take the lock before B does.",
        "A waits for a lock that A itself holds. asyncio.Lock does not know whose it is, and nothing is ever raised.",
    ),
    Level(
        "Speaking for the dead", "a late child", "migrated",
        "Ana's command starts a task, A1. Let it speak for her command when that has ended. "
        "Won when A1 goes after A's last step, and A is wrong in the end.",
        goals.child_was_late,
        "A1 can run from A's fourth step on. Let A end first.",
        "The task has a copy of the Context, and in it the command is never over: the event goes to a queue "
        "that nobody empties any more.",
    ),
    Level(
        "An event in the wrong hands", "a late child", "locked",
        "A lock does not help against that. Get the event of Ana's task into Ben's command. "
        "Won when B's events speak of ana's bonus.",
        goals.child_reached_the_other,
        "A1 takes no lock. Let it go while B is open.",
        "The lock guards the door, and A1 is inside already. On a shared object it speaks for whoever is there.",
    ),
    Level(
        "Refused for being late", "a late child", "isolated",
        "The same task on the isolated design. Won when A1 is refused, and A and B are correct.",
        goals.late_child_was_refused,
        "Let A end before A1 goes.",
        "The command was closed for everybody who had inherited it. Loud, and the error says what to do.",
    ),
    Level(
        "No order helps", "a command in a command", "migrated",
        "Show that this is wrong in every order. Won when every order was run and none is correct.",
        goals.none_is_correct,
        "By hand it would be 330 runs. There is a button for that.",
        "The inner command overwrites the outer one's variables and nothing puts them back. This is no race at all.",
    ),
    Level(
        "Two at one account", "one account", "isolated",
        "Two withdrawals from one account, each with a Context of its own. Lose one of them. "
        "Won when both say that they took money, and too much is left.",
        goals.update_was_lost,
        "Let both read the account before either of them has committed.",
        "Isolation keeps the commands' state apart. The account lies in the store, and there both of them meet.",
    ),
    Level(
        "Too late, and yet correct", "one account, with If-Match", "isolated",
        "Now each names the version that it has read. Make one of them try again. "
        "Won when one command took more steps than the other, and both are correct.",
        goals.repeated_and_correct,
        "Let both read, let one of them commit, and go on with the other.",
        "Nobody waited. Whoever was too late was told so, and read again.",
    ),
    Level(
        "No order breaks this", "two deposits", "isolated",
        "Show that no order of these steps does any harm. Won when every order was run and all are correct.",
        goals.every_one_is_correct,
        "One run shows nothing, and all of them by hand are too many. There is a button for that.",
        "All orders of these two commands were run, and that is what was shown: no more, but no less either.",
    ),
)  # fmt: skip
