"""What the vendor service's workers do with notices."""

from __future__ import annotations

from celery import shared_task

from habrio_vendor.notices.hand_out import NOTIFY_TASK
from habrio_vendor.notices.notify import notify_of


@shared_task(name=NOTIFY_TASK)  # type: ignore[untyped-decorator]  # Celery ships no types
def notify_new_order(order_id: int, claim: int) -> None:
    notify_of(order_id, claim)
