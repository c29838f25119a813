"""The course at the command line: `python -m fluvius_demo COMMAND`; `--help` lists the commands."""

import argparse
import asyncio
import sys
import tracemalloc
from collections.abc import Sequence

from fluvius_demo.isolated import IsolatedAggregate
from fluvius_demo.lessons.timing import crowd


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit code: 0 where all is well."""
    parser = argparse.ArgumentParser(prog="python -m fluvius_demo", description="A course about one concurrency bug.")
    commands = parser.add_subparsers(dest="command", required=True)
    many = commands.add_parser("crowd", help="many commands open at once on one IsolatedAggregate: time and memory")
    many.add_argument("--commands", type=_positive, default=10_000, help="how many (default: 10000)")
    chosen = parser.parse_args(arguments)
    return _crowd(chosen.commands)


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 on")
    return int(text)


def _crowd(commands: int) -> int:
    run = asyncio.run(crowd(IsolatedAggregate, commands))
    tracemalloc.start()  # in a run of its own: it makes everything about four times slower
    asyncio.run(crowd(IsolatedAggregate, commands))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    print(f"{run.commands} commands open at once: {run.seconds:.2f} s, {peak / 1e6:.0f} MB, {run.crossed} crossed")
    return 1 if run.crossed else 0


if __name__ == "__main__":
    sys.exit(main())
