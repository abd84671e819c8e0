"""Fixtures of the whole suite: one running platform, one PostgreSQL, each started only if a test asks for it."""

from __future__ import annotations

from collections.abc import Generator

import pytest

from tests.support.model import model, model_service
from tests.support.stack import Stack, postgres, stack

__all__ = ["model", "model_service", "postgres", "stack"]

LOG_LINES = 15


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that fails on the running platform shows what its parts said last."""
    report = yield
    running = getattr(item, "funcargs", {}).get("stack")
    if report.failed and isinstance(running, Stack):
        for name in sorted(file.stem for file in running.home.logs.glob("*.log")):  # none, if it is gone by now
            report.sections.append((f"log of {name}", "\n".join(running.log(name).splitlines()[-LOG_LINES:])))
    return report
