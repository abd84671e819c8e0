"""Issues on the wire, as an administrator sees them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from habrio_shared.contracts.issues import IssueStatus, IssueSummary
from habrio_shared.schemas import Answer, Body, Id, Instant, PagedQuery, Paragraph


class IssuesQuery(PagedQuery):
    status: IssueStatus | None = None
    shop_id: Id | None = None
    order_id: Id | None = None


class IssueData(IssueSummary):
    created_at: Instant


class IssuesOut(Answer):
    issues: list[IssueData]
    next_cursor: int | None


class AnswerIn(Body):
    answer: Annotated[Paragraph, Field(min_length=1)]
