"""The consumer service says how an order was rated."""

from __future__ import annotations

from sqlalchemy.orm import Session

from habrio_shared import inbox
from habrio_shared.contracts.ratings import RATED, RateOrder
from habrio_shared.contracts.users import Noted
from habrio_vendor.ratings.count import count


@inbox.on(RATED)
def on_rated(session: Session, given: RateOrder) -> Noted:
    count(session, given)
    return Noted()
