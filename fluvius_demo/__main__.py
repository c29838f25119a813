"""The course at the command line: `python -m fluvius_demo COMMAND`; `--help` lists the commands."""

import argparse
import asyncio
import json
import sys
import tracemalloc
from collections.abc import Mapping, Sequence

from fluvius_demo.aggregate import Aggregate
from fluvius_demo.errors import BadRequestError
from fluvius_demo.isolated import IsolatedAggregate
from fluvius_demo.lessons import claims, doctor, matrix, measured, reset, scenarios
from fluvius_demo.lessons.designs import DESIGNS
from fluvius_demo.lessons.growth import crowd
from fluvius_demo.lessons.mistakes import MISTAKES
from fluvius_demo.lessons.outcomes import Finding
from fluvius_demo.lessons.own_design import loaded, try_out
from fluvius_demo.lessons.programs import PROGRAMS
from fluvius_demo.lessons.tally import as_data, as_text, tally

_PROGRAMS = {program.name: program.text for program in PROGRAMS.values()}
_DESIGNS = {design.name: design.idea for design in DESIGNS.values()}
_MISTAKES = {design.name: design.idea for design in MISTAKES.values()}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit code: 0 where all is well."""
    parser = argparse.ArgumentParser(prog="python -m fluvius_demo", description="A course about one concurrency bug.")
    commands = parser.add_subparsers(dest="command", required=True)

    many = commands.add_parser("crowd", help="many commands open at once on one IsolatedAggregate: time and memory")
    many.add_argument("--commands", type=_positive, default=10_000, help="how many (default: 10000)")
    many.set_defaults(run=_crowd)

    orders = commands.add_parser(
        "explore",
        help="run every order of overlapping commands on each design",
        formatter_class=argparse.RawDescriptionHelpFormatter,  # keeps the lines of the two lists
        epilog=f"{_listed('commands', _PROGRAMS)}\n\n{_listed('designs', _DESIGNS)}",
    )
    orders.add_argument(
        "--commands",
        type=lambda name: _one_of(_PROGRAMS, "overlap the commands", name),
        default="two deposits",
        metavar="NAME",
        help="which commands overlap, by a name from below (default: two deposits)",
    )
    orders.add_argument(
        "--design",
        type=lambda name: _one_of(_DESIGNS, "run the design", name),
        action="append",
        metavar="NAME",
        help="only this design; can be repeated (default: all)",
    )
    orders.add_argument("--faults", action="store_true", help="with a cancellation or an error at every await")
    orders.add_argument(
        "--limit",
        type=_positive,
        default=100_000,
        metavar="N",
        help="stop after so many orders and sample the rest (default: 100000)",
    )
    orders.add_argument("--seed", type=int, default=0, metavar="N", help="for the sample (default: 0)")
    orders.add_argument("--json", action="store_true", help="print the table as JSON")
    orders.set_defaults(run=_explore)

    bench = commands.add_parser("bench", help="measure what all of this costs on this machine, in about two minutes")
    bench.add_argument("--quick", action="store_true", help="less exactly, in under 20 seconds")
    bench.add_argument("--json", action="store_true", help="print the figures as JSON, with what they were measured on")
    bench.set_defaults(run=_bench)

    pitfalls = commands.add_parser(
        "pitfalls",
        help="run the 29 pitfalls of context variables on each design, or on a class of your own",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=f"{_listed('designs', _DESIGNS | _MISTAKES)}",
    )
    pitfalls.add_argument(
        "--design",
        type=_design,
        action="append",
        metavar="NAME",
        help="only this design, by a name from below, or a class of your own as module:Class; can be repeated. "
        "The exit code is 1 where one of your own is wrong, stuck or leaks",
    )
    pitfalls.add_argument("--json", action="store_true", help="print all of it as JSON, with the evidence")
    pitfalls.set_defaults(run=_pitfalls)

    claims = commands.add_parser("claims", help="put the migration document's 32 claims on trial, in a few seconds")
    claims.add_argument("--stored", action="store_true", help="judge cost by the stored measurements, and measure none")
    claims.add_argument("--json", action="store_true", help="print the verdicts as JSON")
    claims.set_defaults(run=_claims)

    doctor.add_to(commands)
    reset.add_to(commands)

    chosen = parser.parse_args(arguments)
    return chosen.run(chosen)


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 on")
    return int(text)


def _listed(title: str, named: Mapping[str, str]) -> str:
    width = max(map(len, named))
    return "\n".join([f"{title}:", *(f"  {name:{width}}  {text}" for name, text in named.items())])


def _one_of(named: Mapping[str, str], attempted: str, name: str) -> str:
    if name not in named:
        remedy = f"use one of {', '.join(map(repr, named))}"
        raise argparse.ArgumentTypeError(str(BadRequestError(f"{attempted} {name!r}", "there is no such name", remedy)))
    return name


def _design(text: str) -> tuple[str, type[Aggregate]]:
    if ":" not in text:
        known = DESIGNS | MISTAKES
        return text, known[_one_of(dict.fromkeys(known), "run the design", text)].aggregate
    try:
        asyncio.run(try_out(own := loaded(text)))
    except BadRequestError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return text, own


def _crowd(chosen: argparse.Namespace) -> int:
    commands = chosen.commands
    run = asyncio.run(crowd(IsolatedAggregate, commands))
    tracemalloc.start()  # in a run of its own: it makes everything about four times slower
    asyncio.run(crowd(IsolatedAggregate, commands))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    print(f"{run.commands} commands open at once: {run.seconds:.2f} s, {peak / 1e6:.0f} MB, {run.crossed} crossed")
    return 1 if run.crossed else 0


def _explore(chosen: argparse.Namespace) -> int:
    program = PROGRAMS[chosen.commands]
    designs = {name: DESIGNS[name].aggregate for name in chosen.design or DESIGNS}
    rows = tally(program, designs, faults=chosen.faults, limit=chosen.limit, seed=chosen.seed, told=_told)
    print(json.dumps(as_data(program, rows), indent=2) if chosen.json else as_text(program, rows))
    return 0


def _bench(chosen: argparse.Namespace) -> int:
    # The libraries that are measured need not be there for the other commands.
    from fluvius_demo.lessons.bench import bench

    found = bench(quick=chosen.quick, told=_told)
    print(json.dumps(measured.as_data(found), indent=1) if chosen.json else measured.as_text(found))
    return 0


def _pitfalls(chosen: argparse.Namespace) -> int:
    own = {name: design for name, design in chosen.design or () if name not in DESIGNS | MISTAKES}
    designs = dict(chosen.design or ((name, design.aggregate) for name, design in DESIGNS.items()))
    last, design = list(designs.items())[-1]
    table, remains = asyncio.run(_matrix(designs, design))
    if chosen.json:
        print(json.dumps(matrix.as_data(table, remains, last), indent=2))
    else:
        print(matrix.as_text(table, remains, last))
        for name in designs if chosen.design else ():
            print(f"\nWhat was seen on {name}:\n{matrix.evidence(table, name)}")
    return int(any(findings[name].outcome in matrix.BAD for findings in table.values() for name in own))


async def _matrix(
    designs: Mapping[str, type[Aggregate]], design: type[Aggregate]
) -> tuple[scenarios.Matrix, dict[str, tuple[Finding, Finding]]]:
    return await scenarios.matrix(designs), await scenarios.limits(design)


def _claims(chosen: argparse.Namespace) -> int:
    verdicts = asyncio.run(claims.verdicts(measure=not chosen.stored, told=_told))
    print(json.dumps(claims.as_data(verdicts), indent=2) if chosen.json else claims.ledger(verdicts))
    return 0


def _told(text: str) -> None:
    """Show the progress beside the table, not in it."""
    print(text, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
