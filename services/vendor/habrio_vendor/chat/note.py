"""A message is written into the conversation, once, in the transaction of what it tells of."""

from __future__ import annotations

from sqlalchemy.orm import Session

from habrio_shared.contracts.chat import Said, message_of_move
from habrio_shared.contracts.orders import Actor, VendorOrderState
from habrio_shared.database import insert_ignore
from habrio_vendor.chat.models import ChatMessage


def note(session: Session, said: Said, author: Actor) -> None:
    """Write it down, unless a message of this id is there already."""
    row = {
        "order_id": said.order_id,
        "key": said.message_id,
        "author": author,
        "text": said.text,
        "at": said.at,
    }
    insert_ignore(session, ChatMessage, row)


def note_move(session: Session, state: VendorOrderState) -> None:
    """Write what the move to this state leaves in the conversation, from who made it; most moves leave nothing."""
    said = message_of_move(state)
    if said is not None:
        note(session, said, state.by)
