"""A rating is counted into the average of the order's shop."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from habrio_shared.contracts.ratings import RateOrder
from habrio_shared.database import insert_ignore
from habrio_vendor.orders.models import VendorOrder
from habrio_vendor.ratings.models import Rating
from habrio_vendor.shops.models import Shop


def count(session: Session, given: RateOrder) -> None:
    """Once for each order, however often it is told."""
    if not insert_ignore(session, Rating, given.model_dump()):
        return
    shop_id = select(VendorOrder.shop_id).where(VendorOrder.order_id == given.order_id).scalar_subquery()
    totals = {"rating_sum": Shop.rating_sum + given.rating, "rating_count": Shop.rating_count + 1}
    session.execute(update(Shop).where(Shop.id == shop_id).values(**totals))
