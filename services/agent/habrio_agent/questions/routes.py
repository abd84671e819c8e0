"""/agent/query."""

from __future__ import annotations

from flask import request

from habrio_agent.budgets.errors import BudgetSpent
from habrio_agent.questions.ask import ask
from habrio_agent.questions.errors import ModelFailed, ModelSlow, StillAnswering, TooBusy
from habrio_agent.questions.schemas import Answered, QueryIn
from habrio_shared.api import ApiBlueprint
from habrio_shared.identity import Caller, signed_in

bp = ApiBlueprint("questions")


@bp.post("/agent/query", errors=(BudgetSpent, StillAnswering, ModelFailed, TooBusy, ModelSlow))
@signed_in
def query(body: QueryIn, caller: Caller) -> Answered:
    """Ask the assistant; it answers from what you may see, and changes nothing."""
    answer, suggestions = ask(caller, request.headers.get("Authorization", ""), body.query)
    return Answered(answer=answer, suggestions=suggestions)
