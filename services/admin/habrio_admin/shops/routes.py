"""/admin/shops."""

from __future__ import annotations

from typing import Any

from habrio_admin.acts.act import act, new_id
from habrio_admin.acts.errors import ActUnfinished
from habrio_admin.acts.schemas import Acted
from habrio_admin.audit.show import newest_on
from habrio_admin.clients import vendor
from habrio_admin.shops.schemas import (
    MarkIn,
    ShopData,
    ShopEventData,
    ShopsOut,
    ShopsQuery,
    WholeShop,
    WholeShopOut,
)
from habrio_shared.api import ApiBlueprint
from habrio_shared.contracts.acts import FEATURE_SHOP, VERIFY_SHOP, MarkShop
from habrio_shared.contracts.shops import ShopSummary
from habrio_shared.errors import Unavailable
from habrio_shared.identity import Caller, role_required

bp = ApiBlueprint("shops")


@bp.get("/admin/shops", errors=(Unavailable,))
@role_required("admin")
def shops(query: ShopsQuery) -> ShopsOut:
    """The shops of all societies, newest first."""
    page = vendor.shops(
        limit=query.size,
        cursor=query.cursor,
        verified=query.verified,
        featured=query.featured,
        vendor_id=query.vendor_id,
        q=query.q,
    )
    return ShopsOut(shops=[ShopData(**_facts(shop)) for shop in page.shops], next_cursor=page.next_cursor)


@bp.get("/admin/shops/<id:shop_id>", errors=(Unavailable,))
@role_required("admin")
def one_shop(shop_id: int) -> WholeShopOut:
    """Everything about one shop: its week, what happened to it, and what administrators did."""
    shop = vendor.shop(shop_id)
    more = shop.model_dump(exclude={*ShopSummary.model_fields, "log"})
    log = [ShopEventData(**event.model_dump()) for event in shop.log]
    return WholeShopOut(shop=WholeShop(**_facts(shop), **more, log=log, audit=newest_on(f"shop:{shop_id}")))


@bp.post("/admin/shops/<id:shop_id>/verify", errors=(ActUnfinished,), idempotent=True, may_end_later=True)
@role_required("admin")
def verify(shop_id: int, body: MarkIn, caller: Caller) -> tuple[Acted, int]:
    """Say that a shop is what it claims to be, or take that back."""
    wanted = MarkShop(act_id=new_id(), shop_id=shop_id, value=body.value, reason=body.reason)
    done = f"The shop is {'verified' if body.value else 'no longer verified'}"
    return act(caller, VERIFY_SHOP, wanted, target=f"shop:{shop_id}", done=done)


@bp.post("/admin/shops/<id:shop_id>/feature", errors=(ActUnfinished,), idempotent=True, may_end_later=True)
@role_required("admin")
def feature(shop_id: int, body: MarkIn, caller: Caller) -> tuple[Acted, int]:
    """Feature a shop, or no longer."""
    wanted = MarkShop(act_id=new_id(), shop_id=shop_id, value=body.value, reason=body.reason)
    done = f"The shop is {'featured' if body.value else 'no longer featured'}"
    return act(caller, FEATURE_SHOP, wanted, target=f"shop:{shop_id}", done=done)


def _facts(shop: ShopSummary) -> dict[str, Any]:
    return {
        "id": shop.id,
        "name": shop.shop_name,
        "vendor": shop.business_name,
        "vendor_id": shop.vendor_id,
        "shop_type": shop.shop_type,
        "city": shop.city,
        "society": shop.society,
        "is_open": shop.is_open,
        "verified": shop.verified,
        "featured": shop.featured,
        "created_at": shop.created_at,
    }
