"""Watching an IsolatedAggregate at work: who runs, how long, what came of it, and what is left. Off until asked for.

    with watch(bank.aggregate, Metrics(), Logged()):
        …

Each file is one way to look; `watched.py` says what they are told.
"""
