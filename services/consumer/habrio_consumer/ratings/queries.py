"""Reading ratings."""

from __future__ import annotations

from habrio_consumer.ratings.models import Rating
from habrio_shared.database import reading


def rating_of(order_id: int) -> Rating | None:
    """The order's rating, if it has one; whose order it is the caller knows."""
    with reading() as session:
        return session.get(Rating, order_id)
