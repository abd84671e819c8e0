"""Issues on the wire, as vendors and the admin service see them."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from habrio_shared.contracts.issues import IssueStatus, IssueSummary
from habrio_shared.schemas import Answer, Body, Id, Instant, PagedQuery, Paragraph


class IssuesQuery(PagedQuery):
    order_id: Id | None = None


class AdminIssuesQuery(IssuesQuery):
    shop_id: Id | None = None
    status: IssueStatus | None = None


class ResolveIn(Body):
    answer: Annotated[Paragraph, Field(min_length=1)]


class IssueData(BaseModel):
    """`answer` is "" as long as the issue is raised."""

    id: int
    order_id: int
    user_phone: str
    issue_type: str
    description: str
    status: IssueStatus
    answer: str
    created_at: Instant


class IssuesOut(Answer):
    issues: list[IssueData]
    next_cursor: int | None


class AdminIssueData(IssueSummary):
    created_at: Instant


class AdminIssuesOut(Answer):
    issues: list[AdminIssueData]
    next_cursor: int | None
