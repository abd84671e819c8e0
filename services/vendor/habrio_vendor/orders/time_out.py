"""Orders that nobody answered in time are cancelled, by this service alone and under the order's own lock."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from sqlalchemy.exc import OperationalError

from habrio_shared import outbox
from habrio_shared.contracts.orders import VendorOrderStatus
from habrio_shared.database import after, reading, transaction
from habrio_vendor.orders.move import move, release_stock, tell
from habrio_vendor.orders.queries import due_order_ids, locked_if_due

log = logging.getLogger(__name__)

BATCH = 100
PAUSE_SECONDS = 60.0
"""So long an order that could not be timed out is left alone, so that it holds up no other."""

REASONS: Mapping[VendorOrderStatus, str] = {
    "pending": "The shop did not answer in time",
    "awaiting_consumer_confirmation": "The change was not confirmed in time",
}


def time_out_due() -> int:
    """Cancel the orders whose time has come, the longest due first, at most 100; how many were.

    Any number of workers may do so at once: each order is cancelled by the one that gets its lock. An order that fails
    is put off by a minute; an error of the database itself is the caller's, who comes again.
    """
    with reading() as session:
        order_ids = due_order_ids(session, limit=BATCH)
    return sum(_time_out_or_put_off(order_id) for order_id in order_ids)


def time_out(order_id: int) -> bool:
    """Cancel this order, money and stock going back, if its time has come and nobody else is at it; whether it was."""
    with transaction() as session, outbox.left_to_relay():
        order = locked_if_due(session, order_id)
        if order is None:
            return False
        move(session, order, "cancelled", by="timer", reason=REASONS[order.status], effect=release_stock)
        tell(session, order)
    return True


def _time_out_or_put_off(order_id: int) -> bool:
    try:
        return time_out(order_id)
    except OperationalError:
        raise
    except Exception:  # the edge of one order: a bug in it must not keep the others waiting
        log.exception("order %s could not be timed out and is put off", order_id)
        with transaction() as session:
            order = locked_if_due(session, order_id)
            if order is not None:
                order.due_at = after(PAUSE_SECONDS)
        return False
