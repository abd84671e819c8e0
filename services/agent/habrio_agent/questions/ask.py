"""A question is answered: a call of the person's day, the talk with the model, and the turn that is kept of it."""

from __future__ import annotations

import time
from functools import partial

from habrio_agent.budgets.spend import take_call, take_tokens
from habrio_agent.clients.model import current_model
from habrio_agent.clients.platform import Platform
from habrio_agent.conversations.keep import keep
from habrio_agent.conversations.queries import erasures_of, last_turns
from habrio_agent.questions.converse import Reply, Talk, converse
from habrio_agent.questions.prompt import opening
from habrio_agent.questions.seats import current_seats
from habrio_agent.settings import current_settings
from habrio_agent.tools.run import tools_of
from habrio_shared.errors import Unauthorized
from habrio_shared.identity import Caller


def ask(caller: Caller, authorization: str, question: str) -> Reply:
    """(answer, suggestions). `authorization` is the caller's own header: what is read for them is read by it.

    No transaction is open while the model or the platform is asked. StillAnswering or TooBusy without a free seat;
    BudgetSpent; ModelFailed or ModelSlow; SignedOut when the session ends meanwhile. What fails leaves no turn.
    """
    if not authorization.strip():
        raise Unauthorized
    settings = current_settings()
    ends_at = time.monotonic() + settings.agent_timeout_seconds
    with current_seats().taken(caller.user_id), Platform(settings.platform_url, authorization) as platform:
        take_call(caller.user_id)
        erasures = erasures_of(caller.user_id)
        talk = Talk(
            model=current_model(),
            tools=tools_of(caller.role),
            platform=platform,
            rounds=settings.agent_tool_rounds,
            ends_at=ends_at,
            spend=partial(take_tokens, caller.user_id),
        )
        turns = last_turns(caller.user_id, settings.agent_turns_sent)
        answer, suggestions = converse(talk, opening(caller.role, turns, question))
        keep(caller.user_id, question, answer, erasures=erasures)
    return answer, suggestions
