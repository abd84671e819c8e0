"""The audit log on the wire."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import BaseModel, Field, model_validator

from habrio_admin.audit.rules import Step
from habrio_shared.days import OurDay
from habrio_shared.schemas import Answer, Id, Instant, Line, PagedQuery


class AuditQuery(PagedQuery):
    """`steps=all`: each step of an act; otherwise an act shows once, by its end or, as long as it has none, by what was
    asked. `since` and `until` are days of TIME_ZONE, both included."""

    steps: Literal["last", "all"] = "last"
    act_id: Line | None = None
    admin_id: Id | None = None
    action: Line | None = Field(default=None, examples=["suspend_user"])
    target: Line | None = Field(default=None, examples=["user:7"])
    since: OurDay | None = None
    until: OurDay | None = None

    @model_validator(mode="after")
    def _days_in_order(self) -> Self:
        if self.since and self.until and self.until < self.since:
            raise ValueError("until must not be before since")
        return self


class RefusalData(BaseModel):
    status: int
    word: str
    message: str


class EntryData(BaseModel):
    """One step of one act. `given` is what was asked for; `before` and `after` what the act touched, null unless it is
    `done`; `refusal` why it was `refused`. `hash` is of all of this and of `previous_hash`."""

    id: int = Field(description="the number of the entry; there are no gaps")
    act_id: str
    step: Step
    admin_id: int
    admin_phone: str
    action: str
    target: str
    given: dict[str, Any]
    reason: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    refusal: RefusalData | None
    request_id: str
    at: Instant
    previous_hash: str
    hash: str


class AuditOut(Answer):
    entries: list[EntryData]
    next_cursor: int | None
