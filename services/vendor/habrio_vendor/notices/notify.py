"""A vendor is told of a new order."""

from __future__ import annotations

import logging
import secrets

from sqlalchemy import update

from habrio_shared import notify
from habrio_shared.database import after, transaction
from habrio_vendor.notices.models import Notice
from habrio_vendor.notices.queries import claimed
from habrio_vendor.notices.rules import Outcome, text_of
from habrio_vendor.settings import current_settings

log = logging.getLogger(__name__)


def notify_of(order_id: int, claim: int) -> None:
    """Send the notice that was claimed under this number; nothing if the claim is over or the order was answered.

    A message that no provider took is due again later, ATTEMPTS_MAX times in all.
    """
    found = claimed(order_id, claim)
    if found is None:
        return
    notice, order = found
    if order.status != "pending" or order.payment_mode is None:
        _end(order_id, claim, "answered before")
        return
    text = text_of(order_id, sum(order.quantities.values()), order.total_paise, order.payment_mode)
    try:
        notify.send(current_settings(), notice.phone, text, str(order_id))
    except notify.NotTaken as failure:
        _try_later(order_id, claim, str(failure))
    else:
        _end(order_id, claim, "sent")


def _try_later(order_id: int, claim: int, why: str) -> None:
    if claim >= notify.ATTEMPTS_MAX:
        log.error("the vendor was not told of order %s in %s tries: %s", order_id, claim, why)
        _end(order_id, claim, "given up")
        return
    wait_seconds = notify.wait_before_next(claim, secrets.SystemRandom().random())
    log.warning("the vendor was not told of order %s: %s; again in %.1f s", order_id, why, wait_seconds)
    with transaction() as session:
        later = update(Notice).where(Notice.order_id == order_id, Notice.claims == claim)
        session.execute(later.values(due_at=after(wait_seconds)))


def _end(order_id: int, claim: int, outcome: Outcome) -> None:
    with transaction() as session:
        done = update(Notice).where(Notice.order_id == order_id, Notice.claims == claim)
        session.execute(done.values(due_at=None, outcome=outcome))
