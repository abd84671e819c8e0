"""What administrators ask of the vendor service."""

from __future__ import annotations

from typing import Any

from habrio_shared.asking import ask
from habrio_shared.contracts import shops as contract
from habrio_shared.contracts.issues import ISSUES_PATH, IssuePage
from habrio_shared.contracts.kyc import (
    DOCUMENTS_PATH,
    VENDOR_PATH,
    VENDORS_PATH,
    DocumentPage,
    VendorDetail,
    VendorDetailOut,
    VendorPage,
)
from habrio_shared.contracts.payouts import PAYOUTS_PATH, PayoutPage
from habrio_shared.errors import NotFound


def shops(*, limit: int, cursor: int | None = None, **filters: Any) -> contract.ShopPage:
    """One page of shops, newest first."""
    return ask("vendor", contract.SHOPS_PATH, contract.ShopPage, {"limit": limit, "cursor": cursor, **filters})


def shop(shop_id: int) -> contract.ShopDetail:
    """Everything about one shop; NotFound."""
    return ask("vendor", contract.SHOP_PATH.format(shop_id=shop_id), contract.ShopDetailOut).shop


def order_side(order_id: int) -> contract.VendorSideOut:
    """The vendor's side of an order."""
    return ask("vendor", contract.ORDER_PATH.format(order_id=order_id), contract.VendorSideOut)


def vendors(*, limit: int, cursor: int | None = None, **filters: Any) -> VendorPage:
    """One page of vendors' businesses, those of the newest users first."""
    return ask("vendor", VENDORS_PATH, VendorPage, {"limit": limit, "cursor": cursor, **filters})


def vendor(vendor_id: int) -> VendorDetail | None:
    """A vendor's business; None for somebody who has registered none."""
    try:
        return ask("vendor", VENDOR_PATH.format(vendor_id=vendor_id), VendorDetailOut).vendor
    except NotFound:
        return None


def documents(*, limit: int, cursor: int | None = None, **filters: Any) -> DocumentPage:
    """One page of documents, newest first."""
    return ask("vendor", DOCUMENTS_PATH, DocumentPage, {"limit": limit, "cursor": cursor, **filters})


def issues(*, limit: int, cursor: int | None = None, **filters: Any) -> IssuePage:
    """One page of issues, newest first."""
    return ask("vendor", ISSUES_PATH, IssuePage, {"limit": limit, "cursor": cursor, **filters})


def payouts(*, limit: int, cursor: int | None = None, **filters: Any) -> PayoutPage:
    """One page of payouts, newest first."""
    return ask("vendor", PAYOUTS_PATH, PayoutPage, {"limit": limit, "cursor": cursor, **filters})
