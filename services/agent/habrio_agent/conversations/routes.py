"""/agent/conversation."""

from __future__ import annotations

from habrio_agent.conversations.erase import erase
from habrio_agent.conversations.queries import page_of_turns
from habrio_agent.conversations.schemas import ConversationOut, Erased, TurnData
from habrio_shared.api import ApiBlueprint
from habrio_shared.identity import Caller, signed_in
from habrio_shared.schemas import PagedQuery, next_cursor

bp = ApiBlueprint("conversations")


@bp.get("/agent/conversation")
@signed_in
def conversation(query: PagedQuery, caller: Caller) -> ConversationOut:
    """What you asked the assistant and what it answered, newest first, as far as it is kept."""
    found = page_of_turns(caller.user_id, query.size + 1, query.cursor)
    return ConversationOut(
        turns=[
            TurnData(id=turn.id, question=turn.question, answer=turn.answer, created_at=turn.created_at)
            for turn in found[: query.size]
        ],
        next_cursor=next_cursor([turn.id for turn in found], query.size),
    )


@bp.delete("/agent/conversation")
@signed_in
def erase_conversation(caller: Caller) -> Erased:
    """Erase all that you asked the assistant and what it answered."""
    return Erased(message="The conversation is erased", erased=erase(caller.user_id))
