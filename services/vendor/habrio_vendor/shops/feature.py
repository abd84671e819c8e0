"""An administrator features a shop, or no longer."""

from __future__ import annotations

from sqlalchemy.orm import Session

from habrio_vendor.shops.models import ShopLogEntry
from habrio_vendor.shops.queries import locked_shop


def feature(session: Session, shop_id: int, value: bool, reason: str) -> bool:
    """Make the shop featured or not, with the reason in its log; whether it was. What is so stays. ShopNotFound."""
    shop = locked_shop(session, shop_id)
    was = shop.featured
    if was != value:
        shop.featured = value
        event = "featured" if value else "unfeatured"
        session.add(ShopLogEntry(shop_id=shop.id, event=event, made_by="admin", reason=reason))
    return was
