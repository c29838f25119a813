"""Group 5, tests and versions: what a test, a notebook or another Python changes."""
