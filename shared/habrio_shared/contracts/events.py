"""What the admin service reads of the messages that a service still has to deliver."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

FAILING_PATH = "/internal/admin/events/failing"
"""GET, for the admin service: messages that keep failing, newest first (`limit`; `tries`: at least so many failed;
`before`: put before that instant) → EventsOut."""


class EventSummary(BaseModel):
    """A message that is not delivered yet; `id` is its row's, `key` the message's. `attempts` tries have failed."""

    id: int
    key: str
    kind: str
    target: str
    attempts: int
    last_error: str | None
    created_at: datetime
    next_try_at: datetime


class EventsOut(BaseModel):
    """Messages, newest first."""

    events: list[EventSummary]
