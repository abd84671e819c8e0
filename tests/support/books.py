"""Both ledgers of a running platform, proven: each right in itself, and both agreeing on what is due."""

from __future__ import annotations

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from habrio_shared import ledger
from tests.support.stack import Stack
from tests.support.waiting import until

SETTLING_SECONDS = 20


def verdict(stack: Stack, service: str) -> ledger.Verdict:
    """What the proof says of one service's ledger now, in one snapshot."""
    url = stack.database_url(service)
    engine = create_engine(url, isolation_level="SERIALIZABLE" if url.startswith("sqlite") else "REPEATABLE READ")
    try:
        with Session(engine) as session:
            return ledger.verify(session)
    finally:
        engine.dispose()


def assert_books_balance(stack: Stack) -> None:
    """Each ledger is right at once; what is in flight between them arrives."""
    for service in ("consumer", "vendor"):
        assert verdict(stack, service).problems == []
    until(lambda: _in_flight(stack) == 0, seconds=SETTLING_SECONDS, what="what is due to vendors is settled")


def _in_flight(stack: Stack) -> int:
    due_to = verdict(stack, "consumer").totals.get("due:vendor", 0)
    due_from = verdict(stack, "vendor").totals.get("due:consumer", 0)
    return due_to + due_from
