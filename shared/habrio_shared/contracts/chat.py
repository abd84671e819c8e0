"""The conversation about an order: each side keeps all of it, and tells the other what was said on its own.

What a person writes travels as a message of its own. What an act leaves in the chat travels with the act: both sides
derive the same words from it, under the same key, so it stands there once however often and late the act is told.
"""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

from habrio_shared.contracts.issues import RaiseIssue
from habrio_shared.contracts.message import Message
from habrio_shared.contracts.orders import VendorOrderState
from habrio_shared.contracts.users import Noted
from habrio_shared.schemas import Id


class Said(BaseModel):
    """Somebody wrote this about an order; `message_id` is unique over both sides."""

    message_id: str
    order_id: Id
    text: str
    at: datetime


SAID_BY_CONSUMER = Message("chat.said_by_consumer", sender="consumer", target="vendor", body=Said, reply=Noted)
SAID_BY_VENDOR = Message("chat.said_by_vendor", sender="vendor", target="consumer", body=Said, reply=Noted)


def message_of_move(state: VendorOrderState) -> Said | None:
    """What the move to this state leaves in the chat, from who made it; None for one that leaves nothing (API.md)."""
    text = _text_of_move(state)
    if not text:
        return None
    return Said(message_id=f"move:{state.order_id}:{state.version}", order_id=state.order_id, text=text, at=state.at)


def message_of_issue(issue: RaiseIssue) -> Said:
    """What an issue leaves in the chat, from the consumer; its text holds the type (API.md)."""
    text = f"An issue was raised: {issue.issue_type}. {issue.description}"
    return Said(message_id=f"issue:{issue.issue_id}", order_id=issue.order_id, text=text, at=issue.at)


def _text_of_move(state: VendorOrderState) -> str:
    if state.status == "awaiting_consumer_confirmation":
        return _with_reason("The order was changed; please confirm the changes or cancel the order", state.reason)
    if state.status == "confirmed":
        return _with_reason("The changes to the order were confirmed", state.reason)
    if state.status == "cancelled":
        late = " because nobody answered in time" if state.by == "timer" else ""
        return _with_reason(f"The order was cancelled{late}", state.reason)
    return ""


def _with_reason(sentence: str, reason: str) -> str:
    return f"{sentence}: {reason}" if reason else sentence
