"""How a call about an issue can fail."""

from __future__ import annotations

from habrio_shared.errors import BadRequest, Forbidden, NotFound


class IssueNotFound(NotFound):
    word = "issue_not_found"
    sentence = "Issue not found"


class NotYourIssue(Forbidden):
    word = "not_your_issue"
    sentence = "This issue is not your shop's"


class AlreadyResolved(BadRequest):
    word = "already_resolved"
    sentence = "An issue that is resolved cannot become resolved"
