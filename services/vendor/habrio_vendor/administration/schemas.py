"""One shop, one vendor, one order, as the admin service is answered."""

from __future__ import annotations

from habrio_shared.contracts.kyc import VendorDetail
from habrio_shared.contracts.shops import ShopDetail, VendorSideOut
from habrio_shared.schemas import Answer, Instant


class WholeShop(ShopDetail):
    created_at: Instant


class WholeShopOut(Answer):
    shop: WholeShop


class WholeVendor(VendorDetail):
    created_at: Instant


class WholeVendorOut(Answer):
    vendor: WholeVendor


class OrderSideOut(Answer, VendorSideOut):
    pass
