"""Wrong answers that look right, continued: steps 6 and 7, and the open exercise."""

from fluvius_demo.lessons.exercises.checked import Belief

# Step 6: late children.
NO_FLAG = Belief(
    "a reset of the variable alone",
    "After the reset nobody has the booking any more.",
    "The reset is for this Context. A task that was started in the booking has a copy, which still holds the object: "
    "mark the object itself as closed, and ask for the mark.",
)
BEFORE_THE_AWAIT = Belief(
    "a question that is asked before the await only",
    "take asks at its beginning whether the booking is open.",
    "While it waits for the hall, the booking ends. What was asked before an await has to be asked again after it.",
)
QUIETLY_DROPPED = Belief(
    "seats that are dropped quietly",
    "It is too late, so nothing is done.",
    "Whoever took the seat believes to have it. A refusal must be heard: raise an error.",
)
OWN_TASK_ONLY = Belief(
    "a ban on other tasks",
    "A booking belongs to the task that has opened it, so all others are refused.",
    "gather makes tasks, and so do other ordinary calls. While the booking is open they work for it; only afterwards "
    "they are late.",
)
ONE_METHOD_ONLY = Belief(
    "a mark that one method does not ask for",
    "The mark is there, so a booking that is over is seen to be over.",
    "Only where somebody asks. `take` has to, and `ticket` has to: let both go through one method that does.",
)
GOOD_END_ONLY = Belief(
    "a mark that is set at a good end only",
    "The booking is closed at its end, behind the yield.",
    "An error or a cancellation is an end as well. What the end has to do stands in the finally, the mark included.",
)
MARK_ON_SELF = Belief(
    "a mark on self",
    "The office knows whether a booking is open.",
    "It knows whether any is. A late task of Mia's goes on as soon as somebody else's is open. Whether a booking is "
    "open belongs on that booking.",
)
PAID_BEFORE = Belief(
    "a seat that is paid before it is refused",
    "Whether the booking is still open matters for the seat alone.",
    "The price is added, then the seat is refused, and the takings are wrong. Ask first, and change all of it then.",
)

# Step 7: two instances.
NO_OWNER = Belief(
    "the latest booking taken for one's own",
    "The variable holds the running booking, so it is this office's.",
    "It is the latest one of any office. A booking has to say whose it is, and an office has to ask.",
)
ONLY_THE_INNERMOST = Belief(
    "a look at the innermost booking only",
    "If the latest booking is another office's, this one has none.",
    "It may lie further out: a booking should know the one that was open around it.",
)
OUTER_ON_SELF = Belief(
    "the outer booking kept on self",
    "The office remembers the booking around its own.",
    "There are as many of those as there are bookings: Noah's takes the place of Mia's. Each booking has to remember "
    "its own.",
)
PER_INSTANCE = Belief(
    "a variable for each instance",
    "Each office with a variable of its own: that keeps them apart.",
    "It does. But each Context that was copied in a booking holds that office's variable, as long as a task or a "
    "timer keeps it: an office that goes leaves its variable behind in each of those Contexts. One variable at the "
    "top of the module, and an object that says whose it is.",
)

# The open exercise.
STILL_SHARED = Belief(
    "state that letters still share",
    "notify sets all that it needs before it uses it.",
    "Between the two lies an await, and there somebody else's notify sets it anew. Pass it on, or keep it in a "
    "context variable.",
)
REFUSES = Belief(
    "a guard",
    "A letter that is refused is at least not wrong.",
    "Noah reads nothing, and has done nothing wrong. A guard shows that something is shared; it does not mend it.",
)
LOCKED_FOR_EVER = Belief(
    "a lock that stays locked",
    "Whoever has taken the lock gives it back at the end.",
    "An error or a cancellation leaves the method before its end. From then on all wait for ever. `async with` gives "
    "it back on every way out.",
)
NOT_GIVEN_BACK = Belief(
    "a variable that another instance sets, too",
    "Each letter sets the variable before it is read.",
    "Another instance writes a letter in the same task, in between, and leaves its own there. Reset it by its "
    "token, in a finally; or pass on what is needed.",
)
