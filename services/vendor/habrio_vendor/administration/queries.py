"""Reading one shop, one vendor, one order for an administrator."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from habrio_shared import ledger, outbox
from habrio_shared.database import reading
from habrio_shared.paging import newest_of
from habrio_shared.schemas import PAGE_DEFAULT
from habrio_vendor.issues.models import Issue
from habrio_vendor.items.models import Item
from habrio_vendor.orders.models import VendorOrder
from habrio_vendor.payout_bank.models import PayoutBank
from habrio_vendor.profile.errors import VendorNotFound
from habrio_vendor.profile.models import Profile
from habrio_vendor.shops.errors import ShopNotFound
from habrio_vendor.shops.models import Shop, ShopDay, ShopLogEntry
from habrio_vendor.shops.queries import week_of
from habrio_vendor.wallet.models import wallet
from habrio_vendor.wallet.rules import ADJUST


@dataclass(frozen=True, slots=True)
class WholeShop:
    """A shop with its business's name, its week, its newest 50 log entries, and how many items and orders it has."""

    shop: Shop
    business_name: str
    week: list[ShopDay]
    log: list[ShopLogEntry]
    items: int
    orders: int


def whole_shop(shop_id: int) -> WholeShop:
    """ShopNotFound. Five queries."""
    query = (
        select(Shop, Profile.business_name).join(Profile, Profile.user_id == Shop.vendor_id).where(Shop.id == shop_id)
    )
    own = {ShopLogEntry.shop_id: shop_id}
    entries = newest_of(select(ShopLogEntry), own, ShopLogEntry.id, limit=PAGE_DEFAULT, before_id=None)
    items = select(func.count()).select_from(Item).where(Item.shop_id == shop_id, Item.is_active)
    orders = select(func.count()).select_from(VendorOrder).where(VendorOrder.shop_id == shop_id)
    with reading() as session:
        found = session.execute(query).one_or_none()
        if found is None:
            raise ShopNotFound
        return WholeShop(
            shop=found[0],
            business_name=found[1],
            week=week_of(session, shop_id),
            log=list(session.scalars(entries)),
            items=session.scalar(items) or 0,
            orders=session.scalar(orders) or 0,
        )


@dataclass(frozen=True, slots=True)
class WholeVendor:
    """A vendor's business, and what belongs to it."""

    profile: Profile
    balance_paise: int
    shop_id: int | None
    bank: PayoutBank | None


def whole_vendor(vendor_id: int) -> WholeVendor:
    """VendorNotFound for somebody who has registered no business. Four queries."""
    with reading() as session:
        profile = session.get(Profile, vendor_id)
        if profile is None:
            raise VendorNotFound
        return WholeVendor(
            profile=profile,
            balance_paise=ledger.balance(session, wallet(vendor_id)),
            shop_id=session.scalar(select(Shop.id).where(Shop.vendor_id == vendor_id)),
            bank=session.get(PayoutBank, vendor_id),
        )


@dataclass(frozen=True, slots=True)
class OrderSide:
    """The vendor's row of an order, None if it never arrived; what moved for it, and what is to be told of it."""

    order: VendorOrder | None
    money: list[ledger.MoneyMove]
    events: list[outbox.Waiting]


def order_side(order_id: int) -> OrderSide:
    """Four queries. An adjustment's reference is its administrator's own word, so it is no movement of an order."""
    with reading() as session:
        return OrderSide(
            order=session.get(VendorOrder, order_id),
            money=ledger.moves_of(session, f"order:{order_id}", except_kind=ADJUST),
            events=outbox.in_flight(session, order_id, keys=_keys_of_issues(session, order_id)),
        )


def _keys_of_issues(session: Session, order_id: int) -> list[str]:
    """The messages about the order's resolved issues, which name the issue alone."""
    issues = session.scalars(select(Issue.id).where(Issue.order_id == order_id))
    return [f"resolved:{issue_id}" for issue_id in issues]
