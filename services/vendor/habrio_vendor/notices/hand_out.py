"""Notices that are due are handed to the workers, each to one."""

from __future__ import annotations

import logging

from celery.exceptions import OperationalError as BrokerAway
from flask import current_app
from redis.exceptions import RedisError
from sqlalchemy import Row, update

from habrio_shared import telemetry
from habrio_shared.database import after, db_now, transaction
from habrio_vendor.notices import queries
from habrio_vendor.notices.models import Notice
from habrio_vendor.notices.rules import LEASE_SECONDS

log = logging.getLogger(__name__)

NOTIFY_TASK = "vendor.notify_new_order"
BATCH = 100
BROKER_PAUSE_SECONDS = 5


def hand_out_due() -> int:
    """Claim the notices that are due, at most 100, and enqueue their tasks; how many were enqueued.

    With the broker away they are due again five seconds later: the rows are what is to be done, the queue is a nudge.
    """
    return sum(_hand_out(order_id) for order_id in queries.due_order_ids(BATCH))


def _hand_out(order_id: int) -> bool:
    claimed = _claim(order_id)
    if claimed is None:
        return False
    claim, traceparent = claimed
    try:
        with telemetry.continued(traceparent):
            current_app.extensions["celery"].send_task(NOTIFY_TASK, args=[order_id, claim])
    except (BrokerAway, RedisError) as error:
        log.warning("the notice of order %s waits for the broker: %s", order_id, error)
        with transaction() as session:
            put_off = update(Notice).where(Notice.order_id == order_id, Notice.claims == claim)
            session.execute(put_off.values(due_at=after(BROKER_PAUSE_SECONDS)))
        return False
    return True


def _claim(order_id: int) -> Row[int, str | None] | None:
    """The number of this claim, and the trace of the order; None if another worker was faster."""
    take = (
        update(Notice)
        .where(Notice.order_id == order_id, Notice.due_at <= db_now())
        .values(due_at=after(LEASE_SECONDS), claims=Notice.claims + 1)
        .returning(Notice.claims, Notice.traceparent)
        .execution_options(synchronize_session=False)
    )
    with transaction() as session:
        return session.execute(take).one_or_none()
