"""Fixtures of the whole suite: one running platform, one PostgreSQL, each started only if a test asks for it."""

from __future__ import annotations

from collections.abc import Generator

import pytest

from tests.support.stack import Stack, postgres, stack

__all__ = ["postgres", "stack"]

LOG_LINES = 15


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that fails on the running platform shows what its parts said last."""
    report = yield
    running = getattr(item, "funcargs", {}).get("stack")
    if report.failed and isinstance(running, Stack):
        for name in running.pids():
            report.sections.append((f"log of {name}", "\n".join(running.log(name).splitlines()[-LOG_LINES:])))
    return report
