"""Wrong answers that look right: what one may have thought, and what is so instead. Steps 2 to 5.

The evidence comes from the run.
"""

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
HOW_IT_IS_MENDED = Belief(
    "a test of how it is mended",
    "A mended class has no customer on self any more, or raises where no booking is open.",
    "Mine does, another one is mended in another way. A test that says what a ticket should be, while two bookings "
    "overlap, passes on each of them.",
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
BY_CUSTOMER = Belief(
    "state that is kept by customer",
    "Each booking has its customer, so the name is the key.",
    "Mia may have two bookings open, or one more when the first has ended, and they share what lies under her name. "
    "Each booking needs an object of its own.",
)
SUM_BEFORE_THE_AWAIT = Belief(
    "a sum that is read before the await",
    "`+=` is one step.",
    "It reads, adds and writes. With an `await` on its right side it reads, waits, and then writes over whatever "
    "others have added meanwhile. Await first, and add then.",
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
GUARDED_WITHIN = Belief(
    "a guard that has stayed",
    "Whoever has a booking open must not open another one.",
    "A task may do so: at another office, or for somebody else. What is set in a context variable stands in nobody's "
    "way, and the token brings back what was there before.",
)
CHANGED_IN_PLACE = Belief(
    "a list or dictionary in the variable that is changed in place",
    "Each booking puts itself on the pile, and takes itself off at its end.",
    "The tasks of a booking have inherited that pile, the very same one, and put theirs on it in any order. Set the "
    "variable to a new object for each booking.",
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
AWAIT_BEFORE_THE_RESET = Belief(
    "an await before the reset",
    "A finally is run in any case.",
    "It is begun in any case. If an error or a cancellation comes at an await in it, what stands behind that await is "
    "not run. Reset first, and await afterwards.",
)
