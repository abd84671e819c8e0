"""How raising an issue can fail."""

from __future__ import annotations

from habrio_consumer.issues.rules import ISSUES_MAX
from habrio_shared.errors import BadRequest


class TooManyIssues(BadRequest):
    word = "too_many_issues"
    sentence = f"An order can have at most {ISSUES_MAX} issues"
