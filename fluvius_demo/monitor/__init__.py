"""Watching an IsolatedAggregate at work: who runs, how long, what came of it, and what is left. Off until asked for.

    with watch(bank.aggregate, Metrics(), Logged()):
        …

Each file is one way to look; `watched.py` says what they are told. Libraries are imported by who is made with them.
"""

from fluvius_demo.monitor.leaks import Leak, Leaks
from fluvius_demo.monitor.logs import FORMAT, CommandFilter, Logged, add_command
from fluvius_demo.monitor.metrics import Metrics
from fluvius_demo.monitor.spans import Spans
from fluvius_demo.monitor.structured import structured
from fluvius_demo.monitor.usage import Usage, usage
from fluvius_demo.monitor.validation import Checked
from fluvius_demo.monitor.waiting import OpenCommands, Waiting
from fluvius_demo.monitor.watched import WatchedFrame, Watcher, Who, watch

__all__ = [
    "FORMAT",
    "Checked",
    "CommandFilter",
    "Leak",
    "Leaks",
    "Logged",
    "Metrics",
    "OpenCommands",
    "Spans",
    "Usage",
    "Waiting",
    "WatchedFrame",
    "Watcher",
    "Who",
    "add_command",
    "structured",
    "usage",
    "watch",
]
