"""Migrate a class yourself: the exercises of notebook 07, which check themselves.

>>> from fluvius_demo.lessons.exercises import check
>>> check("find the shared state", {"hall"})
>>> check("reset by token", MyOffice)     # a learner's own class
"""

from fluvius_demo.lessons.exercises.box_office import BoxOffice, UnguardedOffice
from fluvius_demo.lessons.exercises.check import check, solution, two_bookings
from fluvius_demo.lessons.exercises.hall import Hall, Post
from fluvius_demo.lessons.exercises.notifier import Notifier

__all__ = ["BoxOffice", "Hall", "Notifier", "Post", "UnguardedOffice", "check", "solution", "two_bookings"]
