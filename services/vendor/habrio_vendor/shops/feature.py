"""An administrator features a shop, or no longer."""

from __future__ import annotations

from habrio_shared.contracts.shops import ShopAct
from habrio_shared.database import transaction
from habrio_vendor.shops.models import ShopLogEntry
from habrio_vendor.shops.queries import locked_shop


def feature(shop_id: int, act: ShopAct) -> None:
    """Make the shop featured or not, with the reason in its log; what is so already stays. ShopNotFound."""
    with transaction() as session:
        shop = locked_shop(session, shop_id)
        if shop.featured == act.value:
            return
        shop.featured = act.value
        event = "featured" if act.value else "unfeatured"
        session.add(ShopLogEntry(shop_id=shop.id, event=event, made_by="admin", reason=act.reason))
