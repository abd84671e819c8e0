"""What administrators ask of every service that has the mechanism in question."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from habrio_shared.asking import ask
from habrio_shared.contracts.events import FAILING_PATH, EventsOut, EventSummary
from habrio_shared.contracts.ledger import LEDGER_PATH, PROOF_TIMEOUT_SECONDS, LedgerOut


def failing(service: str, *, limit: int, tries: int, before: datetime | None) -> list[EventSummary]:
    """Up to `limit` messages of the service that keep failing, newest first."""
    given = None if before is None else before.isoformat()
    return ask(service, FAILING_PATH, EventsOut, {"limit": limit, "tries": tries, "before": given}).events


def ledger(service: str, part: Literal["all", "clearing"]) -> LedgerOut:
    """The service's ledger, proven now; it may take a while."""
    return ask(service, LEDGER_PATH, LedgerOut, {"part": part}, timeout_seconds=PROOF_TIMEOUT_SECONDS)
