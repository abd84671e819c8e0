"""/internal/admin: everything about one shop, one vendor, one order."""

from __future__ import annotations

from habrio_shared import events
from habrio_shared.api import ApiBlueprint
from habrio_shared.contracts.customers import MoneyMove
from habrio_shared.contracts.shops import DayOfShop, ShopEvent, VendorSide
from habrio_shared.identity import internal_only
from habrio_vendor.administration import queries
from habrio_vendor.administration.schemas import (
    OrderSideOut,
    WholeShop,
    WholeShopOut,
    WholeVendor,
    WholeVendorOut,
)
from habrio_vendor.orders.models import VendorOrder
from habrio_vendor.profile.errors import VendorNotFound
from habrio_vendor.shops.errors import ShopNotFound
from habrio_vendor.shops.rules import average_rating

bp = ApiBlueprint("administration")


@bp.get("/internal/admin/shops/<id:shop_id>", errors=(ShopNotFound,))
@internal_only("admin")
def show_shop(shop_id: int) -> WholeShopOut:
    """One shop, with its week and what happened to it."""
    found = queries.whole_shop(shop_id)
    shop = found.shop
    return WholeShopOut(
        shop=WholeShop(
            id=shop.id,
            shop_name=shop.shop_name,
            shop_type=shop.shop_type,
            city=shop.city,
            society=shop.society,
            vendor_id=shop.vendor_id,
            business_name=found.business_name,
            is_open=shop.is_open,
            verified=shop.verified,
            featured=shop.featured,
            created_at=shop.created_at,
            description=shop.description,
            delivers=shop.delivers,
            appointment_only=shop.appointment_only,
            category_tags=shop.category_tags,
            logo_url=shop.logo_url,
            rating=average_rating(shop.rating_sum, shop.rating_count),
            ratings=shop.rating_count,
            items=found.items,
            orders=found.orders,
            weekly_hours=[DayOfShop.model_validate(day, from_attributes=True) for day in found.week],
            log=[ShopEvent.model_validate(entry, from_attributes=True) for entry in found.log],
        )
    )


@bp.get("/internal/admin/vendors/<id:vendor_id>", errors=(VendorNotFound,))
@internal_only("admin")
def show_vendor(vendor_id: int) -> WholeVendorOut:
    """One vendor's business, with what the wallet holds and where payouts go."""
    found = queries.whole_vendor(vendor_id)
    profile = found.profile
    return WholeVendorOut(
        vendor=WholeVendor(
            vendor_id=profile.user_id,
            business_name=profile.business_name,
            business_type=profile.business_type,
            address=profile.address,
            gst_number=profile.gst_number,
            kyc_status=profile.kyc_status,
            kyc_reason=profile.kyc_reason,
            created_at=profile.created_at,
            balance_paise=found.balance_paise,
            shop_id=found.shop_id,
            bank_name=found.bank and found.bank.bank_name,
            bank_account=found.bank and found.bank.account_masked,
        )
    )


@bp.get("/internal/admin/orders/<id:order_id>")
@internal_only("admin")
def show_order(order_id: int) -> OrderSideOut:
    """The vendor's side of one order; of one that never arrived there is none."""
    found = queries.order_side(order_id)
    return OrderSideOut(
        order=found.order and _side(found.order),
        money=[MoneyMove.model_validate(move, from_attributes=True) for move in found.money],
        events=events.summaries(found.events),
    )


def _side(order: VendorOrder) -> VendorSide:
    return VendorSide(
        status=order.status,
        version=order.version,
        moved_by=order.moved_by,
        moved_at=order.moved_at,
        reason=order.reason,
        due_at=order.due_at,
        shop_id=order.shop_id,
        consumer=order.phone,
        consumer_name=order.name,
        flat_number=order.flat_number,
        total_paise=order.total_paise,
        commission_basis_points=order.commission_basis_points,
    )
