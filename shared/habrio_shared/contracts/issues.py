"""Issues with delivered orders: the consumer service says what is wrong, the vendor service how it was resolved."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from habrio_shared.contracts.message import Message
from habrio_shared.contracts.users import Noted
from habrio_shared.schemas import Id

IssueStatus = Literal["raised", "resolved"]

ISSUES_PATH = "/internal/admin/issues"
"""GET, for the admin service: a page of issues, newest first (`limit`, `cursor`, `status`, `shop_id`, `order_id`) →
IssuePage."""


class RaiseIssue(BaseModel):
    """Something is wrong with a delivered order; `issue_id` is the consumer service's."""

    issue_id: Id
    order_id: Id
    issue_type: str
    description: str
    at: datetime


class IssueResolved(BaseModel):
    """An issue has its answer."""

    issue_id: Id
    answer: str
    at: datetime


class IssueSummary(BaseModel):
    """An issue as the vendor service has it; `answer` is "" as long as it is raised."""

    id: int
    order_id: int
    shop_id: int
    user_phone: str
    issue_type: str
    description: str
    status: IssueStatus
    answer: str
    created_at: datetime


class IssuePage(BaseModel):
    """Issues, newest first; `next_cursor` is null at the end."""

    issues: list[IssueSummary]
    next_cursor: int | None


RAISED = Message("issues.raised", sender="consumer", target="vendor", body=RaiseIssue, reply=Noted)
RESOLVED = Message("issues.resolved", sender="vendor", target="consumer", body=IssueResolved, reply=Noted)
