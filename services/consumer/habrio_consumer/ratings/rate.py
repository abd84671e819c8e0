"""A consumer rates a delivered order, once; the shop's average follows."""

from __future__ import annotations

from habrio_consumer.orders.errors import NotDelivered
from habrio_consumer.orders.queries import locked_of_consumer
from habrio_consumer.ratings.errors import AlreadyRated
from habrio_consumer.ratings.models import Rating
from habrio_consumer.ratings.schemas import RatedOut, RateIn, RatingData
from habrio_shared import idempotency, outbox
from habrio_shared.contracts.orders import DELIVERED
from habrio_shared.contracts.ratings import RATED, RateOrder
from habrio_shared.database import insert_ignore, transaction

outbox.on_reply(RATED)(outbox.do_nothing)


def rate(user_id: int, order_id: int, given: RateIn) -> RatedOut:
    """OrderNotFound, NotYourOrder, NotDelivered, AlreadyRated."""
    rating = RatingData(order_id=order_id, rating=given.rating, review=given.review)
    answer = RatedOut(message="Thank you for rating your order", rating=rating)
    with transaction() as session:
        idempotency.claim(session)
        order = locked_of_consumer(session, user_id, order_id)
        if order.status not in DELIVERED:
            raise NotDelivered(order.status)
        if not insert_ignore(session, Rating, rating.model_dump()):
            raise AlreadyRated
        idempotency.remember(session, answer)
        row_id = outbox.put(session, RATED, f"rated:{order_id}", RateOrder(order_id=order_id, rating=given.rating))
    outbox.deliver(row_id)
    return answer
