"""The messages of all services that keep failing, put together."""

from __future__ import annotations

from datetime import datetime

from habrio_admin.clients import mechanisms
from habrio_admin.events.rules import moment_of, page_of
from habrio_admin.events.schemas import FailingData, FailingQuery, Service
from habrio_shared import events, outbox
from habrio_shared.contracts.events import EventSummary
from habrio_shared.database import reading
from habrio_shared.errors import BadRequest

SERVICES: tuple[Service, ...] = ("consumer", "vendor", "admin")


def list_failing(query: FailingQuery) -> tuple[list[FailingData], int | None]:
    """One page, newest first, and the cursor of the next. Unavailable while a service that is asked is away."""
    try:
        before = None if query.cursor is None else moment_of(query.cursor)
    except ValueError as error:
        raise BadRequest(f"cursor {error}") from error
    wanted = SERVICES if query.service is None else (query.service,)
    found = [
        FailingData(service=service, **event.model_dump(), is_alarming=event.attempts >= outbox.ALARMING_ATTEMPTS)
        for service in wanted
        for event in _failing(service, query.size + 1, query.tries, before)
    ]
    return page_of(found, query.size, lambda event: event.created_at)


def _failing(service: Service, limit: int, tries: int, before: datetime | None) -> list[EventSummary]:
    if service != "admin":
        return mechanisms.failing(service, limit=limit, tries=tries, before=before)
    with reading() as session:
        return events.summaries(outbox.failing(session, limit=limit, tries=tries, before=before))
