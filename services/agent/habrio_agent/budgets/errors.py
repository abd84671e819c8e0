"""How a question is refused that is one too many."""

from __future__ import annotations

from habrio_shared.errors import TooManyRequests


class BudgetSpent(TooManyRequests):
    word = "budget_spent"
    sentence = "You have asked the assistant as much as one person may in a day"
