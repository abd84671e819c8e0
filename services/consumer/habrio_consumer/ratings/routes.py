"""/consumer/orders/<id>/rate."""

from __future__ import annotations

from habrio_consumer.orders.errors import NotDelivered, NotYourOrder, OrderNotFound
from habrio_consumer.ratings.errors import AlreadyRated
from habrio_consumer.ratings.rate import rate
from habrio_consumer.ratings.schemas import RatedOut, RateIn
from habrio_shared.api import ApiBlueprint
from habrio_shared.identity import Caller, role_required

bp = ApiBlueprint("ratings")


@bp.post(
    "/consumer/orders/<id:order_id>/rate",
    errors=(OrderNotFound, NotYourOrder, NotDelivered, AlreadyRated),
    idempotent=True,
)
@role_required("consumer:rate_order")
def rate_order(order_id: int, body: RateIn, caller: Caller) -> RatedOut:
    """Rate a delivered order, once."""
    return rate(caller.user_id, order_id, body)
