"""Failing messages on the wire."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from habrio_admin.orders.schemas import EventData
from habrio_shared.schemas import Answer, PagedQuery

Service = Literal["consumer", "vendor", "admin"]
"""Those that send messages; auth sends none."""

TRIES = 3
ATTEMPTS_MAX = 1_000_000


class FailingQuery(PagedQuery):
    """`tries`: how many tries have failed at least; from the 20th on a message alarms."""

    service: Service | None = None
    tries: int = Field(default=TRIES, ge=1, le=ATTEMPTS_MAX)


class FailingData(EventData):
    """`is_alarming`: 20 tries or more have failed."""

    is_alarming: bool


class FailingOut(Answer):
    events: list[FailingData]
    next_cursor: int | None
