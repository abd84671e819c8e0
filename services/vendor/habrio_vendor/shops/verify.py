"""An administrator says that a shop is what it claims to be, or takes that back."""

from __future__ import annotations

from sqlalchemy.orm import Session

from habrio_vendor.shops.models import ShopLogEntry
from habrio_vendor.shops.queries import locked_shop


def verify(session: Session, shop_id: int, value: bool, reason: str) -> bool:
    """Make the shop verified or not, with the reason in its log; whether it was. What is so stays. ShopNotFound."""
    shop = locked_shop(session, shop_id)
    was = shop.verified
    if was != value:
        shop.verified = value
        event = "verified" if value else "unverified"
        session.add(ShopLogEntry(shop_id=shop.id, event=event, made_by="admin", reason=reason))
    return was
