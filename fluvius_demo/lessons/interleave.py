"""Every order of overlapping commands: step them by hand, or have the machine run them all.

The commands are ordinary coroutines and run as asyncio's own tasks, on a loop that takes a step when it is told to.

>>> execution = replay(make, "ABBA")      # make() returns a fresh Scene
>>> execution.ready, execution.where("A"), execution.seen("A")
>>> report = explore(make)                # every order
>>> report.tally, report.simplest("wrong")

The rooms behind this door: `scene` (what is run and judged), `steploop` (the loop), `running` (one run), `execution`
(by hand), `exploring` and `report` (every order), `places` (where a coroutine waits).
"""

from fluvius_demo.lessons.execution import Execution, Step, replay, steps_of
from fluvius_demo.lessons.exploring import explore
from fluvius_demo.lessons.places import Place, places
from fluvius_demo.lessons.report import Report, Story, faults_of
from fluvius_demo.lessons.running import run_alone
from fluvius_demo.lessons.scene import End, Fault, InjectedError, Make, Scene, Verdict

__all__ = [
    "End",
    "Execution",
    "Fault",
    "InjectedError",
    "Make",
    "Place",
    "Report",
    "Scene",
    "Step",
    "Story",
    "Verdict",
    "explore",
    "faults_of",
    "places",
    "replay",
    "run_alone",
    "steps_of",
]
