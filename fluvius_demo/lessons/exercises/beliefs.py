"""Wrong answers that look right: what one may have thought, and what is so instead. The evidence comes from the run."""

from fluvius_demo.lessons.exercises.checked import Belief

# Step 2: a test.
NEVER_OVERLAPS = Belief(
    "a test that never overlaps",
    "A booking that works shows that bookings work.",
    "One at a time works on every design. The test must have a second booking open while the first one is.",
)
ALWAYS_FAILS = Belief(
    "a test that always fails",
    "It fails on the broken class, so it is a failing test.",
    "It fails on a mended class as well, so it says nothing about the bug. Look at what it compares, and with what.",
)
ONLY_THE_GUARD = Belief(
    "a test of the guard",
    "The error “Overlapping booking” is the failure.",
    "The guard is the smoke detector. Without it the tickets are wrong and your test is content: it must look at a "
    "ticket, which was drawn up after somebody else has booked.",
)
UPSIDE_DOWN = Belief(
    "a test that the bug is there",
    "The test should prove the bug, so it passes where the bug is.",
    "Then it fails when the bug is gone, and somebody will “mend” it. Say what should be so, and let it fail today.",
)
LEFT_TO_CHANCE = Belief(
    "a test that is left to chance",
    "Started together, or after a little sleep, they overlap.",
    "They do so in some orders only. A sleep lasts any time on a busy machine, and gather promises no order. Let the "
    "one that should come later wait for something that the other one does.",
)
WAITS_FOR_THE_REFUSED = Belief(
    "a test that waits for somebody who was refused",
    "The other one opens the gate in any case.",
    "The guard refuses them, so the gate stays shut and the test hangs instead of failing. Await the other one's task, "
    "which brings their error here, or open the gate in a finally.",
)

# Step 3: one context variable.
STILL_ON_SELF = Belief(
    "state that is still on self",
    "There is one office, so self is the place for what it does.",
    "self is one for all bookings; a booking needs a place of its own. Whoever opened last is who everybody works for.",
)
ONE_FOR_ALL = Belief(
    "another place that all bookings share",
    "It is not on self any more, so it is not shared.",
    "All tasks run in one thread: a thread-local, a global, an attribute of the class, the default of a context "
    "variable, each is one for them all. Only what is set in a context variable is a task's own.",
)
SHARED_OBJECT = Belief(
    "one object for all bookings",
    "It lies in a context variable, so it is kept apart.",
    "A Context keeps apart which object it holds, not what is in it. All bookings put the same object there, and "
    "change it. Make a new one for each.",
)
SEVERAL_VARIABLES = Belief(
    "a variable for each attribute",
    "Each attribute becomes a variable: a faithful translation.",
    "It is, and each of them has to be set, reset, closed and told whose it is. One variable with one object is one "
    "thing to get right.",
)
A_LOCK = Belief(
    "a lock",
    "With a lock, bookings cannot get in each other's way.",
    "They cannot, for they no longer overlap: Noah waits until Mia is done, and a booking that opens another one "
    "waits for itself.",
)
BY_TASK = Belief(
    "a dictionary by task",
    "Each booking has its task, so the task is the key.",
    "gather makes tasks of its own, and they find nothing under their key. A context variable is inherited by the "
    "tasks that are started in a booking.",
)
FROZEN_COPY = Belief(
    "a frozen copy",
    "Nothing shared is ever changed, so nothing can go wrong: each change sets a new copy.",
    "What a child task sets stays in the child's own Context: the seat is taken, and the ticket does not have it. Put "
    "an object there that can be changed; its booking is its own anyway.",
)

# Step 4: reset by token.
SET_NONE = Belief(
    "set(None) at the end",
    "Before a booking there was none, so afterwards there is none.",
    "There may have been one: the booking around this one. set(None) takes that away, too; the token remembers what "
    "was there before.",
)
NEVER_RESET = Belief(
    "no reset",
    "A task's Context ends with the task, so why tidy up?",
    "Code that goes on in the same task still works for a booking that is over.",
)
TOKEN_ON_SELF = Belief(
    "the token on self",
    "The office opens and ends bookings, so it keeps the token.",
    "The office is shared, which is how this all began: Noah's token takes the place of Mia's, and Mia's end uses "
    "the token of another Context. A token belongs to one block: a local variable will do.",
)

# Step 5: errors and cancellation.
NO_FINALLY = Belief(
    "a reset without finally",
    "The reset stands behind the yield, so it comes at the end.",
    "Only at a good end. An error in the booking comes out of the yield, and the lines behind it never run.",
)
ONLY_EXCEPTIONS = Belief(
    "an except instead of a finally",
    "except Exception catches whatever goes wrong.",
    "A cancellation is none: CancelledError is a BaseException, so that nobody swallows it by mistake. A finally "
    "comes on every way out.",
)
SET_TOO_EARLY = Belief(
    "a set before the await",
    "The try begins behind the set, and nothing stands between them.",
    "Something does: while the opening waits for the hall, an error or a cancellation leaves what was set. Await "
    "first, and set last.",
)
SWALLOWED = Belief(
    "an error that is swallowed",
    "An error that was dealt with need not go on.",
    "It was tidied up after, not dealt with: whoever books must learn that the booking failed.",
)

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
PER_INSTANCE = Belief(
    "a variable for each instance",
    "Each office with a variable of its own: that keeps them apart.",
    "It does. But every Context that saw a booking goes on holding that office's variable for as long as a task or "
    "a timer keeps it, and an office that goes leaves its variables behind. One variable at the top of the module, "
    "and an object that says whose it is.",
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
