"""The Postman collection walks through the real platform, assistant included."""

from __future__ import annotations

from tests.e2e.newman import walk
from tests.support.node import NEWMAN, require
from tests.support.stack import Stack


def test_newman_runs_the_whole_collection_and_every_assertion_holds(stack: Stack) -> None:
    require(NEWMAN)
    run = walk(stack.url)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "skipped" not in run.stdout, "this platform has an assistant"
