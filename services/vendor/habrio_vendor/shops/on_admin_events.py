"""Administrators verify and feature shops."""

from __future__ import annotations

from sqlalchemy.orm import Session

from habrio_shared import acts
from habrio_shared.contracts.acts import FEATURE_SHOP, VERIFY_SHOP, MarkShop
from habrio_vendor.shops.feature import feature
from habrio_vendor.shops.verify import verify


@acts.on(VERIFY_SHOP)
def on_verify(session: Session, act: MarkShop) -> acts.Change:
    """ShopNotFound."""
    was = verify(session, act.shop_id, act.value, act.reason)
    return acts.Change({"verified": was}, {"verified": act.value})


@acts.on(FEATURE_SHOP)
def on_feature(session: Session, act: MarkShop) -> acts.Change:
    """ShopNotFound."""
    was = feature(session, act.shop_id, act.value, act.reason)
    return acts.Change({"featured": was}, {"featured": act.value})
