"""If-Match, on every design: a caller that is not trusted names the version that it wants to change."""

from typing import Any

import pytest
from helpers import Note, each_design, end_of, in_a_loop, made, opening

from fluvius_demo import Aggregate
from fluvius_demo.errors import BadRequestError, PreconditionFailedError


async def run(aggregate: Aggregate, *args: Any, **kwargs: Any) -> str:
    """Run a command that does nothing and return its object's etag."""
    async with aggregate.command_aggregate(*opening(*args, **kwargs)):
        return aggregate.rootobj._etag if aggregate.rootobj else ""


@each_design
class TestIfMatch:
    """A caller that is not trusted must name the version that it has seen."""

    @pytest.mark.parametrize("name", ["if-match", "If-Match", "IF-MATCH"])
    @pytest.mark.parametrize("source", [None, ""])
    @in_a_loop
    async def test_the_right_etag_passes_in_any_case_of_the_name(self, design: type, name: str, source: Any) -> None:
        """Header names are compared without regard to case; an empty source is no trusted source."""
        aggregate = made(design)
        with aggregate.statemgr.transaction() as call:
            assert await run(aggregate, source=source, headers={name: "note/a@1"}) == "note/a@1"
            assert call.expected == {("note", "a"): "note/a@1"}  # to be checked again at the commit

    @in_a_loop
    async def test_a_missing_header_is_a_bad_request(self, design: type) -> None:
        """The text says which etag to send."""
        error = await end_of(run(made(design), source=None, headers={"etag": "note/a@1"}))
        assert (type(error), str(error)) == (
            BadRequestError,
            "Cannot run a command on note 'a': the header if-match is required, and missing. "
            "To solve this, send the etag that you loaded, such as note/a@1.",
        )

    @in_a_loop
    async def test_another_etag_fails_the_precondition(self, design: type) -> None:
        """The text names both versions."""
        error = await end_of(run(made(design), source=None, headers={"If-Match": "note/a@0"}))
        assert (type(error), str(error)) == (
            PreconditionFailedError,
            "Cannot run a command on note 'a': If-Match names note/a@0, but it is note/a@1. "
            "To solve this, load it again and repeat.",
        )

    @pytest.mark.parametrize("headers", [{}, {"if-match": "note/a@0"}])
    @pytest.mark.parametrize("off", ["trusted source", "verification off"])
    @in_a_loop
    async def test_it_is_skipped(self, design: type, headers: dict[str, str], off: str) -> None:
        """A trusted source or `if_match_verify = False` passes without a header, and with a stale one."""
        aggregate = made(design)
        aggregate.if_match_verify = off == "trusted source"
        with aggregate.statemgr.transaction() as call:
            await run(aggregate, source="job" if aggregate.if_match_verify else None, headers=headers)
            assert call.expected == {}

    @in_a_loop
    async def test_what_this_very_call_has_made_needs_no_etag(self, design: type) -> None:
        """Nobody can name a version that is not committed yet."""
        aggregate = made(design)
        with aggregate.statemgr.transaction() as call:
            await aggregate.statemgr.insert(Note(identifier="n"))
            assert await run(aggregate, "n", source=None) == ""
            assert call.expected == {}
