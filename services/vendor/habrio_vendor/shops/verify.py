"""An administrator says that a shop is what it claims to be, or takes that back."""

from __future__ import annotations

from habrio_shared.contracts.shops import ShopAct
from habrio_shared.database import transaction
from habrio_vendor.shops.models import ShopLogEntry
from habrio_vendor.shops.queries import locked_shop


def verify(shop_id: int, act: ShopAct) -> None:
    """Make the shop verified or not, with the reason in its log; what is so already stays. ShopNotFound."""
    with transaction() as session:
        shop = locked_shop(session, shop_id)
        if shop.verified == act.value:
            return
        shop.verified = act.value
        event = "verified" if act.value else "unverified"
        session.add(ShopLogEntry(shop_id=shop.id, event=event, made_by="admin", reason=act.reason))
