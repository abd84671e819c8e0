"""A delivered order's money reaches the vendor."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from habrio_shared import ledger
from habrio_vendor.orders.models import VendorOrder
from habrio_vendor.shops.models import Shop
from habrio_vendor.wallet.models import COMMISSION, DUE_FROM_CONSUMER, wallet
from habrio_vendor.wallet.rules import commission_paise


def is_settled(session: Session, order_id: int) -> bool:
    """Whether the order's money has reached the vendor."""
    return ledger.is_posted(session, _entry_id(order_id))


def settle(session: Session, order_id: int, captured_paise: int) -> None:
    """Post what the consumer's ledger has set aside for this order, less the commission; once, however often called."""
    query = (
        select(Shop.vendor_id, VendorOrder.commission_basis_points)
        .join(Shop, Shop.id == VendorOrder.shop_id)
        .where(VendorOrder.order_id == order_id)
    )
    vendor_id, basis_points = session.execute(query).one()
    kept_paise = commission_paise(captured_paise, basis_points)
    ledger.post(
        session,
        ledger.Entry(
            id=_entry_id(order_id),
            kind="settle",
            postings=ledger.moves(
                (DUE_FROM_CONSUMER, wallet(vendor_id), captured_paise - kept_paise),
                (DUE_FROM_CONSUMER, COMMISSION, kept_paise),
            ),
            reference=f"order:{order_id}",
        ),
    )


def _entry_id(order_id: int) -> str:
    return f"settle:{order_id}"
