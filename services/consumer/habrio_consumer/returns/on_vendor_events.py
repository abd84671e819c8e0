"""What the vendor service says about returns; the handler runs in the transaction that notes it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from habrio_consumer.orders.follow import follow
from habrio_consumer.orders.queries import locked
from habrio_consumer.returns.models import Return
from habrio_consumer.returns.raise_return import subject
from habrio_shared import idempotency, outbox
from habrio_shared.contracts.returns import RAISE_RETURN, RaiseReturn, ReturnDecided


@outbox.on_reply(RAISE_RETURN)
def on_return_decided(session: Session, wish: RaiseReturn, decided: ReturnDecided) -> None:
    follow(session, locked(session, wish.order_id), decided.state)
    if decided.fault is not None:
        refused = session.get_one(Return, wish.wish_id)
        refused.status, refused.fault = "refused", decided.fault
        session.flush()
        idempotency.forget(session, subject(wish.wish_id))
