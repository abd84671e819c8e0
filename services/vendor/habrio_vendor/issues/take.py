"""A consumer's issue is taken down."""

from __future__ import annotations

from sqlalchemy.orm import Session

from habrio_shared.contracts.chat import message_of_issue
from habrio_shared.contracts.issues import RaiseIssue
from habrio_shared.database import insert_ignore
from habrio_vendor.chat.note import note
from habrio_vendor.issues.models import Issue
from habrio_vendor.orders.models import VendorOrder


def take(session: Session, raised: RaiseIssue) -> None:
    """The issue, and its message in the chat; each once, however often it is told."""
    order = session.get_one(VendorOrder, raised.order_id)
    row = {
        "id": raised.issue_id,
        "order_id": order.order_id,
        "shop_id": order.shop_id,
        "user_phone": order.phone,
        "issue_type": raised.issue_type,
        "description": raised.description,
        "status": "raised",
        "created_at": raised.at,
    }
    insert_ignore(session, Issue, row)
    note(session, message_of_issue(raised), "consumer")
