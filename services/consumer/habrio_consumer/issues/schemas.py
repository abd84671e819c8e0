"""Issues on the wire, as their consumer sees them."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from habrio_shared.contracts.issues import IssueStatus
from habrio_shared.schemas import Answer, Body, Instant, Paragraph, Required


class IssueIn(Body):
    issue_type: Required
    description: Annotated[Paragraph, Field(min_length=1)]


class IssueMade(Answer):
    message: str
    issue_id: int


class IssueData(BaseModel):
    """`answer` is "" as long as the issue is raised."""

    id: int
    issue_type: str
    description: str
    status: IssueStatus
    answer: str
    created_at: Instant
    resolved_at: Instant | None
